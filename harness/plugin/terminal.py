"""What the run says: first where it is, last what it leaves."""

from collections import Counter
from typing import Any

import pytest

from harness.plugin.fixtures import VENUE
from harness.plugin.options import SETTINGS
from harness.recording.cassette import glance
from harness.recording.tape import TESTNET_URL
from harness.settings import Settings
from harness.venue import sdk_version

_WORKER_NOTES = "hyperliquid"
_OF_WORKERS = pytest.StashKey[list[dict[str, Any]]]()
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
        text += f"; {unproven} steps unproven (localnet does not implement what they ask)"
    return text


def _notes(config: pytest.Config) -> dict[str, Any]:
    """Return what the end of the run has to tell of this process, as plain data."""
    venue = config.stash.get(VENUE, None)
    if venue is None:
        return {"unproven": 0, "drift": [], "left_open": [], "recorded": {}}
    drift = [f"{scenario}: {finding.path}: found {finding.found}" for scenario, finding in venue.wire.drift]
    return {
        "unproven": venue.wire.unproven,
        "drift": drift,
        "left_open": venue.left_open,
        "recorded": dict(venue.recorded),
    }


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker of pytest-xdist hand its notes to the process that prints the summary."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_WORKER_NOTES] = _notes(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the notes of a worker of pytest-xdist."""
    notes = getattr(node, "workeroutput", {}).get(_WORKER_NOTES)
    if notes:
        node.config.stash.setdefault(_OF_WORKERS, []).append(notes)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    notes = [_notes(config), *config.stash.get(_OF_WORKERS, [])]
    unproven = sum(one["unproven"] for one in notes)
    if unproven and config.stash[SETTINGS].target == "localnet":
        terminalreporter.write_line(
            f"hyperliquid: {unproven} answers are unproven: localnet does not know what they ask"
        )
    if config.stash[SETTINGS].record:
        recorded = sum((Counter(one["recorded"]) for one in notes), Counter())
        terminalreporter.write_line(
            f"hyperliquid: cassettes written: {recorded['new']} new, {recorded['changed']} changed, "
            f"{recorded['unchanged']} as before; those of scenarios that did not pass were left alone"
        )
    for title, name in (("answers of unknown form", "drift"), ("left open (--keep-orders)", "left_open")):
        lines = [line for one in notes for line in one[name]]
        if lines:
            terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
