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

from harness.localnet import Localnet, LocalnetError
from harness.localnet.server import Server, bind, make_loop, make_server
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
        connection.request("POST", "/info", b'{"type":"portfolio"}', {"content-type": "application/json"})
        response = connection.getresponse()
        response.read()
        connection.close()
    assert (response.status, response.headers["x-localnet"]) == (422, "not-implemented")
    assert "not implemented: info portfolio" in caplog.text


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


def test_a_websocket_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    upgrade = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with served(Localnet()) as port, caplog.at_level(logging.WARNING):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/ws", headers=upgrade)
        assert connection.getresponse().status == 403
        connection.close()
    assert "refused a websocket on /ws" in caplog.text


def test_a_client_that_leaves_early_does_no_harm() -> None:
    with served(Localnet()) as port:
        with socket.create_connection(("127.0.0.1", port)) as leaving:
            leaving.sendall(b"POST /info HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
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
