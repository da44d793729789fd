"""What the exchange's own page shows of an account, all in one answer, held against the single queries.

Covers: POST /info (webData2, clearinghouseState, spotClearinghouseState, frontendOpenOrders).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    DefaultResponse,
    FrontendOpenOrders,
    OrderResponse,
    SpotClearinghouseState,
    TwapCancelResponse,
    TwapOrderResponse,
    WebData2,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs prices and tokens of its own making"),
]

PAIR = "@1035"
GTC = {"limit": {"tif": "Gtc"}}


def page(trader, user=None):
    """Return what the page is shown of an account."""
    return WebData2.parse(trader.info.post("/info", {"type": "webData2", "user": user or trader.address}))


def resting(trader, *args, **rest):
    """Place an order that stays; return its oid."""
    return OrderResponse.parse(trader.exchange.order(*args, **rest)).resting.oid


def test_page_of_a_stranger_is_empty(trader, venue):
    """The market is there, the account is not."""
    stranger = venue.stranger()

    shown = page(trader, stranger)

    assert shown.user == stranger
    assert (shown.openOrders, shown.twapStates, shown.leadingVaults) == ((), (), ())
    assert (shown.agentAddress, shown.agentValidUntil, shown.isVault) == (None, None, False)
    assert not shown.spotState
    assert len(shown.assetCtxs) == len(shown.meta.universe)


@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
@pytest.mark.parametrize("is_buy", [True, False], ids=["long", "short"])
def test_position_is_that_of_the_clearinghouse(trader, localnet, is_cross, is_buy):
    """Margin and position are the same as in the query for them alone."""
    localnet.set_mid("ETH", "3000")
    assert DefaultResponse.parse(trader.exchange.update_leverage(5, "ETH", is_cross)).ok
    assert OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, 0.02)).filled

    shown = page(trader)

    alone = ClearinghouseState.parse(trader.info.user_state(trader.address))
    assert shown.clearinghouseState.positions == alone.positions
    assert shown.clearinghouseState.marginSummary == alone.marginSummary
    (position,) = alone.positions
    assert (position.liquidation_px is None) == (is_cross and is_buy)


def test_every_kind_of_resting_order_is_shown(trader, localnet, venue):
    """Limit orders of both sides and times in force, triggers, one with a cloid, one on spot."""
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.02)).filled
    cloid = venue.cloid()
    placed = {
        resting(trader, "ETH", True, 0.01, 2000, GTC, cloid=cloid): "Limit",
        resting(trader, "ETH", False, 0.01, 4000, {"limit": {"tif": "Alo"}}): "Limit",
        resting(trader, PAIR, True, 1, 20, GTC): "Limit",
    }
    for name, tpsl, px, is_market in [
        ("Stop Market", "sl", 2500, True),
        ("Stop Limit", "sl", 2500, False),
        ("Take Profit Market", "tp", 3500, True),
        ("Take Profit Limit", "tp", 3500, False),
    ]:
        order_type = {"trigger": {"triggerPx": px, "isMarket": is_market, "tpsl": tpsl}}
        oid = resting(trader, "ETH", False, 0.02, px - 100, order_type, reduce_only=True)
        placed[oid] = name

    shown = {order.oid: order for order in page(trader).openOrders}

    assert {oid: order.orderType for oid, order in shown.items()} == placed
    assert shown[min(shown)].cloid == cloid.to_raw()
    alone = FrontendOpenOrders.parse(trader.info.frontend_open_orders(trader.address))
    assert set(alone) == set(shown.values())


@pytest.mark.parametrize("is_buy", [True, False], ids=["buying", "selling"])
def test_running_twap_is_shown(trader, market, localnet, is_buy):
    """By its number, with what it has done so far."""
    form = {"a": market.asset, "b": is_buy, "s": "0.3", "r": False, "m": 5, "t": False}
    running = TwapOrderResponse.parse(trader.post_l1_action({"type": "twapOrder", "twap": form})).twap_id
    localnet.advance(61)

    ((twap_id, state),) = page(trader).twapStates

    assert (twap_id, state.coin, state.user) == (running, "ETH", trader.address.lower())
    assert (state.side, state.executed_sz > 0) == ("B" if is_buy else "A", True)
    cancelled = trader.post_l1_action({"type": "twapCancel", "a": market.asset, "t": running})
    assert TwapCancelResponse.parse(cancelled).outcome == "success"


def test_unnamed_agent_is_shown(trader):
    """Who signs for the account, and until when; a named one is listed elsewhere."""
    trader.agent("night desk")
    assert page(trader).agentAddress is None

    trader.agent()

    shown = page(trader)
    assert shown.agentAddress is not None
    assert shown.agentValidUntil > shown.serverTime


def test_spot_balances_are_those_of_the_spot_query(trader, localnet):
    """Token by token, of a unified account with what may be lost."""
    had = page(trader).spotState.balance("PURR").total
    localnet.fund_token(trader.address, "PURR", 100)

    assert page(trader).spotState.balance("PURR").total == had + 100

    assert DefaultResponse.parse(trader.exchange.user_set_abstraction(trader.address, "unifiedAccount")).ok
    alone = SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address))
    assert page(trader).spotState == alone
    assert alone.tokenToAvailableAfterMaintenance is not None


def test_money_that_came_and_went_is_counted(trader, counterparty, localnet):
    """What was sent away lowers it; what trading brings does not count."""
    before = Decimal(page(trader).cumLedger)
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.02)).filled
    localnet.set_mid("ETH", "3100")

    assert DefaultResponse.parse(trader.exchange.usd_transfer(10, counterparty.address.lower())).ok

    assert Decimal(page(trader).cumLedger) == before - 10
