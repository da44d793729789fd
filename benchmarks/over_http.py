"""Signed orders over HTTP against an echo of the same bodies, each server in a process of its own.

`hl-harness localnet` itself is measured, as anybody starts it, and beside it uvicorn with an app that only
sends back what it got. The client is raw sockets: whole requests made before the clock starts, connections
that are kept alive, one request at a time on each, the same for all. Where there are two cores the client has
one and the servers the other. Each run has a new process and so a new exchange; runs take turns, and the best
of each counts, since other programs can only slow them down.

Run with a port's file as argument it is the echo.
"""

import asyncio
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from harness import signing
from harness.localnet import ACCOUNTS

ROUNDS = 4
CONNECTIONS = 4
ORDERS = 4_000
BATCH = 40
ETH = 4
# Enough for every code path of a server to have been taken, and its caches filled.
_WARM_UP = 400
_LISTENING = "Listening on http://127.0.0.1:"
_ROOT = Path(__file__).parents[1]


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


def measure() -> Rates:
    """Return the best rates of some rounds."""
    first_nonce = time.time_ns() // 1_000_000
    single = [
        signed(orders(1), first_nonce + number, number % len(ACCOUNTS)) for number in range(ORDERS + _WARM_UP)
    ]
    batched = [
        signed(orders(BATCH), first_nonce + number, number % len(ACCOUNTS))
        for number in range((ORDERS + _WARM_UP) // BATCH)
    ]
    echo_server = [sys.executable, __file__]
    localnet = [sys.executable, "-m", "harness", "localnet", "--port", "0", "--silent"]
    found: list[Rates] = []
    with _own_core(0, at=-1):
        gc.collect()
        gc.disable()
        for _ in range(ROUNDS):
            echoed = _rate(echo_server, single, _WARM_UP)
            one = _rate(localnet, single, _WARM_UP)
            many = _rate(localnet, batched, _WARM_UP // BATCH) * BATCH
            found.append(Rates(echoed, one, many))
        gc.enable()
    return Rates(*(max(rates) for rates in zip(*found, strict=True)))


def _rate(server: list[str], bodies: list[bytes], warm_up: int) -> float:
    """Return requests a second to a new server, after the first ones."""
    requests = [
        b"POST /exchange HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n%b" % (len(body), body)
        for body in bodies
    ]
    with _serving(server) as port:
        connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        for connection in connections:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _exchange(connections, requests[:warm_up])
        began = time.perf_counter()
        last = _exchange(connections, requests[warm_up:])
        spent = time.perf_counter() - began
        for connection in connections:
            connection.close()
    assert b"error" not in last and b'"err"' not in last, last
    return (len(requests) - warm_up) / spent


def _exchange(connections: list[socket.socket], requests: list[bytes]) -> bytes:
    """Send all requests, one at a time on each connection, and return the last answer."""
    waiting = iter(requests)
    asked = [connection for connection, _ in zip(connections, requests, strict=False)]
    for connection in asked:
        connection.sendall(next(waiting))
    answer = b""
    while asked:
        still = []
        for connection in asked:
            answer = _answer(connection)
            request = next(waiting, None)
            if request is not None:
                connection.sendall(request)
                still.append(connection)
        asked = still
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
        _pin(process.pid, 0)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith(_LISTENING), line
        try:
            yield int(line.removeprefix(_LISTENING))
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def _own_core(pid: int, *, at: int) -> Iterator[None]:
    """Keep a process on one core for a while."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(pid)
    _pin(pid, at)
    yield
    os.sched_setaffinity(pid, before)


def _pin(pid: int, at: int) -> None:
    """Bind a process to the core at this place among those that this program was started with."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {_CORES[at]})


_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body that was sent."""
    body = (await receive())["body"]
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _serve_echo() -> None:
    config = uvicorn.Config(
        echo, http="httptools", loop="uvloop", lifespan="off", access_log=False, log_level="error"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.001)
        print(f"{_LISTENING}{listener.getsockname()[1]}", flush=True)
        await serving


if __name__ == "__main__":
    if "--measure" in sys.argv:
        print(measure())
    else:
        uvicorn.config.Config  # noqa: B018
        from harness.localnet.server import make_loop

        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(_serve_echo())
