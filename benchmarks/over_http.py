"""Signed orders over HTTP against an echo of the same bodies: rates of two clients.

Each server has a process of its own, and so has the client. The localnet is `hl-harness localnet` as anybody
starts it; the echo is uvicorn with an app that only sends back what it got. Where there are two cores the
client has one and the servers the other. Each run has a new server and so a new exchange; runs take turns,
and the best of each counts, since other programs can only slow them down.

There are two clients, each the same for all three. The standard library's, with one connection, is the
lightest of those that people use; what is measured is what it gets. Raw sockets on four connections, with
whole requests made before, keep the server busy all the time: what is measured is the server alone.

Run without arguments it is the echo.
"""

import asyncio
import gc
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from harness import signing
from harness.localnet import ACCOUNTS
from harness.localnet.serving.server import make_loop

ROUNDS = 4
ORDERS = 3_200
BATCH = 40
ETH = 4
# Before the clock starts: all that a server does at first only.
_WARM_UP = 400
_CONNECTIONS = 4
_LISTENING = "Listening on http://127.0.0.1:"
_ROOT = Path(__file__).parents[1]
_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

# Sends requests with these bodies and returns how long it took, without the first so many.
Client = Callable[[int, list[bytes], int], float]


class Rates(NamedTuple):
    """Requests or orders a second."""

    echo: float
    single: float
    batched: float


def orders(count: int, px: str = "1200") -> dict[str, Any]:
    """Return an action of `count` bids on ETH; at 1200 they rest far below the price."""
    one = {"a": ETH, "b": True, "p": px, "s": "0.01", "r": False, "t": {"limit": {"tif": "Gtc"}}}
    return {"type": "order", "orders": [one] * count, "grouping": "na"}


def signed(action: dict[str, Any], nonce: int, account: int = 0) -> bytes:
    """Return the body of a request, signed by one of the development accounts and written as the SDK does."""
    key = bytes.fromhex(ACCOUNTS[account].private_key[2:])
    envelope = {
        "action": action,
        "nonce": nonce,
        "signature": signing.sign_l1_action(action, key, nonce).as_wire(),
        "vaultAddress": None,
        "expiresAfter": None,
    }
    return json.dumps(envelope).encode()


def measure() -> tuple[Rates, Rates]:
    """Return the rates that the standard library's client gets, and those of raw sockets."""
    first_nonce = time.time_ns() // 1_000_000
    single = [
        signed(orders(1, _px(number)), first_nonce + number, number % len(ACCOUNTS))
        for number in range(ORDERS + _WARM_UP)
    ]
    batched = [
        signed(orders(BATCH, _px(number)), first_nonce + number, number % len(ACCOUNTS))
        for number in range((ORDERS + _WARM_UP) // BATCH)
    ]
    echo = [sys.executable, __file__]
    localnet = [sys.executable, "-m", "harness", "localnet", "--port", "0", "--silent"]
    found: dict[Client, list[Rates]] = {by_http_client: [], by_sockets: []}
    with _pinned(os.getpid(), at=-1):
        gc.collect()
        gc.disable()
        for _ in range(ROUNDS):
            for client, rates in found.items():
                rates.append(
                    Rates(
                        _rate(client, echo, single, _WARM_UP),
                        _rate(client, localnet, single, _WARM_UP),
                        _rate(client, localnet, batched, _WARM_UP // BATCH) * BATCH,
                    )
                )
        gc.enable()
    standard, sockets = (Rates(*map(max, zip(*rates, strict=True))) for rates in found.values())
    return standard, sockets


def _px(number: int) -> str:
    """Return one of 100 prices that rest."""
    return str(1_200 + number % 100)


def _rate(client: Client, server: list[str], bodies: list[bytes], warm_up: int) -> float:
    """Return requests a second to a new server."""
    with _serving(server) as port:
        return (len(bodies) - warm_up) / client(port, bodies, warm_up)


def by_http_client(port: int, bodies: list[bytes], warm_up: int) -> float:
    """Be the standard library's client, with one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"content-type": "application/json"}

    def send(part: list[bytes]) -> float:
        began = time.perf_counter()
        for body in part:
            connection.request("POST", "/exchange", body, headers)
            answer = connection.getresponse().read()
        spent = time.perf_counter() - began
        _check(answer)
        return spent

    send(bodies[:warm_up])
    spent = send(bodies[warm_up:])
    connection.close()
    return spent


def by_sockets(port: int, bodies: list[bytes], warm_up: int) -> float:
    """Be raw sockets: one request at a time on each connection, and always some under way."""
    requests = [
        b"POST /exchange HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n%b" % (len(body), body)
        for body in bodies
    ]
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(_CONNECTIONS)]
    for connection in connections:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _exchange(connections, requests[:warm_up])
    began = time.perf_counter()
    last = _exchange(connections, requests[warm_up:])
    spent = time.perf_counter() - began
    _check(last)
    for connection in connections:
        connection.close()
    return spent


def _check(answer: bytes) -> None:
    """Refuse to measure orders that were refused; the echo sends back an action."""
    assert b'"resting"' in answer or answer.startswith(b'{"action"'), answer


def _exchange(connections: list[socket.socket], requests: list[bytes]) -> bytes:
    """Send all requests, one at a time on each connection, and return the last answer."""
    waiting = iter(requests)
    asked = [connection for connection, _ in zip(connections, requests, strict=False)]
    for connection in asked:
        connection.sendall(next(waiting))
    answer = b""
    while asked:
        for connection in tuple(asked):
            answer = _answer(connection)
            request = next(waiting, None)
            if request is None:
                asked.remove(connection)
            else:
                connection.sendall(request)
    return answer


def _answer(connection: socket.socket) -> bytes:
    """Read one answer, which must be a good one."""
    received = connection.recv(262_144)
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += connection.recv(262_144)
    begin = received.index(b"content-length: ") + 16
    length = int(received[begin : received.index(b"\r\n", begin)])
    while len(received) < end + 4 + length:
        received += connection.recv(262_144)
    assert received.startswith(b"HTTP/1.1 200"), received[:200]
    return received[end + 4 :]


@contextmanager
def _serving(command: list[str]) -> Iterator[int]:
    """Run a server on the first core and yield its port."""
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith(_LISTENING), line
            with _pinned(process.pid, at=0):
                yield int(line.removeprefix(_LISTENING))
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def _pinned(pid: int, *, at: int) -> Iterator[None]:
    """Keep a process on one of the cores that this program has, where that can be done."""
    if not _CORES:
        yield
        return
    os.sched_setaffinity(pid, {_CORES[at]})
    yield
    os.sched_setaffinity(pid, _CORES)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body that was sent."""
    body = (await receive())["body"]
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _serve_echo() -> None:
    config = uvicorn.Config(
        echo, http="httptools", loop="auto", lifespan="off", access_log=False, log_level="error"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.001)
        print(f"{_LISTENING}{listener.getsockname()[1]}", flush=True)
        await serving


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(_serve_echo())
