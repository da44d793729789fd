"""What the run says: first where it is, last what it leaves."""

import platform
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

import harness
from harness.errors import HarnessError
from harness.plugin.drifting import drift_of
from harness.plugin.fixtures import VENUE
from harness.plugin.keeping import RECOVERED
from harness.plugin.options import SETTINGS
from harness.plugin.outliving import add_outlived, outlived_in, outlived_lines
from harness.plugin.runs import log_of
from harness.recording.cassette import glance
from harness.recording.tape import TESTNET_URL
from harness.settings import Settings
from harness.venue import sdk_version

if TYPE_CHECKING:
    from harness.shapes.coverage import Coverage

_WORKER_NOTES = "hyperliquid"
_WHY_UNPROVEN = "localnet does not implement what was asked, or a fault spoiled the answer"
_BACKENDS = {
    "replay": "cassettes only, no network",
    "localnet": "embedded exchange in this process, no network",
    "testnet": TESTNET_URL,
}


def pytest_report_header(config: pytest.Config) -> list[str]:
    settings = config.stash[SETTINGS]
    lines = [
        f"hyperliquid: target {settings.target} ({_BACKENDS[settings.target]}), SDK {sdk_version()}",
        f"hyperliquid: {_cassettes(settings)}",
    ]
    seed = config.getoption("hypothesis_seed", None)
    if settings.target != "replay":
        profile = config.getoption("hypothesis_profile", None) or "default"
        lines.append(f"hyperliquid: Hypothesis profile {profile}, seed {seed or 'random'}")
    return lines


def _cassettes(settings: Settings) -> str:
    seen = [glance(path) for path in settings.cassettes.glob("*/**/*.yaml")]
    known = Counter(one.target for one in seen if one)
    text = f"{len(seen)} cassettes: {known['localnet']} recorded on localnet, {known['testnet']} on testnet"
    if None in seen:
        text += f", {seen.count(None)} unreadable"
    unproven = sum(one.unproven for one in seen if one)
    if unproven:
        text += f"; {unproven} {'step' if unproven == 1 else 'steps'} unproven ({_WHY_UNPROVEN})"
    return text


class _Notes(msgspec.Struct):
    """What the end of the run has to tell of one process."""

    unproven: int = 0
    drift: list[str] = []
    left_open: list[str] = []
    recorded: dict[str, int] = {}
    coverage: dict[str, dict[str, int]] = {}
    exchanged: str = ""
    compared: str = ""
    swept: list[str] = []
    unknown: list[str] = []
    left: list[str] = []
    outlived: dict[str, int] = {}


_OF_WORKERS = pytest.StashKey[list[_Notes]]()


def _is_written(settings: Settings) -> bool:
    return bool(settings.run_file or settings.report)


def _asks_for_coverage(config: pytest.Config) -> bool:
    option = config.option
    return bool(_is_written(config.stash[SETTINGS]) or option.shape_coverage or option.verbose > 0)


def _notes(config: pytest.Config) -> _Notes:
    venue = config.stash.get(VENUE, None)
    if venue is None:
        return _Notes()
    testnet = venue.testnet
    drift = [f"{scenario}: {finding.path}: found {finding.found}" for scenario, finding in venue.wire.drift]
    return _Notes(
        venue.wire.unproven,
        drift,
        testnet.left_open if testnet else venue.left_open,
        dict(venue.recorded),
        venue.wire.coverage.as_data() if _asks_for_coverage(config) else {},
        log_of(config).as_text(),
        drift_of(config).as_text(),
        config.stash.get(RECOVERED, []),
        testnet.keeper.unknown if testnet else [],
        testnet.left if testnet else [],
        outlived_in(config),
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker of pytest-xdist hand its notes to the process that prints the summary."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_WORKER_NOTES] = msgspec.json.encode(_notes(session.config)).decode()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the notes of a worker of pytest-xdist."""
    text = getattr(node, "workeroutput", {}).get(_WORKER_NOTES)
    if text:
        notes = msgspec.json.decode(text, type=_Notes)
        node.config.stash.setdefault(_OF_WORKERS, []).append(notes)
        add_outlived(node.config, notes.outlived)
        if notes.exchanged:
            log_of(node.config).add(notes.exchanged)
            drift_of(node.config).add(notes.compared)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    settings = config.stash[SETTINGS]
    notes = [_notes(config), *config.stash.get(_OF_WORKERS, [])]
    unproven = sum(one.unproven for one in notes)
    if unproven and settings.target == "localnet":
        what = "answer is" if unproven == 1 else "answers are"
        terminalreporter.write_line(f"hyperliquid: {unproven} {what} unproven: {_WHY_UNPROVEN}")
    if settings.record:
        recorded = sum((Counter(one.recorded) for one in notes), Counter())
        terminalreporter.write_line(
            f"hyperliquid: cassettes written: {recorded['new']} new, {recorded['changed']} changed, "
            f"{recorded['unchanged']} as before; those of scenarios that did not pass were left alone"
        )
    drift = [line for one in notes for line in one.drift]
    left_open = [line for one in notes for line in one.left_open]
    _section(terminalreporter, "answers of unknown form", drift)
    _section(terminalreporter, "left open (--keep-orders)", left_open)
    _section(terminalreporter, "swept of earlier runs", [line for one in notes for line in one.swept])
    _section(terminalreporter, "unknown outcomes", [line for one in notes for line in one.unknown])
    left = [line for one in notes for line in one.left]
    _section(terminalreporter, "LEFT by this run: hl-harness sweep, or close by hand", left)
    _section(terminalreporter, "THREADS that outlived their scenario", outlived_lines(config))
    _tell_drift(terminalreporter, config)
    if not _asks_for_coverage(config):
        return
    # Delayed: what most runs are not asked for.
    from harness.shapes.coverage import Coverage
    from harness.shapes.unseen import summary, unseen

    coverage = Coverage()
    for one in notes:
        coverage.add(one.coverage)
    if any(one.coverage for one in notes):
        terminalreporter.write_line(f"hyperliquid: {summary(coverage)}")
    if config.option.shape_coverage:
        _section(
            terminalreporter,
            "never seen in an answer",
            [f"{line}: {why}" if why else line for line, why in unseen(coverage)],
        )
    # Workers of pytest-xdist have a summary too, which nobody sees, and know their own scenarios only.
    if _is_written(settings) and not hasattr(config, "workerinput"):
        _write_run(terminalreporter, settings, config, coverage)


def _tell_drift(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    log = drift_of(config)
    if log.is_comparing:
        from harness.report.drift import telling  # delayed: a replay compares nothing

        title = "drift: what this recording changes" if config.stash[SETTINGS].record else "drift"
        _section(terminalreporter, title, list(telling.lines(log.verdict())))
    _section(terminalreporter, "age of cassettes (--max-cassette-age)", log.ages)
    for objection in log.objections:
        terminalreporter.write_line(f"hyperliquid: --fail-on-drift: {objection}", red=True)


def _section(terminalreporter: pytest.TerminalReporter, title: str, lines: list[str]) -> None:
    if lines:
        terminalreporter.section(title)
    for line in lines:
        terminalreporter.write_line(line)


def _write_run(
    terminalreporter: pytest.TerminalReporter, settings: Settings, config: pytest.Config, coverage: "Coverage"
) -> None:
    # Delayed: only for who wants a file or a page.
    from harness.report.page import write as write_page
    from harness.report.run import FORMAT, Run
    from harness.report.run import write as write_run

    log = log_of(config)
    run = Run(
        FORMAT,
        settings.target,
        sdk_version(),
        harness.__version__,
        platform.python_version(),
        log.started,
        round(log.seconds, 3),
        log.scenarios(),
        coverage.as_data(),
        drift_of(config).verdict() if drift_of(config).is_comparing else None,
    )
    for what, path, write in (
        ("run file", settings.run_file, write_run),
        ("page", settings.report, write_page),
    ):
        if path is None:
            continue
        try:
            write(path, run)
        except HarnessError as problem:
            log.is_unwritten = True
            terminalreporter.write_line(f"hyperliquid: {problem}", red=True)
        else:
            terminalreporter.write_line(f"hyperliquid: {what} written: {path}")
