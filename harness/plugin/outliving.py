"""Threads that go on after their scenario: refused at the door, told at the end, and failing the run."""

import threading
from collections import Counter
from collections.abc import Callable, Generator
from typing import Any

import pytest

from harness.errors import OutlivedError
from harness.plugin.fixtures import VENUE, venue_of

_HOOK = pytest.StashKey[Callable[[threading.ExceptHookArgs], Any]]()
_OF_WORKERS = pytest.StashKey[Counter[str]]()


def outlived_in(config: pytest.Config) -> dict[str, int]:
    """Return by scenario how often its threads were refused in this process."""
    return dict(config.stash[VENUE].wire.outlived) if VENUE in config.stash else {}


def add_outlived(config: pytest.Config, found: dict[str, int]) -> None:
    """Add what a worker found."""
    config.stash.setdefault(_OF_WORKERS, Counter()).update(found)


def outlived_lines(config: pytest.Config) -> list[str]:
    """Return a line for each scenario whose threads went on after it."""
    whole = config.stash.get(_OF_WORKERS, Counter()) + Counter(outlived_in(config))
    return [
        f"{scenario}: left a thread running, which was refused {count} time{'s' * (count > 1)} since; "
        "stop it and join it before the scenario ends"
        for scenario, count in whole.items()
    ]


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep what such a thread raises from pytest, or the scenario that runs by then is warned of it."""
    before = threading.excepthook

    def raised(arguments: threading.ExceptHookArgs) -> Any:
        if not isinstance(arguments.exc_value, OutlivedError):
            before(arguments)

    session.config.stash[_HOOK] = before
    threading.excepthook = raised


def pytest_unconfigure(config: pytest.Config) -> None:
    if _HOOK in config.stash:
        threading.excepthook = config.stash[_HOOK]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Let the threads of a fixture that lives longer than a scenario do so too."""
    if fixturedef.scope == "function":
        return (yield)
    with venue_of(request.config).wire.threads.lasting():
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the run fail for them: the scenario that left one had passed by then."""
    if session.exitstatus == pytest.ExitCode.OK and outlived_lines(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
