"""One episode a scenario: its tape is opened before the fixtures, judged after the call, then closed."""

import contextlib
import gc
import shlex
import types
from collections.abc import Generator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from urllib3.exceptions import HTTPError

from harness.errors import HarnessError
from harness.journal import JournalView
from harness.plugin.drifting import drift_of
from harness.plugin.fixtures import venue_of
from harness.plugin.options import SETTINGS
from harness.plugin.properties import is_drawn, prepared
from harness.plugin.runs import log_of
from harness.recording.cassette import glance, name_of
from harness.safety.actions import GUARDED
from harness.settings import TARGETS
from harness.shapes import unknown_fields_allowed
from harness.venue import Venue

_PASSED = pytest.StashKey[bool]()


def cassette_path(item: pytest.Item) -> Path:
    """Return the cassette of a scenario: its file and its name below the cassette folder."""
    return item.config.stash[SETTINGS].cassettes / name_of(item.nodeid)


def record_command(item: pytest.Item) -> str:
    """Return the command that records a scenario again, on the target that its cassette comes from."""
    recorded = glance(cassette_path(item))
    target = recorded.target if recorded else "localnet"
    command = f"pytest {shlex.quote(item.nodeid)} --target={target} --record"
    folder = item.config.getoption("cassettes")
    return command if folder is None else f"{command} --cassettes={shlex.quote(folder)}"


def is_scenario(item: pytest.Item) -> bool:
    """Say whether the test talks to a target."""
    return "venue" in getattr(item, "fixturenames", ())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    # No wrapper: what is raised around pytest's own wrappers leaves them without their beginning.
    if is_scenario(item):
        log_of(item.config).met(item.nodeid, is_drawn=is_drawn(item))
    _skip_other_targets(item)
    if is_scenario(item):
        venue = venue_of(item.config)
        path = cassette_path(item)
        venue.begin(item.nodeid, path, record_command(item)).permits = _permits(item)


def _permits(item: pytest.Item) -> frozenset[str]:
    """Return the actions that the scenario's `moves_money` markers name."""
    markers = tuple(item.iter_markers("moves_money"))
    named = [name for marker in markers for name in marker.args]
    if any(marker.kwargs or not marker.args for marker in markers) or any(
        name not in GUARDED for name in named
    ):
        raise pytest.UsageError(
            f"{item.nodeid}: its `moves_money` marker names {', '.join(map(repr, named)) or 'nothing'}.\n"
            f"Needed: one or more of {', '.join(sorted(GUARDED))}."
        )
    return frozenset(named)


def _skip_other_targets(item: pytest.Item) -> None:
    marker = item.get_closest_marker("targets")
    if marker is None:
        return
    reason = marker.kwargs.get("reason")
    unknown = set(marker.args) - set(TARGETS)
    if unknown or not marker.args or not reason:
        raise pytest.UsageError(
            f"{item.nodeid}: its `targets` marker names {marker.args} and the reason {reason!r}.\n"
            f"Needed: one or more of {', '.join(TARGETS)}, and the reason why not the others."
        )
    target = item.config.stash[SETTINGS].target
    if target not in marker.args:
        pytest.skip(f"{reason}; runs with --target={marker.args[0]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    item.stash[_PASSED] = False
    if not is_scenario(item):
        return (yield)
    venue = venue_of(item.config)
    try:
        with prepared(item, venue, lambda: record_command(item)), _shape_policy(item):
            result = yield
    except HarnessError as error:
        _note_dropped(error, venue)
        raise
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:
        _note_dropped(error, venue)
        # What the harness objected to explains the failure better than what followed from it; and a skip
        # must not hide it.
        if venue.wire.episode.problems:
            raise venue.wire.episode.problems[0] from error
        awaited = venue.awaited()
        if awaited and not isinstance(error, AssertionError | pytest.fail.Exception | pytest.skip.Exception):
            error.add_note(f"Nothing was sent. The next recorded request was: {awaited}")
        raise
    venue.finish(torn_down=False)
    item.stash[_PASSED] = True
    return result


def _note_dropped(error: BaseException, venue: Venue) -> None:
    """Say with a failure that a websocket was lost: what should have come over it never will."""
    for frame in venue.wire.episode.journal.frames:
        if frame.way == "dropped":
            error.add_note(f"The exchange ended websocket {frame.socket} during this scenario.")


def _shape_policy(item: pytest.Item) -> contextlib.AbstractContextManager[None]:
    """Let `Shape.parse` be as strict as the door is."""
    strict = item.config.stash[SETTINGS].strict_shapes
    return contextlib.nullcontext() if strict else unknown_fields_allowed()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    if not is_scenario(item) or not venue_of(item.config).wire.is_open:
        if is_scenario(item):
            _judge_drift(item, None)
        return (yield)
    venue = venue_of(item.config)
    try:
        try:
            result = yield
            if item.stash.get(_PASSED, False):
                venue.finish(torn_down=True)
        finally:
            # Before a recording takes the cassette's place.
            _judge_drift(item, venue.wire.episode.journal)
        _record(item, venue)
    finally:
        log_of(item.config).exchanged(item.nodeid, venue.wire.episode.journal)
        venue.end()
    return result


def _judge_drift(item: pytest.Item, journal: JournalView | None) -> None:
    drift_of(item.config).judge(item, cassette_path(item), journal, record_command(item))


def _record(item: pytest.Item, venue: Venue) -> None:
    if item.config.stash[SETTINGS].record and item.stash.get(_PASSED, False):
        venue.record(cassette_path(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the scenario's line and the harness's message, not the way through the SDK between them."""
    error = call.excinfo.value if call.excinfo else None
    # The network's own error says with a note what was asked.
    is_told = isinstance(error, HarnessError) or (isinstance(error, OSError) and _has_note(error))
    if error is not None and is_told and not item.config.getoption("fulltrace"):
        _shorten_behind(item, error)
        last = _last_line_of(item, error.__traceback__)
        if last is None:
            report = yield
            lines = [f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())]
            report.longrepr = "\n".join(lines)
            return report
        call.excinfo = pytest.ExceptionInfo.from_exception(error.with_traceback(last))
    return (yield)


def _has_note(error: BaseException) -> bool:
    return bool(getattr(error, "__notes__", ()))


def _shorten_behind(item: pytest.Item, error: BaseException) -> None:
    """Shorten the errors behind an error alike, and forget the network's: its message has what they know."""
    seen: BaseException | None = error
    while seen is not None:
        behind = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        if isinstance(behind, OSError | HTTPException | HTTPError):
            seen.__cause__, seen.__suppress_context__ = None, True
            return
        if isinstance(behind, HarnessError):
            behind.__traceback__ = _last_line_of(item, behind.__traceback__)
        seen = behind


def _last_line_of(item: pytest.Item, traceback: types.TracebackType | None) -> types.TracebackType | None:
    """Return the part of a traceback that is the last line run in the scenario's own file, and no more."""
    last = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == str(item.path) and code.co_name != "<lambda>":
            last = traceback
        traceback = traceback.tb_next
    return last and types.TracebackType(None, last.tb_frame, last.tb_lasti, last.tb_lineno)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the garbage collector pass over what is there to stay: modules and tests.

    The SDK's imports, which come with the first scenario, would have it walk all of that again and again.
    """
    if not gc.get_freeze_count():
        gc.freeze()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Put the door under the SDK, so that nothing of this run can pass beside it, whoever imports the SDK."""
    try:
        venue = venue_of(session.config)
        venue.underlay.watch()
        venue.sockets.put_up()
        venue.wire.threads.watch()
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from None
