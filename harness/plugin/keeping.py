"""Runs that are interrupted: what earlier ones left is swept first, and a signal lets this one sweep too."""

import signal
import sys
import types

import pytest

from harness.errors import HarnessError
from harness.plugin.fixtures import VENUE, venue_of
from harness.plugin.options import SETTINGS

_BEFORE = pytest.StashKey[object]()
RECOVERED = pytest.StashKey[list[str]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Sweep what runs left that were killed, before anything else is sent."""
    config = session.config
    if config.stash[SETTINGS].target != "testnet":
        return
    _hear_sigterm(config)
    lines = config.stash.setdefault(RECOVERED, [])
    try:
        testnet = venue_of(config).testnet
        for recovered in testnet.recover() if testnet else ():
            lines += [f"{recovered.journal}: {line}" for line in recovered.lines()]
    except HarnessError as error:
        lines.append(f"earlier runs could not be swept: {error}")


def _hear_sigterm(config: pytest.Config) -> None:
    """Let SIGTERM do what Ctrl-C does; only a main thread may ask for that."""
    try:
        config.stash[_BEFORE] = signal.signal(signal.SIGTERM, _interrupt)
    except ValueError:
        return


def _interrupt(number: int, frame: types.FrameType | None) -> None:
    raise KeyboardInterrupt(f"signal {number}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Sweep what is left, after pytest has torn the fixtures down."""
    venue = session.config.stash.get(VENUE, None)
    if venue is not None and venue.testnet is not None:
        venue.testnet.sweep()


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    venue = config.stash.get(VENUE, None)
    if venue is not None and venue.testnet is not None:
        accounts = venue.testnet.interrupted
        if accounts:
            sys.stderr.write(
                "\nhyperliquid: interrupted while sweeping; orders or positions of this run may be left on "
                f"{', '.join(accounts)}.\nhyperliquid: the next run with --target=testnet sweeps them; "
                "so does: hl-harness sweep\n"
            )
    before = config.stash.get(_BEFORE, None)
    if before is not None:
        signal.signal(signal.SIGTERM, before)  # type: ignore[arg-type]
