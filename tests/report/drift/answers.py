"""Answers to compare, and the steps and scenarios around them."""

import json
from typing import Any

from harness.report.drift.findings import HARMLESS, Place
from harness.report.drift.sources import Scenario, Step

PLACE = Place("scenarios/test_s.py::test_one", 1, 1, "")
ORDER = '{"action":{"type":"order","orders":[{"a":4,"p":"1100"}]},"nonce":5}'
ROW = {
    "coin": "ETH",
    "side": "B",
    "limitPx": "1100.0",
    "sz": "0.2",
    "oid": 60000000011,
    "timestamp": 1767225600300,
    "origSz": "0.2",
}


def statuses(*found: Any) -> dict[str, Any]:
    """The answer to an order."""
    return {"status": "ok", "response": {"type": "order", "data": {"statuses": list(found)}}}


def asked(request: str, answer: Any, *, status: int | None = 200, unproven: bool = False) -> Step:
    """A step; what has an action is for /exchange."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return Step("/exchange" if '"action"' in request else "/info", request, status, text, unproven)


def read(kind: str, answer: Any, **more: Any) -> Step:
    """A step that reads."""
    return asked(json.dumps({"type": kind}), answer, **more)


def scenario(*steps: Step, **more: Any) -> Scenario:
    """A scenario with these steps."""
    return Scenario("scenarios/test_s.py::test_one", list(steps), **more)


def told(differences: Any) -> list[tuple[str, str]]:
    """Class and path of each difference that is more than a harmless value."""
    return [(one.change, one.path) for one in differences if one.change != HARMLESS]
