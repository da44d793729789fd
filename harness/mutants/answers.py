"""One answer, changed in one thing at a time.

A place is a path as the shapes write it. Of a list's elements the first, the middle and the last are dropped
and duplicated; what is in them is changed once for each form that elements have. Of a map the same three keys
are changed.
"""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple, TypeVar

from harness.shapes.differences import below

Change = Literal["drop", "null", "retype", "reorder", "duplicate", "extend", "spoil"]

_Item = TypeVar("_Item")
# More keys than that are a map, by coin or by address.
_MOST_KEYS = 40

UNKNOWN_FIELD = "unheardOf"
"""The key that `extend` adds to an object."""


class Mutant(NamedTuple):
    """An answer with one thing changed.

    Args:
        path: the changed place, from the answer's root, or what stands in its stead.
        change: `drop` (a key or an element), `null`, `retype`, `reorder` (a list or the keys of an object),
            `duplicate` (an element), `extend` (a key or element more), or `spoil` (see `SPOILED`).
        status: the HTTP status.
        body: the whole body.
    """

    path: str
    change: Change
    status: int
    body: str


SPOILED: tuple[Mutant, ...] = (
    Mutant("HTTP 429 null", "spoil", 429, "null"),
    Mutant("HTTP 500 null", "spoil", 500, "null"),
    Mutant("HTTP 502 HTML", "spoil", 502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    Mutant("HTTP 422 text", "spoil", 422, "Failed to deserialize the JSON body into the target type"),
    Mutant("HTTP 200 null", "spoil", 200, "null"),
    Mutant("HTTP 200 nothing", "spoil", 200, ""),
)
"""What any request may be answered with: the limits' and failures' null, a gateway's page, an empty body.

Source: wire rules 1 to 3.
"""


def mutants(body: str) -> Iterator[Mutant]:
    """Yield an answer with one thing changed, for every thing and every change; then cut off, then spoiled.

    Args:
        body: JSON, as the exchange sent it with status 200.
    """
    for path, change, text in changed_texts(body):
        yield Mutant(path, change, 200, text)
    yield Mutant("HTTP 200 cut off", "spoil", 200, body[: len(body) // 2])
    yield from (one for one in SPOILED if (one.status, one.body) != (200, body))


def changed_texts(body: str) -> Iterator[tuple[str, Change, str]]:
    """Yield the place, the change and the text, for every thing in a JSON text and every change of it."""
    answer = json.loads(body)
    before = _text(answer)
    for path, change, changed in _changes(answer, "$"):
        text = _text(changed)
        if text != before:
            yield path, change, text


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _changes(value: Any, path: str) -> Iterator[tuple[str, Change, Any]]:
    """Yield changed copies of a value: itself, then what is in it."""
    if value is not None:
        yield path, "null", None
    yield path, "retype", _retyped(value)
    if isinstance(value, dict):
        yield from _changes_of_object(value, path)
    elif isinstance(value, list):
        yield from _changes_of_list(value, path)


def _changes_of_object(value: dict[str, Any], path: str) -> Iterator[tuple[str, Change, Any]]:
    yield path, "extend", value | {UNKNOWN_FIELD: 1}
    yield path, "reorder", dict(reversed(value.items()))
    for key in _some(list(value), _MOST_KEYS):
        place = below(path, key)
        yield place, "drop", {name: one for name, one in value.items() if name != key}
        for inner, change, changed in _changes(value[key], place):
            yield inner, change, value | {key: changed}


def _changes_of_list(value: list[Any], path: str) -> Iterator[tuple[str, Change, Any]]:
    yield path, "extend", [*value, None]
    yield path, "reorder", value[::-1]
    for number in _some(list(range(len(value))), 3):
        head, one, tail = value[:number], value[number], value[number + 1 :]
        yield f"{path}[{number}]", "drop", [*head, *tail]
        yield f"{path}[{number}]", "duplicate", [*head, one, one, *tail]
    met: set[str] = set()
    for number, one in enumerate(value):
        if (its := form(one)) in met:
            continue
        met.add(its)
        for inner, change, changed in _changes(one, f"{path}[{number}]"):
            yield inner, change, [*value[:number], changed, *value[number + 1 :]]


def _some(items: list[_Item], most: int) -> list[_Item]:
    """Return all items, or of many the first, the one in the middle and the last."""
    return items if len(items) <= most else [items[0], items[len(items) // 2], items[-1]]


def form(value: Any) -> str:
    """Return the form of a value: its keys and JSON types, without its content."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{form(one)}" for key, one in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + "|".join(sorted({form(one) for one in value})) + "]"
    return "null" if value is None else type(value).__name__


def _retyped(value: Any) -> Any:
    """Return a value of another JSON type that says about the same."""
    match value:
        case bool() | None:
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return _number(value)
        case list():
            return {str(number): one for number, one in enumerate(value)}
        case _:
            return list(value.values())


def _number(text: str) -> float | int:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return len(text)
    return float(number) if number.is_finite() else len(text)
