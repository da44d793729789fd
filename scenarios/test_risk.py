"""What happens to a position when the market turns: margin, liquidation, and what tells of it.

Covers: POST /exchange (updateLeverage, updateIsolatedMargin), POST /info (clearinghouseState, userFills,
userFillsByTime, historicalOrders, userNonFundingLedgerUpdates).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    DefaultResponse,
    HistoricalOrders,
    OrderResponse,
    UserFills,
    UserFillsByTime,
    UserNonFundingLedgerUpdates,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="loses a position on purpose"),
]


def state(trader):
    """Return the account's margin and positions."""
    return ClearinghouseState.parse(trader.info.user_state(trader.address))


def exposed(trader, localnet, *, is_buy=True, is_cross=False):
    """Open 0.3 ETH at 3000 with the highest leverage, isolated unless told."""
    localnet.set_mid("ETH", "3000")
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH", is_cross)).ok
    assert OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, 0.3)).filled


@pytest.mark.parametrize("is_buy", [True, False], ids=["long", "short"])
def test_isolated_position_is_liquidated_in_the_market(trader, localnet, is_buy):
    """The mark passes the liquidation price: the position is sold, and its fills say why."""
    exposed(trader, localnet, is_buy=is_buy)
    position = state(trader).position("ETH")
    assert (position.leverage.type, position.leverage.value) == ("isolated", 25)

    localnet.move("ETH", -300 if is_buy else 300)

    assert state(trader).position("ETH") is None
    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]
    assert fill.liquidation.liquidatedUser == trader.address.lower()
    assert UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0))[-1] == fill
    rows = UserNonFundingLedgerUpdates.parse(
        trader.info.user_non_funding_ledger_updates(trader.address, 0)
    ).of("liquidation")
    assert [row.delta.leverageType for row in rows] == ["Isolated"]
    orders = HistoricalOrders.parse(trader.info.historical_orders(trader.address))
    assert "LiquidationMarket" in [row.order.tif for row in orders]


def test_open_orders_go_before_the_position(trader, localnet):
    """A cross account that cannot hold its position loses its orders first."""
    exposed(trader, localnet, is_cross=True)
    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(9_900, False)).ok
    bid = OrderResponse.parse(
        trader.exchange.order("ETH", True, 0.01, 2000, {"limit": {"tif": "Gtc"}})
    ).resting

    localnet.move("ETH", -1_000)

    rows = HistoricalOrders.parse(trader.info.historical_orders(trader.address))
    assert [row.state for row in rows if row.oid == bid.oid] == ["liquidatedCanceled", "open"]


def test_margin_is_added_to_an_isolated_position(trader, localnet):
    """More margin moves the liquidation price away; too much of it cannot be taken back."""
    exposed(trader, localnet)
    before = state(trader).position("ETH")

    assert DefaultResponse.parse(trader.exchange.update_isolated_margin(20, "ETH")).ok

    after = state(trader).position("ETH")
    assert after.margin_used == before.margin_used + 20
    assert Decimal(after.liquidationPx) < Decimal(before.liquidationPx)
    assert DefaultResponse.parse(trader.exchange.update_isolated_margin(-1_000, "ETH")).is_refused


def test_position_of_an_isolated_coin_is_brought_to_a_leverage(trader, localnet):
    """By name of the leverage, not of the margin; the SDK has no method for it."""
    localnet.set_mid("HYPE", "28.8")
    assert OrderResponse.parse(trader.exchange.market_open("HYPE", True, 10)).filled
    before = state(trader).position("HYPE")

    top_up = {"type": "topUpIsolatedOnlyMargin", "asset": 135, "leverage": "0.5"}
    assert DefaultResponse.parse(trader.post_l1_action(top_up)).ok

    after = state(trader).position("HYPE")
    assert after.margin_used > 2 * before.margin_used
    assert abs(after.margin_used - 2 * Decimal(after.positionValue)) < 1


def test_cross_position_cannot_be_given_margin(trader, localnet):
    """Its margin is the whole account."""
    exposed(trader, localnet, is_cross=True)

    assert DefaultResponse.parse(trader.exchange.update_isolated_margin(1, "ETH")).is_refused


def test_position_is_turned_in_one_order(trader, localnet):
    """Selling more than there is: long becomes short, and the fill says so; then back."""
    exposed(trader, localnet)

    assert OrderResponse.parse(trader.exchange.market_open("ETH", False, 0.4)).filled
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.2)).filled

    for fills in (
        UserFills.parse(trader.info.user_fills(trader.address)),
        UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0)),
    ):
        assert {"Long > Short", "Short > Long"} <= {fill.dir for fill in fills}
