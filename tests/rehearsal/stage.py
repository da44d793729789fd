"""The stage of a rehearsal: a served localnet, the front before it, and funded accounts of random keys."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple
from decimal import Decimal
from pathlib import Path
from typing import Any

from harness.localnet import EXCHANGE_LIMITS, Cadence, Localnet, Rules, WallClock
from harness.localnet.exchange import IP_WEIGHT
from harness.localnet.serving.server import make_server
from harness.settings import Key
from tests.localnet.desk import Desk
from tests.rehearsal.front import Front
from tests.rehearsal.redirect import AUTHORITY_VARIABLE, PORT_VARIABLE


class Stage:
    """What a run with --target=testnet meets.

    `key` and `counterparty_key` are random and hold `usd` each; `net` is the exchange, to be touched only
    within `alone` while it serves.
    """

    def __init__(self, net: Localnet, front: Front, alone: Callable[[Callable[[], Any]], Any]) -> None:
        self.net = net
        self.front = front
        self.key, self.counterparty_key = (Key(f"0x{secrets.token_hex(32)}") for _ in range(2))
        self.desk = Desk(net, self.key)
        self.other = Desk(net, self.counterparty_key)
        self.alone = alone

    @property
    def environment(self) -> dict[str, str]:
        """What a process of its own needs: the keys, and where the front is."""
        return {
            "HYPERLIQUID_TESTNET_PRIVATE_KEY": str(self.key),
            "HYPERLIQUID_TESTNET_COUNTERPARTY_KEY": str(self.counterparty_key),
            PORT_VARIABLE: str(self.front.port),
            AUTHORITY_VARIABLE: str(self.front.authority),
        }

    def ask(self, kind: str, user: str | None = None) -> Any:
        """Ask the exchange about an account, past the network."""
        asked = {"type": kind, "user": user or self.desk.address}
        return json.loads(self.alone(lambda: self.desk.send(asked, "/info")).body)

    def orders(self, user: str | None = None) -> set[int]:
        """The open orders of an account."""
        return {one["oid"] for one in self.ask("openOrders", user)}

    def positions(self, user: str | None = None) -> dict[str, str]:
        """The positions of an account."""
        state = self.ask("clearinghouseState", user)
        return {one["position"]["coin"]: one["position"]["szi"] for one in state["assetPositions"]}


@contextlib.contextmanager
def staged(
    folder: Path, *, limits: bool = True, usd: int = 10_000, speed: int = 1, seed: int | None = None
) -> Iterator[Stage]:
    """Serve a localnet behind a front until the block ends.

    Args:
        folder: where the authority's certificate is written.
        limits: whether the documented rate limits are held.
        usd: what each of the two accounts has, in perp USDC.
        speed: how many times the documented weight may be asked in a minute, and how much faster feeds push.
        seed: the exchange's; a random one unless given.
    """
    net = Localnet(
        WallClock(),
        seed=secrets.randbelow(10**6) if seed is None else seed,
        rules=Rules(ip_weight_a_minute=IP_WEIGHT * speed if limits else None, address_limits=limits),
        limits=EXCHANGE_LIMITS if limits else None,
        cadence=Cadence(*(ms // speed for ms in astuple(Cadence()))),
    )
    # No port: the guard of a run in this process stops connections of every thread.
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"\0rehearsal-{secrets.token_hex(8)}")
    listener.listen(128)
    server = make_server(net)
    loop = asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(server.serve(sockets=[listener]))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    def alone(act: Callable[[], Any]) -> Any:
        async def within() -> Any:
            return act()

        return asyncio.run_coroutine_threadsafe(within(), loop).result(timeout=10)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.002)
    front = Front(listener.getsockname(), folder)
    stage = Stage(net, front, alone)
    for desk in (stage.desk, stage.other):
        alone(lambda address=desk.address: net.fund(address, Decimal(usd)))
    try:
        yield stage
    finally:
        front.end()
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def cleared(environment: dict[str, str]) -> dict[str, str]:
    """Return this process's environment without what names accounts, and with `environment`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HYPERLIQUID_")}
    return kept | environment
