"""The order by which the exchange sells what accounts have too little of to trade.

Covers: POST /info (userFills, orderStatus, historicalOrders), websocket userHistoricalOrders, orderUpdates.
"""

from decimal import Decimal

import pytest

from harness.shapes import HistoricalOrders, OrderResponse, OrderStatus, UserFills

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("@1035"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs two accounts with dust at one minute"),
]

PAIR = "@1035"
IOC = {"limit": {"tif": "Ioc"}}
SELLER = "0x" + "ee" * 20


def keep_dust_only(trader):
    """Sell the whole lots of HYPE; return what is left, which is less than a lot."""
    OrderResponse.parse(trader.exchange.order(PAIR, True, 7, 30, IOC))
    balances = trader.info.spot_user_state(trader.address)["balances"]
    held = next(Decimal(row["total"]) for row in balances if row["coin"] == "HYPE")
    lots = held.quantize(Decimal("0.01"), "ROUND_FLOOR")
    assert OrderResponse.parse(trader.exchange.order(PAIR, False, float(lots), 20, IOC)).filled
    return held - lots


def test_dust_is_sold_by_an_order_of_the_exchange(trader, counterparty, localnet, venue):
    """Its lots are sold for all at once; the order is found at the address that sells."""
    assert keep_dust_only(trader) + keep_dust_only(counterparty) >= Decimal("0.01")
    feeds = ({"type": feed, "user": SELLER} for feed in ("orderUpdates", "userHistoricalOrders"))
    with trader.subscribed(*feeds) as frames:
        localnet.advance(120)
        updates = venue.until(lambda: [frame for frame in frames if frame["channel"] == "orderUpdates"])
        told = venue.until(lambda: [f for f in frames if f["channel"] == "userHistoricalOrders"][1:])

    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]
    assert fill.dir == "Spot Dust Conversion"
    assert OrderStatus.parse(trader.info.query_order_by_oid(trader.address, fill.oid)).state == "unknownOid"
    found = OrderStatus.parse(trader.info.query_order_by_oid(SELLER, fill.oid))
    assert (found.state, found.order_type, found.side) == ("filled", "Spot Dust Conversion", "A")
    newest = HistoricalOrders.parse(trader.info.historical_orders(SELLER))[0]
    assert (newest.oid, newest.order.order_type) == (fill.oid, "Spot Dust Conversion")
    assert [row["status"] for row in updates[0]["data"]] == ["open", "filled"]
    assert {row["order"]["orderType"] for row in told[0]["data"]["orderHistory"]} == {"Spot Dust Conversion"}
