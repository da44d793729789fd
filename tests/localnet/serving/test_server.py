"""The HTTP server gives what `Localnet.handle` gives."""

import asyncio
import http.client
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.localnet import Localnet, LocalnetError, WallClock
from harness.localnet.serving.server import BODY_BYTES, Server, bind, make_loop, make_server
from tests.localnet.desk import Desk, cancel, order, orders


@contextmanager
def served(net: Localnet) -> Iterator[int]:
    """Serve `net` from a thread and yield its port."""
    listener = bind("127.0.0.1", 0)
    server = make_server(net)
    thread = threading.Thread(target=_run, args=(server, listener))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _run(server: Server, listener: socket.socket) -> None:
    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(server.serve(sockets=[listener]))


def post(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes, str | None]:
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    return response.status, response.read(), response.headers["content-type"]


def test_over_http_the_answers_are_the_same() -> None:
    over_http, in_process = Localnet(), Localnet()
    desk = Desk(Localnet())
    actions = [orders(order()), orders(order(p="3200", s="5")), cancel(60_000_000_011), {"type": "usdSend"}]
    queries = ["meta", "allMids", "openOrders", "userFills", "clearinghouseState", "historicalOrders", "nope"]
    bodies = [("/exchange", json.dumps(desk.envelope(action)).encode()) for action in actions]
    bodies += [("/info", json.dumps({"type": kind, "user": desk.address}).encode()) for kind in queries]
    bodies += [("/info", b""), ("/exchange", b"{}"), ("/nope", b"{}")]

    with served(over_http) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for path, body in bodies:
            expected = in_process.handle(path, "application/json", body)
            got = post(connection, path, body, {"content-type": "application/json"})
            assert got == (expected.status, expected.body, expected.content_type)
        expected = in_process.handle("/info", None, b"{}")
        assert post(connection, "/info", b"{}", {})[0] == expected.status == 415
        connection.close()


def test_what_is_not_implemented_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with served(Localnet()) as port, caplog.at_level(logging.WARNING):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        body = b'{"type":"marginTable","id":77}'
        connection.request("POST", "/info", body, {"content-type": "application/json"})
        response = connection.getresponse()
        response.read()
        connection.close()
    assert (response.status, response.headers["x-localnet"]) == (422, "not-implemented")
    assert "not implemented: a margin table that does not exist" in caplog.text


def test_a_mistake_of_localnet_is_500_and_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Localnet, "handle", broken)
    with served(Localnet()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        answer = post(connection, "/info", b"{}", {"content-type": "application/json"})
        connection.close()
    assert answer == (500, b"null", "application/json")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:3001", 200),
        ("LOCALHOST", 200),
        ("[::1]:3001", 200),
        ("127.0.0.2:1", 200),
        ("evil.example", 403),
        ("evil.example:3001", 403),
        ("127.0.0.1.evil.example", 403),
        ("192.168.1.1", 403),
        ("[::2]", 403),
        ("[", 403),
        ("", 403),
    ],
)
def test_other_hosts_are_turned_away(host: str, status: int) -> None:
    headers = {"content-type": "application/json", "host": host}
    with served(Localnet()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        assert post(connection, "/info", b'{"type":"meta"}', headers)[0] == status
        connection.close()


def test_web_pages_may_read_the_answers() -> None:
    with served(Localnet()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"origin": "http://example.com", "content-type": "application/json"}
        connection.request("POST", "/info", b'{"type":"meta"}', headers)
        answer = connection.getresponse()
        answer.read()
        connection.request("OPTIONS", "/exchange", headers={"origin": "http://example.com"})
        preflight = connection.getresponse()
        preflight.read()
        connection.close()
    assert (answer.status, preflight.status) == (200, 200)
    for response in (answer, preflight):
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["access-control-expose-headers"] == "*"
        assert response.headers.get_all("vary") == [
            "origin",
            "access-control-request-method",
            "access-control-request-headers",
        ]
    assert preflight.headers["access-control-allow-headers"] == "*"


def test_a_body_that_is_too_large_is_not_read_to_its_end() -> None:
    with served(Localnet()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        body = b" " * (BODY_BYTES + 1)
        answer = post(connection, "/info", body, {"content-type": "application/json"})
        assert answer[0] == 422
        connection = http.client.HTTPConnection("127.0.0.1", port)
        assert post(connection, "/info", body[:-2], {"content-type": "application/json"})[0] == 400
        connection.close()


def test_the_clock_of_a_server_runs_by_itself() -> None:
    net = Localnet(WallClock())
    happened = threading.Event()
    net.exchange.at(net.clock.now_ms() + 50, lambda _: happened.set())
    with served(net):
        assert happened.wait(5)


def test_a_mistake_in_a_timer_does_not_stop_the_server(caplog: pytest.LogCaptureFixture) -> None:
    net = Localnet(WallClock())
    failed = threading.Event()

    def fail(_: object) -> None:
        failed.set()
        raise ZeroDivisionError

    net.exchange.at(net.clock.now_ms(), fail)
    with served(net) as port:
        assert failed.wait(5)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        assert post(connection, "/info", b'{"type":"meta"}', {"content-type": "application/json"})[0] == 200
        connection.close()
    assert "ZeroDivisionError" in caplog.text


def test_a_client_that_leaves_early_does_no_harm() -> None:
    with served(Localnet()) as port:
        with socket.create_connection(("127.0.0.1", port)) as leaving:
            leaving.sendall(b"POST /info HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{")
        connection = http.client.HTTPConnection("127.0.0.1", port)
        answer = post(connection, "/info", b'{"type":"meta"}', {"content-type": "application/json"})
        connection.close()
    assert answer[0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "example.com", "::"])
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(LocalnetError, match="loopback"):
        bind(host, 0)


def test_a_taken_port_is_named() -> None:
    with bind("127.0.0.1", 0) as listener, pytest.raises(LocalnetError, match="--port"):
        bind("127.0.0.1", listener.getsockname()[1])


def test_localhost_is_loopback() -> None:
    bind("localhost", 0).close()
