"""Runs of pytest that tell where they are, so that they can be killed there."""

import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

CONFTEST = """
import os
from functools import partial

import pytest
import requests

import harness.safety.cleaner
import harness.testnet_run
import harness.venue
from harness.safety.pacing import Pacer
from harness.targets.testnet import TestnetTarget

where = ""


def tell(*words):
    os.write(int(os.environ["WORLD_MARKS"]), (" ".join(words) + "\\n").encode())


def enter(phase):
    global where
    where = phase
    tell("in", phase)


class Telling(TestnetTarget):
    def answer(self, request):
        if where.startswith("sweep") and os.environ["WORLD_SPOILT"]:
            raise requests.ConnectionError("the sweep is left to the end of the run")
        payload = request.decoded()
        action = payload.get("action")
        tell("asks", *([action["type"], str(payload["nonce"])] if action else []))
        try:
            return super().answer(request)
        finally:
            tell("told")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionstart():
    enter("recovery")
    try:
        return (yield)
    finally:
        enter("between")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    enter(f"setup {item.name}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    enter(f"scenario {item.name}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    enter(f"sweep {item.name}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish():
    enter("end")


harness.venue.TestnetTarget = partial(Telling, os.environ["WORLD_URL"])
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

NAMES: Final = re.findall(r"^def (test_\w+)", SCENARIOS, re.MULTILINE)
START: Final = "start-up"
_HANGS_S: Final = 60.0


def write_project(folder: Path) -> None:
    """Write the project whose runs are killed."""
    (folder / "scenarios").mkdir()
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "scenarios" / "test_kills.py").write_text(SCENARIOS)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")


class Mark(NamedTuple):
    """Something that a run told: that it comes into a phase, asks, or was told."""

    at_s: float
    words: tuple[str, ...]


class Aim(NamedTuple):
    """When to kill a run: `delay_s` after the mark with this number in this phase, or when the phase ends."""

    phase: str
    mark: int
    delay_s: float

    def earlier(self) -> "Aim":
        """Return an aim that a run which ended before this one may still reach."""
        return Aim(self.phase, self.mark // 2, self.delay_s / 2) if self.mark else Aim(START, 0, self.delay_s)


class Step(NamedTuple):
    """How long it was from one mark to the next, and whether an answer to an action was awaited then."""

    seconds: float
    is_acting: bool


def aimed(phase: str, steps: list[Step], chance: Random) -> Aim:
    """Return a random instant of a phase that went like this the last time: half of them while it acts."""
    acting = [number for number, step in enumerate(steps) if step.is_acting]
    number = chance.choice(acting) if acting and chance.random() < 0.5 else chance.randrange(len(steps))
    return Aim(phase, number, chance.uniform(0, steps[number].seconds))


class Run:
    """A running pytest.

    Args:
        folder: of its project.
        environment: its own variables.
        names: its scenarios, in this order; all of them, if none is named.
        spoilt: whether no scenario can sweep, so that the end of the run has to.
    """

    def __init__(
        self, folder: Path, environment: dict[str, str], names: list[str], *, spoilt: bool = False
    ) -> None:
        reading, writing = os.pipe()
        self.began_s = time.monotonic()
        self.marks: list[Mark] = []
        self._news = threading.Condition()
        self._is_over = False
        self._output = (folder / "output.txt").open("w+", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "--target=testnet", "-p", "no:cacheprovider"]
        # A TWAP of less than 100 USDC is refused.
        command += ["-p", "_hypothesis_pytestplugin", "--max-notional-usd=1000"]
        command += [f"scenarios/test_kills.py::{name}" for name in names]
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "WORLD_MARKS": str(writing), "WORLD_SPOILT": "1" if spoilt else ""},
            stdout=self._output,
            stderr=subprocess.STDOUT,
            pass_fds=(writing,),
        )
        os.close(writing)
        self._listening = threading.Thread(target=self._listen, args=(reading,), daemon=True)
        self._listening.start()

    def _listen(self, reading: int) -> None:
        with open(reading, encoding="ascii") as told:
            for line in told:
                with self._news:
                    self.marks.append(Mark(time.monotonic(), tuple(line.split())))
                    self._news.notify()
        with self._news:
            self._is_over = True
            self._news.notify()

    def end(self, timeout_s: float) -> int:
        """Let it end by itself, and return its exit code.

        Raises:
            subprocess.TimeoutExpired: it hangs.
        """
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._listening.join()
            self._output.seek(0)
            self.output = self._output.read()
            self._output.close()
        return code

    def kill(self, aim: Aim) -> int:
        """Kill it at an instant; return its exit code, -9 if it had not ended by itself."""
        with self._news:
            self._news.wait_for(lambda: self._is_over or self._is_at(aim), _HANGS_S)
            hangs = not self._is_over and not self._is_at(aim)
            if not hangs:
                self._news.wait_for(lambda: self._is_over, aim.delay_s)
        if hangs:
            self._process.kill()
            self.end(_HANGS_S)
            raise TimeoutError(f"{aim.phase} was not reached within {_HANGS_S:g} s; then:\n{self.output}")
        self._process.send_signal(signal.SIGKILL)
        return self.end(_HANGS_S)

    def _is_at(self, aim: Aim) -> bool:
        if aim.phase == START:
            return True
        seen = 0
        for mark in self.marks:
            if mark.words[0] == "in" and seen:
                return True
            seen += bool(seen) or mark.words == ("in", *aim.phase.split())
        return seen > aim.mark

    def phases(self) -> dict[str, list[Step]]:
        """Return how its phases went, but for the last."""
        found = {}
        begins = [number for number, mark in enumerate(self.marks) if mark.words[0] == "in"]
        for begin, end in itertools.pairwise(begins):
            found[" ".join(self.marks[begin].words[1:])] = [
                Step(after.at_s - mark.at_s, mark.words[0] == "asks" and len(mark.words) > 1)
                for mark, after in itertools.pairwise(self.marks[begin : end + 1])
            ]
        if self.marks:
            found[START] = [Step(self.marks[0].at_s - self.began_s, is_acting=False)]
        return found

    @property
    def phase(self) -> str:
        """Where it was at its end, without the name of the scenario."""
        phases = [mark.words[1] for mark in self.marks if mark.words[0] == "in"]
        return phases[-1] if phases else START

    @property
    def awaiting(self) -> tuple[str, ...] | None:
        """What it had asked and was not told: type and nonce of an action, nothing for a read."""
        last = self.marks[-1].words if self.marks else ("",)
        return last[1:] if last[0] == "asks" else None


class Spread:
    """Where kills have hit."""

    _LINES: Final = {
        START: "start-up, before anything is asked",
        "recovery": "sweep of what earlier runs left",
        "between": "between scenarios",
        "setup": "set-up of a scenario",
        "scenario": "in a scenario",
        "sweep": "sweep after a scenario",
        "end": "sweep at the end of the run, exit",
    }

    def __init__(self) -> None:
        self.kills: Counter[str] = Counter()
        self._reads: Counter[str] = Counter()
        self._actions: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.arrived = 0
        self.pending: set[int] = set()

    def note(self, run: Run, arrived: set[int]) -> None:
        """Note where a run was killed.

        Args:
            run: it.
            arrived: the nonces of all actions that have arrived.
        """
        self.kills[run.phase] += 1
        if run.awaiting:
            kind, nonce = run.awaiting
            self._actions[run.phase] += 1
            self.kinds[kind] += 1
            # A noop has the nonce of what it fences.
            if kind != "noop":
                self.arrived += int(nonce) in arrived
                self.pending |= {int(nonce)} - arrived
        elif run.awaiting is not None:
            self._reads[run.phase] += 1

    def __str__(self) -> str:
        lines = [f"{'where the kills hit':36}{'kills':>6}  awaiting an answer to: a read  an action"]
        for phase, words in self._LINES.items():
            if self.kills[phase]:
                reads, actions = self._reads[phase], self._actions[phase]
                lines.append(f"{words:36}{self.kills[phase]:6}{reads:31}{actions:11}")
        totals = (self.kills.total(), self._reads.total(), self._actions.total())
        return "\n".join([*lines, "{:36}{:6}{:31}{:11}".format("together", *totals)])
