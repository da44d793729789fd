"""Kill runs at random instants, and see what one normal run after them leaves.

`python -m tests.safety.kills [--runs 200] [--seed 0]`

A localnet stands in the testnet's place, with rate limits on, and real runs of pytest with --target=testnet
trade on it. The account has orders, a trigger, a TWAP and a position of its own, its sub-account too; another
client trades meanwhile, on the same account through an agent and on an account of its own. Each run is killed
with SIGKILL at a random instant after its first request, and each first sweeps what those before it left,
so sweeps are killed as well. Then one run ends by itself. Exits with 1 when it fails, when anything is left
that a run made, or anything is touched that no run made.

The exchange's limit and the harness's pacing are scaled together, and look-ups need no time to catch up with
what was acknowledged: otherwise 200 runs take hours.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from harness.localnet import ACCOUNTS, Localnet, Rules, WallClock, queries
from tests.localnet.desk import BTC, Desk, cancel, order, orders, trigger

SPEED = 20
IP_WEIGHT = 1_200 * SPEED
# The other clients' share of the limit is left to them.
OWN_WEIGHT = 1_000 * SPEED
KEY = ACCOUNTS[4].private_key
SOL = 0

CONFTEST = """
import os
from functools import partial

import harness.safety.cleaner
import harness.testnet_run
import harness.venue
from harness.safety.pacing import Pacer
from harness.targets.testnet import TestnetTarget

harness.venue.TestnetTarget = partial(TestnetTarget, os.environ["WORLD_URL"])
harness.testnet_run.Pacer = partial(Pacer, limit=int(os.environ["WORLD_WEIGHT"]))
harness.safety.cleaner.LAG_MS = 20
harness.safety.cleaner.ON_ITS_WAY_MS = 500

pytest_plugins = ["harness.plugin"]
"""
SCENARIOS = """
import os

import pytest

pytestmark = pytest.mark.coin("ETH")
TRIGGER = {"trigger": {"isMarket": True, "triggerPx": 2000, "tpsl": "sl"}}


def stop(sz):
    order = {"coin": "ETH", "is_buy": False, "sz": sz, "limit_px": 1900, "reduce_only": True}
    return {**order, "order_type": TRIGGER}


def test_rests(trader, market):
    for depth in (800, 900, 1_000):
        trader.exchange.order(**market.bid(depth_bps=depth, notional_usd=12))


def test_rests_by_cloid(trader, market, venue):
    trader.exchange.order(**market.bid(depth_bps=700, notional_usd=13), cloid=venue.cloid())
    trader.exchange.order(**market.ask(depth_bps=-300, notional_usd=13, tif="Ioc"), cloid=venue.cloid())


def test_takes(trader, market):
    trader.exchange.order(**market.bid(depth_bps=-300, notional_usd=40, tif="Ioc"))
    trader.exchange.order(**market.ask(depth_bps=-300, notional_usd=16, tif="Ioc"))


def test_triggers(trader):
    trader.exchange.bulk_orders([stop(0.007), stop(0.008)])


def test_group(trader, market):
    entry = {**market.bid(depth_bps=600, notional_usd=20), "coin": "ETH"}
    entry = {"coin": "ETH", "is_buy": True, "sz": entry["sz"], "limit_px": entry["limit_px"],
             "reduce_only": False, "order_type": {"limit": {"tif": "Gtc"}}}
    trader.exchange.bulk_orders([entry, stop(entry["sz"])], grouping="normalTpsl")


def test_modify(trader, market):
    ticket = market.bid(depth_bps=500, notional_usd=14)
    answer = trader.exchange.order(**ticket)
    (status,) = answer["response"]["data"]["statuses"]
    new = market.bid(depth_bps=550, notional_usd=15)
    args = (status["resting"]["oid"], "ETH", True, new["sz"], new["limit_px"], {"limit": {"tif": "Alo"}})
    trader.exchange.modify_order(*args)


def test_twap(trader, market):
    form = {"a": market.asset, "b": True, "s": "0.3", "r": False, "m": 5, "t": False}
    trader.post_l1_action({"type": "twapOrder", "twap": form})


def test_agent(trader, market):
    agent = trader.agent()
    agent.exchange.order(**market.bid(depth_bps=450, notional_usd=17))
    agent.exchange.order(**market.bid(depth_bps=-300, notional_usd=17, tif="Ioc"))


def test_sub_account(trader, market):
    sub = trader.acting_for(os.environ["WORLD_SUB"])
    sub.exchange.order(**market.bid(depth_bps=400, notional_usd=18))
    sub.exchange.order(**market.ask(depth_bps=-300, notional_usd=18, tif="Ioc"))
"""


class World:
    """The exchange, the account as it is before, and the other clients."""

    def __init__(self, seed: int) -> None:
        rules = Rules(ip_weight_a_minute=IP_WEIGHT, address_limits=True)
        self.net = Localnet(WallClock(), seed=seed, rules=rules)
        self.lock = threading.Lock()
        self.arrived = threading.Event()
        self.actions: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self.random = random.Random(seed)
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
        self.arrived.set()
        with self.lock:
            action = json.loads(body).get("action")
            if action:
                self.actions[action["type"]] += 1
            made = self.net.handle(path, content_type, body)
            self.refused[made.status] += made.status != 200
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


def campaign(folder: Path, runs: int, seed: int, say: Callable[[str], None]) -> list[str]:
    """Kill `runs` runs, let one end by itself, and return what is amiss."""
    world = World(seed)
    (folder / "scenarios").mkdir()
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "scenarios" / "test_kills.py").write_text(SCENARIOS)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    chance = random.Random(seed)
    with served(world) as url, trading(world):
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HYPERLIQUID_")},
            "HYPERLIQUID_TESTNET_PRIVATE_KEY": KEY,
            "WORLD_URL": url,
            "WORLD_SUB": world.sub,
            "WORLD_WEIGHT": str(OWN_WEIGHT),
            "XDG_STATE_HOME": str(folder / "state"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        command = [sys.executable, "-m", "pytest", "-q", "--target=testnet", "-p", "no:cacheprovider"]
        # A TWAP of less than 100 USDC is refused.
        command += ["-p", "_hypothesis_pytestplugin", "--max-notional-usd=1000"]

        def run() -> subprocess.Popen[str]:
            world.arrived.clear()
            return subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

        started = time.monotonic()
        first = run()
        world.arrived.wait(60)
        began = time.monotonic()
        output, _ = first.communicate(timeout=300)
        length_s = time.monotonic() - began
        if first.returncode or world.amiss():
            return [f"a run that was not killed: exit code {first.returncode}", output, *world.amiss()]
        say(f"a whole run: {length_s:.1f} s from its first request, {world.actions.total()} signed actions")
        dirty = by_itself = 0
        kinds: Counter[str] = Counter()
        for number in range(runs):
            process = run()
            world.arrived.wait(60)
            try:
                process.wait(chance.uniform(0, length_s))
                by_itself += 1
            except subprocess.TimeoutExpired:
                process.kill()
            process.communicate()
            # The others may be at it while this looks.
            left = world.amiss()
            dirty += bool(left)
            kinds.update(line.split()[1] for line in left)
            gone = [line for line in left if line.endswith("is gone")]
            if gone:
                return [f"after kill {number + 1}", *gone]
            if (number + 1) % 20 == 0:
                say(f"{number + 1} killed, {dirty} left something, {time.monotonic() - started:.0f} s")
        # An agent that was replaced a moment ago is refused (wire rule 79).
        time.sleep(6)
        last = run()
        output, _ = last.communicate(timeout=600)
    say(f"runs killed: {runs - by_itself} of {runs}; left something at the kill: {dirty} ({dict(kinds)})")
    say(f"signed actions of all runs: {dict(world.actions)}; other statuses than 200: {dict(+world.refused)}")
    say(f"others' orders open: {len(world.bots)}, their BTC: {world.traded['BTC']}")
    open_journals = [
        path.name
        for path in (folder / ".hl-harness").glob("journal-*.jsonl")
        if '"done"' not in path.read_text()
    ]
    amiss = world.amiss() + [f"{name} is not done" for name in open_journals]
    if last.returncode:
        amiss += [f"the last run: exit code {last.returncode}", output]
    return amiss


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        amiss = campaign(Path(folder), given.runs, given.seed, lambda line: sys.stdout.write(f"{line}\n"))
    sys.stdout.write("\n".join(amiss) + "\n" if amiss else "nothing is left, and nothing else was touched\n")
    raise SystemExit(1 if amiss else 0)


if __name__ == "__main__":
    main()
