"""Replay: how fast we are, beside an empty run, stock vcrpy with pytest-recording, and cassetter.

    python benchmarks/replay.py

One run makes all that it needs in a temporary folder, runs the players in turn (A B C ..., A B C ..., so that
a slow minute hits all alike) and prints medians and ratios. The 60 scenarios are life cycles: read the
account, rest a bid, query it, cancel it, query it again, read the account. What is run:

    bare        60 empty tests; modules import pytest, hypothesis, eth_account, the SDK's Exchange and Info
    empty (a)   the same with our plugin loaded, which spares the garbage collector what is there to stay
    ours warm   replay, byte-exact, with journal and shape check; scenarios parse with shapes; cached tapes
    ours cold   the same from the YAML files, with an empty cache of parsed tapes
    stock       vcrpy and pytest-recording: plain SDK, the same interactions, nonces pinned; method, URI and
                body are matched, the order of requests and of keys is not; no journal, no shapes
    stock slow  the same, signing as a plain install of the SDK does, without coincurve
    cassetter   0.16.1, on the same, its cassettes converted to its own form; matched as by stock

Every player loads only the pytest plugins that it needs (autoload is off), signs with coincurve (but `stock
slow`), and has its byte code compiled before anything is timed. `stock` and `cassetter` need an environment
each; see environments.py. A ratio is the median of the ratios round by round.

Then one replayed request by itself: see steps.py. `net` is a step less the SDK's own work, measured in the
same processes. Exit code 1 when a goal is missed.
"""

import argparse
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from environments import CASSETTER, python_of
from suites import FILES, LENGTHS, TESTS_A_FILE, answer_of_long_tapes, convert, long_tape, write_all

_REPOSITORY = Path(__file__).resolve().parent.parent
_STEPS = Path(__file__).resolve().with_name("steps.py")
_HYPOTHESIS = ("-p", "_hypothesis_pytestplugin")
_WITHOUT_COINCURVE = ("ECC_BACKEND_CLASS", "eth_keys.backends.NativeECCBackend")
_GOAL = 1.25


class Player(NamedTuple):
    """One column of the comparison: a suite and what runs it."""

    name: str
    python: Path
    folder: Path
    plugins: tuple[str, ...] = ()
    without_cache: bool = False
    environment: tuple[tuple[str, str], ...] = ()


class Cost(NamedTuple):
    """Seconds of one whole process."""

    wall: float
    cpu: float


def main() -> int:
    """Run the benchmark; return 1 when a goal is missed."""
    options = _options()
    given = dict(one.split("=", 1) for one in options.venv)
    pythons = {
        player: python_of(player, Path(given[player]) if player in given else None)
        for player in ("stock", "cassetter")
    }
    with tempfile.TemporaryDirectory(prefix="hl-replay-") as folder:
        work = Path(folder)
        _say("Recording the scenarios on localnet ...")
        write_all(work, _record)
        convert(work, pythons["cassetter"])
        players = _players(work, pythons)
        met = _compare_suites(players, options.rounds)
        met &= _compare_collection(players[2])
        met &= _compare_steps(work, pythons["cassetter"], options.step_rounds)
    return 0 if met else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11, help="runs of each suite (default: 11)")
    parser.add_argument("--step-rounds", type=int, default=3, help="processes for single steps (default: 3)")
    parser.add_argument(
        "--venv",
        action="append",
        default=[],
        metavar="PLAYER=PATH",
        help="an environment for stock or cassetter, instead of one made here",
    )
    return parser.parse_args()


def _players(work: Path, pythons: dict[str, Path]) -> list[Player]:
    here = Path(sys.executable)
    recording = ("-p", "pytest_recording.plugin")
    return [
        Player("bare", here, work / "bare"),
        Player("empty (a)", here, work / "empty"),
        Player("ours warm", here, work / "ours"),
        Player("ours cold", here, work / "ours", without_cache=True),
        Player("stock", pythons["stock"], work / "stock", recording),
        Player("stock slow", pythons["stock"], work / "stock", recording, environment=(_WITHOUT_COINCURVE,)),
        Player("cassetter", pythons["cassetter"], work / "cassetter", ("-p", "cassetter.pytest_plugin")),
    ]


def _compare_suites(players: Sequence[Player], rounds: int) -> bool:
    for player in players:
        for _ in range(2):  # compiles the byte code, fills the caches
            _run(player)
    costs: dict[str, list[Cost]] = defaultdict(list)
    for number in range(rounds):
        _say(f"Suites, round {number + 1} of {rounds} ...")
        for player in players:
            costs[player.name].append(_run(player))
    print(f"{FILES * TESTS_A_FILE} scenarios, whole processes, medians of {rounds} interleaved rounds")
    print(_machine())
    print(
        f"{'':12}{'wall s':>9}{'CPU s':>9}{'x (a) wall':>12}{'x (a) CPU':>12}"
        f"{'x bare wall':>13}{'x bare CPU':>12}"
    )
    base, bare = costs["empty (a)"], costs["bare"]
    for name, runs in costs.items():
        times = "".join(f"{median(getattr(run, what) for run in runs):9.3f}" for what in ("wall", "cpu"))
        to_base = "".join(f"{_ratio(runs, base, what):12.2f}" for what in ("wall", "cpu"))
        to_bare = "".join(f"{_ratio(runs, bare, what):12.2f}" for what in ("wall", "cpu"))
        print(f"{name:12}{times}{to_base} {to_bare}")
    print()
    ours = costs["ours warm"]
    wall = _goal(f"ours warm at most {_GOAL} x bare, wall", _ratio(ours, bare, "wall"), _GOAL)
    cpu = _goal(f"ours warm at most {_GOAL} x bare, CPU", _ratio(ours, bare, "cpu"), _GOAL)
    return wall and cpu


def _ratio(runs: Sequence[Cost], base: Sequence[Cost], what: str) -> float:
    """Return the median of the ratios round by round, which a slow minute cannot shift."""
    return float(median(getattr(run, what) / getattr(one, what) for run, one in zip(runs, base, strict=True)))


def _goal(what: str, ratio: float, goal: float) -> bool:
    print(f"  {'met   ' if ratio <= goal else 'MISSED'} {what}: {ratio:.2f}")
    return ratio <= goal


def _pytest(plugins: tuple[str, ...]) -> list[str]:
    return ["-m", "pytest", "-q", *_HYPOTHESIS, *plugins]


def _environment() -> dict[str, str]:
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "HYPERLIQUID_CONFIG")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONHASHSEED": "0"}


def _record(folder: Path) -> None:
    command = [sys.executable, *_pytest(()), "--target=localnet", "--record"]
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(
            f"Recording {folder} on localnet failed:\n{done.stdout[-3_000:]}{done.stderr[-1_000:]}"
        )


def _run(player: Player) -> Cost:
    if player.without_cache:
        shutil.rmtree(player.folder / ".pytest_cache", ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        [player.python, *_pytest(player.plugins)],
        cwd=player.folder,
        env={**_environment(), **dict(player.environment)},
        capture_output=True,
        text=True,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or f"{FILES * TESTS_A_FILE} passed" not in done.stdout:
        raise SystemExit(f"{player.name} failed:\n{done.stdout[-3_000:]}{done.stderr[-1_000:]}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _compare_collection(ours: Player) -> bool:
    code = "import sys, pytest; pytest.main(sys.argv[1:]); print('eth_account' in sys.modules)"
    done = subprocess.run(
        [ours.python, "-c", code, "-q", "--collect-only", *_HYPOTHESIS],
        cwd=ours.folder,
        env=_environment(),
        capture_output=True,
        text=True,
    )
    imported = done.stdout.rstrip().endswith("True")
    print(f"  {'MISSED' if imported else 'met   '} collection alone does not import eth_account\n")
    return not imported


def _compare_steps(work: Path, cassetter: Path, rounds: int) -> bool:
    ours = [long_tape(work, steps) for steps in LENGTHS]
    theirs = [work / "cassetter-long" / long_tape(work, steps).name for steps in LENGTHS[:2]]
    sides = {"ours": (Path(sys.executable), ours), "cassetter": (cassetter, theirs)}
    answer = answer_of_long_tapes(work)
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for number in range(rounds):
        _say(f"Single steps, round {number + 1} of {rounds} ...")
        for side, (python, tapes) in sides.items():
            for line in _step_lines([str(python), _STEPS, side, answer, *tapes]):
                found[side, line["name"]].append(line)
    print("One replayed request (clearinghouseState), microseconds a step; `nothing` is the SDK's own work")
    print(f"{'':12}{'tape':>9}{'wall':>9}{'CPU':>9}{'CPU net':>9}{'load a step':>13}")
    net = {}
    for (side, name), lines in found.items():
        wall, cpu = (median(line["step"][column] for line in lines) for column in (0, 1))
        own = median(line["step"][1] for line in found[side, "nothing"])
        net[side, name] = cpu - own
        load = f"{median(line['load'][1] for line in lines):13.1f}" if "load" in lines[0] else ""
        print(f"{side:12}{name:>9}{wall:9.1f}{cpu:9.1f}{cpu - own:9.1f}{load}")
    print()
    cpu_of = {name: median(line["step"][1] for line in found["ours", name]) for name in map(str, LENGTHS)}
    return all(
        [
            _goal("a step of 10,000 at most 1.2 x a step of 10, whole", cpu_of["10000"] / cpu_of["10"], 1.2),
            _goal("the same, net", net["ours", "10000"] / net["ours", "10"], 1.2),
            _goal(
                "ours : cassetter at 10 steps, net, at most a half",
                net["ours", "10"] / net["cassetter", "10"],
                0.5,
            ),
            _goal(
                "ours : cassetter at 1,000 steps, net, at most a quarter",
                net["ours", "1000"] / net["cassetter", "1000"],
                0.25,
            ),
        ]
    )


def _step_lines(command: Sequence[str | Path]) -> list[dict[str, Any]]:
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, cwd=_REPOSITORY)
    if done.returncode:
        raise SystemExit(f"Timing the steps of {command[2]} failed:\n{done.stderr[-3_000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (found := re.search(r"model name\s*: (.+)", cpuinfo.read_text())):
        model = found[1]
    return (
        f"{os.cpu_count()} CPUs, {model}, Python {platform.python_version()}, "
        f"SDK {version('hyperliquid-python-sdk')}, pytest {version('pytest')}, {CASSETTER}"
    )


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
