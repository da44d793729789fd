"""The exchange that runs are killed on: an account with something of its own, and others who trade meanwhile.

A localnet stands in the testnet's place, with rate limits on. Requests and answers take their time, and one
signed action in five is held back for longer: it arrives although its run is dead by then.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from harness.localnet import ACCOUNTS, Localnet, Rules, WallClock, queries
from tests.localnet.desk import BTC, Desk, cancel, order, orders, trigger

# The exchange's limit and the harness's pacing are scaled together: otherwise 200 runs take hours.
SPEED = 20
IP_WEIGHT = 1_200 * SPEED
# The other clients' share of the limit is left to them.
OWN_WEIGHT = 1_000 * SPEED
KEY = ACCOUNTS[4].private_key
SOL = 0
# How long a request is on its way, and its answer; and a slow action before it arrives.
WAY_S = 0.01
SLOW_S = 0.25


class World:
    """The exchange, the account as it is before, and the other clients."""

    def __init__(self, seed: int) -> None:
        rules = Rules(ip_weight_a_minute=IP_WEIGHT, address_limits=True)
        self.net = Localnet(WallClock(), seed=seed, rules=rules)
        self.lock = threading.Lock()
        self.arrived: set[int] = set()
        self.actions: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self.random = random.Random(seed)
        self.slowness = random.Random(seed)
        self.desk = Desk(self.net, KEY)
        self.bot = Desk(self.net, "0x" + "77" * 32)
        self.other = Desk(self.net, ACCOUNTS[3].private_key)
        assert self.desk.approve(self.bot.address, "bot")["status"] == "ok"
        made = self.desk.act({"type": "createSubAccount", "name": "one"})
        self.sub: str = made["response"]["data"]
        usd = {"subAccountUser": self.sub, "isDeposit": True, "usd": 1_000_000_000}
        assert self.desk.act({"type": "subAccountTransfer", **usd})["status"] == "ok"
        self._settle_in()
        self.traded = Counter[str]()
        self.bots: set[int] = set()
        self.owned = {address: self.open_oids(address) for address in (self.desk.address, self.sub)}
        self.held = {address: self.positions(address) for address in (self.desk.address, self.sub)}
        self.twaps = self.running_twaps()

    def _settle_in(self) -> None:
        """What the account has before the first run; one of its orders looks like a run's."""
        self.desk.statuses(order(p="3500", s="0.02", tif="Ioc"))
        self.desk.statuses(order(p="2400"), order(a=BTC, p="50000", s="0.001"))
        self.desk.statuses(trigger(px="1500", p="1400", b=False, r=True, s="0.02"))
        form = {"a": SOL, "b": True, "s": "30", "r": False, "m": 120, "t": False}
        assert "running" in str(self.desk.act({"type": "twapOrder", "twap": form}))
        for wish in (order(p="3500", s="0.03", tif="Ioc"), order(p="2300", s="0.02")):
            answer = self.desk.act(orders(wish), vault=self.sub)
            assert "error" not in str(answer)

    def ask(self, kind: str, user: str) -> Any:
        """Ask past the door, so that it costs no weight."""
        return json.loads(queries.answer(self.net.exchange, {"type": kind, "user": user}))

    def open_oids(self, user: str) -> set[int]:
        """The open orders of an account."""
        return {row["oid"] for row in self.ask("openOrders", user)}

    def positions(self, user: str) -> dict[str, Decimal]:
        """The positions of an account but SOL, which its own TWAP changes."""
        rows = (row["position"] for row in self.ask("clearinghouseState", user)["assetPositions"])
        return {row["coin"]: Decimal(row["szi"]) for row in rows if row["coin"] != "SOL"}

    def running_twaps(self) -> set[int]:
        """The TWAPs of the account that run."""
        rows = self.ask("twapHistory", self.desk.address)
        ended = {row["twapId"] for row in rows if row["status"]["status"] != "activated"}
        return {row["twapId"] for row in rows} - ended

    def others_trade(self) -> None:
        """Let the bot on the same account, and somebody else, each do something."""
        with self.lock:
            sz, is_buy = self.random.choice(("0.001", "0.002")), self.random.random() < 0.5
            px = "200000" if is_buy else "60000"
            status = self.bot.place(a=BTC, b=is_buy, p=px, s=sz, tif="Ioc")
            if "filled" in status:
                self.traded["BTC"] += Decimal(sz) if is_buy else -Decimal(sz)  # type: ignore[assignment]
            if self.bots and self.random.random() < 0.4:
                oid = self.random.choice(sorted(self.bots))
                self.bot.elements(cancel(oid))
                self.bots.discard(oid)
            else:
                self.bots.add(self.bot.rest(p=str(2600 + self.random.randrange(50)), s="0.011"))
            self.other.place(b=is_buy, p="3500" if is_buy else "2700", s="0.013", tif="Ioc")

    def amiss(self) -> list[str]:
        """What is left of runs, or was touched that is not theirs."""
        with self.lock:
            found = []
            for name, address, bots in (("account", self.desk.address, self.bots), ("sub", self.sub, set())):
                expected, now = self.owned[address] | bots, self.open_oids(address)
                found += [f"{name}: order {oid} is left" for oid in sorted(now - expected)]
                found += [f"{name}: order {oid} is gone" for oid in sorted(expected - now)]
                held = dict(self.held[address])
                if address == self.desk.address:
                    held["BTC"] = held.get("BTC", Decimal(0)) + self.traded["BTC"]
                positions = self.positions(address)
                found += [
                    f"{name}: position {positions.get(coin, 0)} {coin}, not {held.get(coin, 0)}"
                    for coin in sorted({*held, *positions})
                    if held.get(coin, 0) != positions.get(coin, 0)
                ]
            twaps = self.running_twaps()
            found += [f"TWAP {one} is left" for one in sorted(twaps - self.twaps)]
            return found + [f"TWAP {one} is gone" for one in sorted(self.twaps - twaps)]

    def handle(self, path: str, content_type: str | None, body: bytes) -> tuple[int, str, bytes]:
        """Serve a run."""
        payload = json.loads(body)
        action, nonce = payload.get("action"), payload.get("nonce")
        time.sleep(self.slowness.uniform(0, WAY_S))
        if action and self.slowness.random() < 0.2:
            time.sleep(self.slowness.uniform(0, SLOW_S))
        with self.lock:
            if action:
                self.arrived.add(nonce)
                self.actions[action["type"]] += 1
            made = self.net.handle(path, content_type, body)
            self.refused[made.status] += made.status != 200
        time.sleep(self.slowness.uniform(0, WAY_S))
        return made.status, made.content_type, made.body


@contextmanager
def served(world: World) -> Iterator[str]:
    """Serve the world on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            try:
                status, content_type, answer = world.handle(self.path, self.headers.get("content-type"), body)
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A killed run reads no answer."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def trading(world: World, every_s: float = 0.25) -> Iterator[None]:
    """Let the others trade meanwhile."""
    over = threading.Event()

    def trade() -> None:
        while not over.wait(every_s):
            world.others_trade()

    thread = threading.Thread(target=trade, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
