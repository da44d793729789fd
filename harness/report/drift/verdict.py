"""Two sides side by side: which scenarios and steps belong together, and all that they find."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.report.drift import comparing
from harness.report.drift.answers import WHY_UNPROVEN, compare_steps, decoded, is_json, told
from harness.report.drift.findings import Change, Difference, Drift, NotCompared, Place
from harness.report.drift.frames import PARTIAL, UNREADABLE, by_channel, endings
from harness.report.drift.pairing import Pair, pair
from harness.report.drift.presence import Presence
from harness.report.drift.sources import METADATA, Scenario, Source, Step

_LONGEST_REASON = 200


@dataclass
class Found:
    """What one scenario brought; `is_compared` says that something of it was compared."""

    differences: list[Difference] = field(default_factory=list)
    not_compared: list[NotCompared] = field(default_factory=list)
    is_compared: bool = False


def compare(a: Source, b: Source, *, keep_harmless: bool = False) -> Drift:
    """Compare two sides, scenario by scenario.

    Args:
        a: what was.
        b: what is.
        keep_harmless: keep the harmless values too, and not only their number.
    """
    drift, presence = Drift(a.name, b.name), Presence()
    ids = _ids(a, b, drift)
    for name in ids:
        one, other = a.scenarios.get(name), b.scenarios.get(name)
        if one is None or other is None:
            why = f"only in {'B' if one is None else 'A'}"
            if name == METADATA:
                why += ": only a whole folder of cassettes has it"
            drift.not_compared.append(NotCompared(Place(name, None, None, ""), why))
            continue
        found = compare_scenarios(one, other, presence)
        # Metadata alone says nothing of how the exchange behaves.
        found.is_compared &= name != METADATA
        take(drift, found, keep_harmless=keep_harmless)
    judge_presence(drift, presence)
    return drift


def take(drift: Drift, found: Found, *, keep_harmless: bool = False) -> None:
    """Add what a scenario brought."""
    drift.compared += found.is_compared
    drift.add(found.differences, keep_harmless=keep_harmless)
    drift.not_compared += found.not_compared


def judge_presence(drift: Drift, presence: Presence) -> None:
    """Add what only all answers together show."""
    drift.add(presence.differences({(one.place.kind, one.path) for one in drift.differences}))


def _ids(a: Source, b: Source, drift: Drift) -> list[str]:
    for one, other, name in ((a, b, "B"), (b, a, "A")):
        if one.is_one_cassette and not other.is_one_cassette:
            rest = len(other.scenarios.keys() - one.scenarios.keys() - {METADATA})
            if rest:
                why = f"{rest} other scenarios of {name}: the other side is the cassette of one"
                drift.not_compared.append(NotCompared(Place("", None, None, ""), why))
            return list(one.scenarios)
    return [*a.scenarios, *(name for name in b.scenarios if name not in a.scenarios)]


def compare_scenarios(a: Scenario, b: Scenario, presence: Presence) -> Found:
    """Return what differs in one scenario, and count the fields of what was compared."""
    found = Found()
    whole = Place(b.id, None, None, "")
    for name, one in (("A", a), ("B", b)):
        if one.outcome == "skipped":
            found.not_compared.append(NotCompared(whole, f"skipped in {name}: {one.reason}"))
            return found
    if not any((a.steps, b.steps, a.frames, b.frames)):
        found.not_compared.append(NotCompared(whole, "nothing was asked in either"))
    if a.outcome != b.outcome:
        change: Change = "other behaviour"
        if a.is_unreachable or b.is_unreachable:
            change = "unreachable venue"
        found.differences.append(Difference(whole, change, "outcome", _ended(a), _ended(b)))
    if a.examples != b.examples or a.examples == ():
        _compare_forms(a, b, found, presence)
    else:
        _compare_in_turn(a, b, found, presence)
    _compare_frames(a, b, found, presence)
    return found


def _compare_in_turn(a: Scenario, b: Scenario, found: Found, presence: Presence) -> None:
    pairs = pair(a.steps, b.steps)
    last_a = max((number for number, one in enumerate(pairs) if one.a is not None), default=-1)
    last_b = max((number for number, one in enumerate(pairs) if one.b is not None), default=-1)
    for number, one in enumerate(pairs):
        place = Place(b.id, _from_1(one.a), _from_1(one.b), _kind(a, b, one))
        if one.a is not None and one.b is not None:
            _take_steps(a.steps[one.a], b.steps[one.b], place, found, presence)
        elif one.b is None:
            _take_alone(a.steps[one.a or 0], place, one, found, "A", b if number > last_b else None)
        else:
            _take_alone(b.steps[one.b], place, one, found, "B", a if number > last_a else None)


def _take_steps(a: Step, b: Step, place: Place, found: Found, presence: Presence) -> None:
    result = compare_steps(a, b, place)
    if isinstance(result, NotCompared):
        found.not_compared.append(result)
        return
    found.is_compared = True
    found.differences += result
    if a.status == b.status == 200:
        presence.see(a, b)


def _take_alone(
    step: Step, place: Place, pair: Pair, found: Found, side: str, ended: Scenario | None
) -> None:
    """Tell of a step that only one side has; `ended` is the other side when that had come to its end."""
    other = "B" if side == "A" else "A"
    if pair.is_repeat:
        why = f"asked again in {side}, where a wait took more reads"
        found.not_compared.append(NotCompared(place, why))
    elif step.unproven:
        why = f"only in {side}, and unproven: {WHY_UNPROVEN}"
        found.not_compared.append(NotCompared(place, why))
    elif ended and ended.outcome != "passed":
        found.not_compared.append(
            NotCompared(place, f"only in {side}: {other} ended before ({ended.outcome})")
        )
    else:
        change: Change = "unreachable venue" if step.is_unreachable else "other behaviour"
        texts = (f"asked: {told(step)}", "not asked")
        found.differences.append(Difference(place, change, "$", *(texts if side == "A" else texts[::-1])))


def _compare_forms(a: Scenario, b: Scenario, found: Found, presence: Presence) -> None:
    """Compare the answers of a property, which had other examples: by their forms, kind by kind."""
    why = "step by step: its examples are drawn, so its answers were compared by their forms"
    found.not_compared.append(NotCompared(Place(b.id, None, None, ""), why))
    kinds = dict.fromkeys(step.kind for step in (*a.steps, *b.steps))
    for endpoint, kind in kinds:
        place = Place(b.id, None, None, f"{endpoint} {kind}".strip())
        steps_a, steps_b = (
            [step for step in one.steps if step.kind == (endpoint, kind) and not step.unproven]
            for one in (a, b)
        )
        if not steps_a or not steps_b:
            found.not_compared.append(NotCompared(place, f"only in {'A' if steps_a else 'B'}"))
            continue
        found.is_compared = True
        found.differences += _statuses(steps_a, steps_b, place)
        read_a, read_b = (
            [step for step in side if step.status == 200 and is_json(step)] for side in (steps_a, steps_b)
        )
        if read_a and read_b:
            bodies_a, bodies_b = ([decoded(step) for step in side] for side in (read_a, read_b))
            found.differences += comparing.compare_forms(bodies_a, bodies_b, endpoint, kind, place)


def _compare_frames(a: Scenario, b: Scenario, found: Found, presence: Presence) -> None:
    """Compare what came over websockets: by its forms, channel by channel."""
    if not a.frames or not b.frames:
        if a.frames or b.frames:
            why = f"websockets only in {'A' if a.frames else 'B'}"
            found.not_compared.append(NotCompared(Place(b.id, None, None, "ws"), why))
        return
    found.differences += endings(a.frames, b.frames, Place(b.id, None, None, "ws"))
    in_a, in_b = by_channel(a.frames), by_channel(b.frames)
    for channel in dict.fromkeys((*in_a, *in_b)):
        place = Place(b.id, None, None, " ".join(channel).strip())
        bodies_a, bodies_b = in_a.get(channel), in_b.get(channel)
        if channel == UNREADABLE or not bodies_a or not bodies_b:
            why = f"messages only in {'A' if bodies_a else 'B'}"
            if channel == UNREADABLE:
                why = "messages that are none"
            found.not_compared.append(NotCompared(place, why))
            continue
        found.is_compared = True
        try:
            values_a, values_b = ([json.loads(body) for body in side] for side in (bodies_a, bodies_b))
            found.differences += comparing.compare_forms(values_a, values_b, *channel, place)
        except RecursionError:
            found.not_compared.append(NotCompared(place, "the messages are nested too deeply"))
            continue
        if channel != PARTIAL:
            presence.see_messages(channel, bodies_a, bodies_b)


def _statuses(a: list[Step], b: list[Step], place: Place) -> Iterator[Difference]:
    known = {step.status for step in a}
    for status in {step.status for step in b} - known:
        step = next(step for step in b if step.status == status)
        change: Change = "unreachable venue" if step.is_unreachable else "other behaviour"
        yield Difference(place, change, "$", told(a[0]), told(step))


def _kind(a: Scenario, b: Scenario, pair: Pair) -> str:
    step = b.steps[pair.b] if pair.b is not None else a.steps[pair.a or 0]
    return " ".join(step.kind).strip()


def _from_1(number: int | None) -> int | None:
    return None if number is None else number + 1


def _ended(scenario: Scenario) -> str:
    """Return how a scenario ended, in a line."""
    lines = [line.strip() for line in scenario.reason.splitlines() if line.strip()]
    line = next((line.removeprefix("E ").strip() for line in lines if line.startswith("E ")), "")
    line = line or (lines[0] if lines else "")
    return f"{scenario.outcome}: {line}"[:_LONGEST_REASON] if line else scenario.outcome
