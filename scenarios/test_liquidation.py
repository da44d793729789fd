"""The end of a position that nobody buys in time: the exchange takes it over.

Covers: POST /exchange (order, updateLeverage, usdClassTransfer), POST /info (userFills, userFillsByTime,
historicalOrders, orderStatus, clearinghouseState).
"""

import pytest

from harness.shapes import (
    ClearinghouseState,
    DefaultResponse,
    HistoricalOrders,
    OrderResponse,
    OrderStatus,
    UserFills,
    UserFillsByTime,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="loses a position on purpose"),
]


def exposed(trader, localnet, *, is_buy, is_cross):
    """Open 1 ETH at 3000 with the highest leverage and little behind it."""
    localnet.set_mid("ETH", "3000")
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH", is_cross)).ok
    assert OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, 1)).filled
    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(9_500, False)).ok


def ended(trader, oid):
    """Return what became of an order, after checking that query and history agree."""
    found = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    row = HistoricalOrders.parse(trader.info.historical_orders(trader.address)).order(oid)
    assert (found.state, found.order) == (row.state, row.order)
    return row


@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
@pytest.mark.parametrize("is_buy", [True, False], ids=["long", "short"])
def test_position_goes_to_the_backstop(trader, localnet, is_buy, is_cross):
    """Nobody quotes while the mark runs away; the fill says who was liquidated, how, and at which mark."""
    exposed(trader, localnet, is_buy=is_buy, is_cross=is_cross)
    localnet.set_liquidity("ETH")

    localnet.set_mark("ETH", "2000" if is_buy else "4000")
    localnet.advance(1)

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None
    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]
    margin, side = "Cross" if is_cross else "Isolated", "Long" if is_buy else "Short"
    assert (fill.dir, fill.liquidation.method) == (f"Liquidated {margin} {side}", "backstop")
    assert UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0))[-1] == fill
    localnet.set_mid("ETH", "3000")


def test_orders_that_go_before_the_position_are_remembered(trader, localnet):
    """The query by oid tells it as the history does; so it does of the liquidation's own order."""
    exposed(trader, localnet, is_buy=True, is_cross=True)
    bid = OrderResponse.parse(
        trader.exchange.order("ETH", True, 0.01, 2000, {"limit": {"tif": "Gtc"}})
    ).resting.oid

    localnet.set_mid("ETH", "2545")

    assert ended(trader, bid).state == "liquidatedCanceled"
    closing = UserFills.parse(trader.info.user_fills(trader.address))[0]
    assert (closing.dir, closing.liquidation.method) == ("Close Long", "market")
    assert ended(trader, closing.oid).order.tif == "LiquidationMarket"
