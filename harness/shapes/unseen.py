"""What of the shapes a run has not seen: counted, named, and with the reason where there is a good one.

A reason stands for sights that no scenario can provoke on localnet. It goes as soon as one is seen: `judge`
finds reasons that no longer hold.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from harness.shapes.coverage import Coverage, Sight
from harness.shapes.registry import GROUPS, Group, Known
from harness.shapes.unseen_answers import ANSWERS
from harness.shapes.unseen_feeds import FEEDS


class Reason(NamedTuple):
    """Why some sights cannot be seen on localnet.

    Args:
        kinds: `info userFees`, or a pattern such as `info *`.
        sights: a path and what is seen there, or a pattern: `$.positions* absent`.
        why: the reason, in one line.
    """

    kinds: str
    sights: str
    why: str

    def covers(self, known: Known, sight: Sight) -> bool:
        """Say whether this is a reason for a sight."""
        name = f"{known.endpoint} {known.kind}"
        return _matches(name, self.kinds) and _matches(f"{sight.path} {sight.what}", self.sights)


REASONS: tuple[Reason, ...] = tuple(Reason(*one) for one in (*ANSWERS, *FEEDS))
"""The reasons, each for as few sights as it can."""


def _matches(text: str, pattern: str) -> bool:
    # In paths, brackets are no character classes.
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def reason_for(known: Known, sight: Sight) -> str:
    """Return why a sight cannot be seen, or "" when there is no reason."""
    if sight.before:
        return f"a form of before {sight.before}"
    return next((one.why for one in REASONS if one.covers(known, sight)), "")


class Tally(NamedTuple):
    """How much of the shapes a run has seen; forms of the past are left out of all figures."""

    kinds: int
    kinds_seen: int
    sights: int
    sights_seen: int

    @property
    def share(self) -> float:
        """The seen share of all sights."""
        return self.sights_seen / self.sights


def tally(coverage: Coverage) -> Tally:
    """Count what a run has seen."""
    return _count([(known, count) for known, sight, count in coverage if not sight.before])


def tallies(coverage: Coverage) -> dict[Group, Tally]:
    """Count the same for kinds that are recorded, documented, and known from a client's schema only."""
    rows: dict[Group, list[tuple[Known, int]]] = {group: [] for group in GROUPS}
    for known, sight, count in coverage:
        if not sight.before:
            rows[known.group].append((known, count))
    return {group: _count(present) for group, present in rows.items()}


def _count(present: list[tuple[Known, int]]) -> Tally:
    return Tally(
        len({(known.endpoint, known.kind) for known, _ in present}),
        len({(known.endpoint, known.kind) for known, count in present if count}),
        len(present),
        sum(count > 0 for _, count in present),
    )


def summary(coverage: Coverage) -> str:
    """Return one line for the end of a run."""
    found = tally(coverage)
    return (
        f"shapes: {found.kinds_seen} of {found.kinds} kinds answered; {found.sights_seen} of {found.sights} "
        f"fields, variants and enum values seen ({found.share:.1%})"
    )


_TOLD: dict[Group, str] = {
    "recorded": "kinds that are recorded",
    "documented": "kinds that are documented only",
    "schema": "kinds that a client's schema tells of only",
}


def group_lines(coverage: Coverage) -> list[str]:
    """Return one line for each way in which kinds are known."""
    return [
        f"{_TOLD[group]}: {found.kinds_seen} of {found.kinds} answered; "
        f"{found.sights_seen} of {found.sights} seen ({found.share:.1%})"
        for group, found in tallies(coverage).items()
    ]


def unseen(coverage: Coverage) -> Iterator[tuple[str, str]]:
    """Yield each sight that was not seen as a line, and its reason or ""."""
    for known, sight, count in coverage:
        if not count and not sight.before:
            yield f"{known.endpoint} {known.kind} {sight}", reason_for(known, sight)


def stale_reasons(coverage: Coverage) -> list[Reason]:
    """Return the reasons for sights that were seen after all, and those for none that there is."""
    held: dict[Reason, bool] = dict.fromkeys(REASONS, False)
    seen: set[Reason] = set()
    for known, sight, count in coverage:
        for one in REASONS:
            if one.covers(known, sight):
                held[one] = True
                if count:
                    seen.add(one)
    return [one for one in REASONS if one in seen or not held[one]]
