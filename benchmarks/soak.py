"""Let everything at once happen to a served localnet, and see that it stays up, right and small.

`python benchmarks/soak.py [--seconds 60] [--idle 1000] [--seed 0]`

A server in a process of its own meets, all at the same time: idle sockets, clients that subscribe and post
and never read, frames and bodies of any kind, heads without end, web pages of other hosts, and traders that
place, cancel, modify, swap tokens and move money over HTTP and websockets while prices walk. Printed is what
was done, what the server's memory grew by and what it costs a socket. Exits with 1 when memory went beyond
its bound, a dollar or a token was lost or made, an answer had another status than the exchange's, a book is
crossed, the server answers no more, or holds on to clients that have left. Linux: memory is read from /proc.
"""

import argparse
import asyncio
import contextlib
import ctypes
import gc
import json
import multiprocessing
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from multiprocessing.connection import Connection as Pipe
from typing import Final

from peers import MIB, TRADERS, Peer, Trader, body_of_any_kind, frame_of_any_kind, post, subscription

from harness.localnet import ACCOUNTS, Localnet, Rules, WallClock
from harness.localnet.feed.settings import OUTBOXES_CHARS
from harness.localnet.markets.tokens import TOKENS
from harness.localnet.serving.server import bind, make_loop, make_server

# What the server may grow by while all of it happens: what is kept for slow readers, and as much again for
# what is on its way to and from a thousand sockets and for the record of what the traders do.
BOUND_MIB: Final = 2 * OUTBOXES_CHARS // MIB + 64
# What may stay when all have left: the record, and what the allocator does not give back.
LEFT_MIB: Final = 64
STATUSES: Final = {200, 400, 403, 404, 405, 415, 422, 431, 500}
SLOW, FUZZING = 40, 6


def totals(net: Localnet) -> dict[str, int]:
    """Return the sum of every token, USDC on perpetuals and unrealised pnl in it."""
    return {token.name: net.exchange.total_token(token) for token in TOKENS}


def serve(pipe: Pipe, seed: int) -> None:
    """Serve a localnet until the parent says stop; answer what it asks in between."""
    net = Localnet(WallClock(), market="walk", seed=seed, rules=Rules(address_limits=False))
    listener = bind("127.0.0.1", 0)
    server = make_server(net)

    def on_word() -> None:
        if pipe.recv() == "stop":
            server.should_exit = True
        else:
            # What only the allocator holds is no leak.
            gc.collect()
            ctypes.CDLL(None).malloc_trim(0)
            pipe.send(totals(net) | {"connected": net.connected})

    async def run() -> None:
        asyncio.get_running_loop().add_reader(pipe.fileno(), on_word)
        await server.serve(sockets=[listener])

    pipe.send((listener.getsockname()[1], totals(net)))
    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(run())


class Soak:
    """One run: what the clients share."""

    def __init__(self, port: int, seconds: float, seed: int) -> None:
        self.port = port
        self.until = time.monotonic() + seconds
        self.seed = seed
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []

    @property
    def is_on(self) -> bool:
        """Whether time is left."""
        return time.monotonic() < self.until

    def check(self, status: int, what: str) -> None:
        """Count an answer; note a status that the exchange does not give."""
        self.done[what] += 1
        if status not in STATUSES:
            self.wrong.append(f"{what}: status {status}")

    async def again_and_again(self, play: Callable[[], Awaitable[None]]) -> None:
        """Play until time is up; a server that hangs up is met by another connection."""
        while self.is_on:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await play()
            await asyncio.sleep(0.01)

    async def idle(self, peer: Peer) -> None:
        """Listen to a silent feed, and ping now and then."""
        await peer.send(subscription("notification", user=ACCOUNTS[9].address))
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while self.is_on:
                await peer.send(b'{"method":"ping"}')
                while b"pong" not in await peer.hear():
                    pass
                self.done["pings of idle sockets"] += 1
                await asyncio.sleep(min(20.0, max(0.0, self.until - time.monotonic())))
            return
        self.wrong.append("an idle socket was dropped")

    async def never_read(self) -> None:
        """Ask for much and read nothing, until the server hangs up."""
        peer = await Peer.socket(self.port)
        try:
            for kind in ("allMids", "allDexsAssetCtxs"):
                await peer.send(subscription(kind))
            for coin in ("ETH", "BTC", "SOL"):
                await peer.send(subscription("l2Book", coin=coin, fast=True))
            while self.is_on:
                await peer.send(post("info", {"type": "meta"}, 1))
                # What is not understood comes back whole.
                await peer.send(b"x" * 50_000)
                self.done["answers nobody reads"] += 2
                await asyncio.sleep(0.05)
        finally:
            peer.close()
            self.done["slow readers dropped"] += 1

    async def never_read_http(self) -> None:
        """Send requests one behind the other and read no answer."""
        peer = await Peer.dial(self.port)
        body = b'{"type":"meta"}'
        request = (
            b"POST /info HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        try:
            async with asyncio.timeout(5):
                while self.is_on:
                    peer.writer.write(request)
                    await peer.writer.drain()
                    await asyncio.sleep(0.001)
        except TimeoutError:
            self.done["pipelines nobody reads"] += 1
        finally:
            peer.close()

    async def fuzz_frames(self, number: int) -> None:
        """Send frames of any kind."""
        draw = random.Random(f"{self.seed} {number} {self.done['fuzzed frames']}")
        peer = await Peer.socket(self.port)
        try:
            while self.is_on:
                data, opcode, fin = frame_of_any_kind(draw)
                await peer.send(data, opcode, fin=fin)
                self.done["fuzzed frames"] += 1
                # Read what has come, so that not every one of them is a slow reader.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.002):
                        await peer.reader.read(MIB)
                if peer.reader.at_eof():
                    return
        finally:
            peer.close()

    async def fuzz_bodies(self, number: int) -> None:
        """Send bodies of any kind, to any path, for any host."""
        draw = random.Random(f"{self.seed} bodies {number} {self.done['fuzzed bodies']}")
        peer = await Peer.dial(self.port)
        try:
            while self.is_on:
                path = draw.choice(["/info", "/exchange", "/info", "/exchange", "/", "/control/status"])
                host = draw.choice(["127.0.0.1", "localhost:3001", "evil.example"])
                status, _ = await peer.post(path, body_of_any_kind(draw), f"Host: {host}\r\n")
                if host == "evil.example" and status != 403:
                    self.wrong.append(f"a page of another host got {status}")
                self.check(status, "fuzzed bodies")
                await asyncio.sleep(0.002)
        finally:
            peer.close()

    async def head_without_end(self) -> None:
        """Send headers for as long as they are taken."""
        peer = await Peer.dial(self.port)
        try:
            peer.writer.write(b"POST /info HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
            for _ in range(64):
                peer.writer.write(b"x" * MIB)
                await peer.writer.drain()
            self.wrong.append("a head of 64 MiB was taken")
        except OSError:
            self.done["endless heads cut"] += 1
        finally:
            peer.close()

    async def trade(self, trader: "Trader") -> None:
        """Trade over HTTP and a websocket, each answer read."""
        peer, line = await Peer.dial(self.port), await Peer.socket(self.port)
        try:
            await line.send(subscription("orderUpdates", user=trader.address))
            while self.is_on:
                body = trader.next_action()
                if trader.draw.random() < 0.5:
                    status, answer = await peer.post("/exchange", body)
                    self.check(status, "actions over HTTP")
                    trader.learn(answer)
                else:
                    await line.send(post("action", json.loads(body), 1))
                    while b'"channel":"post"' not in (answer := await line.hear()):
                        if answer.startswith(b'{"channel":"error"'):
                            self.wrong.append(f"a posted action was not understood: {answer[:200]!r}")
                            break
                    self.done["actions over websockets"] += 1
                    trader.learn(answer)
                await asyncio.sleep(0.005)
        finally:
            peer.close()
            line.close()

    async def run(self, idle: int, memory: "Memory") -> None:
        """Let all of it happen."""
        sitting = [await Peer.socket(self.port) for _ in range(idle)]
        memory.look()
        print(
            f"{idle} idle sockets: {memory.grown_mib:.1f} MiB, "
            f"{memory.grown_mib * 1024 / max(1, idle):.1f} KiB each"
        )
        traders = [Trader(number) for number in range(TRADERS)]
        tasks = [asyncio.create_task(self.idle(peer)) for peer in sitting]
        plays: list[Callable[[], Awaitable[None]]] = [
            *[self.never_read] * SLOW,
            *[self.never_read_http] * 4,
            *[self.head_without_end] * 2,
            *[lambda number=number: self.fuzz_frames(number) for number in range(FUZZING)],
            *[lambda number=number: self.fuzz_bodies(number) for number in range(FUZZING)],
            *[lambda trader=trader: self.trade(trader) for trader in traders],
        ]
        tasks += [asyncio.create_task(self.again_and_again(play)) for play in plays]
        while self.is_on:
            await asyncio.sleep(0.2)
            memory.look()
        await asyncio.wait(tasks, timeout=30)
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                self.wrong.append(f"a client failed: {result!r}")
        for peer in sitting:
            peer.close()


class Memory:
    """What a process holds, in MiB."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.base_mib = self.now_mib()
        self.peak_mib = self.base_mib

    def now_mib(self) -> float:
        """Return what it holds now."""
        with open(f"/proc/{self._pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / MIB

    def look(self) -> None:
        """Remember the most."""
        self.peak_mib = max(self.peak_mib, self.now_mib())

    @property
    def grown_mib(self) -> float:
        """What it has grown by."""
        return self.now_mib() - self.base_mib


async def is_right(port: int) -> list[str]:
    """Return what is wrong with the books of a server that nobody else talks to."""
    found: list[str] = []
    peer = await Peer.dial(port)
    for coin in ("ETH", "BTC", "SOL", "PURR/USDC"):
        status, body = await peer.post("/info", json.dumps({"type": "l2Book", "coin": coin}).encode())
        bids, asks = json.loads(body)["levels"]
        if status != 200 or (bids and asks and Decimal(bids[0]["px"]) >= Decimal(asks[0]["px"])):
            found.append(f"the book of {coin} is crossed")
    peer.close()
    return found


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--idle", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    pipe, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, options.seed))
    server.start()
    assert server.pid is not None
    port, before = pipe.recv()
    time.sleep(1)
    memory = Memory(server.pid)
    soak = Soak(port, options.seconds, options.seed)
    asyncio.run(soak.run(options.idle, memory))
    time.sleep(2)
    wrong = soak.wrong
    if server.is_alive():
        wrong += asyncio.run(asyncio.wait_for(is_right(port), 30))
        pipe.send("report")
        after = pipe.recv()
        connected = after.pop("connected")
        wrong += [
            f"{name}: {before[name]} became {after[name]}" for name in before if before[name] != after[name]
        ]
        if connected:
            wrong.append(f"{connected} websockets are still held")
        left = memory.grown_mib
        pipe.send("stop")
    else:
        wrong.append("the server is down")
        left = 0.0
    server.join(30)
    if server.exitcode != 0:
        wrong.append(f"the server ended with {server.exitcode}")
    served = ("actions over HTTP", "actions over websockets", "fuzzed bodies", "pings of idle sockets")
    wrong += [f"no {what}" for what in served if not soak.done[what]]
    grown = memory.peak_mib - memory.base_mib
    if grown > BOUND_MIB:
        wrong.append(f"memory grew beyond its bound of {BOUND_MIB} MiB")
    if left > LEFT_MIB:
        wrong.append(f"{left:.0f} MiB stayed, above {LEFT_MIB}")
    for what, count in sorted(soak.done.items()):
        print(f"{what:28} {count:8}")
    print(
        f"memory: {memory.base_mib:.0f} MiB at first, {grown:.0f} more at most (bound {BOUND_MIB}), "
        f"{left:.0f} left (bound {LEFT_MIB})"
    )
    for what, count in Counter(wrong).items():
        print(f"WRONG: {what} ({count})")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
