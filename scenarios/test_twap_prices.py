"""A large order that waits for a price, or ends at one, and one on spot.

Covers: POST /exchange (twapOrder), POST /info (twapHistory, userTwapSliceFills, userTwapSliceFillsByTime,
webData2); websocket twapStates, userTwapHistory, userTwapSliceFills, userHistoricalOrders, userEvents. The
SDK has no method for the action; it is signed with its own signing.
"""

from decimal import Decimal

import pytest

from harness.shapes import TwapHistory, TwapOrderResponse, UserTwapSliceFills, WebData2

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="works for minutes, at prices of its own making"),
]

FEEDS = ("twapStates", "userTwapHistory", "userTwapSliceFills", "userHistoricalOrders", "userEvents")
HYPE = 11_035


class Heard:
    """What the feeds of an account have told of its TWAPs."""

    def __init__(self, frames):
        self._frames = frames

    def data(self, channel):
        """Return the data of a channel's messages, oldest first."""
        return [frame["data"] for frame in self._frames if frame["channel"] == channel]

    def statuses(self):
        """Return what became of TWAPs, oldest first; the events say the same."""
        rows = [row for data in self.data("userTwapHistory")[1:] for row in data["history"]]
        assert rows == [row for data in self.data("user") for row in data.get("twapHistory", [])]
        return [row["status"]["status"] for row in rows]

    def running(self):
        """Return the TWAPs that run or wait, by number, as last told."""
        return dict(self.data("twapStates")[-1]["states"])

    def slices(self):
        """Return the fills of slices; the events have the same."""
        rows = [row for data in self.data("userTwapSliceFills")[1:] for row in data["twapSliceFills"]]
        assert rows == [row for data in self.data("user") for row in data.get("twapSliceFills", [])]
        return [row["fill"] for row in rows]


@pytest.fixture
def heard(trader):
    """The feeds of the account, from before the scenario's TWAP on."""
    with trader.subscribed(*({"type": feed, "user": trader.address} for feed in FEEDS)) as frames:
        yield Heard(frames)


def started(trader, asset, *, is_buy=True, sz="0.3", trigger=None, stop=None):
    """Start a TWAP of five minutes; return its number."""
    form = {"a": asset, "b": is_buy, "s": sz, "r": False, "m": 5, "t": False}
    details = {"t": None if trigger is None else {"p": trigger[0], "a": trigger[1]}, "s": stop}
    answer = trader.post_l1_action({"type": "twapOrder", "twap": form, "details": details})
    return TwapOrderResponse.parse(answer).twap_id


def history(trader):
    """Return the changes of the account's TWAPs, newest first."""
    return TwapHistory.parse(trader.info.post("/info", {"type": "twapHistory", "user": trader.address}))


@pytest.mark.parametrize(
    ("px", "above", "is_buy"), [("3100", True, True), ("2900", False, False)], ids=["above", "below"]
)
def test_twap_waits_for_its_trigger(trader, market, heard, localnet, venue, px, above, is_buy):
    """Nothing is traded before the mark is there; then it is activated and worked off."""
    localnet.set_mid("ETH", "3000")
    number = started(trader, market.asset, is_buy=is_buy, trigger=(px, above))
    waiting = venue.until(heard.running)[number]
    assert (waiting["trigger"], waiting["stopPx"]) == ({"px": f"{px}.0", "above": above}, None)
    page = WebData2.parse(trader.info.post("/info", {"type": "webData2", "user": trader.address}))
    assert dict(page.twapStates)[number].trigger.above is above
    localnet.advance(120)
    assert heard.slices() == []

    localnet.set_mid("ETH", px)
    localnet.advance(5 * 60 + 30)
    venue.until(lambda: not heard.running())

    assert heard.statuses() == ["waitingForTrigger", "activated", "finished"]
    newest, *_, first = history(trader)
    assert (first.status.status, first.state.trigger.px) == ("waitingForTrigger", Decimal(px))
    assert newest.state.executed_sz == Decimal("0.3")
    orders = [row["order"] for data in heard.data("userHistoricalOrders") for row in data["orderHistory"]]
    assert {order["orderType"] for order in orders} == {"Twap Slice"}


@pytest.mark.parametrize(("is_buy", "stop"), [(True, "3100"), (False, "2900")], ids=["highest", "lowest"])
def test_twap_stops_at_its_price(trader, market, heard, localnet, venue, is_buy, stop):
    """What it has done stays done."""
    localnet.set_mid("ETH", "3000")
    number = started(trader, market.asset, is_buy=is_buy, stop=stop)
    assert venue.until(heard.running)[number]["stopPx"] == f"{stop}.0"
    localnet.advance(61)

    localnet.set_mid("ETH", stop)
    venue.until(lambda: not heard.running())

    assert heard.statuses() == ["activated", "stopped"]
    stopped = history(trader)[0]
    assert (stopped.status.status, stopped.state.stop_px) == ("stopped", Decimal(stop))
    assert 0 < stopped.state.executed_sz < Decimal("0.3")


@pytest.mark.parametrize(("is_buy", "direction"), [(True, "Buy"), (False, "Sell")])
def test_twap_works_on_spot(trader, heard, localnet, venue, is_buy, direction):
    """Its slices are fills of spot, with the fee in the token received."""
    started(trader, HYPE, is_buy=is_buy, sz="20")
    localnet.advance(5 * 60 + 30)
    venue.until(lambda: not heard.running())

    assert heard.statuses() == ["activated", "finished"]
    assert {fill["dir"] for fill in heard.slices()} == {direction}
    latest = UserTwapSliceFills.parse(trader.info.user_twap_slice_fills(trader.address))
    asked = {"type": "userTwapSliceFillsByTime", "user": trader.address, "startTime": 0}
    by_time = UserTwapSliceFills.parse(trader.info.post("/info", asked))
    assert list(by_time) == list(latest)[::-1]
    assert {row.fill.dir for row in latest} == {direction}
    assert {row.fill.fee_token for row in latest} == {"HYPE" if is_buy else "USDC"}
    assert sum(row.fill.sz for row in latest) == 20
    assert trader.info.user_fills(trader.address) == []
