"""What the run says: first where it is, last what it leaves."""

from collections import Counter

import pytest

from harness.plugin.fixtures import VENUE
from harness.plugin.options import SETTINGS
from harness.recording.cassette import glance
from harness.recording.tape import TESTNET_URL
from harness.settings import Settings
from harness.venue import sdk_version

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    venue = config.stash.get(VENUE, None)
    if venue is None:
        return
    if venue.wire.unproven and config.stash[SETTINGS].target == "localnet":
        terminalreporter.write_line(
            f"hyperliquid: {venue.wire.unproven} answers are unproven: localnet does not know what they ask"
        )
    if venue.wire.drift:
        terminalreporter.section("answers of unknown form")
        for scenario, finding in venue.wire.drift:
            terminalreporter.write_line(f"{scenario}: {finding.path}: found {finding.found}")
    if venue.left_open:
        terminalreporter.section("left open (--keep-orders)")
        for line in venue.left_open:
            terminalreporter.write_line(line)
