"""No connection beside the door while a scenario runs."""

import http.client
import socket
import threading
import urllib.request
from collections.abc import Iterator

import pytest
import requests

from harness.errors import GuardError
from harness.safety.sockets import SocketGuard


@pytest.fixture
def refused() -> list[GuardError]:
    return []


@pytest.fixture
def guard(refused: list[GuardError]) -> Iterator[SocketGuard]:
    """A guard that is closed all the time."""
    made = SocketGuard(lambda: True, refused.append)
    made.put_up()
    yield made
    made.take_down()


@pytest.fixture
def port() -> Iterator[int]:
    """A port on loopback where somebody answers one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:  # nobody came
                return
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi")

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]


def by_http_client(port: int) -> None:
    http.client.HTTPConnection("127.0.0.1", port).request("GET", "/")


def by_socket(port: int) -> None:
    with socket.socket() as made:
        made.connect_ex(("127.0.0.1", port))


def by_datagram(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.sendto(b"hi", ("127.0.0.1", port))


WAYS = {
    "requests": lambda port: requests.get(f"http://127.0.0.1:{port}/", timeout=5),
    "urllib": lambda port: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5),
    "http.client": by_http_client,
    "socket": by_socket,
    "datagram": by_datagram,
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_scenario_opens_by_itself_is_refused(guard, refused, port, way):
    with pytest.raises(GuardError, match=rf"connect to 127.0.0.1:{port} past the SDK"):
        WAYS[way](port)

    assert len(refused) == 1


def test_the_target_itself_passes(guard, refused, port):
    with guard.opened():
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=5).text == "hi"

    assert refused == []


def test_outside_a_scenario_everything_passes(refused, port):
    guard = SocketGuard(lambda: False, refused.append)
    guard.put_up()
    try:
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=5).text == "hi"
    finally:
        guard.take_down()


def test_sockets_within_the_machine_pass(guard, refused):
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"hi")
        assert right.recv(2) == b"hi"


def test_guards_of_sessions_within_sessions_are_taken_down_in_turn(guard, refused, port):
    inner_refused: list[GuardError] = []
    inner = SocketGuard(lambda: True, inner_refused.append)
    inner.put_up()
    with pytest.raises(GuardError):
        by_socket(port)
    inner.take_down()
    with pytest.raises(GuardError):
        by_socket(port)

    assert (len(inner_refused), len(refused)) == (1, 1)


def test_a_guard_that_is_down_can_be_taken_down_again(refused, port):
    guard = SocketGuard(lambda: True, refused.append)
    guard.put_up()
    guard.take_down()
    guard.take_down()

    assert requests.get(f"http://127.0.0.1:{port}/", timeout=5).text == "hi"


def test_while_the_target_sends_another_thread_may_not(guard, refused, port):
    def beside():
        with pytest.raises(GuardError):
            by_socket(port)

    with guard.opened():
        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()

    assert len(refused) == 1


@pytest.mark.parametrize("host", ["api.hyperliquid.xyz", "API.Hyperliquid.XYZ.", "rpc.hyperliquid.xyz"])
def test_mainnet_is_not_even_looked_up_by_anybody(refused, host):
    guard = SocketGuard(lambda: False, refused.append)
    guard.put_up()
    try:
        with guard.opened(), pytest.raises(GuardError, match="which is mainnet"):
            socket.getaddrinfo(host, 443)
    finally:
        guard.take_down()


@pytest.mark.parametrize("host", ["example.com", b"example.com", "2130706433", "example.com%"])
def test_names_are_not_looked_up_beside_the_door(guard, refused, host):
    with pytest.raises(GuardError, match="was about to connect to"):
        socket.getaddrinfo(host, 443)

    assert len(refused) == 1


@pytest.mark.parametrize("host", [None, "localhost", "127.0.0.1", "::1"])
def test_what_needs_no_asking_is_looked_up(guard, refused, host):
    assert socket.getaddrinfo(host, 80)
    assert refused == []
