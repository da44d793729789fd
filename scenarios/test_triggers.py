"""Stop losses and take profits: waiting, triggered, tied to an entry or to a position.

Covers: POST /exchange (order with trigger, normalTpsl, positionTpsl), POST /info (frontendOpenOrders,
orderStatus, historicalOrders, clearinghouseState).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    FrontendOpenOrders,
    HistoricalOrders,
    OrderResponse,
    OrderStatus,
)

pytestmark = [pytest.mark.coin("ETH"), pytest.mark.spends]


def trigger(px, tpsl, *, is_market=True):
    """Return the SDK's order type of a stop loss (`sl`) or take profit (`tp`)."""
    return {"trigger": {"triggerPx": px, "isMarket": is_market, "tpsl": tpsl}}


def opened(trader, localnet, *, sz=0.02, is_buy=True):
    """Bring the price to 3000 and open a position there."""
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, sz)).filled


def closing(trader, px, tpsl, *, limit_px=None, sz=0.02, is_buy=False):
    """Place what closes the position when the mark reaches `px`; return its status."""
    order_type = trigger(px, tpsl, is_market=limit_px is None)
    worst_px = limit_px or px + (300 if is_buy else -300)
    answer = trader.exchange.order("ETH", is_buy, sz, worst_px, order_type, reduce_only=True)
    return OrderResponse.parse(answer).resting


def shown(trader):
    """Return the open orders with all that the exchange tells of them, by oid."""
    orders = FrontendOpenOrders.parse(trader.info.frontend_open_orders(trader.address))
    return {order.oid: order for order in orders}


def state_of(trader, oid):
    """Return what became of an order."""
    return OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid)).state


@pytest.mark.parametrize(
    ("px", "tpsl", "limit_px", "order_type", "condition"),
    [
        (2900, "sl", None, "Stop Market", "Price below 2900"),
        (2900, "sl", 2890, "Stop Limit", "Price below 2900"),
        (3100, "tp", None, "Take Profit Market", "Price above 3100"),
        (3100, "tp", 3090, "Take Profit Limit", "Price above 3100"),
    ],
    ids=["stop-market", "stop-limit", "take-profit-market", "take-profit-limit"],
)
def test_trigger_order_waits(trader, localnet, px, tpsl, limit_px, order_type, condition):
    """It stands among the open orders with its condition, and no order of the book."""
    opened(trader, localnet)

    oid = closing(trader, px, tpsl, limit_px=limit_px).oid
    order = shown(trader)[oid]

    assert (order.order_type, order.triggerCondition, order.is_trigger) == (order_type, condition, True)
    assert order.trigger_px == px


def test_stop_loss_sells_when_the_price_falls(trader, localnet):
    """The mark passes the stop: the position is gone, the order filled after it was triggered."""
    opened(trader, localnet)
    stop = closing(trader, 2900, "sl").oid

    localnet.set_mid("ETH", "2895")

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None
    rows = HistoricalOrders.parse(trader.info.historical_orders(trader.address))
    assert [row.state for row in rows if row.oid == stop] == ["filled", "triggered", "open"]


def test_take_profit_limit_rests_where_it_was_told(trader, localnet):
    """Triggered, it becomes a limit order; too far from the market it waits in the book."""
    opened(trader, localnet)
    take = closing(trader, 3100, "tp", limit_px=3300).oid

    localnet.set_mid("ETH", "3105")

    assert state_of(trader, take) == "triggered"


def test_short_is_stopped_when_the_price_rises(trader, localnet):
    """For a short the stop lies above and buys."""
    opened(trader, localnet, is_buy=False)
    stop = closing(trader, 3100, "sl", is_buy=True).oid
    assert shown(trader)[stop].triggerCondition == "Price above 3100"

    localnet.set_mid("ETH", "3110")

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None


def bracket(px, *, tif="Gtc"):
    """Return an entry with its take profit and its stop loss, as the SDK takes them."""
    entry = {"coin": "ETH", "is_buy": True, "sz": 0.02, "limit_px": px, "reduce_only": False}
    exit_ = {"coin": "ETH", "is_buy": False, "sz": 0.02, "reduce_only": True}
    return [
        {**entry, "order_type": {"limit": {"tif": tif}}},
        {**exit_, "limit_px": 2900, "order_type": trigger(3200, "tp")},
        {**exit_, "limit_px": 2500, "order_type": trigger(2800, "sl")},
    ]


def test_children_wait_for_the_fill_of_their_entry(trader, localnet):
    """A resting entry shows its two children; cancelled, it takes them along."""
    localnet.set_mid("ETH", "3000")
    entry, *children = OrderResponse.parse(
        trader.exchange.bulk_orders(bracket(2950), grouping="normalTpsl")
    ).statuses
    assert [child.for_ for child in children] == ["fill", "fill"]

    parent = shown(trader)[entry.oid]
    assert {child.order_type for child in parent.children} == {"Take Profit Market", "Stop Market"}

    trader.exchange.cancel("ETH", entry.oid)

    assert shown(trader) == {}


def test_filled_entry_lets_its_children_wait_for_their_price(trader, localnet):
    """The take profit is reached; its sibling goes with the position."""
    localnet.set_mid("ETH", "3000")
    entry, *children = OrderResponse.parse(
        trader.exchange.bulk_orders(bracket(3010), grouping="normalTpsl")
    ).statuses
    assert entry.total_sz == Decimal("0.02")
    assert [child.for_ for child in children] == ["trigger", "trigger"]
    stop = next(oid for oid, order in shown(trader).items() if order.order_type == "Stop Market")

    localnet.set_mid("ETH", "3210")

    assert shown(trader) == {}
    assert state_of(trader, stop) in ("siblingFilledCanceled", "reduceOnlyCanceled")


def test_stop_for_the_whole_position_has_no_size_of_its_own(trader, localnet):
    """A positionTpsl is shown with size zero and closes whatever is there."""
    opened(trader, localnet)
    exits = [{**order, "sz": 0} for order in bracket(0)[1:]]
    OrderResponse.parse(trader.exchange.bulk_orders(exits, grouping="positionTpsl"))

    orders = shown(trader).values()
    assert {order.isPositionTpsl for order in orders} == {True}
    assert {order.sz for order in orders} == {0}

    localnet.set_mid("ETH", "2790")

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None
    assert shown(trader) == {}


def test_trigger_on_the_wrong_side_is_refused(trader, localnet):
    """A stop loss above the mark of a long would trigger at once."""
    opened(trader, localnet)

    answer = trader.exchange.order("ETH", False, 0.02, 3100, trigger(3100, "sl"), reduce_only=True)

    assert OrderResponse.parse(answer).rejected.reason == "Invalid TP/SL price. asset=4"
