"""What the exchange refuses or ends by itself: caps of open interest, limits of orders, errors.

Covers: POST /exchange (order, updateLeverage), POST /info (orderStatus, historicalOrders, webData2),
websocket orderUpdates, userHistoricalOrders.
"""

import pytest

from harness.shapes import DefaultResponse, HistoricalOrders, OrderResponse, OrderStatus, WebData2

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs a market at its cap, and errors of the exchange"),
]

GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}


class Heard:
    """What the feeds of an account have told of its orders."""

    def __init__(self, trader, frames, venue):
        self._trader = trader
        self._frames = frames
        self._venue = venue

    def _last(self, channel, key):
        rows = [row for frame in self._frames if frame["channel"] == channel for row in key(frame["data"])]
        return rows[-1]["status"] if rows else None

    def ends_as(self, status):
        """Say whether queries and feeds agree that the newest change of an order is this."""
        self._venue.until(lambda: self._last("orderUpdates", lambda data: data) == status)
        self._venue.until(
            lambda: self._last("userHistoricalOrders", lambda data: data["orderHistory"]) == status
        )
        newest = HistoricalOrders.parse(self._trader.info.historical_orders(self._trader.address))[0]
        found = OrderStatus.parse(self._trader.info.query_order_by_oid(self._trader.address, newest.oid))
        return newest.state == found.state == status


@pytest.fixture
def heard(trader, venue):
    """The feeds of the account's orders."""
    feeds = ("orderUpdates", "userHistoricalOrders")
    with trader.subscribed(*({"type": feed, "user": trader.address} for feed in feeds)) as frames:
        yield Heard(trader, frames, venue)


def quiet(localnet, *, bid="2999", ask="3001"):
    """Leave one bid and one ask around 3000."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", bids=[(bid, "20")], asks=[(ask, "20")])


def rejected(trader, **order):
    """Send an order that is refused; return the reason."""
    asked = {"name": "ETH", "is_buy": True, "sz": 0.1, "limit_px": 3001, "order_type": IOC} | order
    return OrderResponse.parse(trader.exchange.order(**asked)).rejected.reason


def test_aggressive_order_is_refused_at_the_cap(trader, counterparty, localnet, heard):
    """It would rest more than one percent beyond the oracle; the page names the coin that is at its cap."""
    quiet(localnet, bid="2950")
    localnet.set_oracle("ETH", "2900")
    localnet.cap_open_interest("ETH", 3_000)
    assert OrderResponse.parse(counterparty.exchange.order("ETH", True, 1, 3001, IOC)).filled

    assert "more aggressive than oracle" in rejected(trader, limit_px=2930, order_type=GTC)

    assert heard.ends_as("tooAggressiveAtOpenInterestCapRejected")
    page = WebData2.parse(trader.info.post("/info", {"type": "webData2", "user": trader.address}))
    assert page.perpsAtOpenInterestCap == ("ETH",)


def test_order_far_from_the_oracle_goes_when_the_cap_is_reached(trader, counterparty, localnet, heard):
    """It rested where it may not rest any more."""
    quiet(localnet, bid="2950")
    bid = OrderResponse.parse(trader.exchange.order("ETH", True, 0.1, 2990, GTC)).resting.oid
    localnet.set_oracle("ETH", "2900")
    localnet.cap_open_interest("ETH", 3_000)
    assert OrderResponse.parse(counterparty.exchange.order("ETH", True, 1.1, 3001, IOC)).filled

    assert heard.ends_as("openInterestCapCanceled")
    assert bid not in [row["oid"] for row in trader.info.open_orders(trader.address)]


def test_open_interest_does_not_increase_too_quickly(trader, localnet, heard):
    """A new position has to wait until the exchange allows it again."""
    quiet(localnet)
    localnet.slow_open_interest("ETH")

    assert "too quickly" in rejected(trader)
    assert heard.ends_as("openInterestIncreaseRejected")

    localnet.slow_open_interest("ETH", is_too_quick=False)
    assert OrderResponse.parse(trader.exchange.order("ETH", True, 0.1, 3001, IOC)).filled


def test_order_beyond_the_limit_of_open_orders_is_refused(trader, localnet, heard):
    """Two may be open here, a thousand and more on the exchange."""
    quiet(localnet)
    localnet.limit_open_orders(2)
    placed = [trader.exchange.order("ETH", True, 0.1, px, GTC) for px in (2500, 2501)]
    assert all(OrderResponse.parse(answer).resting for answer in placed)

    assert "open orders" in rejected(trader, limit_px=2502, order_type=GTC)

    assert heard.ends_as("tooManyOpenOrdersRejected")


def test_resting_order_beyond_the_tier_goes(trader, counterparty, localnet, heard):
    """Two bids, each within the tier: what the first has bought leaves no room for the second."""
    quiet(localnet, bid="2900", ask="3100")
    localnet.fund(trader.address, 1_000_000)
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH")).ok
    assert DefaultResponse.parse(counterparty.exchange.update_leverage(5, "ETH")).ok
    for px in (2999, 2998):
        assert OrderResponse.parse(trader.exchange.order("ETH", True, 5, px, GTC)).resting
    assert OrderResponse.parse(counterparty.exchange.order("ETH", False, 5, 2999, IOC)).filled

    assert OrderResponse.parse(counterparty.exchange.order("ETH", False, 5, 2998, IOC)).rejected

    assert heard.ends_as("perpMaxPositionCanceled")


def test_order_is_cancelled_by_an_error_of_the_exchange(trader, localnet, heard):
    """Nobody asked for it, and nothing is told but the status."""
    quiet(localnet)
    oid = OrderResponse.parse(trader.exchange.order("ETH", True, 0.1, 2500, GTC)).resting.oid

    localnet.fail_order(trader.address, oid)

    assert heard.ends_as("internalCancel")
