"""The strings of a JSON text with their places, so that one can be changed and all else stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(eq=False)
class Container:
    """An object or a list: where it stands, and what it holds."""

    parent: Container | None
    label: str
    is_object: bool
    keys: list[str] = field(default_factory=list)
    values: list[str | None] = field(default_factory=list)
    """What stands in a list: its texts, and None for everything else."""

    @property
    def path(self) -> str:
        """The place in the whole, such as `$.action.orders[0]`."""
        return f"{self.parent.path}{self.label}" if self.parent else "$"

    def step(self) -> str:
        """Return the label of the value that comes next."""
        return f".{self.keys[-1]}" if self.is_object else f"[{len(self.values)}]"


@dataclass(frozen=True)
class Found:
    """One string: its place in the text, what it says, and what holds it."""

    start: int
    end: int
    value: str
    is_key: bool
    owner: Container | None
    label: str

    @property
    def path(self) -> str:
        """The place in the whole."""
        return f"{self.owner.path}{self.label}" if self.owner else "$"

    @property
    def key(self) -> str | None:
        """The key under which it stands, None for a key, or in a list."""
        return self.label[1:] if self.owner and self.owner.is_object and not self.is_key else None


def strings(text: str) -> list[Found] | None:
    """Return the strings of a JSON object or list, in order; None when `text` is neither."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    return list(_walk(text))


def _walk(text: str) -> Iterator[Found]:
    inside: Container | None = None
    expects_key = False
    for token in _TOKENS.finditer(text):
        first = token[0][0]
        if first in "{[":
            label = inside.step() if inside else ""
            if inside and not inside.is_object:
                inside.values.append(None)
            inside = Container(inside, label, first == "{")
            expects_key = first == "{"
        elif first in "}]":
            inside = inside.parent if inside else None
            expects_key = False
        elif first == ",":
            expects_key = bool(inside and inside.is_object)
        elif first == ":":
            expects_key = False
        elif first == '"':
            value = json.loads(token[0])
            if expects_key and inside:
                inside.keys.append(value)
            label = inside.step() if inside else ""
            if inside and not inside.is_object:
                inside.values.append(value)
            yield Found(token.start(), token.end(), value, expects_key, inside, label)
        elif inside and not inside.is_object:
            inside.values.append(None)


def rewritten(text: str, change: Callable[[Found], str]) -> str:
    """Return JSON `text` with its strings changed; what stays the same keeps its letters."""
    parts: list[str] = []
    done = 0
    for found in strings(text) or ():
        new = change(found)
        if new != found.value:
            parts += [text[done : found.start], json.dumps(new)]
            done = found.end
    return "".join([*parts, text[done:]]) if parts else text
