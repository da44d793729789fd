"""What the feeds tell of an order that is worked over some minutes.

Covers: websocket twapStates, userTwapHistory, userTwapSliceFills, userEvents (twapHistory, twapSliceFills),
webData3; POST /exchange (twapOrder, twapCancel). The SDK has no method for the actions; they are signed with
its own signing.
"""

import pytest

from harness.shapes import DefaultResponse, OrderResponse, TwapCancelResponse, TwapOrderResponse

pytestmark = [pytest.mark.ws, pytest.mark.coin("ETH"), pytest.mark.spends]

FEEDS = ("twapStates", "userTwapHistory", "userTwapSliceFills", "userEvents")


class Heard:
    """What the feeds of an account have told."""

    def __init__(self, frames):
        self._frames = frames

    def data(self, channel):
        """Return the data of a channel's messages, oldest first."""
        return [frame["data"] for frame in self._frames if frame["channel"] == channel]

    def statuses(self):
        """Return what became of TWAPs, oldest first; the events say the same."""
        rows = [row for data in self.data("userTwapHistory") for row in data["history"]]
        events = [row for data in self.data("user") for row in data.get("twapHistory", [])]
        assert rows[-len(events) :] == events
        return [row["status"]["status"] for row in rows]

    def slices(self):
        """Return the fills of slices; the events have the same."""
        rows = [row for data in self.data("userTwapSliceFills") for row in data["twapSliceFills"]]
        events = [row for data in self.data("user") for row in data.get("twapSliceFills", [])]
        assert rows == events
        return rows

    def running(self):
        """Return the TWAPs that run, by number, as last told."""
        return dict(self.data("twapStates")[-1]["states"])


@pytest.fixture
def heard(trader):
    """The feeds of the account, from before the scenario's first TWAP on."""
    with trader.subscribed(*({"type": feed, "user": trader.address} for feed in FEEDS)) as frames:
        yield Heard(frames)


def started(trader, market, *, is_buy=True, sz="0.3", reduce_only=False, randomize=False):
    """Start working a size over five minutes; return the TWAP's number."""
    form = {"a": market.asset, "b": is_buy, "s": sz, "r": reduce_only, "m": 5, "t": randomize}
    return TwapOrderResponse.parse(trader.post_l1_action({"type": "twapOrder", "twap": form})).twap_id


@pytest.mark.parametrize("is_buy", [True, False], ids=["buy", "sell"])
def test_twap_is_followed_from_its_start_to_its_end(trader, market, heard, localnet, venue, is_buy):
    """It runs, a slice every thirty seconds; when all is done it is finished and runs no more."""
    number = started(trader, market, is_buy=is_buy)
    state = venue.until(heard.running)[number]
    assert (state["side"], state["sz"], state["minutes"]) == ("B" if is_buy else "A", "0.3", 5)

    localnet.advance(5 * 60 + 30)
    venue.until(lambda: not heard.running())

    assert heard.statuses() == ["activated", "finished"]
    assert {row["twapId"] for row in heard.slices()} == {number}
    assert {row["fill"]["dir"] for row in heard.slices()} == {"Open Long" if is_buy else "Open Short"}


@pytest.mark.parametrize("is_buy", [True, False], ids=["long", "short"])
def test_twap_turns_a_position(trader, market, heard, localnet, venue, is_buy):
    """Its slices close, turn and open, each in its words."""
    assert OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, 0.11)).filled
    started(trader, market, is_buy=not is_buy, sz="0.25")

    localnet.advance(5 * 60 + 30)
    venue.until(lambda: not heard.running())

    turn = "Long > Short" if is_buy else "Short > Long"
    assert turn in {row["fill"]["dir"] for row in heard.slices()}


def test_twap_that_is_cancelled_is_told_as_terminated(trader, market, heard, localnet, venue):
    """What it has done stays done."""
    number = started(trader, market, reduce_only=False, randomize=True)
    localnet.advance(61)

    cancelled = trader.post_l1_action({"type": "twapCancel", "a": market.asset, "t": number})
    assert TwapCancelResponse.parse(cancelled).outcome == "success"
    venue.until(lambda: not heard.running())

    assert heard.statuses() == ["activated", "terminated"]
    assert 0 < len(heard.slices()) < 10


def test_twap_that_cannot_go_on_ends_with_its_reason(trader, market, heard, localnet, venue):
    """The money is gone when a slice comes; the error is the order's."""
    started(trader, market, sz="40")
    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(9_990, False)).ok

    localnet.advance(5 * 60)
    venue.until(lambda: not heard.running())

    (_, ended) = [row for data in heard.data("userTwapHistory") for row in data["history"]]
    assert ended["status"]["status"] == "error"
    assert "margin" in ended["status"]["description"]


def test_what_ran_before_is_in_the_first_message(trader, market, localnet, venue):
    """Who subscribes later gets the history as a snapshot, oldest first."""
    started(trader, market)
    localnet.advance(5 * 60 + 30)

    with trader.subscribed(
        {"type": "userTwapHistory", "user": trader.address},
        {"type": "userTwapSliceFills", "user": trader.address},
    ) as frames:
        venue.until(lambda: len(frames) == 2)

    history, slices = (frame["data"] for frame in frames)
    assert history["isSnapshot"] is slices["isSnapshot"] is True
    assert [row["status"]["status"] for row in history["history"]] == ["activated", "finished"]
    assert len(slices["twapSliceFills"]) == 10
