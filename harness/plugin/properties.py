"""Property scenarios: what Hypothesis runs on each target, and what of it goes on tape.

Under replay the recorded examples are run and nothing is generated, so a new Hypothesis cannot break a
recording. On localnet Hypothesis explores freely; on testnet it has a small budget and does not shrink.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.errors import CassetteError, RecordingError
from harness.recording.examples import decode, encode
from harness.venue import Venue

RECORDED_EXAMPLES = 10
TESTNET_EXAMPLES = 5
_SETTINGS = "_hypothesis_internal_use_settings"
_EXAMPLES = "hypothesis_explicit_examples"


def is_drawn(item: pytest.Item) -> bool:
    """Say whether Hypothesis draws the arguments of a scenario."""
    handle = getattr(_function_of(item), "hypothesis", None)
    return callable(getattr(handle, "inner_test", None))


def _function_of(item: pytest.Item) -> Any:
    return getattr(getattr(item, "obj", None), "__func__", getattr(item, "obj", None))


@contextlib.contextmanager
def prepared(item: pytest.Item, venue: Venue, record_command: Callable[[], str]) -> Iterator[None]:
    """Run a `@given` scenario as its target wants it; other scenarios as they are."""
    if not is_drawn(item):
        yield
        return
    function = _function_of(item)
    handle = function.hypothesis
    given = tuple(handle._given_kwargs)
    with _replaced(handle, "inner_test", _noting(handle.inner_test, given, venue)):
        changes: dict[str, Any] = {_SETTINGS: _settings(getattr(function, _SETTINGS), venue)}
        if venue.target == "replay":
            changes[_EXAMPLES] = _recorded_examples(item, venue, given, record_command)
        with contextlib.ExitStack() as stack:
            for name, value in changes.items():
                stack.enter_context(_replaced(function, name, value))
            yield


def _noting(inner: Callable[..., Any], given: tuple[str, ...], venue: Venue) -> Callable[..., Any]:
    @functools.wraps(inner)
    def one_example(*args: Any, **kwargs: Any) -> Any:
        from hypothesis.errors import UnsatisfiedAssumption

        episode = venue.wire.episode
        if episode.problems:
            # The tape stands where an earlier example failed; compared from there, this one would be blamed.
            raise episode.problems[0]
        venue.wire.fresh()
        if episode.recorder is None:
            return inner(*args, **kwargs)
        first = episode.recorder.position
        try:
            arguments = {name: encode(kwargs[name], where=name) for name in given}
        except RecordingError as problem:
            episode.problems.append(problem)
            raise
        try:
            result = inner(*args, **kwargs)
        except UnsatisfiedAssumption:
            episode.recorder.example(arguments, "rejected", first)
            raise
        episode.recorder.example(arguments, "passed", first)
        return result

    return one_example


def _settings(parent: Any, venue: Venue) -> Any:
    from hypothesis import HealthCheck, Phase, settings

    common: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    if venue.target == "replay":
        # One failure is enough: the tape cannot go on after it.
        common["report_multiple_bugs"] = False
        return settings(parent, phases=[Phase.explicit], database=None, **common)
    if venue.target == "testnet":
        budget = min(parent.max_examples, TESTNET_EXAMPLES)
        return settings(parent, phases=[Phase.generate], database=None, max_examples=budget, **common)
    if venue.wire.episode.recorder is not None:
        budget = min(parent.max_examples, RECORDED_EXAMPLES)
        phases = [Phase.explicit, Phase.generate]
        return settings(parent, phases=phases, database=None, derandomize=True, max_examples=budget, **common)
    return settings(parent, **common)


def _recorded_examples(
    item: pytest.Item, venue: Venue, given: tuple[str, ...], record_command: Callable[[], str]
) -> list[Any]:
    from hypothesis.core import Example

    recorded = venue.recorded_examples()
    if not recorded:
        raise CassetteError(
            f"The cassette of {item.nodeid} holds no example, so nothing would be run.",
            needed="The examples that were recorded with it.",
            do=f"Record it:\n  {record_command()}",
        )
    examples = []
    for number, one in enumerate(recorded, start=1):
        try:
            arguments = {name: decode(data) for name, data in one.arguments.items()}
        except CassetteError as error:
            raise CassetteError(
                f"The cassette of {item.nodeid}, example {number}: {error.found}",
                needed=error.needed,
                do=f"Restore it from version control, or record it again:\n  {record_command()}",
            ) from None
        if set(arguments) != set(given):
            raise CassetteError(
                f"The cassette of {item.nodeid}, example {number}, gives {', '.join(sorted(arguments))}.",
                needed=f"The arguments of the scenario: {', '.join(sorted(given))}.",
                do=f"If that is intended, record it again:\n  {record_command()}",
            )
        examples.append(Example((), arguments))
    # Hypothesis runs explicit examples from the last to the first, as decorators are applied.
    return examples[::-1]


@contextlib.contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    missing = object()
    before = getattr(owner, name, missing)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if before is missing:
            delattr(owner, name)
        else:
            setattr(owner, name, before)
