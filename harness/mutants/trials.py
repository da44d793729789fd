"""What a client makes of a changed answer.

A probe is a call of a client: it asks through an `Answering` and returns what it made of the answers. It runs
once on recorded answers, and then once for each mutant of one of them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from harness.errors import UnsupportedError
from harness.mutants.answers import Mutant, mutants
from harness.shapes import check, kind_of

Outcome = Literal["works", "passes on", "raises", "silently wrong"]
Kind = tuple[str, str]
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
        return "raises", _told(changed.raised)
    if not _same(changed.asked, plain.asked):
        return "silently wrong", _other_request(plain.asked, changed.asked)
    if _same(changed.returned, plain.returned):
        return "works", ""
    if _same(changed.returned, _decoded(mutant.body)):
        return "passes on", ""
    return "silently wrong", f"returns {_shown(changed.returned)} and says nothing"


def _same(one: Any, other: Any) -> bool:
    return bool(_settled(one) == _settled(other))


def _settled(value: Any) -> Any:
    """Return what can be compared as JSON is: true is not 1, and the order of keys says nothing."""
    if isinstance(value, dict):
        return {(type(key), key): _settled(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(one) for one in value]
    return type(value), value


def _decoded(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def _told(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}({text[:_LONGEST]})" if text else type(error).__name__


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _other_request(plain: list[tuple[Kind, Any]], changed: list[tuple[Kind, Any]]) -> str:
    for before, after in zip(plain, changed, strict=False):
        if not _same(before, after):
            return f"sends another {' '.join(after[0])}: {json.dumps(after[1], sort_keys=True)[:120]}"
    return f"sends {len(changed)} requests instead of {len(plain)}"


def _noticed(kind: Kind, payload: Any, mutant: Mutant) -> str:
    found = check(f"/{kind[0]}", payload, mutant.status, mutant.body.encode())
    return str(found[0]) if found else ""
