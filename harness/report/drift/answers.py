"""Two steps side by side: whether an answer came, its HTTP status, and then what it says."""

import json
from typing import Any

from harness.report.drift import comparing
from harness.report.drift.findings import HARMLESS, Difference, NotCompared, Place
from harness.report.drift.sources import Step
from harness.shapes.differences import shown

WHY_UNPROVEN = "localnet does not know what was asked, or a fault spoiled the answer"
_NO_JSON = object()


def compare_steps(a: Step, b: Step, place: Place) -> list[Difference] | NotCompared:
    """Return every difference between two answers, or why they were not compared."""
    unproven = " and ".join(name for name, step in (("A", a), ("B", b)) if step.unproven)
    if unproven:
        return NotCompared(place, f"unproven in {unproven}: {WHY_UNPROVEN}")
    if a.is_unreachable and b.is_unreachable:
        return NotCompared(place, "the venue gave no answer in either")
    if a.is_unreachable or b.is_unreachable:
        return [Difference(place, "unreachable venue", "$", told(a), told(b))]
    if a.status != b.status:
        return [Difference(place, "other behaviour", "$", told(a), told(b))]
    if a.answer == b.answer:
        return []
    json_a, json_b = decoded(a), decoded(b)
    if json_a is _NO_JSON or json_b is _NO_JSON:
        return _texts(a, b, place, is_same_form=json_a is json_b)
    endpoint, kind = b.kind
    try:
        if a.status == 200:
            return comparing.compare(json_a, json_b, endpoint, kind, place)
        return comparing.compare(json_a, json_b, "", "", place)
    except RecursionError:
        return NotCompared(place, "the answers are nested too deeply")


def decoded(step: Step) -> Any:
    """Return the body of an answer; an object of its own when it is not JSON."""
    try:
        return json.loads(step.answer)
    except (ValueError, RecursionError):
        return _NO_JSON


def is_json(step: Step) -> bool:
    """Tell whether an answer is JSON."""
    return decoded(step) is not _NO_JSON


def told(step: Step) -> str:
    """Return an answer in a line: its HTTP status and its body, cut when long."""
    if step.status is None:
        return "no answer"
    body = decoded(step)
    return f"HTTP {step.status} {shown(step.answer if body is _NO_JSON else body)}"


def _texts(a: Step, b: Step, place: Place, *, is_same_form: bool) -> list[Difference]:
    if not is_same_form:
        return [Difference(place, "retyped", "$", told(a), told(b))]
    is_same = comparing.words_of(a.answer) == comparing.words_of(b.answer)
    return [Difference(place, HARMLESS if is_same else "other text", "$", told(a), told(b))]
