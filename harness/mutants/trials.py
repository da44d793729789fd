"""What a client makes of a changed answer.

A probe is a call of a client: it asks through an `Answering` and returns what it made of the answers. It runs
once on recorded answers, and then once for each mutant of one of them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from harness.errors import UnsupportedError
from harness.mutants.answers import Mutant, mutants
from harness.mutants.recorded import Kind
from harness.shapes import check, kind_of

Outcome = Literal["works", "passes on", "raises", "silently wrong"]
_LONGEST = 60
# What differs from call to call although the client does the same.
_OF_THE_MOMENT = ("nonce", "signature")


class Answering:
    """Stands for the exchange: answers each kind of request as recorded, and notes what was asked.

    Args:
        answers: the body for each kind (`("info", "meta")`).
        changed: the kind whose answer is the mutant.
        mutant: what is answered there.
    """

    def __init__(
        self, answers: Mapping[Kind, str], changed: Kind | None = None, mutant: Mutant | None = None
    ):
        self._answers = answers
        self._changed = changed
        self._mutant = mutant
        self.asked: list[tuple[Kind, Any]] = []

    def answer(self, path: str, payload: Any) -> tuple[int, str]:
        """Return the status and the body that answer a request.

        Raises:
            UnsupportedError: no answer to such a request was recorded.
        """
        kind = kind_of(path, payload)
        plain = {key: one for key, one in payload.items() if key not in _OF_THE_MOMENT}
        self.asked.append((kind, plain))
        if kind == self._changed and self._mutant is not None:
            return self._mutant.status, self._mutant.body
        return 200, self.recorded(kind)

    def recorded(self, kind: Kind) -> str:
        """Return the recorded body of a kind.

        Raises:
            UnsupportedError: there is none.
        """
        if kind not in self._answers:
            raise UnsupportedError(
                f"No answer to {' '.join(kind)} was recorded.", needed="A cassette in which this is asked."
            )
        return self._answers[kind]


Probe = Callable[[Answering], Any]


class Trial(NamedTuple):
    """What a client made of one mutant.

    Args:
        kind: whose answer was changed.
        mutant: the changed answer.
        outcome: `works` (as with the recorded answer), `passes on` (the caller gets what was answered),
            `raises`, or `silently wrong` (it did or returned something else, and said nothing).
        detail: the exception, or what it did otherwise.
        noticed: what the harness's own check of the answer says first; "" when it sees nothing wrong.
    """

    kind: Kind
    mutant: Mutant
    outcome: Outcome
    detail: str
    noticed: str


class _Result(NamedTuple):
    returned: Any
    asked: list[tuple[Kind, Any]]
    raised: Exception | None


def try_answers(probe: Probe, answers: Mapping[Kind, str]) -> Iterator[Trial]:
    """Yield what a client makes of every mutant of every answer that it reads.

    Args:
        probe: a call of the client.
        answers: recorded bodies; those that the probe asks for are changed in turn.

    Raises:
        UnsupportedError: the probe asks for something that was not recorded, or it fails on the recorded
            answers.
    """
    plain = _run(probe, Answering(answers))
    if plain.raised is not None:
        raise UnsupportedError(
            f"The probe fails on the recorded answers: {type(plain.raised).__name__}: {plain.raised}.",
            needed="Recorded answers that it can read.",
        ) from plain.raised
    for kind in dict.fromkeys(kind for kind, _ in plain.asked):
        payload = next(sent for asked, sent in plain.asked if asked == kind)
        for mutant in mutants(answers[kind]):
            changed = _run(probe, Answering(answers, kind, mutant))
            outcome, detail = _judged(plain, changed, mutant)
            yield Trial(kind, mutant, outcome, detail, _noticed(kind, payload, mutant))


def _run(probe: Probe, answering: Answering) -> _Result:
    try:
        return _Result(probe(answering), answering.asked, None)
    except Exception as error:  # noqa: BLE001 - what the client raises is what is looked for
        return _Result(None, answering.asked, error)


def _judged(plain: _Result, changed: _Result, mutant: Mutant) -> tuple[Outcome, str]:
    if changed.raised is not None:
        return "raises", told(changed.raised)
    if not same(changed.asked, plain.asked):
        return "silently wrong", other_request(plain.asked, changed.asked)
    if same(changed.returned, plain.returned):
        return "works", ""
    if same(changed.returned, decoded(mutant.body)):
        return "passes on", ""
    return "silently wrong", f"returns {shown(changed.returned)} and says nothing"


def same(one: Any, other: Any) -> bool:
    """Say whether two values are the same as JSON is: true is not 1, and the order of keys says nothing."""
    return bool(_settled(one) == _settled(other))


def _settled(value: Any) -> Any:
    if isinstance(value, dict):
        return {(type(key), key): _settled(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(one) for one in value]
    return type(value), value


def decoded(body: str) -> Any:
    """Return what a text says as JSON, or the text itself."""
    try:
        return json.loads(body)
    except ValueError:
        return body


def told(error: Exception) -> str:
    """Return an exception in a few words."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}({text[:_LONGEST]})" if text else type(error).__name__


def shown(value: Any) -> str:
    """Return the beginning of a value."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def other_request(plain: list[tuple[Kind, Any]], changed: list[tuple[Kind, Any]]) -> str:
    """Say in what the requests differ."""
    for before, after in zip(plain, changed, strict=False):
        if not same(before, after):
            return f"sends another {' '.join(after[0])}: {json.dumps(after[1], sort_keys=True)[:120]}"
    return f"sends {len(changed)} requests instead of {len(plain)}"


def _noticed(kind: Kind, payload: Any, mutant: Mutant) -> str:
    found = check(f"/{kind[0]}", payload, mutant.status, mutant.body.encode())
    return str(found[0]) if found else ""
