"""What a comparison finds: differences, each with its class, and what was not compared, with the reason."""

from collections.abc import Iterable
from typing import Literal

import msgspec

Change = Literal[
    "unreachable venue",
    "other behaviour",
    "lost field",
    "retyped",
    "new field",
    "new enum value",
    "other text",
    "harmless value",
]
CHANGES: tuple[Change, ...] = (
    "unreachable venue",
    "other behaviour",
    "lost field",
    "retyped",
    "new field",
    "new enum value",
    "other text",
    "harmless value",
)
"""The classes of differences, the gravest first."""

HARMLESS: Change = "harmless value"
NOTHING = "nothing"


class Place(msgspec.Struct, frozen=True):
    """Where a difference is.

    Args:
        scenario: its id; "" when it is about all answers of a kind.
        step_a: the number of the step in A, from 1; None when it has none there, or several.
        step_b: the same in B.
        kind: what was asked, such as `info openOrders`; "" when it is about the scenario itself.
    """

    scenario: str
    step_a: int | None
    step_b: int | None
    kind: str

    def __str__(self) -> str:
        numbers = {f"{number}" for number in (self.step_a, self.step_b) if number is not None}
        if len(numbers) == 2:
            return f"{self.scenario} step {self.step_a} (in B {self.step_b})"
        return f"{self.scenario} step {numbers.pop()}" if numbers else self.scenario or "all answers"


class Difference(msgspec.Struct, frozen=True):
    """One difference.

    Args:
        change: its class.
        path: where in the answer: `$.statuses[0].resting`; `[]` stands for the rows of a list, `{}` for the
            values of a map.
        a: what stands there in A, cut when long; `nothing` when the field is not there.
        b: the same in B.
    """

    place: Place
    change: Change
    path: str
    a: str
    b: str


class NotCompared(msgspec.Struct, frozen=True):
    """What was not compared, and why."""

    place: Place
    why: str


class Drift(msgspec.Struct):
    """What a comparison found.

    Args:
        a: what A is, in words.
        b: what B is.
        compared: how many scenarios were compared.
        differences: all that are more than harmless values; the harmless too if they were asked for.
        harmless: how many harmless values differ.
    """

    a: str
    b: str
    compared: int = 0
    differences: list[Difference] = []
    not_compared: list[NotCompared] = []
    harmless: int = 0

    def add(self, found: Iterable[Difference], *, keep_harmless: bool = False) -> None:
        """Add differences; harmless ones are counted, and kept only on demand."""
        for one in found:
            self.harmless += one.change == HARMLESS
            if keep_harmless or one.change != HARMLESS:
                self.differences.append(one)

    @property
    def graver(self) -> list[Difference]:
        """The differences that are more than harmless values, the gravest class first."""
        found = [one for one in self.differences if one.change != HARMLESS]
        return sorted(found, key=lambda one: CHANGES.index(one.change))

    @property
    def scenarios(self) -> list[str]:
        """The scenarios with a difference that is more than a harmless value, by name."""
        return sorted({one.place.scenario for one in self.graver if one.place.scenario})
