"""The drift of a run from its cassettes: judged by scenario, told at the end, and able to fail the run.

A run on testnet is always compared. With `--fail-on-drift` one on localnet is too, which shows what a change
of the embedded exchange brings. A replay needs no comparison: its answers are those of the cassettes.
"""

import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from harness.errors import CassetteError
from harness.journal import JournalView
from harness.plugin.options import SETTINGS
from harness.plugin.runs import outcome_of, reason_of
from harness.recording import cassette
from harness.recording.tape import Tape
from harness.report.drift.findings import Drift, NotCompared, Place
from harness.report.run import Outcome
from harness.settings import Settings

if TYPE_CHECKING:
    from harness.report.drift.presence import Presence

_LOG = pytest.StashKey["DriftLog"]()
_END = pytest.StashKey[tuple[Outcome, str]]()


class _Told(msgspec.Struct):
    """What a process tells of its scenarios."""

    drift: Drift
    presence: list[dict[str, dict[str, int]]]
    old: list[str] = []
    ageless: int = 0


class DriftLog:
    """How far this run's scenarios are from their cassettes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.is_comparing = settings.target == "testnet" or (
            settings.fail_on_drift and settings.target == "localnet"
        )
        a, b = f"the cassettes in {settings.cassettes}", f"this run on {settings.target}"
        self._told = _Told(Drift(a, b), [])
        self._seen: Presence | None = None

    @property
    def _presence(self) -> "Presence":
        if self._seen is None:
            from harness.report.drift.presence import Presence  # delayed: a replay compares nothing

            self._seen = Presence()
        return self._seen

    def judge(self, item: pytest.Item, path: Path, journal: JournalView | None, record_command: str) -> None:
        """Compare what a scenario exchanged with its cassette, and look at the cassette's age.

        Args:
            item: the scenario.
            path: its cassette.
            journal: what it exchanged; None when it did not begin.
            record_command: the command that records it.
        """
        days = self._settings.max_cassette_age_days
        if not self.is_comparing and days is None:
            return
        tape = self._tape(item.nodeid, path, record_command)
        if tape is None:
            return
        if days is not None:
            self._judge_age(item.nodeid, tape, days)
        if self.is_comparing:
            # delayed: a replay compares nothing, and starts 10 ms earlier without these
            from harness.report.drift.sources import Scenario, of_journal, of_tape
            from harness.report.drift.verdict import compare_scenarios, take

            outcome, reason = item.stash.get(_END, ("passed", ""))
            steps, frames = of_journal(journal) if journal is not None else ([], [])
            now = Scenario(item.nodeid, steps, outcome, reason, frames=frames)
            take(self._told.drift, compare_scenarios(of_tape(tape), now, self._presence))

    def _tape(self, scenario: str, path: Path, record_command: str) -> Tape | None:
        if path.is_file():
            try:
                return cassette.read(path, record_command=record_command, cache_dir=self._settings.cache_dir)
            except CassetteError as problem:
                why = f"its cassette cannot be read: {problem.found}"
        else:
            why = "it has no cassette"
        self._told.drift.not_compared.append(NotCompared(Place(scenario, None, None, ""), why))
        return None

    def _judge_age(self, scenario: str, tape: Tape, days: float) -> None:
        from harness.report.drift.sources import age_days  # delayed: as above

        age = age_days(tape, int(time.time() * 1000))
        if age is None:
            self._told.ageless += 1
        elif age > days:
            self._told.old.append(f"{scenario}: its cassette was recorded on testnet {age:.0f} days ago")

    def as_text(self) -> str:
        """Return what this process found, for the process that prints the summary."""
        if self.is_comparing:
            self._told.presence = self._presence.as_data()
        return msgspec.json.encode(self._told).decode()

    def add(self, text: str) -> None:
        """Add what a worker found."""
        told = msgspec.json.decode(text, type=_Told)
        drift = self._told.drift
        drift.compared += told.drift.compared
        drift.harmless += told.drift.harmless
        drift.differences += told.drift.differences
        drift.not_compared += told.drift.not_compared
        if told.presence:
            self._presence.add(told.presence)
        self._told.old += told.old
        self._told.ageless += told.ageless

    def verdict(self) -> Drift:
        """Return all that was found, with what only all answers together show."""
        from harness.report.drift.verdict import judge_presence  # delayed: as above

        of_scenarios = self._told.drift
        whole = msgspec.structs.replace(of_scenarios, differences=list(of_scenarios.differences))
        judge_presence(whole, self._presence)
        return whole

    @property
    def ages(self) -> list[str]:
        """What there is to say about the age of the cassettes."""
        lines = list(self._told.old)
        if self._told.ageless:
            lines.append(f"{self._told.ageless} cassettes were recorded on localnet: they have no age")
        return lines

    @property
    def objections(self) -> list[str]:
        """Why `--fail-on-drift` lets the run fail; nothing when it does not, or was not given."""
        if not self._settings.fail_on_drift:
            return []
        found = []
        if self._told.old:
            found.append(f"{len(self._told.old)} cassettes are older than --max-cassette-age allows")
        if self.is_comparing:
            drift = self.verdict()
            if drift.graver:
                names = ", ".join(drift.scenarios) or "all answers together"
                found.append(f"{len(drift.graver)} differences, in {names}")
            elif not drift.compared:
                found.append("nothing was compared, so nothing is known")
        return found


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LOG] = DriftLog(config.stash[SETTINGS])


def drift_of(config: pytest.Config) -> DriftLog:
    """Return how far the run is from its cassettes."""
    return config.stash[_LOG]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep how a scenario ended, for the comparison that comes while it is torn down."""
    report = yield
    if report.when != "teardown" and (report.when == "call" or report.outcome != "passed"):
        item.stash[_END] = (outcome_of(report), reason_of(report))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the run fail where it drifted and that was asked for."""
    if hasattr(session.config, "workeroutput") or session.exitstatus != pytest.ExitCode.OK:
        return
    if drift_of(session.config).objections:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
