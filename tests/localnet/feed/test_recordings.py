"""Frames of localnet laid beside frames that somebody recorded from the real exchange."""

from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import BTC, Desk, cancel, order, orders, quiet
from tests.localnet.feed.line import Line
from tests.localnet.test_against_recordings import CLOID, form, pytestmark, recorded

__all__ = ["pytestmark"]


def same_form(frame: Any, name: str) -> None:
    expected = recorded(name)
    assert form(frame) == form(expected), (name, frame, expected)


@pytest.fixture
def busy(net: Localnet, desk: Desk) -> Desk:
    """A desk that has traded and has an order resting."""
    quiet(net, bid="3100", ask="3101")
    desk.place(p="3101", s="0.02")
    desk.rest(c=CLOID)
    return desk


@pytest.mark.parametrize(
    ("name", "subscription"),
    [
        ("ws_allMids__nautilus", {"type": "allMids"}),
        ("ws_l2Book__roq_simple", {"type": "l2Book", "coin": "ETH"}),
        ("ws_bbo__roq_simple", {"type": "bbo", "coin": "ETH"}),
        ("ws_trades__connector_replay", {"type": "trades", "coin": "ETH"}),
        ("ws_candle__profile", {"type": "candle", "coin": "ETH", "interval": "1m"}),
        ("ws_activeAssetCtx__roq_simple", {"type": "activeAssetCtx", "coin": "ETH"}),
    ],
)
def test_market_frames(line: Line, busy: Desk, name: str, subscription: dict[str, Any]) -> None:
    frame = line.send({"method": "subscribe", "subscription": subscription})[1]
    if name.startswith("ws_allMids"):
        assert list(frame["data"]) == list(recorded(name)["data"])
    else:
        same_form(frame, name)


@pytest.mark.parametrize(
    ("name", "subscription"),
    [
        ("ws_subscriptionResponse__connector_userFills", {"type": "userFills"}),
        ("ws_subscriptionResponse__l2Book_fast", {"type": "l2Book", "coin": "BTC", "fast": True}),
    ],
)
def test_acknowledgements(line: Line, desk: Desk, name: str, subscription: dict[str, Any]) -> None:
    expected = recorded(name)
    user = expected["data"]["subscription"].get("user")
    named = subscription if user is None else subscription | {"user": user}
    assert line.send({"method": "subscribe", "subscription": named})[0] == expected


def test_the_end_of_a_subscription(line: Line) -> None:
    line.subscribe("l2Book", coin="BTC", nSigFigs=5)
    asked = {"type": "l2Book", "coin": "BTC", "nSigFigs": 5}
    frames = line.send({"method": "unsubscribe", "subscription": asked})
    assert frames == [recorded("ws_subscriptionResponse__unsubscribe")]


@pytest.mark.parametrize("name", ["ws_error__already_subscribed", "ws_error__roq_simple"])
def test_errors(line: Line, name: str) -> None:
    expected = recorded(name)
    line.subscribe("l2Book", coin="SOL")
    sent = {
        "ws_error__already_subscribed": (
            '{"method":"subscribe","subscription":{"type":"l2Book","coin":"SOL"}}'
        ),
        "ws_error__roq_simple": '{"method":"subscribe","xsubscription":{"type":"bbo","coin":"SOL"}}',
    }[name]
    assert line.send(sent) == [expected]


def test_order_updates_and_fills(line: Line, desk: Desk) -> None:
    quiet(desk.net, bid="3100", ask="3101")
    (snapshot,) = line.subscribe("userFills", user=desk.address)
    assert snapshot | {"data": snapshot["data"] | {"user": None}} == (
        recorded("ws_userFills__connector_empty_snapshot")
        | {"data": {"isSnapshot": True, "user": None, "fills": []}}
    )
    for kind in ("orderUpdates", "userEvents", "openOrders"):
        line.subscribe(kind, user=desk.address)
    told = {}
    for name, made in {
        "ws_orderUpdates__connector_open": order(c=CLOID),
        "ws_orderUpdates__roq_create_filled": order(p="3101", c=CLOID[:-1] + "1"),
        "ws_orderUpdates__roq_create_failure_min_notional": order(s="0.0001", c=CLOID[:-1] + "2"),
    }.items():
        desk.act(orders(made))
        told[name] = line.heard()
        (frame,) = (frame for frame in told[name] if frame["channel"] == "orderUpdates")
        same_form(frame, name)
        assert [change["status"] for change in frame["data"]] == [
            change["status"] for change in recorded(name)["data"]
        ]
    (events,) = (frame for frame in told["ws_orderUpdates__roq_create_filled"] if frame["channel"] == "user")
    same_form(events, "ws_userEvents__roq_fills")
    (opened,) = (
        frame for frame in told["ws_orderUpdates__connector_open"] if frame["channel"] == "openOrders"
    )
    assert list(opened["data"]) == list(recorded("ws_openOrders__position_tpsl"))
    assert list(opened["data"]["orders"][0]) == list(recorded("ws_openOrders__position_tpsl")["orders"][0])


def test_posts(line: Line, desk: Desk) -> None:
    quiet(desk.net, bid="3100", ask="3101")
    same_form(
        line.post("action", desk.envelope(orders(order(p="3101", c=CLOID)))),
        "ws_post_action_order__roq_create_success_new",
    )
    same_form(
        line.post("action", desk.envelope(orders(order(s="0.0001")))),
        "ws_post_action_order__roq_create_failure",
    )
    same_form(
        line.post("action", desk.envelope(cancel(1, a=BTC))), "ws_post_action_cancel__roq_cancel_failure"
    )
    oid = desk.rest()
    same_form(line.post("action", desk.envelope(cancel(oid))), "ws_post_action_cancel__roq_cancel_success")
    assert line.post("info", {"type": "l2Book", "coin": "NOPE"}, 7) == recorded(
        "ws_post_info_l2Book__unknown_coin"
    )


def test_candles_of_the_query(busy: Desk) -> None:
    rows = busy.info("candleSnapshot", req={"coin": "ETH", "interval": "1d", "startTime": 0})
    assert form(rows) == form(recorded("info_candleSnapshot__jkorf_spot"))
