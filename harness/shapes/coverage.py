"""What of the shapes a run has really seen: each field, each variant, each value of an enum.

A place is a path in the answers of one kind, with `[]` for any element of a list, `{}` for any key of a map
and `<Name>` for one object of several that a union holds; a sight is what may be seen there: the field
itself, its absence, null, a member of a union, a value of an enum. All answers of a kind add to one row of
counters, so that a field which always stood there can be told from one that sometimes did.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from harness.shapes.differences import bare, described, said, shown
from harness.shapes.registry import KNOWN, Known

_Walker = Callable[[Any, list[int]], None]
_SCALARS: Mapping[type[inspect.Type], type | tuple[type, ...]] = {
    inspect.StrType: str,
    inspect.IntType: int,
    inspect.FloatType: (int, float),
    inspect.BoolType: bool,
}

ANSWERED = "answered"
FIELD = "field"
ABSENT = "absent"
NULL = "null"


class Sight(NamedTuple):
    """One thing that answers of a kind may show.

    Args:
        path: where, from the answer's root: `$.statuses[].resting.oid`.
        what: `answered` (there was an answer at all), `field` (it stands there), `absent`, `null`, the name
            of a union's member, or an enum's value as JSON.
        before: until when answers showed it, for a form of the past (an absence of what is always there
            today, a field or a kind that was retired, and what stood in it); else "".
    """

    path: str
    what: str
    before: str = ""

    def __str__(self) -> str:
        return self.path if self.what == FIELD else f"{self.path} {self.what}"


class _Plan:
    """The sights of one wire type, and the walker that counts them."""

    def __init__(self, wire: Any, retired: str = "") -> None:
        self.sights: list[Sight] = []
        self._open: dict[type, list[_Walker]] = {}
        self._retired = retired
        self._note("$", ANSWERED)
        self._walk = self._of(inspect.type_info(wire), "$")

    def count(self, answer: Any, counts: list[int]) -> None:
        """Count what an answer shows; `counts` has a number for each sight."""
        counts[0] += 1
        if self._walk is not None:
            self._walk(answer, counts)

    def _note(self, path: str, what: str, before: str = "") -> int:
        self.sights.append(Sight(path, what, self._retired or before))
        return len(self.sights) - 1

    def _of(self, info: inspect.Type, path: str) -> _Walker | None:
        info = bare(info)
        match info:
            case inspect.UnionType():
                return self._of_union(info, path)
            case inspect.StructType():
                return self._of_struct(info, path)
            case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
                return _each(self._of(item, f"{path}[]"))
            case inspect.TupleType(item_types=items):
                return _in_turn([self._of(item, f"{path}[{number}]") for number, item in enumerate(items)])
            case inspect.DictType(value_type=item):
                return _each_value(self._of(item, f"{path}{{}}"))
            case inspect.LiteralType(values=values) if len(values) > 1:
                return _by_value({value: self._note(path, shown(value)) for value in values})
            case _:
                return None

    def _of_union(self, info: inspect.UnionType, path: str) -> _Walker | None:
        members = [one for one in info.types if not _is_unset(one)]
        structs = [one for one in members if isinstance(bare(one), inspect.StructType)]
        others = [one for one in members if one not in structs]
        is_named = len([one for one in members if not isinstance(bare(one), inspect.NoneType)]) > 1
        branches: list[tuple[Callable[[Any], bool], int | None, _Walker | None]] = []
        for one in others:
            kind = bare(one)
            if isinstance(kind, inspect.NoneType):
                branches.append((_is_null, self._note(path, NULL), None))
            else:
                number = self._note(path, described(one)) if is_named and not _is_enum(kind) else None
                branches.append((_test_of(kind), number, self._of(one, path)))
        for one in structs:
            struct = bare(one)
            assert isinstance(struct, inspect.StructType)
            outside, self._retired = self._retired, self._retired or said(one, "until")
            number = self._note(path, struct.cls.__name__) if is_named else None
            inner = f"{path}<{struct.cls.__name__}>" if len(structs) > 1 else path
            branches.append((_test_of(struct), number, self._of(one, inner)))
            self._retired = outside
        return _by_branch(branches)

    def _of_struct(self, info: inspect.StructType, path: str) -> _Walker:
        if info.cls in self._open:
            return _again(self._open[info.cls])
        outer = self._open[info.cls] = []
        fields = []
        for field in info.fields:
            if _is_unset(field.type):
                continue
            place = f"{path}.{field.encode_name}"
            absent = None if field.required else self._note(place, ABSENT, said(field.type, "since"))
            outside, self._retired = self._retired, self._retired or said(field.type, "until")
            present = self._note(place, FIELD)
            fields.append((field.encode_name, present, absent, self._of(field.type, place)))
            self._retired = outside
        del self._open[info.cls]
        walk = _by_field(fields)
        outer.append(walk)
        return walk


def _again(outer: list[_Walker]) -> _Walker:
    """Walk a struct inside itself; its fields count as those of the outer one."""
    return lambda value, counts: outer[0](value, counts)


def _each(walk: _Walker | None) -> _Walker | None:
    if walk is None:
        return None

    def elements(value: Any, counts: list[int]) -> None:
        for element in value:
            walk(element, counts)

    return elements


def _each_value(walk: _Walker | None) -> _Walker | None:
    elements = _each(walk)
    return None if elements is None else lambda value, counts: elements(value.values(), counts)


def _in_turn(walks: list[_Walker | None]) -> _Walker | None:
    if not any(walks):
        return None

    def elements(value: Any, counts: list[int]) -> None:
        for walk, element in zip(walks, value, strict=False):
            if walk is not None:
                walk(element, counts)

    return elements


def _by_value(numbers: dict[Any, int]) -> _Walker:
    def enum(value: Any, counts: list[int]) -> None:
        number = numbers.get(value)
        if number is not None:
            counts[number] += 1

    return enum


def _by_branch(branches: list[tuple[Callable[[Any], bool], int | None, _Walker | None]]) -> _Walker:
    def union(value: Any, counts: list[int]) -> None:
        for fits, number, walk in branches:
            if fits(value):
                if number is not None:
                    counts[number] += 1
                if walk is not None:
                    walk(value, counts)
                return

    return union


def _by_field(fields: list[tuple[str, int, int | None, _Walker | None]]) -> _Walker:
    def struct(value: Any, counts: list[int]) -> None:
        for name, present, absent, walk in fields:
            if name in value:
                counts[present] += 1
                if walk is not None:
                    walk(value[name], counts)
            elif absent is not None:
                counts[absent] += 1

    return struct


def _is_null(value: Any) -> bool:
    return value is None


def _is_unset(info: inspect.Type) -> bool:
    return isinstance(info, inspect.CustomType) and info.cls is msgspec.UnsetType


def _is_enum(info: inspect.Type) -> bool:
    return isinstance(info, inspect.LiteralType) and len(info.values) > 1


def _test_of(info: inspect.Type) -> Callable[[Any], bool]:
    """Return what tells the member of a union from the others."""
    if isinstance(info, inspect.StructType):
        if info.tag_field is not None:
            field, tag = info.tag_field, info.tag
            return lambda value: isinstance(value, dict) and value.get(field) == tag
        return lambda value: isinstance(value, dict)
    if isinstance(info, inspect.LiteralType):
        values = info.values
        return lambda value: isinstance(value, str | int) and value in values
    if isinstance(info, inspect.DictType):
        return lambda value: isinstance(value, dict)
    plain = _SCALARS.get(type(info))
    if plain is not None:
        return lambda value: isinstance(value, plain)
    return lambda value: isinstance(value, list)


@cache
def _plan(endpoint: str, kind: str) -> _Plan:
    known = KNOWN[endpoint, kind]
    return _Plan(known.wire, known.until)


def sights(known: Known) -> tuple[Sight, ...]:
    """Return all that answers of a kind may show."""
    return tuple(_plan(known.endpoint, known.kind).sights)


# So many bytes of answers are kept before they are counted.
_MOST_WAITING = 1_000_000
_FOLDED = bytes.maketrans(b"0123456789", b"0" * 10)
DIGITS_TELL = frozenset({("info", "candleSnapshot"), ("ws", "candle"), ("ws", "subscriptionResponse")})
"""The kinds with sights that only a digit tells from others: `1m` and `5m`.

Answers of any other kind that differ in digits alone show the same.
"""


class Coverage:
    """The sights of one run, counted.

    An answer is counted when somebody asks, or when many have come: a run in which nobody does pays little.
    """

    def __init__(self) -> None:
        self._counted: dict[tuple[str, str], list[int]] = {}
        self._met: set[tuple[str, str, int]] = set()
        # By kind and body without its figures: one such body, and how many there were.
        self._waiting: dict[tuple[str, str, bytes], tuple[bytes, int]] = {}
        self._bytes_waiting = 0

    def see(self, endpoint: str, kind: str, body: bytes) -> None:
        """Count what an answer shows; one that was counted before, and one without a shape, are passed over.

        Args:
            endpoint: `info` or `exchange`.
            kind: the request's type.
            body: an answer that has the form of its shape.
        """
        met = (endpoint, kind, hash(body))
        if met in self._met or (endpoint, kind) not in KNOWN:
            return
        self._met.add(met)
        form = (endpoint, kind, body if (endpoint, kind) in DIGITS_TELL else body.translate(_FOLDED))
        alike = self._waiting.get(form)
        if alike is not None:
            self._waiting[form] = (alike[0], alike[1] + 1)
            return
        self._waiting[form] = (body, 1)
        self._bytes_waiting += len(body)
        if self._bytes_waiting > _MOST_WAITING:
            self._count_waiting()

    def _count_waiting(self) -> None:
        for (endpoint, kind, _), (body, times) in self._waiting.items():
            counts = self._counts_of(endpoint, kind)
            shown_once = [0] * len(counts)
            _plan(endpoint, kind).count(msgspec.json.decode(body), shown_once)
            for number, count in enumerate(shown_once):
                counts[number] += count * times
        self._waiting.clear()
        self._bytes_waiting = 0

    def _counts_of(self, endpoint: str, kind: str) -> list[int]:
        counts = self._counted.get((endpoint, kind))
        if counts is None:
            counts = self._counted[endpoint, kind] = [0] * len(_plan(endpoint, kind).sights)
        return counts

    @property
    def _counts(self) -> dict[tuple[str, str], list[int]]:
        self._count_waiting()
        return self._counted

    def __iter__(self) -> Iterator[tuple[Known, Sight, int]]:
        """Yield every sight of every kind with its count, seen or not."""
        counted = self._counts
        for key, known in KNOWN.items():
            every = sights(known)
            counts = counted.get(key, [0] * len(every))
            yield from ((known, sight, count) for sight, count in zip(every, counts, strict=True))

    def as_data(self) -> dict[str, dict[str, int]]:
        """Return the counts as plain data: `info meta` to `$.universe[].name field` to a number."""
        return {
            f"{endpoint} {kind}": {
                f"{sight.path} {sight.what}": count
                for sight, count in zip(_plan(endpoint, kind).sights, counts, strict=True)
                if count
            }
            for (endpoint, kind), counts in self._counts.items()
        }

    def add(self, data: Mapping[str, Mapping[str, int]]) -> None:
        """Add the counts of another run or process; sights that are not known here are passed over."""
        for name, seen in data.items():
            endpoint, _, kind = name.partition(" ")
            if (endpoint, kind) not in KNOWN:
                continue
            counts = self._counts_of(endpoint, kind)
            for number, sight in enumerate(_plan(endpoint, kind).sights):
                counts[number] += seen.get(f"{sight.path} {sight.what}", 0)
