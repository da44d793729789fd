"""The log of a run for its run file: how each scenario ended and what it exchanged.

Outcomes come with pytest's reports, which reach the first process from every worker; what was exchanged is
noted where the scenario ran, and travels home when the worker ends.
"""

import time
from collections.abc import Iterable

import msgspec
import pytest

from harness.journal import Entry
from harness.plugin.options import SETTINGS
from harness.report.run import Exchanged, Outcome, ScenarioRun, exchanged

_LOG = pytest.StashKey["RunLog"]()
_STEPS = msgspec.json.Decoder(dict[str, list[Exchanged]])


class RunLog:
    """What happened in this process, and what its workers told."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._began = time.monotonic()
        self.started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._steps: dict[str, list[Exchanged]] = {}
        self._ends: dict[str, ScenarioRun] = {}

    @property
    def seconds(self) -> float:
        """How long the run has lasted."""
        return time.monotonic() - self._began

    def met(self, scenario: str) -> None:
        """Note that a test is a scenario; one that is skipped exchanges nothing."""
        self._steps.setdefault(scenario, [])

    def exchanged(self, scenario: str, entries: Iterable[Entry]) -> None:
        """Note what a scenario exchanged, if a run file is wanted."""
        if self._wanted:
            self._steps[scenario] = [exchanged(entry) for entry in entries]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ended: by its call, or by the set-up or tear-down that failed."""
        if not self._wanted:
            return
        before = self._ends.get(report.nodeid)
        seconds = report.duration + (before.seconds if before else 0)
        if report.when == "call" or report.outcome != "passed" or before is None:
            outcome, reason = _outcome(report), _reason(report)
        else:
            outcome, reason = before.outcome, before.reason
        self._ends[report.nodeid] = ScenarioRun(report.nodeid, outcome, round(seconds, 3), reason)

    def as_text(self) -> str:
        """Return what this process exchanged, for the process that writes the file."""
        return msgspec.json.encode(self._steps).decode()

    def add(self, text: str) -> None:
        """Add what a worker exchanged."""
        self._steps.update(_STEPS.decode(text))

    def scenarios(self) -> list[ScenarioRun]:
        """Return the scenarios that ran, in the order in which they ended."""
        return [
            msgspec.structs.replace(end, steps=self._steps[name])
            for name, end in self._ends.items()
            if name in self._steps
        ]


def _outcome(report: pytest.TestReport) -> Outcome:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return "skipped" if report.skipped else "passed"


def _reason(report: pytest.TestReport) -> str:
    if report.passed:
        return ""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return report.longreprtext


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    log = RunLog(wanted=config.stash[SETTINGS].run_file is not None)
    config.stash[_LOG] = log
    config.pluginmanager.register(log, "hyperliquid-run-log")


def log_of(config: pytest.Config) -> RunLog:
    """Return the log of the run."""
    return config.stash[_LOG]
