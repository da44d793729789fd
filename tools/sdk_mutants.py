"""Change the SDK in one place at a time, and see whether `pytest scenarios/` notices.

The installed `hyperliquid` package is copied to a temporary folder, one change is made to the copy, and the
scenarios run against it in replay, offline. A change that no scenario notices is a survivor: either a
scenario is missing, or no caller can observe the change; `docs/sdk-mutants.md` lists the latter with their
proof, and this tool reads it. Exit code 0: every change was noticed or is listed; 1: not so; 2: wrong use.

    python tools/sdk_mutants.py -j 2 --json mutants.json
    python tools/sdk_mutants.py --only exchange.py:130 --message
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from sdk_mutations import NAMED, Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent
PROOFS = ROOT / "docs" / "sdk-mutants.md"
SNAPSHOT = ("harness", "scenarios", "cassettes", "conftest.py", "pyproject.toml")
# What is likeliest to notice, and to say it best, runs first; the other files follow.
FIRST = {
    "utils/signing.py": ("test_request_forms", "test_signing_vectors", "test_spelling"),
    "utils/types.py": ("test_spelling", "test_sdk_alone"),
    "exchange.py": ("test_request_forms", "test_sdk_alone", "test_position"),
    "info.py": ("test_request_forms", "test_sdk_alone", "test_metadata"),
    "api.py": ("test_sdk_errors", "test_sdk_alone"),
    "utils/error.py": ("test_sdk_errors", "test_sdk_alone"),
    "utils/constants.py": ("test_sdk_alone",),
    "websocket_manager.py": ("test_sdk_websocket", "test_subscriptions"),
}
# Most of the SDK's start-up time, none of it the SDK: loaded once, before the forks.
PRELOADED = ("eth_account.messages", "eth_account.signers.local", "coincurve", "msgpack", "websocket")
TIMEOUT_S = 90.0
_SHOWN_CHARACTERS = 4_000


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: `killed`, `survived`, `timeout` or `broken` (pytest itself fell over)."""

    mutant: Mutant
    outcome: str
    test: str = ""
    message: str = ""

    @property
    def is_named(self) -> bool:
        """Say whether the failure names the changed field."""
        names = self.mutant.field.lower().split("|")
        return any(name in self.message.lower() for name in names)


class Bench:
    """A snapshot of the repository, and for each process a copy of the SDK to change."""

    def __init__(self, folder: Path, jobs: int) -> None:
        spec = importlib.util.find_spec("hyperliquid")
        if spec is None or not spec.submodule_search_locations:
            raise SystemExit("hyperliquid-python-sdk is not installed.")
        self.sdk = Path(next(iter(spec.submodule_search_locations)))
        self.snapshot = folder / "repository"
        # Others may be at work in the checkout; a half-written file there would look like a kill.
        for name in SNAPSHOT:
            here, there = ROOT / name, self.snapshot / name
            there.parent.mkdir(parents=True, exist_ok=True)
            if here.is_dir():
                shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(here, there)
        self.slots = [folder / f"sdk-{number}" for number in range(jobs)]
        for slot in self.slots:
            shutil.copytree(self.sdk, slot / "hyperliquid", ignore=shutil.ignore_patterns("__pycache__"))

    def source(self, file: str) -> str:
        """Return the installed text of one of the SDK's files."""
        return (self.sdk / file).read_text(encoding="utf-8")

    def verdict(self, slot: Path, mutant: Mutant, code: int) -> Verdict:
        """Read what the run against the slot's copy said."""
        output = (slot / "output.txt").read_text(encoding="utf-8", errors="replace")
        outcome = {0: "survived", 1: "killed", -signal.SIGKILL: "timeout"}.get(code, "broken")
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        start = max(output.find("= FAILURES ="), output.find("= ERRORS ="), 0)
        shown = output[start : start + _SHOWN_CHARACTERS] if code else ""
        return Verdict(mutant, outcome, failed[1] if failed else "", shown)


class Loop:
    """A pytest plugin: once the scenarios are collected, each mutant gets a fork of the process to run them.

    Start and collection take longer than the scenarios themselves. The SDK is not loaded by then: each fork
    imports its own copy.
    """

    def __init__(self, bench: Bench, todo: Sequence[Mutant], log: TextIO) -> None:
        self._bench, self._queue, self._log = bench, list(reversed(todo)), log
        self._busy: dict[Path, tuple[int, Mutant, float]] = {}
        # What noticed another change of the same function will notice this one: it runs first.
        self._noticed_by: dict[tuple[str, str], list[str]] = {}
        self.verdicts: list[Verdict] = []
        self.fails_unchanged = ""
        self.is_fork = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Conduct the forks and run nothing; in a fork, leave the running to pytest."""
        assert not any(name.partition(".")[0] == "hyperliquid" for name in sys.modules)
        gc.freeze()
        mutant = self._conduct()
        if not self.is_fork:
            return True
        if mutant is not None:
            likely = self._noticed_by.get((mutant.file, mutant.scope), [])
            files = FIRST[mutant.file]

            def rank(item: pytest.Item) -> tuple[int, int]:
                place = likely.index(item.nodeid) if item.nodeid in likely else len(likely)
                return place, files.index(item.path.stem) if item.path.stem in files else len(files)

            session.items.sort(key=rank)
        return None

    def _conduct(self) -> Mutant | None:
        slot = self._bench.slots[0]
        if not (pid := self._fork(slot)):
            return None
        if os.waitpid(pid, 0)[1]:
            self.fails_unchanged = (slot / "output.txt").read_text(encoding="utf-8")
            return None
        while self._queue or self._busy:
            for slot in self._bench.slots:
                if slot not in self._busy and self._queue:
                    mutant = self._queue.pop()
                    changed = mutant.applied(self._bench.source(mutant.file))
                    (slot / "hyperliquid" / mutant.file).write_text(changed, encoding="utf-8")
                    if not (pid := self._fork(slot)):
                        return mutant
                    self._busy[slot] = (pid, mutant, time.monotonic())
            self._reap()
            time.sleep(0.005)
        return None

    def _fork(self, slot: Path) -> int:
        self._log.flush()
        if pid := os.fork():
            return pid
        self.is_fork = True
        os.nice(10)
        os.dup2(os.open(slot / "output.txt", os.O_CREAT | os.O_TRUNC | os.O_WRONLY), self._log.fileno())
        # A file changes within one second and keeps its size: stale byte code would be believed.
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(slot))
        # Should a mutant find a way past the door, there is no network behind it.
        os.environ.update(dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9"))
        return 0

    def _reap(self) -> None:
        for slot, (pid, mutant, started) in list(self._busy.items()):
            if time.monotonic() - started > TIMEOUT_S:
                os.kill(pid, signal.SIGKILL)
            done, status = os.waitpid(pid, os.WNOHANG)
            if not done:
                continue
            if len(self.verdicts) % 250 == 249:
                say(f"… {len(self._queue)} to go")
            verdict = self._bench.verdict(slot, mutant, os.waitstatus_to_exitcode(status))
            self.verdicts.append(verdict)
            if verdict.outcome == "killed":
                tests = self._noticed_by.setdefault((mutant.file, mutant.scope), [])
                if verdict.test and verdict.test not in tests:
                    tests.insert(0, verdict.test)
            else:
                say(f"{verdict.outcome:9} {mutant}")
            shutil.copy(self._bench.sdk / mutant.file, slot / "hyperliquid" / mutant.file)
            del self._busy[slot]


def run(bench: Bench, todo: Sequence[Mutant]) -> Loop:
    """Run every mutant, as many at a time as there are slots."""
    os.chdir(bench.snapshot)
    for name in PRELOADED:
        importlib.import_module(name)
    sys.path.insert(0, str(bench.snapshot))
    with open(bench.snapshot / "pytest.txt", "w", encoding="utf-8") as sys.stdout:
        loop = Loop(bench, todo, sys.stdout)
        # The last one collects garbage at the end of each run, which takes half of a short one.
        without = ("cacheprovider", "randomly", "xdist", "unraisableexception")
        options = ["-x", "-q", "-s", "--tb=short", *(f"-pno:{plugin}" for plugin in without)]
        code = pytest.main([*options, "scenarios"], plugins=[loop])
        if loop.is_fork:
            sys.stdout.flush()
            os._exit(int(code))
    sys.stdout = sys.__stdout__
    os.chdir(ROOT)
    return loop


def proven() -> re.Pattern[str]:
    """Match what `docs/sdk-mutants.md` proves equivalent: the first cell of each row, … for any text."""
    text = PROOFS.read_text(encoding="utf-8") if PROOFS.exists() else ""
    rows = re.findall(r"^\| `` (.+?) `` \|", text, re.MULTILINE)
    return re.compile("|".join(re.escape(row).replace("…", ".*") for row in rows) or "(?!)")


def selected(
    every: Sequence[Mutant], only: Sequence[str], again: Path | None, shard: str, sample: int
) -> list[Mutant]:
    """Return the mutants that were asked for: by place, by an earlier run, as a shard or a sample."""
    chosen = list(every)
    if only:
        chosen = [
            one
            for one in chosen
            if any(
                (want == "named" and one.kind == "named") or f"{one.file}:{one.line}:".startswith(f"{want}:")
                for want in only
            )
        ]
    if again:
        rows = json.loads(again.read_text(encoding="utf-8"))
        left = {row["key"] for row in rows if row["outcome"] != "killed"}
        chosen = [one for one in chosen if one.key in left]
    number, _, of = shard.partition("/")
    chosen = chosen[int(number) - 1 :: int(of)]
    return random.Random(0).sample(chosen, min(sample, len(chosen))) if sample else chosen


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-j", "--jobs", type=int, default=2, help="processes at a time (default 2)")
    parser.add_argument("--only", action="append", default=[], metavar="FILE[:LINE]", help="or `named`")
    parser.add_argument("--again", type=Path, metavar="PATH", help="only what was not killed in that JSON")
    parser.add_argument("--shard", default="1/1", metavar="K/N", help="every N-th mutant, from the K-th")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="N mutants, always the same")
    parser.add_argument("--message", action="store_true", help="fail if a failure does not name the field")
    parser.add_argument("--list", action="store_true", help="name the mutants and run nothing")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every verdict there")
    return parser.parse_args()


def say(text: str) -> None:
    """Write a line at once, so that a long run can be watched."""
    print(text, file=sys.__stdout__, flush=True)


def main() -> int:
    """Run the tool."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="sdk-mutants-") as folder:
        bench = Bench(Path(folder), options.jobs)
        every = [mutant for file in FIRST for mutant in mutants(file, bench.source(file))]
        todo = selected(every, options.only, options.again, options.shard, options.sample)
        todo = [one for one in todo if one.is_another_program(bench.source(one.file))]
        if options.list:
            say("\n".join(map(str, todo)))
            return 0
        loop = run(bench, todo)
    if loop.fails_unchanged:
        say(f"{loop.fails_unchanged}\nThe scenarios fail against the SDK as it is.")
        return 2
    return report(loop.verdicts, options)


def report(verdicts: Sequence[Verdict], options: argparse.Namespace) -> int:
    """Write the figures and what is left to explain; return the exit code."""
    equivalent = proven()
    if options.json:
        rows = [{**asdict(one), "key": one.mutant.key, "names the field": one.is_named} for one in verdicts]
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    survivors = [one for one in verdicts if one.outcome == "survived"]
    unexplained = [one for one in survivors if not equivalent.fullmatch(one.mutant.key)]
    wrongly = [one for one in verdicts if one.outcome != "survived" and equivalent.fullmatch(one.mutant.key)]
    unnamed = [one for one in verdicts if one.outcome == "killed" and not one.is_named]
    figures = Counter(one.outcome for one in verdicts)
    say(f"{len(verdicts)} mutants: " + ", ".join(f"{count} {what}" for what, count in figures.items()))
    say(f"{len(survivors) - len(unexplained)} survivors are proven equivalent, {len(unexplained)} are not:")
    for one in unexplained:
        say(f"  {one.mutant}")
    for one in wrongly:
        say(f"  {PROOFS.name} calls it equivalent, and it was noticed: {one.mutant}")
    strict = {name for name, *_ in NAMED}
    must = [one for one in unnamed if options.message or one.mutant.original in strict]
    say(f"{len(unnamed)} failures do not name the changed field.")
    for one in must:
        say(f"  {one.mutant} ({one.mutant.field}): {one.test}")
    return 1 if unexplained or wrongly or must else 0


if __name__ == "__main__":
    sys.exit(main())
