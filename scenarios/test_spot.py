"""Spot: tokens bought and sold, what holds them, what the fills and fees are.

Covers: POST /exchange (order on spot pairs, spotUser), POST /info (spotClearinghouseState, userFills,
userFillsByTime, frontendOpenOrders, spotMeta, spotMetaAndAssetCtxs, tokenDetails, webData2).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    DefaultResponse,
    FrontendOpenOrders,
    OrderResponse,
    SpotClearinghouseState,
    SpotMetaAndAssetCtxs,
    TokenDetails,
    UserFills,
    UserFillsByTime,
    WebData2,
)

pytestmark = [
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs prices and tokens of its own making"),
]

PAIR = "@1035"
GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}


def balances(trader):
    """Return the account's spot balances by coin."""
    state = SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address))
    return {balance.coin: balance for balance in state.balances}


@pytest.fixture
def market_of_pair(localnet):
    """A pair that stands at 28.718."""
    localnet.set_mid(PAIR, "28.718")


def test_token_is_bought_and_sold(trader, venue):
    """Buying costs the fee in the token, selling in the quote; fills say Buy and Sell."""
    cloid = venue.cloid()
    bought = OrderResponse.parse(trader.exchange.order(PAIR, True, 2, 30, IOC, cloid=cloid)).filled
    sold = OrderResponse.parse(trader.exchange.order(PAIR, False, 1, 26, IOC)).filled

    newest, oldest = UserFills.parse(trader.info.user_fills(trader.address))[:2]
    assert (newest.dir, newest.oid, newest.feeToken) == ("Sell", sold.oid, "USDC")
    assert (oldest.dir, oldest.oid, oldest.cloid) == ("Buy", bought.oid, cloid.to_raw())
    assert oldest.feeToken != "USDC"
    by_time = UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0))
    assert {fill.cloid for fill in by_time} == {cloid.to_raw(), None}


def test_resting_order_holds_what_it_would_pay(trader, market_of_pair):
    """A bid holds USDC until it is cancelled."""
    before = balances(trader)["USDC"]

    oid = OrderResponse.parse(trader.exchange.order(PAIR, True, 1, 20, GTC)).resting.oid

    assert balances(trader)["USDC"].hold == before.hold + 20
    (order,) = FrontendOpenOrders.parse(trader.info.frontend_open_orders(trader.address))
    assert (order.coin, order.oid) == (PAIR, oid)


def test_more_than_the_balance_cannot_be_spent(trader):
    """Refused on its own; nothing is held."""
    answer = trader.exchange.order(PAIR, True, 100_000, 20, GTC)

    assert "Insufficient spot balance" in OrderResponse.parse(answer).rejected.reason


def test_contexts_stand_beside_the_pairs(trader):
    """A row for each pair, with its circulating supply."""
    pairs, contexts = SpotMetaAndAssetCtxs.parse(trader.info.spot_meta_and_asset_ctxs()).wire

    assert {pair.name for pair in pairs.universe} <= {context.coin for context in contexts}
    assert all(Decimal(context.circulatingSupply) >= 0 for context in contexts)


def test_pair_without_offers_has_no_mid(trader, localnet, market_of_pair):
    """A side of the book that is empty leaves nothing between; the mark stays."""
    hype = next(t["tokenId"] for t in trader.info.spot_meta()["tokens"] if t["name"] == "HYPE")
    localnet.set_liquidity(PAIR, bids=[("28", "10")], asks=[])

    _, contexts = SpotMetaAndAssetCtxs.parse(trader.info.spot_meta_and_asset_ctxs()).wire
    (context,) = [one for one in contexts if one.coin == PAIR]
    told = TokenDetails.parse(trader.info.post("/info", {"type": "tokenDetails", "tokenId": hype}))
    page = WebData2.parse(trader.info.post("/info", {"type": "webData2", "user": trader.address}))

    assert (context.midPx, context.markPx) == (None, "28.718")
    assert told.midPx is None
    assert context in page.spotAssetCtxs
    localnet.set_mid(PAIR, "28.718")


def test_dust_stays_if_the_account_wants_it(trader, localnet):
    """The setting is shown on the page, and the dust is there after the next minute."""
    accepted = trader.post_l1_action({"type": "spotUser", "toggleSpotDusting": {"optOut": True}})
    assert DefaultResponse.parse(accepted).ok
    assert OrderResponse.parse(trader.exchange.order(PAIR, True, 1, 30, IOC)).filled
    held = balances(trader)["HYPE"].total
    lots = held.quantize(Decimal("0.01"), "ROUND_FLOOR")
    assert OrderResponse.parse(trader.exchange.order(PAIR, False, float(lots), 20, IOC)).filled

    localnet.advance(120)

    assert balances(trader)["HYPE"].total == held - lots > 0
    page = WebData2.parse(trader.info.post("/info", {"type": "webData2", "user": trader.address}))
    assert page.optOutOfSpotDusting is True


def test_dust_becomes_usdc(trader, localnet):
    """The fee of a purchase was paid in the token; what a sale of whole lots leaves is converted."""
    assert OrderResponse.parse(trader.exchange.order(PAIR, True, 1, 30, IOC)).filled
    held = balances(trader)["HYPE"].total
    lots = held.quantize(Decimal("0.01"), "ROUND_FLOOR")
    assert OrderResponse.parse(trader.exchange.order(PAIR, False, float(lots), 20, IOC)).filled

    localnet.advance(120)

    assert "HYPE" not in balances(trader)
    assert UserFills.parse(trader.info.user_fills(trader.address))[0].dir == "Spot Dust Conversion"
    by_time = UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0))
    assert by_time[-1].dir == "Spot Dust Conversion"
