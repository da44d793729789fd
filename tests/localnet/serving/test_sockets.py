"""The feed over real websockets, on loopback."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import websocket

from harness.localnet import Limits, Localnet
from harness.localnet.feed.settings import OUTBOX_CHARS
from harness.localnet.serving.server import FRAME_BYTES, bind, make_loop, make_server
from tests.localnet.desk import Desk

SUBSCRIBE_MIDS = '{"method":"subscribe","subscription":{"type":"allMids"}}'


@contextmanager
def served(net: Localnet, *, idle_s: float = 60.0) -> Iterator[str]:
    """Serve `net` from a thread and yield the address of its feed."""
    listener = bind("127.0.0.1", 0)
    server = make_server(net, idle_s=idle_s)

    def run() -> None:
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(server.serve(sockets=[listener]))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/ws"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def dial(url: str, **options: Any) -> websocket.WebSocket:
    return websocket.create_connection(url, timeout=10, suppress_origin=True, **options)


def until_closed(socket: websocket.WebSocket) -> list[str]:
    """Return what still comes, until the server hangs up."""
    frames: list[str] = []
    try:
        while True:
            opcode, data = socket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise AssertionError("there was a close frame")
            frames.append(data.decode())
    except (websocket.WebSocketConnectionClosedException, ConnectionError):
        return frames
    finally:
        socket.close()


def flood(socket: websocket.WebSocket, text: str) -> None:
    """Send and never read, until the server cuts the line."""
    try:
        for _ in range(1 + 10 * OUTBOX_CHARS // len(text)):
            socket.send(text)
        raise AssertionError("the server took it all")
    except (ConnectionError, websocket.WebSocketConnectionClosedException):
        socket.shutdown()


def send_in_parts(socket: websocket.WebSocket, part: bytes, parts: int) -> None:
    """Send the beginning of a message."""
    for number in range(parts):
        opcode = websocket.ABNF.OPCODE_CONT if number else websocket.ABNF.OPCODE_TEXT
        socket.send_frame(websocket.ABNF(0, 0, 0, 0, opcode, 1, part))


def test_frames_are_those_of_a_connection() -> None:
    net, same = Localnet(), Localnet()
    line = same.connect()
    with served(net) as url:
        socket = dial(url)
        for text in ('{"method":"ping"}', "x", SUBSCRIBE_MIDS):
            socket.send(text)
            line.send(text)
        expected = line.take()
        assert [socket.recv() for _ in expected] == expected
        assert "sec-websocket-extensions" not in socket.getheaders()
        socket.close()


def test_what_happens_over_http_is_pushed() -> None:
    net = Localnet()
    desk = Desk(net)
    with served(net) as url:
        socket = dial(url)
        subscription = {"type": "orderUpdates", "user": desk.address}
        socket.send(json.dumps({"method": "subscribe", "subscription": subscription}))
        assert json.loads(socket.recv())["channel"] == "subscriptionResponse"
        payload = desk.envelope(
            {
                "type": "order",
                "orders": [
                    {"a": 4, "b": True, "p": "3000", "s": "0.01", "r": False, "t": {"limit": {"tif": "Gtc"}}}
                ],
                "grouping": "na",
            }
        )
        request = {"method": "post", "id": 1, "request": {"type": "action", "payload": payload}}
        socket.send(json.dumps(request))
        assert [json.loads(socket.recv())["channel"] for _ in range(2)] == ["orderUpdates", "post"]
        socket.close()


def test_a_bad_coin_hangs_up_quickly_and_without_a_close_frame() -> None:
    with served(Localnet()) as url:
        socket = dial(url)
        socket.send(SUBSCRIBE_MIDS)
        socket.send('{"method":"subscribe","subscription":{"type":"bbo","coin":"NOPE"}}')
        started = time.monotonic()
        frames = until_closed(socket)
        assert time.monotonic() - started < 1
        assert [json.loads(text)["channel"] for text in frames] == ["subscriptionResponse", "allMids"]
        dial(url).close()


def test_silence_hangs_up_and_a_pong_is_no_silence() -> None:
    with served(Localnet(), idle_s=0.4) as url:
        idle, pinging = dial(url), dial(url)
        for _ in range(3):
            time.sleep(0.2)
            pinging.send('{"method":"ping"}')
            assert pinging.recv() == '{"channel":"pong"}'
        assert until_closed(idle) == []
        assert until_closed(pinging) == []


@pytest.mark.parametrize(
    ("path", "host"), [("/nope", None), ("/ws", "evil.example"), ("/ws", "evil.example:1")]
)
def test_other_paths_and_hosts_are_refused(path: str, host: str | None) -> None:
    with served(Localnet()) as url, pytest.raises(websocket.WebSocketBadStatusException) as refused:
        dial(url.removesuffix("/ws") + path, host=host)
    assert refused.value.status_code == 403


def test_connections_beyond_the_limit_are_refused() -> None:
    with served(Localnet(limits=Limits(connections=1))) as url:
        first = dial(url)
        with pytest.raises(websocket.WebSocketBadStatusException):
            dial(url)
        first.close()


def test_a_delayed_post_holds_up_nobody() -> None:
    net = Localnet()
    net.set_faults([{"fault": "delay", "seconds": 0.3, "info": "meta"}])
    with served(net) as url:
        socket = dial(url)
        started = time.monotonic()
        for number, kind in enumerate(("meta", "allMids")):
            request = {"type": "info", "payload": {"type": kind}}
            socket.send(json.dumps({"method": "post", "id": number, "request": request}))
        assert [json.loads(socket.recv())["data"]["id"] for _ in range(2)] == [1, 0]
        assert 0.25 < time.monotonic() - started < 5
        socket.send('{"method":"post","id":2,"request":{"type":"info","payload":{"type":"meta"}}}')
        # Who leaves meanwhile is owed nothing.
        socket.close()
        time.sleep(0.4)
        dial(url).close()


def test_binary_frames_are_read_as_text() -> None:
    with served(Localnet()) as url:
        socket = dial(url)
        socket.send_binary(b'{"method":"ping"}')
        assert socket.recv() == '{"channel":"pong"}'
        socket.send_binary(b"\xff")
        assert "Error parsing" in socket.recv()
        socket.close()


@pytest.mark.parametrize("parts", [[b"\xff"], [b'{"method":', b'"p\xc3', b'"}'], [b"\xc3"]])
def test_text_that_is_none_is_closed_with_its_code_and_nothing_is_logged(
    parts: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with served(Localnet()) as url:
        wrong, other = dial(url), dial(url)
        for number, part in enumerate(parts):
            opcode = websocket.ABNF.OPCODE_CONT if number else websocket.ABNF.OPCODE_TEXT
            wrong.send_frame(websocket.ABNF(number == len(parts) - 1, 0, 0, 0, opcode, 1, part))
        opcode, data = wrong.recv_data()
        assert (opcode, int.from_bytes(data[:2])) == (websocket.ABNF.OPCODE_CLOSE, 1007)
        wrong.shutdown()
        other.send('{"method":"ping"}')
        assert other.recv() == '{"channel":"pong"}'
        other.close()
    assert not caplog.records


def test_a_letter_may_be_cut_by_the_frames_of_a_message() -> None:
    with served(Localnet()) as url:
        socket = dial(url)
        text = '{"method":"é"}'.encode()
        cut = text.index(b"\xc3") + 1
        for part, opcode in (
            (text[:cut], websocket.ABNF.OPCODE_TEXT),
            (text[cut:], websocket.ABNF.OPCODE_CONT),
        ):
            socket.send_frame(websocket.ABNF(opcode == websocket.ABNF.OPCODE_CONT, 0, 0, 0, opcode, 1, part))
        assert "Error parsing" in socket.recv()
        socket.close()


def test_a_frame_that_is_too_large_ends_the_connection_and_nothing_else() -> None:
    with served(Localnet()) as url:
        greedy, other = dial(url), dial(url)
        flood(greedy, "x" * (FRAME_BYTES + 1))
        other.send('{"method":"ping"}')
        assert other.recv() == '{"channel":"pong"}'
        other.close()


def test_a_message_in_parts_is_no_way_around_the_bound() -> None:
    with served(Localnet()) as url:
        greedy = dial(url)
        with pytest.raises((ConnectionError, websocket.WebSocketException)):
            send_in_parts(greedy, b"x" * (FRAME_BYTES // 4), 40)
        greedy.shutdown()
        dial(url).close()


def test_who_never_reads_is_dropped_and_the_others_are_served() -> None:
    net = Localnet()
    with served(net) as url:
        deaf, other = dial(url), dial(url)
        flood(deaf, "x" * 500_000)
        other.send('{"method":"ping"}')
        assert other.recv() == '{"channel":"pong"}'
        other.close()


def test_many_idle_sockets_do_not_slow_a_request() -> None:
    net = Localnet()
    with served(net) as url:
        idle = [dial(url) for _ in range(200)]
        for socket in idle:
            socket.send('{"method":"subscribe","subscription":{"type":"bbo","coin":"ETH"}}')
        for socket in idle:
            socket.recv()
        busy = dial(url)
        started = time.monotonic()
        for _ in range(50):
            busy.send('{"method":"post","id":1,"request":{"type":"info","payload":{"type":"allMids"}}}')
            busy.recv()
        assert time.monotonic() - started < 2
        for socket in (*idle, busy):
            socket.close()


def test_what_is_missing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with served(Localnet()) as url, caplog.at_level(logging.WARNING):
        socket = dial(url)
        asked = {"type": "candle", "coin": "ETH", "interval": "2m"}
        socket.send(json.dumps({"method": "subscribe", "subscription": asked}))
        socket.recv()
        socket.close()
    assert "not implemented: a candle interval that is not documented" in caplog.text


def test_a_mistake_of_localnet_ends_the_one_connection(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with served(Localnet()) as url:
        socket = dial(url)
        monkeypatch.setattr("harness.localnet.feed.hub.parse", broken)
        socket.send('{"method":"ping"}')
        assert until_closed(socket) == []
        monkeypatch.undo()
        other = dial(url)
        other.send('{"method":"ping"}')
        assert other.recv() == '{"channel":"pong"}'
        other.close()
    assert "ZeroDivisionError" in caplog.text
