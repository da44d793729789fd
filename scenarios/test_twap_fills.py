"""What the slices of a large order do: open, close and turn a position, or stop.

Covers: POST /exchange (twapOrder), POST /info (userTwapSliceFills, userTwapSliceFillsByTime, twapHistory,
historicalOrders, orderStatus). The SDK has no method for the action; it is signed with its own signing.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    DefaultResponse,
    HistoricalOrders,
    OrderResponse,
    OrderStatus,
    TwapHistory,
    TwapOrderResponse,
    UserTwapSliceFills,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="works for minutes, at prices of its own making"),
]


def worked(trader, market, *, is_buy, sz="0.3", reduce_only=False):
    """Start a TWAP of five minutes; return its id."""
    form = {"a": market.asset, "b": is_buy, "s": sz, "r": reduce_only, "m": 5, "t": False}
    return TwapOrderResponse.parse(trader.post_l1_action({"type": "twapOrder", "twap": form})).twap_id


def slices(trader):
    """Return the fills of slices, oldest first, after checking that both queries have them."""
    latest = UserTwapSliceFills.parse(trader.info.user_twap_slice_fills(trader.address))
    asked = {"type": "userTwapSliceFillsByTime", "user": trader.address, "startTime": 0}
    by_time = UserTwapSliceFills.parse(trader.info.post("/info", asked))
    assert list(by_time) == list(latest)[::-1]
    return [row.fill for row in by_time]


@pytest.mark.parametrize(
    ("is_buy", "direction"), [(True, "Close Short"), (False, "Close Long")], ids=["short", "long"]
)
def test_position_is_closed_slice_by_slice(trader, market, localnet, is_buy, direction):
    """Reduce-only, it does nothing but close."""
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(trader.exchange.market_open("ETH", not is_buy, 0.3)).filled

    worked(trader, market, is_buy=is_buy, reduce_only=True)
    localnet.advance(5 * 60 + 30)

    fills = slices(trader)
    assert {fill.dir for fill in fills} == {direction}
    assert {fill.twapId for fill in fills} == {None}
    assert sum(fill.sz for fill in fills) == Decimal("0.3")
    row = HistoricalOrders.parse(trader.info.historical_orders(trader.address))[0]
    found = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, row.oid))
    assert (row.state, found.state) == ("filled", "filled")


@pytest.mark.parametrize(
    ("is_buy", "direction"), [(True, "Short > Long"), (False, "Long > Short")], ids=["short", "long"]
)
def test_position_is_turned_on_the_way(trader, market, localnet, is_buy, direction):
    """One slice closes and opens; those before it close, those after it open."""
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(trader.exchange.market_open("ETH", not is_buy, 0.145)).filled

    worked(trader, market, is_buy=is_buy)
    localnet.advance(5 * 60 + 30)

    assert [fill.dir for fill in slices(trader)].count(direction) == 1


def test_twap_ends_when_a_slice_cannot_be_paid(trader, market, localnet):
    """The history says error, and why."""
    localnet.set_mid("ETH", "3000")
    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(9_900, False)).ok
    worked(trader, market, is_buy=True, sz="10")

    localnet.advance(5 * 60 + 30)

    newest = TwapHistory.parse(trader.info.post("/info", {"type": "twapHistory", "user": trader.address}))[0]
    assert newest.status.status == "error"
    assert "margin" in newest.status.description
