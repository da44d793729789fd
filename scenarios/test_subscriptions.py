"""How feeds are subscribed to and left: acknowledged, twice, unknown, bad coin, a second socket.

Covers: websocket subscribe, unsubscribe, ping, errors; the SDK's Info.subscribe and Info.unsubscribe.
"""

import json

import pytest

from harness.shapes import OrderResponse

pytestmark = [pytest.mark.ws, pytest.mark.coin("ETH")]

TRADES = {"type": "trades", "coin": "ETH"}


def received(journal):
    return [frame.message for frame in journal.frames if frame.way == "received"]


def test_subscription_is_acknowledged_with_its_defaults(trader, journal, venue):
    """The acknowledgement echoes the subscription and comes before the first book."""
    with trader.subscribed({"type": "l2Book", "coin": "ETH"}) as frames:
        venue.until(lambda: frames)

    acknowledged, book = received(journal)[:2]
    assert acknowledged["channel"] == "subscriptionResponse"
    assert acknowledged["data"]["subscription"] == {
        "type": "l2Book",
        "coin": "ETH",
        "nSigFigs": None,
        "mantissa": None,
        "fast": False,
    }
    assert book["channel"] == "l2Book"


@pytest.mark.targets("replay", "localnet", reason="on testnet others trade between the two frames")
@pytest.mark.spends
def test_nothing_comes_after_unsubscribing(trader, market, venue, journal):
    """After `unsubscribe` the feed is silent."""
    heard = []

    with trader.feed() as info:
        number = info.subscribe(dict(TRADES), heard.append)
        assert info.unsubscribe(dict(TRADES), number)
        venue.until(lambda: len(received(journal)) == 2)
        assert OrderResponse.parse(
            trader.exchange.order(**market.bid(depth_bps=-100, notional_usd=20))
        ).filled

    assert [frame["data"]["method"] for frame in received(journal)] == ["subscribe", "unsubscribe"]
    assert heard == []


def test_second_subscription_to_a_feed_is_refused(trader, venue, journal):
    """The SDK sends the same subscription again for a second callback; the exchange says so."""
    heard, also_heard = [], []

    with trader.feed() as info:
        info.subscribe({"type": "l2Book", "coin": "ETH"}, heard.append)
        info.subscribe({"type": "l2Book", "coin": "ETH"}, also_heard.append)
        venue.until(lambda: received(journal) and received(journal)[-1]["channel"] == "error")

    assert received(journal)[-1]["data"].startswith("Already subscribed")


def test_unknown_coin_ends_the_socket(trader, venue, journal):
    """The exchange hangs up without a word; the SDK does not come back."""
    with trader.feed() as info:
        info.name_to_coin["NOPE"] = "NOPE"
        info.subscribe({"type": "trades", "coin": "NOPE"}, print)
        venue.until(lambda: journal.frames[-1].way == "dropped")

        assert not info.ws_manager.ws.keep_running


def test_ping_is_answered(trader, venue, journal):
    """The sign of life that the SDK sends every 50 seconds."""
    with trader.feed() as info:
        info.ws_manager.ws.send(json.dumps({"method": "ping"}))
        venue.until(lambda: received(journal))

    assert received(journal) == [{"channel": "pong"}]


def test_orders_of_two_accounts_need_two_sockets(trader, counterparty, market, venue):
    """The SDK cannot tell whose updates came, so each account has its own socket."""
    ticket = market.bid(depth_bps=2_000, notional_usd=12)

    with (
        trader.subscribed({"type": "orderUpdates", "user": trader.address}) as own,
        counterparty.subscribed({"type": "orderUpdates", "user": counterparty.address}) as other,
    ):
        oid = OrderResponse.parse(counterparty.exchange.order(**ticket)).resting.oid
        venue.until(lambda: other)

    assert own == []
    assert other[0]["data"][0]["order"]["oid"] == oid


def test_same_account_twice_on_one_socket_is_refused_by_the_sdk(trader):
    """orderUpdates does not say whose they are: the SDK refuses the second subscription by itself."""
    with trader.feed() as info:
        info.subscribe({"type": "orderUpdates", "user": trader.address}, print)

        with pytest.raises(NotImplementedError, match="Cannot subscribe to orderUpdates multiple times"):
            info.subscribe({"type": "orderUpdates", "user": trader.address}, print)


def test_callback_may_trade(trader, market, venue):
    """A bot that answers a resting order by cancelling it, from within its callback."""
    told = []

    def cancel_what_rests(message):
        (update,) = message["data"]
        told.append(update["status"])
        if update["status"] == "open":
            trader.exchange.cancel("ETH", update["order"]["oid"])

    with trader.feed() as info:
        info.subscribe({"type": "orderUpdates", "user": trader.address}, cancel_what_rests)
        trader.exchange.order(**market.bid(depth_bps=2_000, notional_usd=12))
        venue.until(lambda: told == ["open", "canceled"])
