"""What the feeds of an account tell about its orders: updates, fills, events.

Covers: websocket orderUpdates, userFills, userEvents, activeAssetData; POST /exchange (order, cancel).
"""

import pytest

from harness.shapes import CancelResponse, OrderResponse

pytestmark = [pytest.mark.ws, pytest.mark.coin("ETH")]


def statuses(frames):
    return [update["status"] for frame in frames for update in frame["data"]]


def test_resting_order_is_told_as_open_and_as_canceled(trader, market, venue):
    """Each change of an order comes as one update with the order as it then is."""
    ticket = market.bid(depth_bps=2_000, notional_usd=12, cloid=venue.cloid())

    with trader.subscribed({"type": "orderUpdates", "user": trader.address}) as frames:
        oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
        venue.until(lambda: statuses(frames) == ["open"])

        assert CancelResponse.parse(trader.exchange.cancel(market.coin, oid)).outcome == "success"
        venue.until(lambda: statuses(frames) == ["open", "canceled"])

    (opened,), (canceled,) = (frame["data"] for frame in frames)
    assert opened["order"] == canceled["order"]
    assert opened["order"]["oid"] == oid
    assert opened["order"]["cloid"] == str(ticket["cloid"])
    assert opened["order"]["limitPx"] == str(ticket.px)


def test_modified_order_is_told_as_two_orders(trader, market, venue):
    """A modify ends the old order and opens a new one under a new oid."""
    resting, moved = (market.bid(depth_bps=bps, notional_usd=12, tif="Alo") for bps in (2_000, 1_900))

    with trader.subscribed({"type": "orderUpdates", "user": trader.address}) as frames:
        oid = OrderResponse.parse(trader.exchange.order(**resting)).resting.oid
        trader.exchange.modify_order(oid, **moved)
        venue.until(lambda: len(statuses(frames)) == 3)

    assert sorted(statuses(frames)) == ["canceled", "open", "open"]


@pytest.mark.spends
def test_fill_on_arrival_is_told_to_all_feeds_of_the_account(trader, market, venue):
    """Order updates say filled; userFills and userEvents carry the same fill."""
    ticket = market.bid(depth_bps=-100, notional_usd=20)

    with (
        trader.subscribed({"type": "orderUpdates", "user": trader.address}) as updates,
        trader.subscribed({"type": "userFills", "user": trader.address}) as fills,
        trader.subscribed({"type": "userEvents", "user": trader.address}) as events,
    ):
        filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled
        venue.until(lambda: "filled" in statuses(updates) and len(fills) > 1 and events)

    snapshot, later = (frame["data"] for frame in fills[:2])
    assert snapshot["isSnapshot"] is True
    assert later["user"] == trader.address.lower()
    assert later["fills"][0]["oid"] == filled.oid
    assert events[0]["data"]["fills"] == later["fills"]


@pytest.mark.spends
def test_fill_of_a_resting_order_is_told_to_its_owner(trader, counterparty, market, venue):
    """The maker hears of the fill although it sent nothing."""
    ticket = market.bid(depth_bps=0, notional_usd=20, tif="Alo")

    with trader.subscribed({"type": "userEvents", "user": trader.address}) as events:
        oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
        counterparty.exchange.order(**market.ask(px=str(ticket.px), sz=str(ticket.sz), tif="Ioc"))
        venue.until(lambda: events)

    (fill,) = events[0]["data"]["fills"]
    assert (fill["oid"], fill["side"], fill["crossed"]) == (oid, "B", False)


def test_refused_order_is_told_with_its_reason(trader, market, venue):
    """A post-only order that would cross has an update although it never rested."""
    ticket = market.bid(depth_bps=-100, notional_usd=20, tif="Alo")

    with trader.subscribed({"type": "orderUpdates", "user": trader.address}) as frames:
        assert OrderResponse.parse(trader.exchange.order(**ticket)).rejected
        venue.until(lambda: frames)

    assert statuses(frames) == ["badAloPxRejected"]


def test_what_an_account_can_trade_follows_its_leverage(trader, venue):
    """activeAssetData starts with a state and tells each change of it."""
    subscription = {"type": "activeAssetData", "user": trader.address, "coin": "ETH"}

    with trader.subscribed(subscription) as frames:
        venue.until(lambda: frames)
        trader.exchange.update_leverage(7, "ETH")
        venue.until(lambda: frames[-1]["data"]["leverage"]["value"] == 7)

    assert frames[-1]["data"]["leverage"] == {"type": "cross", "value": 7}
