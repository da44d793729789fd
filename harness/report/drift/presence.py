"""How often the fields of rows stand there: what goes from always to sometimes, or the reverse, has drifted.

Rows are compared by their forms, and a field that its shape names as conditional may be in some of them. So
such fields are judged over all answers of a kind, with the counters of the shape coverage.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping

from harness.report.drift.findings import Change, Difference, Place
from harness.report.drift.sources import Step
from harness.shapes.checking import check_body
from harness.shapes.coverage import ABSENT, FIELD, Coverage, sights
from harness.shapes.registry import KNOWN

_VARIANT = re.compile(r"<\w+>")
_ROWS = ("[]", "{}")


class Presence:
    """The counters of both sides."""

    def __init__(self) -> None:
        self._a, self._b = Coverage(), Coverage()

    def see(self, a: Step, b: Step) -> None:
        """Count what two answers show that belong together."""
        for coverage, step in ((self._a, a), (self._b, b)):
            endpoint, kind = step.kind
            if endpoint == "info" and step.status == 200:
                _count(coverage, endpoint, kind, step.answer.encode())

    def see_messages(self, channel: tuple[str, str], a: Iterable[bytes], b: Iterable[bytes]) -> None:
        """Count what the messages of a websocket's channel show, in A and in B."""
        for coverage, bodies in ((self._a, a), (self._b, b)):
            for body in bodies:
                _count(coverage, *channel, body)

    def as_data(self) -> list[dict[str, dict[str, int]]]:
        """Return the counters of A and of B as plain data."""
        return [self._a.as_data(), self._b.as_data()]

    def add(self, data: list[dict[str, dict[str, int]]]) -> None:
        """Add the counters of another process."""
        for coverage, more in zip((self._a, self._b), data, strict=True):
            coverage.add(more)

    def differences(self, told: Container[tuple[str, str]]) -> Iterator[Difference]:
        """Yield the fields of rows that go from always to sometimes, or the reverse.

        Args:
            told: kind and path of each field that was found before, in single answers.
        """
        a, b = self.as_data()
        for name in a.keys() & b.keys():
            endpoint, _, kind = name.partition(" ")
            for sight in sights(KNOWN[endpoint, kind]):
                path = _VARIANT.sub("", sight.path)
                is_of_rows = any(mark in path for mark in _ROWS)
                if sight.what != ABSENT or not is_of_rows or (name, path) in told:
                    continue
                was, now = _share(a[name], sight.path), _share(b[name], sight.path)
                if {_is_always(was), _is_always(now)} == {True, False} and was[0] and now[0]:
                    change: Change = "lost field" if _is_always(was) else "new field"
                    place = Place("", None, None, name)
                    yield Difference(place, change, path, *(f"in {some} of {of}" for some, of in (was, now)))


def _count(coverage: Coverage, endpoint: str, kind: str, body: bytes) -> None:
    # Of an answer that has no shape, or not the one it should, the comparison tells everything.
    if not check_body(endpoint, kind, body, strict=False):
        coverage.see(endpoint, kind, body)


def _share(counts: Mapping[str, int], path: str) -> tuple[int, int]:
    present = counts.get(f"{path} {FIELD}", 0)
    return present, present + counts.get(f"{path} {ABSENT}", 0)


def _is_always(share: tuple[int, int]) -> bool:
    return share[0] == share[1]
