"""The log of a run for its run file: how each scenario ended and what it exchanged.

Outcomes come with pytest's reports, which reach the first process from every worker; what was exchanged is
noted where the scenario ran, and travels home when the worker ends.
"""

import time
from collections.abc import Generator

import msgspec
import pytest

from harness.journal import JournalView
from harness.plugin.options import SETTINGS
from harness.report.run import Exchanged, Framed, Outcome, ScenarioRun, exchanged, framed

_LOG = pytest.StashKey["RunLog"]()


class _Told(msgspec.Struct):
    """What a worker exchanged, and which of its scenarios Hypothesis draws the examples of."""

    steps: dict[str, list[Exchanged]]
    drawn: set[str]
    frames: dict[str, list[Framed]]


class RunLog:
    """What happened in this process, and what its workers told.

    `is_unwritten` is set where a file that was asked for could not be written at the end.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._began = time.monotonic()
        self.is_unwritten = False
        self.started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._told = _Told({}, set(), {})
        self._ends: dict[str, ScenarioRun] = {}

    @property
    def seconds(self) -> float:
        """How long the run has lasted."""
        return time.monotonic() - self._began

    def met(self, scenario: str, *, is_drawn: bool) -> None:
        """Note that a test is a scenario; one that is skipped exchanges nothing."""
        self._told.steps.setdefault(scenario, [])
        if is_drawn:
            self._told.drawn.add(scenario)

    def exchanged(self, scenario: str, journal: JournalView) -> None:
        """Note what a scenario exchanged, if a run file is wanted."""
        if self._wanted:
            self._told.steps[scenario] = [exchanged(entry) for entry in journal]
            self._told.frames[scenario] = [
                framed(frame, journal.steps_before(frame)) for frame in journal.frames
            ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ended: by its call, or by the set-up or tear-down that failed."""
        if not self._wanted:
            return
        before = self._ends.get(report.nodeid)
        seconds = report.duration + (before.seconds if before else 0)
        if report.when == "call" or report.outcome != "passed" or before is None:
            outcome, reason = outcome_of(report), reason_of(report)
        else:
            outcome, reason = before.outcome, before.reason
        self._ends[report.nodeid] = ScenarioRun(report.nodeid, outcome, round(seconds, 3), reason)

    def as_text(self) -> str:
        """Return what this process exchanged, for the process that writes the file."""
        return msgspec.json.encode(self._told).decode()

    def add(self, text: str) -> None:
        """Add what a worker exchanged."""
        told = msgspec.json.decode(text, type=_Told)
        self._told.steps.update(told.steps)
        self._told.drawn |= told.drawn
        self._told.frames.update(told.frames)

    def scenarios(self) -> list[ScenarioRun]:
        """Return the scenarios that ran, in the order in which they ended."""
        return [
            msgspec.structs.replace(
                end,
                steps=self._told.steps[name],
                drawn=name in self._told.drawn,
                frames=self._told.frames.get(name, []),
            )
            for name, end in self._ends.items()
            if name in self._told.steps
        ]


def outcome_of(report: pytest.TestReport) -> Outcome:
    """Return how a test ended."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return "skipped" if report.skipped else "passed"


def reason_of(report: pytest.TestReport) -> str:
    """Return why a test ended as it did; "" when it passed."""
    if report.passed:
        return ""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return report.longreprtext


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    settings = config.stash[SETTINGS]
    log = RunLog(wanted=bool(settings.run_file or settings.report))
    config.stash[_LOG] = log
    config.pluginmanager.register(log, "hyperliquid-run-log")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Let a run fail whose files are missed: they are written with pytest's summary, inside this hook."""
    yield
    if log_of(session.config).is_unwritten and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def log_of(config: pytest.Config) -> RunLog:
    """Return the log of the run."""
    return config.stash[_LOG]
