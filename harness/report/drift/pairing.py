"""Which step of A belongs to which step of B.

Requests hold ids, times and prices that differ from run to run, so two steps belong together when they ask
for the same kind of thing in the same form; where that finds nobody, when they ask for the same kind. Order
is kept. A read that is repeated, as a wait repeats it, is paired from its last time on: that one ended the
wait.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from harness.report.drift.sources import Step

_VALUE = re.compile(r'"(?:0x[0-9a-fA-F]+|-?[0-9][0-9.]*)"|(?<=[:,\[ ])-?[0-9][0-9.eE+-]*')


class Pair(NamedTuple):
    """The numbers of two steps, from 0; None where a side has none.

    `is_repeat` says that the step is a read which its own side asked again at once.
    """

    a: int | None
    b: int | None
    is_repeat: bool = False


class _Turn(NamedTuple):
    """One request, or the same read several times in a row: steps [`first`, `last`]."""

    first: int
    last: int
    form: str
    kind: str


def pair(a: Sequence[Step], b: Sequence[Step]) -> list[Pair]:
    """Return all steps of both sides, in order, each once."""
    turns_a, turns_b = _turns(a), _turns(b)
    pairs: list[Pair] = []
    for low_a, high_a, low_b, high_b in _matched(
        [one.form for one in turns_a], [one.form for one in turns_b]
    ):
        gap_a, gap_b = turns_a[low_a:high_a], turns_b[low_b:high_b]
        kinds = _matched([one.kind for one in gap_a], [one.kind for one in gap_b])
        for from_a, to_a, from_b, to_b in kinds:
            pairs += _together(gap_a[from_a:to_a], gap_b[from_b:to_b])
    return pairs


def _turns(steps: Sequence[Step]) -> list[_Turn]:
    turns: list[_Turn] = []
    for number, step in enumerate(steps):
        endpoint, kind = step.kind
        last = turns[-1] if turns else None
        if last and endpoint == "info" and steps[last.last][:2] == step[:2]:
            turns[-1] = last._replace(last=number)
        else:
            form = f"{step.path} {_VALUE.sub('#', step.request)}"
            turns.append(_Turn(number, number, form, f"{endpoint} {kind}"))
    return turns


def _matched(a: list[str], b: list[str]) -> list[tuple[int, int, int, int]]:
    """Return ranges of both sides that belong together: one to one, or what lies between two such."""
    ranges = []
    for what, low_a, high_a, low_b, high_b in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            ranges += [(low_a + n, low_a + n + 1, low_b + n, low_b + n + 1) for n in range(high_a - low_a)]
        else:
            ranges.append((low_a, high_a, low_b, high_b))
    return ranges


def _together(a: Sequence[_Turn], b: Sequence[_Turn]) -> list[Pair]:
    if len(a) == len(b) == 1 and a[0].kind == b[0].kind:
        return _from_the_last(a[0], b[0])
    alone_a = [Pair(number, None) for one in a for number in range(one.first, one.last + 1)]
    return alone_a + [Pair(None, number) for one in b for number in range(one.first, one.last + 1)]


def _from_the_last(a: _Turn, b: _Turn) -> list[Pair]:
    numbers_a, numbers_b = list(range(a.first, a.last + 1)), list(range(b.first, b.last + 1))
    shared = min(len(numbers_a), len(numbers_b))
    repeats = [Pair(number, None, True) for number in numbers_a[:-shared]]
    repeats += [Pair(None, number, True) for number in numbers_b[:-shared]]
    return repeats + [Pair(*both) for both in zip(numbers_a[-shared:], numbers_b[-shared:], strict=True)]
