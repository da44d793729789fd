"""The wire rules of the websocket (111 to 119), one by one, over a real socket with a raw client."""

import json
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
import websocket

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.feed.settings import EXCHANGE_LIMITS, Cadence
from harness.localnet.feed.streams import STREAMS
from harness.localnet.serving.server import IDLE_S
from tests.localnet.desk import Desk, order, orders
from tests.localnet.serving.test_sockets import dial, served, until_closed

USER: Final = ACCOUNTS[0].address.lower()
FIELDS: Final[dict[str, Any]] = {"coin": "ETH", "interval": "1m", "user": USER}
# Those that send nothing at first: what happens is told, not what is (TI:68955515377).
# Their frames are bare lists.
EXPLORERS: Final = frozenset({"explorerBlock", "explorerTxs"})
SILENT: Final = {"orderUpdates", "userEvents", "notification", "outcomeMetaUpdates"}
SNAPSHOTS: Final = {
    "userFills",
    "userFundings",
    "userHistoricalOrders",
    "userNonFundingLedgerUpdates",
    "userTwapHistory",
    "userTwapSliceFills",
}
NOT_UNDERSTOOD: Final = "Error parsing JSON into valid websocket request: "


class Socket:
    """A raw client that speaks JSON."""

    def __init__(self, url: str) -> None:
        self.raw: websocket.WebSocket = dial(url)

    def send(self, message: object) -> None:
        self.raw.send(message if isinstance(message, str) else json.dumps(message))

    def hear(self) -> Any:
        return json.loads(self.raw.recv())

    def ask(self, message: object) -> Any:
        self.send(message)
        return self.hear()

    def until_pong(self) -> list[Any]:
        """Return what comes before the answer to a ping."""
        self.send('{"method":"ping"}')
        return list(iter(self.hear, {"channel": "pong"}))

    def subscribe(self, kind: str, **fields: Any) -> list[Any]:
        self.send({"method": "subscribe", "subscription": {"type": kind, **fields}})
        return self.until_pong()

    def post(self, kind: str, payload: object, number: int = 1) -> Any:
        return self.ask({"method": "post", "id": number, "request": {"type": kind, "payload": payload}})


@pytest.fixture(scope="module")
def net() -> Localnet:
    """One exchange for all rules, on which something has happened."""
    net = Localnet()
    desk = Desk(net)
    desk.place(p="3200", tif="Ioc")
    desk.rest()
    return net


@pytest.fixture(scope="module")
def url(net: Localnet) -> Iterator[str]:
    """Where it is served."""
    with served(net) as address:
        yield address


@pytest.fixture
def socket(url: str) -> Iterator[Socket]:
    """A connection."""
    socket = Socket(url)
    yield socket
    socket.raw.close()


def fields_of(kind: str) -> dict[str, Any]:
    return {name: FIELDS[name] for name in STREAMS[kind].form.__struct_fields__ if name in FIELDS}


def test_111_one_socket_is_for_everything_and_is_not_compressed(socket: Socket, net: Localnet) -> None:
    assert "sec-websocket-extensions" not in socket.raw.getheaders()
    assert socket.ask({"method": "ping"}) == {"channel": "pong"}
    asked = {"type": "bbo", "coin": "ETH"}
    assert socket.subscribe(kind="bbo", coin="ETH")[0]["channel"] == "subscriptionResponse"
    ended = socket.ask({"method": "unsubscribe", "subscription": asked})
    assert ended["data"] == {"method": "unsubscribe", "subscription": asked}
    assert socket.post("info", {"type": "meta"})["channel"] == "post"
    assert IDLE_S == 60


def test_111_what_a_client_sends_does_not_keep_a_silent_socket_open() -> None:
    with served(Localnet(), idle_s=0.3) as url:
        socket = Socket(url)
        socket.subscribe("userEvents", user=USER)
        started = time.monotonic()
        while time.monotonic() - started < 2:
            try:
                # Web sockets' own pings are no message of the server's.
                socket.raw.ping()
            except (ConnectionError, websocket.WebSocketException):
                break
            time.sleep(0.05)
        assert 0.2 < time.monotonic() - started < 2
        socket.raw.shutdown()


@pytest.mark.parametrize("kind", sorted(STREAMS))
def test_112_every_subscription_is_acknowledged_before_its_first_frame(socket: Socket, kind: str) -> None:
    acknowledged, *first = socket.subscribe(kind, **fields_of(kind))
    assert acknowledged["channel"] == "subscriptionResponse"
    assert acknowledged["data"]["method"] == "subscribe"
    echoed = acknowledged["data"]["subscription"]
    assert echoed == {"type": kind} | fields_of(kind) | echoed
    assert len(first) == (0 if kind in SILENT else 1)
    if kind in EXPLORERS:
        assert first == [[]]
    else:
        assert [frame["channel"] for frame in first] == [kind] * len(first)
    again = socket.ask({"method": "subscribe", "subscription": {"type": kind, **fields_of(kind)}})
    printed = json.dumps(echoed, separators=(",", ":"))
    assert again == {"channel": "error", "data": f"Already subscribed: {printed}"}


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "bbo", "coin": "NOPE"},
        {"kind": "trades", "coin": "eth"},
        {"kind": "l2Book", "coin": "ABC"},
        {"kind": "candle", "coin": "@99999", "interval": "1m"},
        {"kind": "activeAssetCtx", "coin": ""},
        {"kind": "activeAssetData", "coin": "test:NOPE", "user": USER},
        {"kind": "l2Book", "coin": "ETH", "nSigFigs": 1},
        {"kind": "l2Book", "coin": "ETH", "nSigFigs": 5, "mantissa": 3},
    ],
)
def test_113_a_bad_coin_or_aggregation_closes_without_a_word(url: str, fields: dict[str, Any]) -> None:
    socket = Socket(url)
    asked = {"type": fields["kind"]} | {key: value for key, value in fields.items() if key != "kind"}
    started = time.monotonic()
    socket.send({"method": "subscribe", "subscription": asked})
    assert until_closed(socket.raw) == []
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        '{"method":"nope"}',
        '{"method":"subscribe","subscription":{"type":"nope"}}',
        '{"method":"subscribe","subscription":{"type":"webData2","user":"' + USER + '"}}',
        '{"method":"subscribe","subscription":{"type":"candle","coin":"ETH"}}',
    ],
)
def test_113_and_115_what_is_not_known_is_an_error_and_the_socket_stays(socket: Socket, frame: str) -> None:
    assert socket.ask(frame) == {"channel": "error", "data": NOT_UNDERSTOOD + frame}
    assert socket.until_pong() == []


def test_114_the_cadence_is_the_measured_one() -> None:
    assert Cadence() == Cadence(5_400, 540, 5_000, 1_000, 13_600, 5_000)


def test_115_snapshots_say_so_and_what_follows_does_not(net: Localnet, url: str) -> None:
    desk = Desk(net, ACCOUNTS[1].private_key)
    socket = Socket(url)
    for kind in SNAPSHOTS:
        (frame,) = socket.subscribe(kind, user=desk.address)[1:]
        assert frame["data"]["isSnapshot"] is True, kind
        assert frame["data"]["user"] == desk.address
    socket.subscribe("userEvents", user=desk.address)
    payload = desk.envelope(orders(order(p="3200", tif="Ioc")))
    socket.send({"method": "post", "id": 1, "request": {"type": "action", "payload": payload}})
    heard = {frame["channel"]: frame["data"] for frame in socket.until_pong()}
    assert set(heard) == {"userFills", "userHistoricalOrders", "user", "post"}
    assert "isSnapshot" not in heard["userFills"]
    assert "isSnapshot" not in heard["userHistoricalOrders"]
    assert heard["user"]["fills"] == heard["userFills"]["fills"]
    socket.raw.close()


def test_116_order_updates_tell_arrivals_matches_and_refusals(net: Localnet, url: str) -> None:
    desk = Desk(net, ACCOUNTS[2].private_key)
    socket = Socket(url)
    socket.subscribe("orderUpdates", user=desk.address)

    def told(**made: Any) -> list[list[str]]:
        payload = desk.envelope(orders(order(**made)))
        socket.send({"method": "post", "id": 1, "request": {"type": "action", "payload": payload}})
        frames = [frame for frame in socket.until_pong() if frame["channel"] == "orderUpdates"]
        for frame in frames:
            for update in frame["data"]:
                assert list(update) == ["order", "status", "statusTimestamp"]
                assert not {"triggerPx", "isTrigger", "orderType"} & set(update["order"])
        return [[update["status"] for update in frame["data"]] for frame in frames]

    assert told() == [["open"]]
    assert told(p="3200", tif="Ioc") == [["open", "filled"]]
    assert told(s="0.001", p="3000") == [["minTradeNtlRejected"]]
    socket.raw.close()


def test_117_posts_answer_with_their_id_and_in_the_form_of_their_kind(net: Localnet, socket: Socket) -> None:
    desk = Desk(net, ACCOUNTS[3].private_key)
    answer = socket.post("info", {"type": "l2Book", "coin": "NOPE"}, 7)
    assert answer == {
        "channel": "post",
        "data": {
            "id": 7,
            "response": {"type": "info", "payload": {"type": "l2Book", "data": None}},
        },
    }
    refused = desk.envelope({"type": "cancel", "cancels": [{"a": 4, "o": 1}]}, nonce=1)
    response = socket.post("action", refused, 2**63)["data"]["response"]
    assert response["type"] == "action"
    assert response["payload"]["status"] == "err"
    response = socket.post("info", {"type": "meta", "dex": "nope"}, 3)["data"]["response"]
    assert response["type"] == "error"
    assert isinstance(response["payload"], str)
    bogus = '{"method":"post","id":2,"request":{"type":"info","payload":{"type":"bogusInfoType"}}}'
    assert socket.ask(bogus) == {"channel": "error", "data": NOT_UNDERSTOOD + bogus}


def test_117_a_posted_action_answers_as_over_http(net: Localnet, socket: Socket) -> None:
    desk = Desk(net, ACCOUNTS[4].private_key)
    placed = socket.post("action", desk.envelope(orders(order())))["data"]["response"]["payload"]
    over_http = desk.act(orders(order()))
    assert placed["response"]["type"] == over_http["response"]["type"] == "order"
    (first,), (second,) = (one["response"]["data"]["statuses"] for one in (placed, over_http))
    assert second["resting"]["oid"] > first["resting"]["oid"]


def test_118_the_exchanges_limits_hold_when_they_are_on() -> None:
    with served(Localnet(limits=EXCHANGE_LIMITS)) as url:
        sockets = [Socket(url) for _ in range(10)]
        with pytest.raises(websocket.WebSocketBadStatusException):
            dial(url)
        for number in range(10):
            frames = sockets[number % 10].subscribe("userFills", user=f"0x{number:040x}")
            assert frames[0]["channel"] == "subscriptionResponse"
        refused = sockets[0].ask(
            {"method": "subscribe", "subscription": {"type": "orderUpdates", "user": "0x" + "f" * 40}}
        )
        assert refused == {"channel": "error", "data": "Cannot track more than 10 total users."}
        for socket in sockets:
            socket.raw.close()


def test_119_trades_repeat_the_last_ones_and_a_candle_is_an_object(socket: Socket) -> None:
    trades = socket.subscribe("trades", coin="ETH")[1]
    assert isinstance(trades["data"], list)
    assert {"coin", "side", "px", "sz", "time", "hash", "tid", "users"} == set(trades["data"][0])
    candle = socket.subscribe("candle", coin="ETH", interval="1m")[1]
    assert set(candle["data"]) == {"t", "T", "s", "i", "o", "c", "h", "l", "v", "n"}
    rows = socket.post("info", {"type": "candleSnapshot", "req": candle_of("ETH")})
    assert isinstance(rows["data"]["response"]["payload"]["data"], list)


def candle_of(coin: str) -> dict[str, Any]:
    return {"coin": coin, "interval": "1m", "startTime": 0, "endTime": 2**50}
