"""The short way of a request and uvicorn's own answer the same bytes."""

import json
import socket
import struct
import time

import pytest

from harness.localnet import Localnet
from harness.localnet.serving.protocol import HEAD_BYTES
from tests.localnet.desk import Desk, order, orders
from tests.localnet.serving.test_server import served

# Never fires, but lets every request go the long way.
IDLE_SCRIPT = [{"fault": "delay", "seconds": 1, "calls": [1_000_000]}]
JSON = "content-type: application/json"


def request(path: str, body: bytes, *headers: str, method: str = "POST", version: str = "1.1") -> bytes:
    lines = [f"{method} {path} HTTP/{version}", "host: 127.0.0.1", f"content-length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


ORDER = json.dumps(Desk(Localnet()).envelope(orders(order()))).encode()
LAST = request("/info", b'{"type":"allMids"}', JSON, "connection: close")
REQUESTS = {
    "order": [request("/exchange", ORDER, JSON), LAST],
    "in parts": [request("/exchange", ORDER, JSON)[:300], request("/exchange", ORDER, JSON)[300:], LAST],
    "pipelined": [request("/exchange", ORDER, JSON) + request("/info", b'{"type":"meta"}', JSON) + LAST],
    "no json": [request("/info", b"{", JSON), LAST],
    "no type": [request("/info", b"{}"), LAST],
    "unserved": [request("/info", b'{"type":"marginTable","id":77}', JSON), LAST],
    "other host": [request("/info", b'{"type":"meta"}', JSON).replace(b"127.0.0.1", b"example.org"), LAST],
    "no host": [request("/info", b'{"type":"meta"}', JSON).replace(b"host", b"x-h"), LAST],
    "query": [request("/info?a=b", b'{"type":"meta"}', JSON), LAST],
    "get": [request("/info", b"", method="GET"), LAST],
    "preflight": [request("/info", b"", method="OPTIONS"), LAST],
    "empty": [request("/exchange", b"", JSON), LAST],
    "expecting": [request("/exchange", ORDER, JSON, "expect: 100-continue"), LAST],
    "old": [request("/info", b'{"type":"meta"}', JSON, version="1.0")],
    "large": [request("/info", b'{"type":"meta"}' + b" " * 200_000, JSON), LAST],
    "chunked": [
        b"POST /info HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"transfer-encoding: chunked\r\n\r\n9\r\n"
        + b'{"type":"'
        + b"\r\n6\r\n"
        + b'meta"}'
        + b"\r\n0\r\n\r\n",
        LAST,
    ],
}


def talk(net: Localnet, parts: list[bytes]) -> bytes:
    with served(net) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            client.sendall(part)
        answers = b""
        while chunk := client.recv(65_536):
            answers += chunk
    return answers


@pytest.mark.parametrize("kind", REQUESTS)
def test_both_ways_answer_the_same_bytes(kind: str) -> None:
    short, long = Localnet(), Localnet()
    long.set_faults(IDLE_SCRIPT)
    answers = talk(short, REQUESTS[kind])
    assert answers == talk(long, REQUESTS[kind])
    assert answers.startswith(b"HTTP/1.1 ")


META = request("/info", b'{"type":"meta"}', JSON)
MIDS = request("/info", b'{"type":"allMids"}', JSON)
FILLS = request("/info", json.dumps({"type": "userFills", "user": "0x" + "11" * 20}).encode(), JSON)
BEYOND = len(FILLS.partition(b"\r\n\r\n")[2]) - len(b'{"type":"meta"}')
SPLIT = [META + FILLS[:BEYOND], FILLS[BEYOND:]]
# After META was read once: what must not be taken for it, though it begins as it does.
AFTER_ITSELF = {
    "again": [META, META, LAST],
    "another body": [META.replace(b"meta", b"nope"), LAST],
    "in parts": [META[:-5], META[-5:], LAST],
    "pipelined": [META + META + MIDS, LAST],
    "a head alone": [META[: META.index(b"{")], b'{"type":"meta"}', LAST],
    "too long": [META + b"\r\n", META, LAST],
    # What follows META's head in one piece is as long as the body of the request that ends next.
    "split where it misleads": [*SPLIT, *SPLIT, LAST],
    "another head": [MIDS, request("/info", b'{"type":"meta"}'), MIDS, LAST],
    "another host": [
        META.replace(b"127.0.0.1", b"127.0.0.2"),
        META.replace(b"127.0.0.1", b"a.example"),
        LAST,
    ],
    "chunked": [META, *REQUESTS["chunked"][:1], META, LAST],
}


def talk_in_turn(net: Localnet, parts: list[bytes]) -> bytes:
    """Send each part when the one before has been read."""
    with served(net) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = b""
        for part in parts:
            client.sendall(part)
            time.sleep(0.02)
        while chunk := client.recv(65_536):
            answers += chunk
    return answers


@pytest.mark.parametrize("kind", AFTER_ITSELF)
def test_a_head_that_comes_again_is_answered_as_the_first_time(kind: str) -> None:
    parts = [META, *AFTER_ITSELF[kind]]
    short, long = Localnet(), Localnet()
    long.set_faults(IDLE_SCRIPT)
    assert talk_in_turn(short, parts) == talk_in_turn(long, parts)


def test_a_known_head_meets_the_faults_that_are_set_later() -> None:
    net = Localnet()
    with served(net) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        for _ in range(2):
            client.sendall(META)
            assert client.recv(12) == b"HTTP/1.1 200"
            while not client.recv(65_536).endswith(b"}"):
                pass
        net.set_faults([{"fault": "serverError"}])
        client.sendall(META)
        assert client.recv(12) == b"HTTP/1.1 500"


def test_no_more_heads_are_kept_than_stated() -> None:
    net = Localnet()
    with served(net) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        for number in range(200):
            client.sendall(request("/info", b'{"type":"exchangeStatus"}', JSON, f"x-n: {number}"))
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        client.sendall(LAST)
        assert client.recv(12) == b"HTTP/1.1 200"


def test_a_script_that_is_set_while_a_request_arrives_holds_for_it() -> None:
    net = Localnet()
    body = b'{"type":"meta"}'
    whole = request("/info", body, JSON)
    with served(net) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(request("/info", body, JSON))
        assert client.recv(12) == b"HTTP/1.1 200"
        while not client.recv(65_536).endswith(b"}"):
            pass
        client.sendall(whole[:-5])
        net.set_faults([{"fault": "serverError"}])
        client.sendall(whole[-5:])
        assert client.recv(12) == b"HTTP/1.1 500"


def test_a_head_without_end_is_cut_and_nobody_else() -> None:
    with served(Localnet()) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            client.sendall(b"POST /info HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ")
            endless = b"x" * (200 * HEAD_BYTES)
            with pytest.raises(ConnectionError):
                client.sendall(endless)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            fits = f"x: {'x' * (HEAD_BYTES - 1_000)}"
            client.sendall(request("/info", b'{"type":"meta"}', JSON, fits, "connection: close"))
            assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("script", [[], IDLE_SCRIPT])
def test_who_leaves_before_the_answers_to_a_pipeline_does_no_harm(
    script: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    net = Localnet()
    net.set_faults(script)
    with served(net) as port:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.sendall(request("/info", b'{"type":"meta"}', JSON) * 300)
                client.recv(10)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            client.sendall(LAST)
            assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")
    assert not caplog.records
