"""A verdict in lines: for the terminal, by class, the gravest first."""

from collections import Counter
from collections.abc import Iterable, Iterator

from harness.report.drift.findings import CHANGES, HARMLESS, Difference, Drift, NotCompared


def lines(drift: Drift) -> Iterator[str]:
    """Yield the verdict, line by line; differences of one place and class stand together."""
    yield f"A  {drift.a}"
    yield f"B  {drift.b}"
    for change in CHANGES:
        of_class = [one for one in drift.differences if one.change == change]
        if of_class:
            yield f"{change}: {len(of_class)}"
            yield from _groups(of_class)
    if drift.harmless and not any(one.change == HARMLESS for one in drift.differences):
        yield f"{HARMLESS}: {drift.harmless}"
    if drift.not_compared:
        yield f"not compared: {len(drift.not_compared)}"
        yield from _reasons(drift.not_compared)
    yield conclusion(drift)


def conclusion(drift: Drift) -> str:
    """Return the verdict in one line."""
    compared = f"{_count(drift.compared, 'scenario')} compared"
    graver = drift.graver
    if not graver:
        return f"no drift: {compared}" if drift.compared else "nothing was compared, so nothing is known"
    found = _count(len(graver), "difference")
    return f"drift: {found} in {_count(len(drift.scenarios), 'scenario')}; {compared}"


def grouped(differences: Iterable[Difference]) -> list[list[Difference]]:
    """Return differences of the same kind of answer, path and class together."""
    groups: dict[tuple[str, str, str], list[Difference]] = {}
    for one in differences:
        groups.setdefault((one.change, one.place.kind, one.path), []).append(one)
    return list(groups.values())


def alike(group: Iterable[Difference]) -> list[tuple[tuple[str, str], list[Difference]]]:
    """Return differences that say the same of A and of B together."""
    groups: dict[tuple[str, str], list[Difference]] = {}
    for one in group:
        groups.setdefault((one.a, one.b), []).append(one)
    return list(groups.items())


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _groups(differences: list[Difference]) -> Iterator[str]:
    for group in grouped(differences):
        first = group[0]
        yield f"  {first.place.kind} {first.path}".replace("   ", "  ")
        for (a, b), members in alike(group):
            yield f"    A {a}"
            yield f"    B {b}"
            yield from (f"      {one.place}" for one in members)


def _reasons(found: list[NotCompared]) -> Iterator[str]:
    counts = Counter(one.why for one in found)
    for why, count in counts.items():
        yield f"  {count} x {why}"
        for one in found:
            if one.why == why and (one.place.scenario or one.place.kind):
                yield f"      {one.place}" + (f" {one.place.kind}" if one.place.kind else "")
