"""Frames in and frames out: acknowledgements, errors, posts, limits, the end of a connection."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Limits, Localnet, WallClock
from harness.localnet.feed.settings import EXCHANGE_LIMITS, KEPT_CHARS, OUTBOX_CHARS, OUTBOXES_CHARS
from harness.localnet.feed.streams import STREAMS
from tests.localnet.desk import Desk, cancel, order, orders
from tests.localnet.feed.line import Line
from tests.localnet.test_fuzz import ADDRESSES, FUZZED, JSON, QUERY_BODIES

BTC_BOOK = {"type": "l2Book", "coin": "BTC"}
NOT_UNDERSTOOD = "Error parsing JSON into valid websocket request: "


def test_a_ping_is_answered(line: Line) -> None:
    line.connection.send('{"method":"ping"}')
    assert line.connection.take() == ['{"channel":"pong"}']


def test_an_acknowledgement_fills_in_the_defaults_and_comes_first(line: Line) -> None:
    frames = line.send({"method": "subscribe", "subscription": BTC_BOOK | {"fast": True, "unknown": 1}})

    assert [frame["channel"] for frame in frames] == ["subscriptionResponse", "l2Book"]
    assert json.dumps(frames[0], separators=(",", ":")) == (
        '{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":'
        '{"type":"l2Book","coin":"BTC","nSigFigs":null,"mantissa":null,"fast":true}}}'
    )


def test_addresses_are_echoed_in_lower_case(line: Line) -> None:
    (frame, _) = line.send(
        {"method": "subscribe", "subscription": {"type": "userFills", "user": ACCOUNTS[1].address}}
    )
    assert frame["data"]["subscription"] == {
        "type": "userFills",
        "user": ACCOUNTS[1].address.lower(),
        "aggregateByTime": False,
    }


def test_subscribing_twice_is_an_error_and_the_line_stays(line: Line) -> None:
    line.subscribe("l2Book", coin="SOL")
    frames = line.send(
        {"method": "subscribe", "subscription": {"type": "l2Book", "coin": "SOL", "nSigFigs": None}}
    )
    text = 'Already subscribed: {"type":"l2Book","coin":"SOL","nSigFigs":null,"mantissa":null,"fast":false}'
    assert frames == [{"channel": "error", "data": text}]
    assert line.is_open


def test_who_unsubscribed_hears_no_more(net: Localnet, line: Line) -> None:
    line.subscribe("bbo", coin="ETH")
    leaving = {"method": "unsubscribe", "subscription": {"type": "bbo", "coin": "ETH"}}

    (frame,) = line.send(leaving)
    assert frame == {"channel": "subscriptionResponse", "data": leaving}
    net.set_mid("ETH", Decimal(3200))
    assert line.heard() == []
    assert line.send(leaving) == [
        {"channel": "error", "data": 'Already unsubscribed: {"type":"bbo","coin":"ETH"}'}
    ]


@pytest.mark.parametrize(
    "frame",
    [
        "x",
        "",
        "[]",
        "{}",
        '{"method":"fetch"}',
        '{"method":"subscribe"}',
        '{"method":"subscribe","xsubscription":{"type":"bbo","coin":"SOL"}}',
        '{"method": "subscribe", "subscription": {"type": "noSuchType", "coin": "BTC"}}',
        '{"method":"subscribe","subscription":{"type":"bbo","coin":["BTC","ETH"]}}',
        '{"method":"subscribe","subscription":{"type":"webData2","user":"0x' + "0" * 40 + '"}}',
        '{"method":"subscribe","subscription":{"type":"userFills","user":"0x12"}}',
        '{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC","nSigFigs":"5"}}',
        '{"method":"post","request":{"type":"info","payload":{"type":"meta"}}}',
        '{"method":"post","id":2,"request":{"type":"info","payload":{"type":"bogusInfoType"}}}',
        '{"method":"post","id":2,"request":{"type":"explorer","payload":{}}}',
        '{"method":"post","id":2,"request":{"type":"action","payload":{}}}',
    ],
)
def test_what_is_not_understood_is_echoed_and_the_line_stays(line: Line, frame: str) -> None:
    assert line.send(frame) == [{"channel": "error", "data": NOT_UNDERSTOOD + frame}]
    assert line.is_open
    assert not line.connection.missing


def test_what_localnet_lacks_is_not_understood_either_but_remembered(line: Line) -> None:
    asked = {"type": "candle", "coin": "ETH", "interval": "2m"}
    frame = json.dumps({"method": "subscribe", "subscription": asked})

    assert line.send(frame) == [{"channel": "error", "data": NOT_UNDERSTOOD + frame}]
    assert line.post("info", {"type": "marginTable", "id": 77})["channel"] == "error"
    assert list(line.connection.missing) == [
        "a candle interval that is not documented",
        "a margin table that does not exist",
    ]


@pytest.mark.parametrize(
    "subscription",
    [
        {"type": "l2Book", "coin": "NOPE"},
        {"type": "l2Book", "coin": "btc"},
        {"type": "bbo", "coin": "NOPE"},
        {"type": "trades", "coin": "xyz:SP500"},
        {"type": "candle", "coin": "@99999", "interval": "1m"},
        {"type": "activeAssetCtx", "coin": ""},
        {"type": "activeAssetData", "coin": "nope", "user": ACCOUNTS[0].address},
        {"type": "l2Book", "coin": "BTC", "nSigFigs": 6},
        {"type": "l2Book", "coin": "BTC", "nSigFigs": 4, "mantissa": 2},
        {"type": "l2Book", "coin": "BTC", "mantissa": 2},
    ],
)
def test_a_bad_coin_or_aggregation_ends_the_line_without_a_word(
    net: Localnet, line: Line, subscription: dict[str, Any]
) -> None:
    line.subscribe("allMids")

    assert line.send({"method": "subscribe", "subscription": subscription}) == []
    assert not line.is_open
    assert line.connection.was_dropped
    net.set_mid("ETH", Decimal(3200))
    assert line.heard() == []
    assert line.send({"method": "ping"}) == []


def test_a_posted_query_is_answered_with_its_type(net: Localnet, line: Line) -> None:
    answer = line.post("info", {"type": "l2Book", "coin": "NOPE"}, 7)
    payload = {"type": "l2Book", "data": None}
    assert answer["data"] == {"id": 7, "response": {"type": "info", "payload": payload}}

    payload = line.post("info", ["userRole", ACCOUNTS[0].address])["data"]["response"]["payload"]
    assert payload == {"type": "userRole", "data": {"role": "user"}}


def test_a_posted_action_is_carried_out_and_answered_as_over_http(
    net: Localnet, line: Line, desk: Desk
) -> None:
    answer = line.post("action", desk.envelope(orders(order())), 256)
    response = answer["data"]["response"]
    assert (answer["data"]["id"], response["type"]) == (256, "action")
    (status,) = response["payload"]["response"]["data"]["statuses"]
    assert desk.open_oids() == [status["resting"]["oid"]]

    refused = line.post("action", desk.envelope(orders(order()), nonce=1))["data"]["response"]
    assert refused["type"] == "action"
    assert refused["payload"]["status"] == "err"

    oid = status["resting"]["oid"]
    done = line.post("action", desk.envelope(cancel(oid)))["data"]["response"]["payload"]
    assert done == {"status": "ok", "response": {"type": "cancel", "data": {"statuses": ["success"]}}}


def test_a_post_that_cannot_be_served_is_an_error_with_its_id(line: Line) -> None:
    answer = line.post("info", {"type": "l2Book", "coin": "ETH", "nSigFigs": 6}, 9)
    response = {"type": "error", "payload": "500 Internal Server Error"}
    assert answer == {"channel": "post", "data": {"id": 9, "response": response}}


def test_posts_let_the_virtual_clock_move_on_and_nothing_else_does(net: Localnet, line: Line) -> None:
    started = net.clock.now_ms()
    line.send({"method": "ping"})
    line.subscribe("allMids")
    assert net.clock.now_ms() == started
    line.post("info", {"type": "meta"})
    assert net.clock.now_ms() == started + 100


def test_a_feed_is_shared_and_each_hears_it_once(net: Localnet, line: Line) -> None:
    other = Line(net)
    line.subscribe("bbo", coin="ETH")
    net.set_mid("ETH", Decimal(3200))
    (seen,) = other.subscribe("bbo", coin="ETH")
    line.heard()

    net.set_mid("ETH", Decimal(3300))
    first, second = line.on("bbo"), other.on("bbo")
    assert first == second
    assert len(first) == 1
    assert seen["data"] != first[0]


def test_who_leaves_costs_nothing_more(net: Localnet) -> None:
    lines = [Line(net) for _ in range(3)]
    for one in lines:
        one.subscribe("allMids")
    for one in lines:
        one.connection.close()
        one.connection.close()

    assert not any(one.connection.was_dropped for one in lines)
    net.advance(1)
    assert not net.exchange.is_heard
    Desk(net).act(orders(order(p="3200")))
    assert net.exchange.take_events() == []


def test_who_does_not_read_is_dropped_at_a_bound(net: Localnet) -> None:
    line = Line(net)
    noise = "x" * 100_000
    for _ in range(OUTBOX_CHARS // len(noise) + 1):
        line.connection.send(noise)

    assert line.connection.was_dropped
    assert line.connection.take() == []


def test_who_is_owed_most_is_dropped_when_all_together_are_owed_too_much(net: Localnet) -> None:
    reading, slow = Line(net), [Line(net) for _ in range(20)]
    noise = "x" * 100_000
    for number in range(OUTBOX_CHARS // len(noise) - 1):
        for one in slow:
            one.connection.send(noise)
        assert len(reading.send(noise)) == 1, number
    dropped = [one.connection.was_dropped for one in slow]
    kept = sum(one.connection.waiting_chars for one in slow)
    assert 0 < dropped.count(True) < 20
    assert kept <= OUTBOXES_CHARS
    assert not reading.connection.was_dropped
    # The rest is owed nothing when it has read, and goes on.
    for one in slow:
        one.heard()
    assert reading.send({"method": "ping"}) == [{"channel": "pong"}]
    assert all(one.send({"method": "ping"}) for one in slow if one.is_open)


def test_nobody_is_dropped_for_a_little(net: Localnet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.localnet.feed.hub.OUTBOXES_CHARS", 0)
    line = Line(net)
    line.connection.send("x" * (KEPT_CHARS // 2))
    assert line.is_open
    line.connection.send("x" * KEPT_CHARS)
    assert line.connection.was_dropped


def test_users_are_limited_with_the_text_of_the_exchange() -> None:
    line = Line(Localnet(limits=Limits(users=1)))
    line.subscribe("userFills", user=ACCOUNTS[0].address)
    line.subscribe("orderUpdates", user=ACCOUNTS[0].address)
    frames = line.send(
        {"method": "subscribe", "subscription": {"type": "userFills", "user": ACCOUNTS[1].address}}
    )
    assert frames == [{"channel": "error", "data": "Cannot track more than 1 total users."}]
    line.subscribe("allMids")


def test_connections_are_limited_together_and_by_the_minute() -> None:
    net = Localnet(limits=Limits(connections=2, new_connections_a_minute=3))
    first, second, third = Line(net), Line(net), Line(net)
    assert (first.is_open, second.is_open, third.is_open) == (True, True, False)

    first.connection.close()
    assert not Line(net).is_open
    net.advance(60_001)
    assert Line(net).is_open


def test_subscriptions_and_messages_are_limited() -> None:
    line = Line(Localnet(limits=Limits(subscriptions=1)))
    line.subscribe("allMids")
    line.send({"method": "subscribe", "subscription": BTC_BOOK})
    assert line.connection.was_dropped

    line = Line(Localnet(limits=Limits(messages_a_minute=2)))
    assert [bool(line.send({"method": "ping"})) for _ in range(3)] == [True, True, False]
    assert line.connection.was_dropped


def test_posts_in_flight_are_limited() -> None:
    net = Localnet(limits=Limits(posts_in_flight=1))
    line, other = Line(net), Line(net)
    post = json.dumps({"method": "post", "id": 5, "request": {"type": "info", "payload": {"type": "meta"}}})
    line.connection.send(post)
    # All connections count together.
    assert other.send(post) == [{"channel": "error", "data": "too many pending post requests id=5"}]
    line.connection.send(post)
    assert line.heard()[1] == {"channel": "error", "data": "too many pending post requests id=5"}
    line.connection.send(post)
    assert line.heard()[0]["channel"] == "post"


def test_the_limits_of_the_exchange_are_those_of_its_page() -> None:
    assert Limits(10, 30, 1_000, 10, 2_000, 100) == EXCHANGE_LIMITS


def test_the_state_can_be_copied_while_somebody_listens(net: Localnet, line: Line, desk: Desk) -> None:
    line.subscribe("trades", coin="ETH")
    desk.act(orders(order(p="3200")))
    copied = copy.deepcopy(net.exchange)
    assert copied.tapes[4].trades() == net.exchange.tapes[4].trades()


def test_a_wall_clock_pushes_when_it_is_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    net = Localnet(WallClock())
    line = Line(net)
    line.subscribe("allMids")
    net.poll()
    assert line.heard() == []
    net.advance(5_001)
    assert len(line.on("allMids")) == 1

    happened: list[int] = []
    net.exchange.at(net.clock.now_ms(), lambda exchange: happened.append(exchange.now_ms()))
    net.poll()
    assert len(happened) == 1


COINS = st.sampled_from(["ETH", "BTC", "UNLISTED5", "PURR/USDC", "@8", "nope"]) | JSON
SUBSCRIPTIONS = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(STREAMS)) | JSON},
    optional={
        "user": ADDRESSES | JSON,
        "coin": COINS,
        "interval": st.sampled_from(["1m", "1h", "1M"]) | JSON,
        "dex": st.sampled_from(["", "xyz"]) | JSON,
        "nSigFigs": st.integers(1, 6) | JSON,
        "mantissa": st.integers(1, 6) | JSON,
        "fast": st.booleans() | JSON,
        "aggregateByTime": st.booleans() | JSON,
    },
)
FRAMES = st.one_of(
    st.text(max_size=20),
    JSON.map(json.dumps),
    st.fixed_dictionaries(
        {"method": st.sampled_from(["subscribe", "unsubscribe"]), "subscription": SUBSCRIPTIONS}
    ).map(json.dumps),
    st.fixed_dictionaries(
        {
            "method": st.just("post"),
            "id": st.integers(0, 2**64) | JSON,
            "request": st.fixed_dictionaries(
                {"type": st.sampled_from(["info", "action"]), "payload": QUERY_BODIES | JSON}
            ),
        }
    ).map(json.dumps),
)


@FUZZED
@given(frames=st.lists(FRAMES, max_size=12))
def test_frames_of_any_kind_do_no_harm(frames: list[str]) -> None:
    net = Localnet(accounts=1)
    desk, line = Desk(net), Line(net)
    total = net.total_usd()
    for text in frames:
        line.connection.send(text)
        desk.act(orders(order(p="3200", s="0.01", tif="Ioc")))
        for frame in line.heard():
            is_explorers = isinstance(frame, list)
            assert is_explorers or set(frame) == {"channel", "data"} or frame == {"channel": "pong"}
        if not line.is_open:
            line = Line(net)
    assert net.total_usd() == total


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 3))
def test_the_same_script_is_told_in_the_same_bytes(seed: int) -> None:
    def told() -> list[str]:
        net = Localnet(seed=seed)
        line, desk = Line(net), Desk(net)
        for kind in ("orderUpdates", "userEvents", "userFills", "openOrders", "clearinghouseState"):
            line.subscribe(kind, user=desk.address)
        for kind in ("l2Book", "bbo", "trades", "activeAssetCtx"):
            line.subscribe(kind, coin="ETH")
        desk.act(orders(order(p="3200"), order()))
        net.advance(10_000)
        net.set_mid("ETH", Decimal(2900))
        return line.connection.take()

    assert told() == told()
