"""Requests over the websocket: reads and signed actions, their answers and their refusals.

Covers: websocket post (info, action), errors; POST /exchange (order, cancel) as their other way.
"""

import json

import pytest

from harness.shapes import (
    CancelResponse,
    ClearinghouseState,
    DefaultResponse,
    L2Book,
    OpenOrders,
    OrderResponse,
)

pytestmark = [pytest.mark.ws, pytest.mark.coin("ETH")]


class Line:
    """A websocket to post over: requests with rising ids, and the message that answers each."""

    def __init__(self, info, journal, venue):
        self._socket, self._journal, self._venue = info.ws_manager.ws, journal, venue
        self._id = 0

    def send(self, frame):
        """Send a frame; return the next message."""
        before = len(self._received())
        self._socket.send(json.dumps(frame))
        return self._venue.until(lambda: self._received()[before:])[0]

    def _received(self):
        return [frame.message for frame in self._journal.frames if frame.way == "received"]

    def post(self, request):
        """Post a request; return what came back for it."""
        self._id += 1
        message = self.send({"method": "post", "id": self._id, "request": request})
        assert (message["channel"], message["data"]["id"]) == ("post", self._id)
        return message["data"]["response"]

    def read(self, **payload):
        """Post a read; return its answer."""
        response = self.post({"type": "info", "payload": payload})
        assert (response["type"], response["payload"]["type"]) == ("info", payload["type"])
        return response["payload"]["data"]

    def act(self, trader, action):
        """Post a signed action; return its answer."""
        response = self.post({"type": "action", "payload": trader.signed_l1_action(action)})
        assert response["type"] == "action"
        return response["payload"]


@pytest.fixture
def line(trader, journal, venue):
    """A websocket of the account."""
    with trader.feed() as info:
        yield Line(info, journal, venue)


def limit_order(market, px, sz, tif="Gtc"):
    """Return the action that places one order."""
    order = {"a": market.asset, "b": True, "p": px, "s": sz, "r": False, "t": {"limit": {"tif": tif}}}
    return {"type": "order", "orders": [order], "grouping": "na"}


def test_order_is_placed_read_and_cancelled_without_http(trader, line, market):
    """All answers come on the channel post, in the order of the requests, each with its id."""
    ticket = market.bid(depth_bps=2_000, notional_usd=12)

    placed = line.act(trader, limit_order(market, str(ticket.px), str(ticket.sz)))
    oid = OrderResponse.parse(placed).resting.oid

    orders = line.read(type="openOrders", user=trader.address)
    assert oid in OpenOrders.parse(orders).oids

    cancel = {"type": "cancel", "cancels": [{"a": market.asset, "o": oid}]}
    assert CancelResponse.parse(line.act(trader, cancel)).outcome == "success"

    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()


def test_http_and_websocket_share_their_nonces(trader, line, market):
    """An order over HTTP between two posts: all three are taken."""
    ticket = market.bid(depth_bps=2_000, notional_usd=12)
    leverage = {"type": "updateLeverage", "asset": market.asset, "isCross": True, "leverage": 7}

    assert DefaultResponse.parse(line.act(trader, leverage)).ok
    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
    cancel = {"type": "cancel", "cancels": [{"a": market.asset, "o": oid}]}
    assert CancelResponse.parse(line.act(trader, cancel)).outcome == "success"


def test_refusal_of_an_action_is_an_answer(trader, line, market):
    """It comes as it does over HTTP, with the status err."""
    leverage = {"type": "updateLeverage", "asset": market.asset, "isCross": True, "leverage": 1_000}
    answer = line.act(trader, leverage)

    assert answer["status"] == "err"
    assert DefaultResponse.parse(answer).is_refused


def test_reads_over_the_websocket_have_the_forms_of_http(trader, line, market):
    """A book, and a state that is the one that HTTP tells."""
    book = L2Book.parse(line.read(type="l2Book", coin="ETH"))
    state = ClearinghouseState.parse(line.read(type="clearinghouseState", user=trader.address))

    assert book.book.coin == "ETH"
    again = ClearinghouseState.parse(trader.info.user_state(trader.address))
    assert state.withdrawable == again.withdrawable


def test_post_that_cannot_be_served_is_an_error_with_its_id(trader, line, market):
    """An aggregation that there is not: HTTP says 500, the websocket an error of the post."""
    request = {"type": "info", "payload": {"type": "l2Book", "coin": "ETH", "nSigFigs": 9}}
    response = line.post(request)

    assert response["type"] == "error"
    assert response["payload"].startswith("500")


@pytest.mark.parametrize(
    "frame",
    [
        {"method": "post", "id": 1, "request": {"type": "info", "payload": {"type": "noSuchThing"}}},
        {"method": "post", "id": 1, "request": {"type": "order", "payload": {}}},
        {"method": "post", "request": {"type": "info", "payload": {"type": "allMids"}}},
        {"method": "shout"},
    ],
    ids=["unknown-read", "unknown-type", "no-id", "unknown-method"],
)
def test_frame_that_is_not_understood_is_sent_back(line, frame):
    """The error carries the frame, and no id."""
    answer = line.send(frame)

    assert answer["channel"] == "error"
    assert answer["data"].startswith("Error parsing JSON into valid websocket request")
