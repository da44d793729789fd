"""The flat readings of /info answers, family by family."""

from decimal import Decimal

import pytest

from harness.errors import UnexpectedAnswer
from harness.shapes import (
    ActiveAssetData,
    AllMids,
    CandleSnapshot,
    ClearinghouseState,
    DelegatorHistory,
    ExtraAgents,
    FrontendOpenOrders,
    HistoricalOrders,
    L2Book,
    MaxBuilderFee,
    Meta,
    MetaAndAssetCtxs,
    OpenOrders,
    OrderStatus,
    PerpDexs,
    Portfolio,
    Referral,
    SpotClearinghouseState,
    SpotMeta,
    SpotMetaAndAssetCtxs,
    SubAccounts,
    SubAccounts2,
    TwapHistory,
    UserAbstraction,
    UserFees,
    UserFills,
    UserFillsByTime,
    UserFunding,
    UserNonFundingLedgerUpdates,
    UserRateLimit,
    UserRole,
    VaultDetails,
)
from tests.shapes.answers import ADDRESS, CLOID, FILL, FRONTEND_ORDER, INFO, NOW, OPEN_ORDER, OTHER

OID = OPEN_ORDER["oid"]


def test_order_status_reads_flat():
    status = OrderStatus.parse(INFO["orderStatus"])

    assert (status.state, status.oid, status.cloid, status.coin, status.side) == (
        "open",
        OID,
        CLOID,
        "ETH",
        "B",
    )
    assert (status.limit_px, status.sz, status.orig_sz) == (
        Decimal("2500.5"),
        Decimal("0.02"),
        Decimal("0.05"),
    )
    assert (status.tif, status.order_type, status.reduce_only, status.trigger_px) == (
        "Gtc",
        "Limit",
        False,
        0,
    )
    assert status.record.statusTimestamp == NOW + 5


ORDER_STATUS_READINGS = [
    "record",
    "order",
    "oid",
    "cloid",
    "coin",
    "side",
    "limit_px",
    "sz",
    "orig_sz",
    "tif",
    "order_type",
    "reduce_only",
    "trigger_px",
]


@pytest.mark.parametrize("reading", ORDER_STATUS_READINGS)
def test_an_unknown_order_has_a_state_and_nothing_else(reading):
    status = OrderStatus.parse({"status": "unknownOid"})

    assert status.state == "unknownOid"
    with pytest.raises(UnexpectedAnswer, match="expected a known order, the exchange answered: unknownOid"):
        getattr(status, reading)


def test_open_orders():
    orders = OpenOrders.parse([OPEN_ORDER, {**OPEN_ORDER, "oid": 7}])

    assert orders.oids == (OID, 7)
    order = orders.order(OID)
    assert (order.limit_px, order.sz, order.orig_sz) == (Decimal("2500.5"), Decimal("0.02"), Decimal("0.05"))
    assert (order.cloid, order.reduce_only) == (CLOID, True)
    with pytest.raises(UnexpectedAnswer, match=r"expected order 5 among these, .*: 60000000001, 7"):
        orders.order(5)


def test_an_order_without_cloid_and_size():
    bare = {key: OPEN_ORDER[key] for key in ("coin", "side", "limitPx", "sz", "oid")}
    (order,) = OpenOrders.parse([{**bare, "timestamp": 1_680_000_000_000}])

    assert (order.cloid, order.orig_sz, order.reduce_only) == (None, None, False)


def test_a_long_list_of_orders_is_cut():
    with pytest.raises(UnexpectedAnswer, match="and 12 more"):
        OpenOrders.parse([OPEN_ORDER] * 20).order(5)
    with pytest.raises(UnexpectedAnswer, match="answered with: none"):
        OpenOrders.parse([]).order(5)


def test_frontend_and_historical_orders():
    orders = FrontendOpenOrders.parse([FRONTEND_ORDER])
    assert orders.oids == (OID,)
    (child,) = orders.order(OID).children
    assert (child.is_trigger, child.reduce_only, child.tif, child.cloid) == (True, True, None, None)
    assert (child.order_type, child.trigger_px) == ("Take Profit Market", Decimal("3100.5"))

    history = HistoricalOrders.parse(INFO["historicalOrders"])
    assert history.oids == (OID, OID)
    assert [row.state for row in history] == ["open", "canceled"]
    assert (history.order(OID).state, history.order(OID).oid, history[1].cloid) == ("open", OID, CLOID)


def test_waiting_order_may_have_a_time_in_force():
    """As recorded on mainnet in 2026-10: a take profit of a position with its stop loss, both of the page."""
    child = {**FRONTEND_ORDER["children"][0], "tif": "FrontendMarket"}
    orders = FrontendOpenOrders.parse([{**child, "children": [child]}])

    assert orders.order(child["oid"]).tif == "FrontendMarket"


def test_fills():
    fills = UserFills.parse([FILL, {**FILL, "oid": 7}])

    (fill,) = fills.of(OID)
    assert (fill.px, fill.sz, fill.fee) == (Decimal("2500.5"), Decimal("0.03"), Decimal("0.033756"))
    assert (fill.start_position, fill.closed_pnl, fill.builder_fee) == (
        Decimal("-0.01"),
        Decimal("-1.25"),
        Decimal("0.0075"),
    )
    assert (fill.cloid, fill.fee_token) == (CLOID, "USDC")
    assert fill.liquidation.mark_px == 2499
    plain = {key: value for key, value in FILL.items() if key not in ("cloid", "builderFee", "liquidation")}
    (fill,) = UserFillsByTime.parse([plain])
    assert (fill.cloid, fill.builder_fee) == (None, None)


def test_perp_account():
    state = ClearinghouseState.parse(INFO["clearinghouseState"])

    assert (state.account_value, state.withdrawable) == (Decimal("1000.5"), Decimal("900.25"))
    assert (state.margin_used, state.cross_maintenance_margin_used) == (Decimal("50.01"), 5)
    assert [position.coin for position in state.positions] == ["ETH", "BTC"]
    assert state.position("SOL") is None
    short, long = state.position("ETH"), state.position("BTC")
    assert (short.szi, short.entry_px, short.liquidation_px) == (Decimal("-0.1"), Decimal("2500.5"), None)
    assert (short.leverage.type, short.leverage.value, short.leverage.raw_usd) == (
        "isolated",
        5,
        Decimal("-95.059824"),
    )
    assert (long.liquidation_px, long.leverage.raw_usd, long.margin_used) == (70_000, None, 4)
    assert short.cumFunding.since_change == Decimal("-0.125")


def test_spot_account():
    state = SpotClearinghouseState.parse(INFO["spotClearinghouseState"])

    usdc = state.balance("USDC")
    assert (usdc.total, usdc.hold, usdc.entry_ntl) == (Decimal("100.5"), 10, 0)
    assert state.balance("HYPE") is None


@pytest.mark.parametrize(
    ("answer", "role", "master"),
    [
        ({"role": "missing"}, "missing", None),
        ({"role": "user"}, "user", None),
        ({"role": "vault"}, "vault", None),
        ({"role": "agent", "data": {"user": ADDRESS}}, "agent", ADDRESS),
        ({"role": "subAccount", "data": {"master": ADDRESS}}, "subAccount", ADDRESS),
    ],
)
def test_roles(answer, role, master):
    answer = UserRole.parse(answer)

    assert answer.role == role
    if master:
        assert answer.master == master
    else:
        with pytest.raises(UnexpectedAnswer, match=f"the exchange answered: role '{role}'"):
            _ = answer.master


def test_agents_fees_and_limits():
    agents = ExtraAgents.parse(INFO["extraAgents"])
    assert agents.addresses == (OTHER,)
    assert agents.named("night desk").address == OTHER
    assert agents.named("day desk") is None

    fees = UserFees.parse(INFO["userFees"])
    assert (fees.cross_rate, fees.add_rate) == (Decimal("0.00045"), Decimal("0.00015"))
    assert (fees.spot_cross_rate, fees.spot_add_rate) == (Decimal("0.0007"), Decimal("0.0004"))

    limit = UserRateLimit.parse(INFO["userRateLimit"])
    assert (limit.requests_used, limit.requests_cap, limit.cum_vlm) == (231, 10_357, Decimal("357.45105"))

    assert MaxBuilderFee.parse(50).tenths_of_bp == 50
    assert UserAbstraction.parse("unifiedAccount").mode == "unifiedAccount"
    assert ActiveAssetData.parse(INFO["activeAssetData"]).mark_px == Decimal("2500.5")
    assert Referral.parse(INFO["referral"]).cum_vlm == Decimal("5200.75")


def test_mids():
    mids = AllMids.parse(INFO["allMids"])

    assert mids.mid("ETH") == Decimal("2500.25")
    assert (mids.coins, len(mids), "@7" in mids) == (("ETH", "PURR/USDC", "@7"), 3, True)
    with pytest.raises(UnexpectedAnswer, match="expected a mid of NOPE"):
        mids.mid("NOPE")


def test_book():
    book = L2Book.parse(INFO["l2Book"])

    assert (book.coin, book.time, book.is_unknown) == ("ETH", NOW, False)
    assert (book.best_bid.px, book.best_bid.sz, book.best_bid.n) == (2500, Decimal("1.5"), 2)
    assert book.best_ask.px == Decimal("2500.5")
    assert (len(book.bids), len(book.asks)) == (2, 1)
    assert book.book.spread is None
    assert L2Book.parse({**INFO["l2Book"], "spread": "0.5"}).book.spread == Decimal("0.5")


@pytest.mark.parametrize("reading", ["book", "coin", "time", "bids", "asks", "best_bid", "best_ask"])
def test_an_unknown_coin_has_no_book(reading):
    book = L2Book.parse(None)

    assert book.is_unknown
    with pytest.raises(UnexpectedAnswer, match="answered: null, which means an unknown coin"):
        getattr(book, reading)


@pytest.mark.parametrize("reading", ["best_bid", "best_ask"])
def test_an_empty_side_has_no_best(reading):
    book = L2Book.parse({"coin": "ETH", "time": NOW, "levels": [[], []]})

    with pytest.raises(UnexpectedAnswer, match="answered with an empty side"):
        getattr(book, reading)


def test_metadata():
    meta = Meta.parse(INFO["meta"])
    assert (meta.asset("SOL"), meta.asset("ETH")) == (0, 1)
    eth = meta.coin("ETH")
    assert (eth.sz_decimals, eth.max_leverage, eth.is_delisted, eth.only_isolated) == (4, 25, True, True)
    assert not meta.coin("SOL").is_delisted
    assert meta.marginTables[0][1].marginTiers[0].lower_bound == 0
    with pytest.raises(
        UnexpectedAnswer, match="expected NOPE to be listed, the exchange lists 2 others: SOL, ETH"
    ):
        meta.asset("NOPE")

    spot = SpotMeta.parse(INFO["spotMeta"])
    assert (spot.asset("PURR/USDC"), spot.asset("@7")) == (10_000, 10_007)
    assert spot.token("PURR").sz_decimals == 2
    assert spot.pair("@7").tokens == (2, 0)
    with pytest.raises(UnexpectedAnswer, match="expected @8 to be listed"):
        spot.asset("@8")

    assert PerpDexs.parse(INFO["perpDexs"])[1].name == "unit"


def test_contexts():
    both = MetaAndAssetCtxs.parse(INFO["metaAndAssetCtxs"])
    eth = both.context("ETH")
    assert (eth.mark_px, eth.oracle_px, eth.mid_px) == (Decimal("2500.5"), 2501, Decimal("2500.25"))
    assert (eth.funding, eth.premium, eth.open_interest) == (Decimal("-0.0000125"), None, Decimal("688.11"))
    with pytest.raises(UnexpectedAnswer, match=r"expected a state of ETH, .* with 0 states"):
        MetaAndAssetCtxs.parse([INFO["meta"], []]).context("ETH")

    spot = SpotMetaAndAssetCtxs.parse(INFO["spotMetaAndAssetCtxs"])
    assert (spot.context("PURR/USDC").mark_px, spot.context("PURR/USDC").mid_px) == (Decimal("0.16"), None)
    assert spot.meta.asset("PURR/USDC") == 10_000
    with pytest.raises(UnexpectedAnswer, match="expected a state of @7"):
        spot.context("@7")


def test_history_and_money():
    assert CandleSnapshot.parse(INFO["candleSnapshot"])[0].T == NOW + 59_999
    assert UserFunding.parse(INFO["userFunding"])[0].delta.usdc == Decimal("-0.044263")

    ledger = UserNonFundingLedgerUpdates.parse(INFO["userNonFundingLedgerUpdates"])
    assert [row.delta.kind for row in ledger] == ["deposit", "send"]
    assert ledger.of("send") == (ledger[1],)

    deposit, delegation = DelegatorHistory.parse(INFO["delegatorHistory"])
    assert deposit.delta.cDeposit.amount == Decimal("10.5")
    assert delegation.delta.delegate.validator == OTHER
    (twap,) = TwapHistory.parse(INFO["twapHistory"])
    assert (twap.state.sz, twap.state.stop_px, twap.status.status) == (Decimal("11.5"), 85, "error")


def test_vaults_and_sub_accounts():
    portfolio = Portfolio.parse(INFO["portfolio"])
    assert portfolio.period("day").vlm == 2500
    with pytest.raises(UnexpectedAnswer, match="expected the period week"):
        portfolio.period("week")

    subs = SubAccounts.parse(INFO["subAccounts"])
    assert (len(subs), subs.named("night desk").subAccountUser, subs.named("x")) == (1, OTHER, None)
    assert (len(SubAccounts.parse(None)), list(SubAccounts2.parse(None))) == (0, [])
    assert len(SubAccounts2.parse(INFO["subAccounts2"])) == 1
    assert VaultDetails.parse(None).vault is None
