"""One case of the fault campaign: a scenario, unmodified, before a stage where one thing goes wrong.

It runs in a process of its own, forked from one that has imported everything. What came of it is told from
the exchange's side. Times are scaled together: the harness's waits and timeouts, the exchange's lag and its
limits; everything else is as a user's run is.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import harness.plugin.properties
import harness.safety.cleaner
import harness.targets.testnet
import harness.testnet_run
from harness.safety.pacing import WEIGHT, Backoff, Pacer
from tests.rehearsal.redirect import redirect
from tests.rehearsal.stage import Stage, cleared, staged
from tests.rehearsal.watch import Watch

SPEED = 20
TIMEOUT_S = 30.0
# The longest that a look-up was behind an acknowledgement (wire rule 30).
LAG_S = 1.1
FROM_THEN_ON = 2_000
# At each HTTP request; `outage` is a reset of it and all that follow.
AT_REQUESTS = (
    "slow",
    "late",
    "rateLimited",
    "serverError",
    "badGateway",
    "reset",
    "lost",
    "truncated",
    "outage",
)
# At each read of metadata, all reads just after an action, each frame.
FAULTS = (*AT_REQUESTS, "sparseSpotMeta", "stale", "wsDrop", "wsGap")
PROJECT = {
    "conftest.py": 'pytest_plugins = ["harness.plugin"]\n',
    "pytest.ini": "[pytest]\naddopts = --strict-markers --strict-config --import-mode=importlib\n"
    "filterwarnings =\n    error\n    ignore:websockets.legacy is deprecated:DeprecationWarning\n"
    "    ignore::pytest.PytestAssertRewriteWarning\n",
}


@dataclass(frozen=True)
class Case:
    """What goes wrong in which scenario; `fault` None for a run in which nothing does.

    `number` counts, from 1, what the fault can befall: requests, or of these or of frames those it is for.
    """

    node: str
    fault: str | None = None
    number: int = 0
    speed: int = SPEED

    def __str__(self) -> str:
        return f"{self.node} {self.fault or 'clean'}" + (f" at {self.number}" if self.number else "")

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The fault script."""
        calls = [self.number]
        if self.fault is None:
            return []
        if self.fault == "slow":
            return [{"fault": "delay", "seconds": TIMEOUT_S / 6 / self.speed, "calls": calls}]
        if self.fault == "late":
            return [{"fault": "delay", "seconds": TIMEOUT_S * 1.5 / self.speed, "calls": calls}]
        if self.fault == "outage":
            return [{"fault": "reset", "calls": list(range(self.number, FROM_THEN_ON))}]
        if self.fault == "stale":
            return [{"fault": "stale", "seconds": LAG_S / self.speed}]
        return [{"fault": self.fault, "calls": calls}]


@dataclass
class Evidence:
    """What came of a case.

    `left` is what the exchange still has of it, by kind; `left_later` the same after one `hl-harness sweep`
    without faults, if anything was left. `journal` has the lines of the run's journal.
    """

    code: int
    seconds: float
    text: str
    reports: list[dict[str, Any]]
    arrivals: list[dict[str, Any]]
    journal: list[dict[str, Any]]
    left: list[str]
    is_property: bool = False
    fired: int = 0
    left_later: list[str] = field(default_factory=list)
    swept: str = ""


class _Reports:
    """Keeps what pytest reports."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []
        self.is_property = False

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.is_property = any(item.get_closest_marker("property") for item in items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        text = "" if report.passed else report.longreprtext
        if isinstance(report.longrepr, tuple):
            text = str(report.longrepr[2])
        self.all.append({"when": report.when, "outcome": report.outcome, "text": text})


def run(case: Case, scenarios: Path, folder: Path) -> Evidence:
    """Run a case in this process, which should end after it.

    Args:
        case: what goes wrong where.
        scenarios: the folder of scenarios.
        folder: an empty one, for the project, its state and what pytest prints.
    """
    for name, text in PROJECT.items():
        (folder / name).write_text(text)
    (folder / "scenarios").symlink_to(scenarios)
    with (folder / "output").open("wb") as output, _scaled(case.speed):
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
        os.chdir(folder)
        with staged(folder, speed=case.speed, seed=0) as stage:
            return _on_stage(case, stage, folder)


def _on_stage(case: Case, stage: Stage, folder: Path) -> Evidence:
    environment = cleared(stage.environment)
    os.environ.clear()
    os.environ.update(environment)
    os.environ.update(XDG_STATE_HOME=str(folder / "state"), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    redirect(pytest.MonkeyPatch(), stage.front.port, stage.front.authority)
    stage.alone(lambda: stage.net.set_faults(case.rules))
    watch, reports = Watch(stage.net), _Reports()
    arguments = ["-q", "--target=testnet", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
    arguments += ["--hypothesis-seed=0", f"scenarios/{case.node}"]
    started = time.monotonic()
    code = int(pytest.main(arguments, plugins=[reports]))
    seconds = time.monotonic() - started
    fired = sum(stage.net.faults_fired.values())
    stage.alone(lambda: stage.net.set_faults([]))
    evidence = Evidence(
        code,
        round(seconds, 3),
        _printed(folder),
        reports.all,
        watch.as_data(),
        _journalled(folder),
        _left(stage),
        reports.is_property,
        fired,
    )
    if evidence.left:
        evidence.swept = _sweep(folder)
        evidence.left_later = _left(stage)
    return evidence


@contextlib.contextmanager
def _scaled(speed: int) -> Iterator[None]:
    """Scale the harness's times; what stays is the documented limit, which is the exchange's too."""
    with pytest.MonkeyPatch.context() as patch:

        def sleep(seconds: float) -> None:
            time.sleep(seconds / speed)

        cleaner, testnet = harness.safety.cleaner, harness.targets.testnet
        patch.setattr(cleaner, "LAG_MS", cleaner.LAG_MS / speed)
        patch.setattr(cleaner, "AGAIN_S", cleaner.AGAIN_S / speed)
        patch.setattr(cleaner, "ON_ITS_WAY_MS", cleaner.ON_ITS_WAY_MS / speed)
        patch.setattr(testnet, "_DEFAULT_TIMEOUT_S", TIMEOUT_S / speed)
        patch.setattr(testnet, "Backoff", partial(Backoff, sleep=sleep))
        patch.setattr(harness.testnet_run, "Pacer", partial(Pacer, limit=WEIGHT * speed))
        wait = testnet.TestnetTarget.wait
        patch.setattr(testnet.TestnetTarget, "wait", lambda self, seconds: wait(self, seconds / speed))
        # Each example of a property does what the first does.
        patch.setattr(harness.plugin.properties, "TESTNET_EXAMPLES", 1)
        yield


def _left(stage: Stage) -> list[str]:
    """Return what the two accounts have; they had nothing before."""

    def ask(kind: str, user: str) -> Any:
        return stage.ask(kind, user)

    found = []
    for name, desk in (("trader", stage.desk), ("counterparty", stage.other)):
        found += [
            f"{name}: order {one['oid']} on {one['coin']}" for one in ask("frontendOpenOrders", desk.address)
        ]
        state = ask("clearinghouseState", desk.address)
        found += [
            f"{name}: position {one['position']['szi']} {one['position']['coin']}"
            for one in state["assetPositions"]
        ]
        rows = ask("twapHistory", desk.address)
        ended = {one["twapId"] for one in rows if one["status"]["status"] != "activated"}
        found += [f"{name}: TWAP {one}" for one in sorted({row["twapId"] for row in rows} - ended)]
    return found


def _sweep(folder: Path) -> str:
    """Do what a user does after a run that left something; return what was said."""
    from harness.cli import app_for

    before = len(_printed(folder))
    with contextlib.suppress(SystemExit):
        app_for(["sweep"])(["sweep"], prog_name="hl-harness")
    sys.stdout.flush()
    return _printed(folder)[before:]


def _printed(folder: Path) -> str:
    return (folder / "output").read_text("utf-8", "replace")


def _journalled(folder: Path) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for path in sorted((folder / ".hl-harness").glob("journal-*.jsonl")):
        lines += [json.loads(line) for line in path.read_text().splitlines()]
    return lines


def write(evidence: Evidence, path: Path) -> None:
    """Hand the evidence to the process that judges it."""
    path.write_text(json.dumps(asdict(evidence)))


def read(path: Path) -> Evidence:
    """Take the evidence of a case."""
    return Evidence(**json.loads(path.read_text()))
