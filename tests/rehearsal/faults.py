"""Let every fault happen at every request of the core scenarios, and see that no order is lost or doubled.

`python -m tests.rehearsal.faults [--scenarios FILE ...] [--faults NAME ...] [--distinct] [--sample N]`

Each scenario first runs with --target=testnet before a stage where nothing goes wrong, which counts what can.
Then it runs once for each fault and each request (or frame) that the fault can befall; stale reads come all
in one run. After each run this is asked of the exchange, of what arrived there, and of the run's journal and
report:

- nothing is left: no order, trigger, TWAP or position. When all goes on failing, what is left is told, and
  one `hl-harness sweep` afterwards ends it;
- nothing is doubled: no action arrives twice but after a 429, no nonce or cloid is accepted twice, and the
  scenario has no more orders accepted than when nothing goes wrong;
- nothing is lost: what was accepted is in the journal, and what was not answered is told;
- the end is clear: passed with everything answered; or failed, naming the request and what came; never an
  error of pytest or of the plugin, nor a failure for what is harmless (a slow answer, a 429, a stale read);
- it ends within the timeouts that are configured.

Times are scaled, see `cases`; --speed=1 leaves them as they are. Exits with 1 when anything is amiss.
"""

import argparse
import contextlib
import gc
import importlib
import multiprocessing
import pkgutil
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path

import hyperliquid.exchange  # noqa: F401
import pytest
import trustme

import harness.cli.sweep
import harness.plugin.drifting
import harness.plugin.episodes
import harness.plugin.keeping
import harness.plugin.secrecy
import harness.plugin.terminal
import harness.recording.document
import harness.report.drift
import harness.safety.recovery
import harness.shapes
import harness.strategies
import harness.testnet_run
import harness.websocket
from tests.rehearsal.cases import AT_REQUESTS, FAULTS, SPEED, Case, Evidence, read, run, write
from tests.rehearsal.test_core import CORE
from tests.rehearsal.verdicts import amiss
from tests.rehearsal.watch import Arrival

ROOT = Path(__file__).parents[2]
SCENARIOS = (*CORE, "test_order_updates")
_READS_OF_SPOT_META = ("spotMeta", "spotMetaAndAssetCtxs")


@dataclass
class Done:
    """A case that has ended; `evidence` None when it did not end by itself."""

    case: Case
    evidence: Evidence | None
    seconds: float


def _warm() -> None:
    """Import once what is imported when it is first asked for."""
    for package in (harness.shapes, harness.report.drift):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    trustme.CA()
    pytest.main(["--version"])
    # What is here stays, so that a child need not walk through it, and copy it.
    gc.freeze()


def _child(case: Case, scenarios: Path, folder: Path) -> None:
    write(run(case, scenarios, folder), folder / "evidence.json")


def carry_out(
    cases: Iterable[Case], scenarios: Path, folder: Path, *, jobs: int, limit_s: float
) -> Iterator[Done]:
    """Run cases, `jobs` at a time; one that takes longer than `limit_s` is killed."""
    fork = multiprocessing.get_context("fork")
    waiting, running = iter(cases), dict[int, tuple[ForkProcess, Case, Path, float]]()
    number = 0
    try:
        while True:
            while len(running) < jobs and (case := next(waiting, None)) is not None:
                number += 1
                own = folder / f"{number}"
                own.mkdir()
                process = fork.Process(target=_child, args=(case, scenarios, own))
                process.start()
                running[process.sentinel] = process, case, own, time.monotonic()
            if not running:
                return
            ended = wait(list(running), timeout=1)
            for sentinel, (process, case, own, started) in tuple(running.items()):
                seconds = time.monotonic() - started
                if sentinel not in ended and seconds < limit_s:
                    continue
                process.kill()
                process.join()
                del running[sentinel]
                path = own / "evidence.json"
                yield Done(case, read(path) if path.is_file() else None, seconds)
                shutil.rmtree(own)
    finally:
        for process, *_ in running.values():
            process.kill()
            process.join()


def collected(scenarios: Path, files: Iterable[str]) -> list[str]:
    """Return the ids of the tests in these files."""

    class Collector:
        nodes: list[str] = []  # noqa: RUF012

        def pytest_collection_finish(self, session: pytest.Session) -> None:
            self.nodes += [item.nodeid.rpartition("/")[2] for item in session.items]

    def collect(queue: "multiprocessing.SimpleQueue[list[str]]") -> None:
        collector = Collector()
        paths = [str(scenarios / f"{name}.py") for name in files]
        options = ["--collect-only", "-p", "no:cacheprovider", "-p", "no:terminal"]
        pytest.main([*options, f"--rootdir={scenarios.parent}", *paths], plugins=[collector])
        queue.put(collector.nodes)

    fork = multiprocessing.get_context("fork")
    queue = fork.SimpleQueue()
    process = fork.Process(target=collect, args=(queue,))
    process.start()
    nodes: list[str] = queue.get()
    process.join()
    return nodes


def cases_of(node: str, clean: Evidence, faults: Iterable[str], speed: int) -> Iterator[Case]:
    """Yield a case for each fault at each thing that it can befall."""
    kinds = [one["body"].get("type") for one in clean.arrivals]
    frames = sum("received" in line for line in clean.journal)
    for fault in faults:
        if fault in AT_REQUESTS:
            count = len(clean.arrivals)
        elif fault == "sparseSpotMeta":
            count = sum(kind in _READS_OF_SPOT_META for kind in kinds)
        elif fault == "stale":
            count = 1
        else:
            count = frames
        yield from (Case(node, fault, number, speed) for number in range(1, count + 1))


class Campaign:
    """Runs cases and adds up what came of them."""

    def __init__(
        self, scenarios: Path, folder: Path, say: Callable[[str], None], *, jobs: int, limit_s: float
    ) -> None:
        self._scenarios, self._folder, self._say = scenarios, folder, say
        self._jobs, self._limit_s = jobs, limit_s
        self._rounds = 0
        self.clean: dict[str, Evidence] = {}
        self.ends: dict[str, Counter[str]] = defaultdict(Counter)
        self.amiss: list[str] = []
        self.slowest = (0.0, "")
        self.actions = 0
        self.requests = 0

    def judged(self, cases: Iterable[Case]) -> Iterator[Done]:
        """Run cases and judge each."""
        self._rounds += 1
        folder = self._folder / f"round-{self._rounds}"
        folder.mkdir()
        for done in carry_out(cases, self._scenarios, folder, jobs=self._jobs, limit_s=self._limit_s):
            self._judge(done)
            yield done

    def _judge(self, done: Done) -> None:
        case, evidence = done.case, done.evidence
        fault = case.fault or "clean"
        self.slowest = max(self.slowest, (done.seconds, str(case)))
        if evidence is None:
            self.ends[fault]["NO END"] += 1
            self._object(f"{case}: no end within {self._limit_s:g} s, or the process died")
            return
        self.ends[fault][_end(evidence)] += 1
        if case.fault is None and any(one["when"] == "call" for one in evidence.reports):
            self.clean[case.node] = evidence
        self.requests += len(evidence.arrivals)
        self.actions += sum(one["path"] == "/exchange" for one in evidence.arrivals)
        found = amiss(case, evidence, self.clean.get(case.node))
        if found:
            self.ends[fault]["AMISS"] += 1
            self._object(*(f"{case}: {one}" for one in found))

    def _object(self, *lines: str) -> None:
        self.amiss += lines
        for line in lines:
            self._say(f"AMISS {line}")

    def distinct(self) -> dict[str, Evidence]:
        """Return one scenario of those that send the same kinds of requests in the same order."""
        kinds = {
            tuple(Arrival(**one).kind for one in clean.arrivals): node
            for node, clean in sorted(self.clean.items(), reverse=True)
        }
        return {node: self.clean[node] for node in sorted(kinds.values())}


def _end(evidence: Evidence) -> str:
    outcomes = {one["outcome"] for one in evidence.reports}
    if evidence.fired == 0 and "failed" not in outcomes:
        return "did not happen"
    if "failed" in outcomes:
        texts = " ".join(one["text"] for one in evidence.reports)
        told = ("UnknownOutcome", "TargetUnavailable", "ShapeError")
        return next((name for name in told if name in texts), "failed")
    return "skipped" if "skipped" in outcomes else "passed"


def table(ends: dict[str, Counter[str]]) -> Iterator[str]:
    """Yield a line for each fault, with how many of its cases ended how."""
    columns = sorted({name for counts in ends.values() for name in counts})
    yield "fault".ljust(16) + "".join(name.rjust(len(name) + 2) for name in ["cases", *columns])
    for fault, counts in ends.items():
        total = counts.total() - counts["AMISS"]
        cells = [str(total).rjust(7), *(str(counts[name]).rjust(len(name) + 2) for name in columns)]
        yield fault.ljust(16) + "".join(cells)


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenarios", nargs="+", default=list(SCENARIOS), metavar="FILE")
    parser.add_argument(
        "--only", nargs="+", default=[""], help="only scenarios whose name contains one of these"
    )
    parser.add_argument("--faults", nargs="+", default=list(FAULTS), choices=FAULTS, metavar="NAME")
    parser.add_argument("--number", type=int, help="only at this request, read or frame")
    parser.add_argument("--distinct", action="store_true", help="only one scenario of those that send alike")
    parser.add_argument("--sample", type=int, help="so many cases, chosen by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--speed", type=int, default=SPEED)
    parser.add_argument("--limit", type=float, default=30.0, help="seconds that a case may take")
    parser.add_argument("--show", action="store_true", help="print what the runs printed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        problems = _campaign(Path(name), given, lambda line: print(line, flush=True))  # noqa: T201
    raise SystemExit(1 if problems else 0)


def _campaign(folder: Path, given: argparse.Namespace, say: Callable[[str], None]) -> list[str]:
    scenarios = folder / "scenarios"
    shutil.copytree(ROOT / "scenarios", scenarios, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "conftest.py").write_text('pytest_plugins = ["harness.plugin"]\n')
    started = time.monotonic()
    _warm()
    nodes = [
        node for node in collected(scenarios, given.scenarios) if any(part in node for part in given.only)
    ]
    campaign = Campaign(scenarios, folder, say, jobs=given.jobs, limit_s=given.limit)
    first = [Case(node, speed=given.speed) for node in nodes]
    for done in campaign.judged(first):
        if given.show and done.evidence:
            say(done.evidence.text)
    say(f"{len(campaign.clean)} of {len(nodes)} scenarios run on testnet; {time.monotonic() - started:.0f} s")
    cases = [
        case
        for node, clean in (campaign.distinct() if given.distinct else campaign.clean).items()
        for case in cases_of(node, clean, given.faults, given.speed)
        if given.number in (None, case.number)
    ]
    if given.sample:
        cases = random.Random(given.seed).sample(cases, min(given.sample, len(cases)))
    say(f"{len({case.node for case in cases})} scenarios, {len(cases)} cases")
    number = 0
    # What is known by then is worth telling.
    with contextlib.suppress(KeyboardInterrupt):
        for number, done in enumerate(campaign.judged(cases), 1):
            if given.show and done.evidence:
                say(f"=== {done.case}\n{done.evidence.text}{done.evidence.swept}")
            if number % 250 == 0:
                say(f"{number} of {len(cases)}: {time.monotonic() - started:.0f} s")
    for line in table(campaign.ends):
        say(line)
    say(f"slowest: {campaign.slowest[1]}, {campaign.slowest[0]:.1f} s")
    say(f"{number} of {len(cases)} cases, {campaign.requests} requests, {campaign.actions} of them signed")
    verdict = f"{len(campaign.amiss)} things are amiss" if campaign.amiss else "nothing is amiss"
    say(f"{time.monotonic() - started:.0f} s; {verdict}")
    return campaign.amiss


if __name__ == "__main__":
    main()
