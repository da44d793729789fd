"""The builder's dex: its own coins, margin, orders, money; client code that knows such dexes works."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import Localnet
from harness.localnet.control import saves
from harness.localnet.markets.dexes import DEXES, TEST, dex_of
from harness.localnet.markets.universe import Universe
from tests.localnet.desk import Desk, cancel, leverage, modify, order
from tests.localnet.feed.line import Line
from tests.localnet.test_against_recordings import WIRE

ABC = 110_000
NEW = "0x" + "00" * 20
needs_wire = pytest.mark.skipif(not WIRE.is_dir(), reason="needs the recorded answers in ../shared/wire")


def sample(name: str) -> Any:
    """Return a recorded sample."""
    return json.loads((WIRE / "responses" / f"{name}.json").read_text(encoding="utf-8"))


def move(desk: Desk, amount: str, source: str, destination: str, to: str | None = None) -> Any:
    """Send USDC from one dex to another."""
    return desk.user_act(
        {
            "type": "sendAsset",
            "destination": to or desk.address,
            "sourceDex": source,
            "destinationDex": destination,
            "token": "USDC",
            "amount": amount,
            "fromSubAccount": "",
        }
    )


def state(desk: Desk, dex: str = "test") -> Any:
    """Return margin and positions on one dex."""
    return desk.info("clearinghouseState", dex=dex)


def value(desk: Desk, dex: str = "test") -> str:
    """Return the account's value on one dex."""
    text: str = state(desk, dex)["marginSummary"]["accountValue"]
    return text


def spot_usdc(desk: Desk) -> str:
    """Return the spot balance of USDC."""
    text: str = desk.info("spotClearinghouseState")["balances"][0]["total"]
    return text


@pytest.fixture
def funded(desk: Desk) -> Desk:
    """The desk of account 0, with 1000 USDC on the builder's dex."""
    assert move(desk, "1000", "", "test")["status"] == "ok"
    return desk


def test_assets_count_from_100000_by_dex() -> None:
    """Wire rule 18."""
    assert [perp.index for perp in TEST.perps] == [110_000, 110_001, 110_002]
    assert [dex_of(asset) for asset in (0, 179, 11_035, 110_000, 119_999)] == [0, 0, 0, 1, 1]
    universe = Universe()
    assert (universe.asset_of("test:ABC"), universe.coin_of(ABC), universe.asset_of("ABC")) == (
        ABC,
        "test:ABC",
        None,
    )
    assert (universe.dex_named(None), universe.dex_named(""), universe.dex_named("nope")) == (
        DEXES[0],
        DEXES[0],
        None,
    )


@needs_wire
def test_the_dexes_are_listed_as_recorded(desk: Desk) -> None:
    recorded = sample("info_perpDexs__roq_simple")["response"]
    shown = desk.info("perpDexs")
    newer = [shown[1].pop(name) for name in ("assetToFundingInterestRate", "assetToFundingClamp")]
    # Since 2026-09 the fee scale is with the coins.
    older = [recorded[1].pop(name) for name in ("deployerFeeScale", "lastDeployerFeeScaleChangeTime")]
    assert (shown, newer) == (recorded[:2], [[], []])
    assert older == ["1.0", "1970-01-01T00:00:00"]


@needs_wire
def test_meta_is_of_one_dex(desk: Desk) -> None:
    meta = desk.info("meta", dex="test")
    assert meta["universe"][0] == {
        "szDecimals": 0,
        "name": "test:ABC",
        "maxLeverage": 3,
        "marginTableId": 3,
        "onlyIsolated": True,
        "marginMode": "strictIsolated",
        "lastFeeScaleChangeTime": "1970-01-01T00:00:00",
        "deployerFeeScale": "1.0",
    }
    assert meta["collateralToken"] == 0
    recorded = sample("info_metaAndAssetCtxs__sonirico_dex_xyz")["response"]
    assert list(meta) == list(recorded[0])
    assert meta["marginTables"] == recorded[0]["marginTables"]
    shown, contexts = desk.info("metaAndAssetCtxs", dex="test")
    assert (shown, len(contexts)) == (meta, len(TEST.perps))
    assert contexts[0].keys() == recorded[1][0].keys()
    assert not [row for row in desk.info("meta")["universe"] if ":" in row["name"]]


def test_mids_are_of_one_dex(desk: Desk) -> None:
    assert list(desk.info("allMids", dex="test")) == ["test:ABC", "test:GOLD", "test:SP500"]
    assert "test:ABC" not in desk.info("allMids")


@pytest.mark.parametrize("kind", ["meta", "perpDexLimits", "perpDexStatus"])
def test_an_unknown_dex_is_500(desk: Desk, kind: str) -> None:
    answer = desk.send({"type": kind, "dex": "nope_xyz"}, "/info")
    assert (answer.status, answer.body) == (500, b"null")


def test_limits_and_status_have_the_recorded_form(desk: Desk) -> None:
    limits = desk.info("perpDexLimits", dex="test")
    assert list(limits) == ["totalOiCap", "oiSzCapPerPerp", "maxTransferNtl", "coinToOiCap"]
    assert [coin for coin, _ in limits["coinToOiCap"]] == ["test:ABC", "test:GOLD", "test:SP500"]
    assert desk.info("perpDexStatus", dex="test") == {"totalNetDeposit": "0.0"}
    move(desk, "12.5", "", "test")
    move(desk, "2", "test", "spot")
    assert desk.info("perpDexStatus", dex="test") == {"totalNetDeposit": "10.5"}


def test_the_first_dex_has_no_limits_and_its_status_is_not_covered(desk: Desk) -> None:
    """The null is NK's."""
    assert desk.info("perpDexLimits", dex="") is None
    assert desk.send({"type": "perpDexStatus", "dex": ""}, "/info").not_implemented


def test_the_book_is_quoted_under_the_whole_name(desk: Desk) -> None:
    book = desk.info("l2Book", coin="test:ABC")
    assert book["coin"] == "test:ABC"
    assert all(len(side) == 5 for side in book["levels"])
    assert desk.info("l2Book", coin="ABC") is None


def test_each_dex_has_money_of_its_own(desk: Desk) -> None:
    assert (value(desk), value(desk, ""), spot_usdc(desk)) == ("0.0", "10000.0", "10000.0")
    move(desk, "100", "spot", "test")
    move(desk, "50", "", "test")
    assert (value(desk), value(desk, ""), spot_usdc(desk)) == ("150.0", "9950.0", "9900.0")
    move(desk, "1.23", "test", "spot")
    move(desk, "8.77", "test", "")
    assert (value(desk), value(desk, ""), spot_usdc(desk)) == ("140.0", "9958.77", "9901.23")
    assert state(desk)["withdrawable"] == "140.0"
    delta = desk.info("userNonFundingLedgerUpdates", startTime=0)[-1]["delta"]
    assert {"test", ""} == {delta["sourceDex"], delta["destinationDex"]}


def test_a_send_may_cross_accounts_and_open_one(desk: Desk, other: Desk) -> None:
    move(desk, "5", "", "test", other.address)
    assert (value(desk), value(other)) == ("0.0", "5.0")
    move(desk, "1.23", "", "test", NEW)
    assert desk.info("clearinghouseState", user=NEW, dex="test")["withdrawable"] == "1.23"
    assert value(desk, "") == "9992.77", "the first transfer to an address costs 1 USDC"
    move(other, "1", "test", "test", NEW[:-1] + "1")
    assert value(other) == "3.0"


@pytest.mark.parametrize(
    ("amount", "source", "destination", "text"),
    [
        ("1", "nope", "test", "Invalid perp DEX"),
        ("1", "test", "TEST", "Invalid perp DEX"),
        ("1", "test", "test", "Invalid send"),
        ("0.0000001", "spot", "test", "Invalid send"),
        ("1000.000001", "test", "spot", "Insufficient balance for withdrawal."),
    ],
)
def test_sends_are_refused(funded: Desk, amount: str, source: str, destination: str, text: str) -> None:
    assert move(funded, amount, source, destination) == {"status": "err", "response": text}
    assert value(funded) == "1000.0"


def test_an_order_needs_margin_on_its_own_dex(desk: Desk) -> None:
    assert desk.error(a=ABC, p="1", s="20") == f"Insufficient margin to place order. asset={ABC}"
    move(desk, "10", "", "test")
    assert "resting" in desk.place(a=ABC, p="0.9", s="20")
    assert desk.error(a=ABC, p="0.9", s="20") == f"Insufficient margin to place order. asset={ABC}"
    assert "resting" in desk.place(p="3000"), "the first dex is as it was"
    assert (state(desk)["withdrawable"], value(desk)) == ("4.0", "10.0")


def test_open_orders_are_of_one_dex(funded: Desk) -> None:
    here, there = funded.rest(a=ABC, p="0.9", s="20"), funded.rest(p="3000")
    for kind in ("openOrders", "frontendOpenOrders"):
        assert [(row["coin"], row["oid"]) for row in funded.info(kind, dex="test")] == [("test:ABC", here)]
        assert [row["oid"] for row in funded.info(kind)] == [there]
    assert funded.info("orderStatus", oid=here)["order"]["order"]["coin"] == "test:ABC"
    assert funded.elements(modify(here, order(a=ABC, p="0.8", s="30")))[0].keys() == {"resting"}
    (row,) = funded.info("openOrders", dex="test")
    assert (row["limitPx"], row["sz"]) == ("0.8", "30.0")
    assert funded.elements(cancel(row["oid"], a=ABC)) == ["success"]
    assert funded.info("openOrders", dex="test") == []


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"s": "20.5"}, "Order has invalid size."),
        ({"p": "1.0000001"}, "Order has invalid price."),
        ({"s": "1"}, f"Order must have minimum value of $10. asset={ABC}"),
    ],
)
def test_orders_are_checked_as_elsewhere(funded: Desk, made: dict[str, Any], text: str) -> None:
    assert funded.error(**{"a": ABC, "p": "0.95", "s": "20"} | made) == text


def test_a_coin_that_is_not_listed_is_not_covered(funded: Desk) -> None:
    for asset in (100_000, 110_003, 120_000):
        answer = funded.send(funded.envelope({"type": "order", "orders": [order(a=asset)], "grouping": "na"}))
        assert answer.not_implemented


def test_a_position_is_isolated_and_pays_twice_the_fee(funded: Desk) -> None:
    before = funded.net.total_usd()
    filled = funded.place(a=ABC, p="1.1", s="300", tif="Ioc")["filled"]
    price = Decimal(filled["avgPx"])
    (fill,) = funded.info("userFills")
    assert (fill["coin"], fill["dir"]) == ("test:ABC", "Open Long")
    assert Decimal(fill["fee"]) == (300 * price * Decimal("0.0009")).quantize(Decimal("0.000001"))
    (held,) = state(funded)["assetPositions"]
    assert held["position"]["coin"] == "test:ABC"
    assert held["position"]["leverage"]["type"] == "isolated"
    assert state(funded, "")["assetPositions"] == []
    assert value(funded, "") == "9000.0"
    assert funded.net.total_usd() == before
    funded.place(a=ABC, b=False, p="0.9", s="300", r=True, tif="Ioc")
    assert state(funded)["assetPositions"] == []
    assert Decimal(value(funded)) < 1_000
    assert funded.net.total_usd() == before


def test_leverage_is_isolated_only(funded: Desk) -> None:
    assert funded.act(leverage(2, a=ABC, is_cross=False))["status"] == "ok"
    refused = funded.act(leverage(2, a=ABC))
    assert refused["status"] == "err"
    assert funded.act(leverage(4, a=ABC, is_cross=False))["status"] == "err"
    data = funded.info("activeAssetData", coin="test:ABC")
    assert (data["leverage"]["value"], data["availableToTrade"]) == (2, ["1000.0", "1000.0"])


def test_margin_is_added_from_the_dex(funded: Desk) -> None:
    funded.place(a=ABC, p="1.1", s="300", tif="Ioc")
    free = Decimal(state(funded)["withdrawable"])
    added = funded.act({"type": "updateIsolatedMargin", "asset": ABC, "isBuy": True, "ntli": 50_000_000})
    assert added["status"] == "ok"
    assert Decimal(state(funded)["withdrawable"]) == free - 50
    too_much = {"type": "updateIsolatedMargin", "asset": ABC, "isBuy": True, "ntli": 5_000_000_000}
    assert funded.act(too_much)["status"] == "err"
    assert value(funded, "") == "9000.0"


def test_a_liquidation_takes_from_its_own_dex(funded: Desk) -> None:
    before = funded.net.total_usd()
    funded.place(a=ABC, p="1.1", s="2000", tif="Ioc")
    assert state(funded)["assetPositions"]
    funded.net.set_mid("test:ABC", Decimal("0.5"))
    assert state(funded)["assetPositions"] == []
    assert value(funded, "") == "9000.0"
    assert Decimal(value(funded)) >= 0
    assert funded.net.total_usd() == before


def test_funding_is_paid_on_its_own_dex(funded: Desk) -> None:
    funded.place(a=ABC, p="1.1", s="300", tif="Ioc")
    total = funded.net.total_usd()
    funded.net.advance(3_600_000)
    (row,) = funded.info("userFunding", startTime=0)
    assert row["delta"]["coin"] == "test:ABC"
    assert value(funded, "") == "9000.0"
    assert funded.net.total_usd() == total
    assert len(funded.info("fundingHistory", coin="test:ABC", startTime=0)) == 1


def test_feeds_know_the_coin_and_the_dex(funded: Desk, net: Localnet) -> None:
    line = Line(net)
    (mids,) = line.subscribe("allMids", dex="test")
    assert list(mids["data"]) == ["dex", "mids"], "as recorded"
    assert mids["data"] == {"dex": "test", "mids": funded.info("allMids", dex="test")}
    (book,) = line.subscribe("l2Book", coin="test:ABC")
    assert book["data"]["coin"] == "test:ABC"
    (context,) = line.subscribe("activeAssetCtx", coin="test:ABC")
    assert (context["channel"], context["data"]["coin"]) == ("activeAssetCtx", "test:ABC")
    (shown,) = line.subscribe("clearinghouseState", user=funded.address, dex="test")
    assert shown["data"]["clearinghouseState"]["withdrawable"] == "1000.0"
    (orders,) = line.subscribe("openOrders", user=funded.address, dex="test")
    assert orders["data"]["orders"] == []
    line.subscribe("trades", coin="test:ABC")
    line.subscribe("userFills", user=funded.address)

    funded.rest(p="3000")
    assert not [frame for frame in line.heard() if frame["channel"] == "openOrders"]
    funded.place(a=ABC, p="1.1", s="300", tif="Ioc")
    heard = {frame["channel"]: frame["data"] for frame in line.heard()}
    assert [trade["coin"] for trade in heard["trades"]] == ["test:ABC"]
    assert [fill["coin"] for fill in heard["userFills"]["fills"]] == ["test:ABC"]
    assert len(heard["clearinghouseState"]["clearinghouseState"]["assetPositions"]) == 1


def test_a_unified_account_keeps_what_was_on_the_dex(funded: Desk) -> None:
    whole = {"type": "userSetAbstraction", "user": funded.address, "abstraction": "unifiedAccount"}
    assert funded.user_act(whole)["status"] == "ok"
    assert spot_usdc(funded) == "20000.0"
    assert value(funded) == "0.0"


def test_a_twap_trades_on_the_dex(funded: Desk, net: Localnet) -> None:
    form = {"a": ABC, "b": True, "s": "500", "r": False, "m": 5, "t": False}
    assert funded.act({"type": "twapOrder", "twap": form})["status"] == "ok"
    line = Line(net)
    states = {
        dex: line.subscribe("twapStates", user=funded.address, dex=dex)[0]["data"]["states"]
        for dex in ("", "test")
    }
    assert (len(states[""]), len(states["test"])) == (0, 1)
    net.advance(300_000)
    (held,) = state(funded)["assetPositions"]
    assert held["position"]["szi"] == "500.0"


def test_a_walk_moves_the_coins_of_both_dexes() -> None:
    net = Localnet(accounts=1, market="walk")
    before = net.mid("test:ABC")
    net.advance(600_000)
    assert net.mid("test:ABC") != before


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("order"), st.sampled_from(sorted(TEST.live, key=lambda perp: perp.index)), st.booleans()
        ),
        st.tuples(
            st.just("send"),
            st.sampled_from(["", "spot", "test"]),
            st.sampled_from(["", "spot", "test"]),
        ),
        st.tuples(st.just("move"), st.integers(-4_000, 4_000), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=25)
@given(steps=STEPS, size=st.integers(1, 50))
def test_nothing_is_lost_between_dexes(steps: list[Any], size: int) -> None:
    net = Localnet(accounts=1)
    desk = Desk(net)
    move(desk, "5000", "", "test")
    usdc = net.total_token("USDC")
    first = value(desk, "")
    moved = False
    for what, one, two in steps:
        if what == "order":
            px = net.mid(one.name) * (Decimal("1.05") if two else Decimal("0.95"))
            legal = Decimal(one.nearest_px(int(px * 10**8))) / 10**8
            lots = Decimal(size) / 10**one.sz_decimals
            desk.place(a=one.index, b=two, p=f"{legal.normalize():f}", s=f"{lots.normalize():f}", tif="Ioc")
        elif what == "send":
            moved |= "" in (one, two)
            move(desk, f"{size}.000001", one, two)
        else:
            net.move("test:ABC", Decimal(one))
        assert net.total_token("USDC") == usdc
    if not moved:
        assert value(desk, "") == first, "nothing on one dex touches the other"


def test_a_state_with_a_dex_is_saved_and_loaded(tmp_path: Path) -> None:
    net = Localnet(accounts=1, keep_log=True)
    desk = Desk(net)
    move(desk, "1000", "", "test")
    desk.place(a=ABC, p="1.1", s="300", tif="Ioc")
    desk.rest(a=ABC, p="0.9", s="20")
    saves.dump(net, tmp_path / "state")
    again = Desk(saves.load(tmp_path / "state"))
    assert again.info("openOrders", dex="test") == desk.info("openOrders", dex="test")
    assert value(again) == value(desk)
