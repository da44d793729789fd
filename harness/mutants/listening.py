"""What a client makes of a changed websocket.

A probe is a client: it is given the texts that come through a `Listening`, and returns what it made of them.
It runs once on what was recorded, and then once for each mutant.
"""

import contextlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from harness.errors import UnsupportedError
from harness.mutants.frames import FrameMutant, frame_mutants
from harness.mutants.recorded import Conversation, Kind
from harness.mutants.trials import Answering, decoded, other_request, same, shown, told
from harness.shapes.frames import check_message

FrameOutcome = Literal["works", "unheard", "passes on", "raises", "raises unseen", "drops", "silently wrong"]


class Listening:
    """Stands for the exchange's end of a websocket.

    Args:
        subscriptions: what was subscribed to when it was recorded.
        frames: the texts that come.
        ends: whether the exchange ends the connection after them.
        answers: bodies for the requests that the client sends meanwhile.
    """

    def __init__(
        self,
        subscriptions: Sequence[Mapping[str, Any]],
        frames: Sequence[str],
        *,
        ends: bool = False,
        answers: Mapping[Kind, str] | None = None,
    ) -> None:
        self.subscriptions = subscriptions
        self.frames = frames
        self.ends = ends
        self.answering = Answering(answers or {})
        self.unseen: list[Exception] = []

    def raised_unseen(self, error: Exception) -> None:
        """Note an exception that no code of the client's user sees, such as one in a thread of its own."""
        self.unseen.append(error)


FrameProbe = Callable[[Listening], Any]


class FrameTrial(NamedTuple):
    """What a client made of one mutant.

    Args:
        channel: of the recorded frame that was changed.
        mutant: the changed websocket.
        outcome: `works` (as with what was recorded), `unheard` (so it is without the frame: it has no part in
            the result), `passes on` (the caller gets what came), `raises` (to the caller), `raises unseen`
            (in the client's own thread, and the frame is lost), `drops` (the caller never gets the frame, or
            no more frames), or `silently wrong` (he gets or sends something else).
        detail: the exception, what was printed, or what was done otherwise.
        noticed: what the harness says first; "" when it sees nothing wrong.
    """

    channel: str
    mutant: FrameMutant
    outcome: FrameOutcome
    detail: str
    noticed: str


class _Result(NamedTuple):
    returned: Any
    raised: Exception | None
    listening: Listening
    printed: str


def try_frames(
    probe: FrameProbe,
    conversation: Conversation,
    *,
    answers: Mapping[Kind, str] | None = None,
    known: set[str] | None = None,
) -> Iterator[FrameTrial]:
    """Yield what a client makes of every mutant of a recorded websocket.

    Args:
        probe: the client.
        conversation: what was recorded.
        answers: recorded bodies, for the requests that the client sends meanwhile.
        known: forms of frames that need no more changing; those that are changed here are added.

    Raises:
        UnsupportedError: the probe fails on what was recorded.
    """
    subscriptions, frames = conversation
    plain = _run(probe, Listening(subscriptions, frames, answers=answers))
    for error in (plain.raised, *plain.listening.unseen):
        if error is not None:
            raise UnsupportedError(
                f"The probe fails on the recorded frames: {type(error).__name__}: {error}.",
                needed="A recorded websocket that it can follow.",
            ) from error
    matters: dict[int, bool] = {}
    for mutant in frame_mutants(conversation, known):
        number = mutant.number
        if number not in matters:
            without = Listening(subscriptions, (*frames[:number], *frames[number + 1 :]), answers=answers)
            matters[number] = not _same_result(plain, _run(probe, without))
        ends = mutant.change == "end"
        changed = _run(probe, Listening(subscriptions, mutant.frames, ends=ends, answers=answers))
        outcome, detail = _judged(plain, changed, mutant, frames[number])
        if outcome == "works" and not matters[number]:
            outcome = "unheard"
        yield FrameTrial(
            _channel(json.loads(frames[number])), mutant, outcome, detail, _noticed(mutant, changed)
        )


def _run(probe: FrameProbe, listening: Listening) -> _Result:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            return _Result(probe(listening), None, listening, printed.getvalue())
        except Exception as error:  # noqa: BLE001 - what the client raises is what is looked for
            return _Result(None, error, listening, printed.getvalue())


def _same_result(plain: _Result, other: _Result) -> bool:
    asked = same(plain.listening.answering.asked, other.listening.answering.asked)
    return asked and same(plain.returned, other.returned)


def _judged(plain: _Result, changed: _Result, mutant: FrameMutant, recorded: str) -> tuple[FrameOutcome, str]:
    if changed.raised is not None:
        return "raises", told(changed.raised)
    if changed.listening.unseen:
        return "raises unseen", told(changed.listening.unseen[0])
    before, after = plain.listening.answering.asked, changed.listening.answering.asked
    if not same(before, after):
        return "silently wrong", other_request(before, after)
    if same(changed.returned, plain.returned):
        return "works", ""
    if mutant.change == "foreign":
        return "silently wrong", "hands on what belongs to another subscription"
    message = decoded(recorded)
    came = decoded(mutant.frames[mutant.number]) if mutant.number < len(mutant.frames) else None
    as_it_came = [message, message] if mutant.change == "duplicate" and mutant.path == "frame" else [came]
    is_moved = mutant.path == "frame" and mutant.change == "reorder"
    if same(changed.returned, _with(plain.returned, message, as_it_came)) or (
        is_moved and same(_sorted(changed.returned), _sorted(plain.returned))
    ):
        return "passes on", ""
    if mutant.change == "end" or same(changed.returned, _with(plain.returned, message, [])):
        return "drops", "and prints it" if changed.printed else ""
    return "silently wrong", f"makes {shown(changed.returned)} of it and says nothing"


def _with(value: Any, message: Any, instead: list[Any]) -> Any:
    """Return a value in whose lists other messages stand for one."""
    if isinstance(value, dict):
        return {key: _with(one, message, instead) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    found: list[Any] = []
    for one in value:
        found += instead if same(one, message) else [_with(one, message, instead)]
    return found


def _sorted(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return sorted((_sorted(one) for one in value), key=repr)


def _noticed(mutant: FrameMutant, changed: _Result) -> str:
    """Return what fails a scenario: the frame, a callback that raises, or too few acknowledgements."""
    for text in mutant.frames[mutant.number : mutant.number + 2]:
        for finding in check_message(text.encode()):
            # A channel that nobody knows is let through.
            if finding.severity == "error":
                return str(finding)
    unseen = changed.listening.unseen
    if unseen:
        return f"A callback of the websocket raised {told(unseen[0])}"
    acknowledged = sum(_channel(decoded(text)) == "subscriptionResponse" for text in mutant.frames)
    return "no acknowledgement came" if acknowledged < len(changed.listening.subscriptions) else ""


def _channel(message: Any) -> str:
    return str(message.get("channel")) if isinstance(message, dict) else "a list"
