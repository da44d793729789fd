"""Where an answer differs from its shape: all the places, not only the first.

The decoder stops at the first difference, because it is fast. When it has refused an answer, this walker goes
through the decoded JSON once more and lists every difference with its path, what was found and what is
expected. It reads the same type definitions as the decoder, so there is one description of each answer.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

import msgspec
from msgspec import inspect

Kind = Literal["type", "value", "missing-field", "unknown-field"]

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LONGEST = 120


class Difference(NamedTuple):
    """One place where an answer has another form than its shape.

    Args:
        path: where, from the answer's root: `$[0].order.limitPx`.
        found: what stands there, as JSON, cut when long.
        expected: what the shape demands.
        kind: `type`, `value`, `missing-field` or `unknown-field`.
    """

    path: str
    found: str
    expected: str
    kind: Kind


class RuleError(ValueError):
    """A rule between fields is broken; raised by a shape's `__post_init__`.

    Args:
        field: the wire name of the field that is wrong, or several, or "" for the object itself.
        found: what the object says.
        expected: what the rule demands.
        kind: the kind of the difference.
    """

    def __init__(self, field: str | list[str], found: str, expected: str, kind: Kind = "value") -> None:
        self.fields = [field] if isinstance(field, str) else field
        self.found = found
        self.expected = expected
        self.kind: Kind = kind
        super().__init__(f"{', '.join(self.fields)}: found {found}, expected {expected}")


def differences(value: object, wire: object) -> list[Difference]:
    """Return every difference between decoded JSON and a wire type, in the order of the answer.

    Args:
        value: the answer as `json.loads` gives it.
        wire: a msgspec type: a struct, a tuple of structs, a union.
    """
    return list(_walk(value, _type_info(wire), "$"))


def without(value: object, paths: set[str], path: str = "$") -> object:
    """Return decoded JSON, which stands at `path`, without what stands at some places below it."""
    if isinstance(value, Mapping):
        kept = ((key, element, below(path, str(key))) for key, element in value.items())
        return {key: without(element, paths, place) for key, element, place in kept if place not in paths}
    if isinstance(value, list | tuple):
        return [without(element, paths, f"{path}[{index}]") for index, element in enumerate(value)]
    return value


def below(path: str, key: str) -> str:
    """Return the path of a key of the object at `path`."""
    return f"{path}.{key}" if _PLAIN_KEY.match(key) else f"{path}[{json.dumps(key)}]"


def shown(value: object) -> str:
    """Return a value as JSON, cut when it is long."""
    try:
        text = json.dumps(value, separators=(", ", ": "))
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@cache
def _type_info(wire: object) -> inspect.Type:
    return inspect.type_info(wire)


def _walk(value: object, info: inspect.Type, path: str) -> Iterator[Difference]:
    whole, info = info, bare(info)
    match info:
        case inspect.UnionType():
            yield from _walk_union(value, info, path)
        case inspect.StructType():
            yield from _walk_struct(value, info, path)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item) if isinstance(
            value, list | tuple
        ):
            for index, element in enumerate(value):
                yield from _walk(element, item, f"{path}[{index}]")
        case inspect.TupleType(item_types=items) if isinstance(value, list | tuple):
            if len(value) != len(items):
                yield Difference(path, f"{len(value)} elements", f"{len(items)} elements", "value")
            for index, (element, item) in enumerate(zip(value, items, strict=False)):
                yield from _walk(element, item, f"{path}[{index}]")
        case inspect.DictType() if isinstance(value, Mapping):
            for key, element in value.items():
                place = below(path, str(key))
                yield from _walk(key, info.key_type, place)
                yield from _walk(element, info.value_type, place)
        case _ if not _fits(value, info) or not _fits_late(value, whole):
            kind: Kind = "value" if same_kind(value, info) else "type"
            yield Difference(path, shown(value), described(whole), kind)
        case _:
            pass


def _walk_union(value: object, info: inspect.UnionType, path: str) -> Iterator[Difference]:
    members = info.types
    if any(_fits(value, bare(one)) and _fits_late(value, one) for one in members if _is_scalar(bare(one))):
        return
    structs = [member for member in members if isinstance(member, inspect.StructType)]
    if isinstance(value, Mapping) and structs:
        yield from _walk_tagged(value, structs, path)
        return
    same = [member for member in members if same_kind(value, bare(member))]
    if len(same) == 1 and not _is_scalar(bare(same[0])):
        yield from _walk(value, same[0], path)
    else:
        expected = " or ".join(dict.fromkeys(described(member) for member in members))
        yield Difference(path, shown(value), expected, "value" if same else "type")


def _walk_tagged(
    value: Mapping[str, object], structs: list[inspect.StructType], path: str
) -> Iterator[Difference]:
    if len(structs) == 1:
        yield from _walk_struct(value, structs[0], path)
        return
    field = structs[0].tag_field or ""
    expected = " or ".join(shown(struct.tag) for struct in structs)
    if field not in value:
        yield Difference(below(path, field), "nothing", expected, "missing-field")
        return
    for struct in structs:
        if struct.tag == value[field]:
            yield from _walk_struct(value, struct, path)
            return
    kind: Kind = "value" if isinstance(value[field], str) else "type"
    yield Difference(below(path, field), shown(value[field]), expected, kind)


def _walk_struct(value: object, info: inspect.StructType, path: str) -> Iterator[Difference]:
    if not isinstance(value, Mapping):
        yield Difference(path, shown(value), described(info), "type")
        return
    others = False
    unknown: set[str] = set()
    known = {field.encode_name: field for field in info.fields if not _must_be_absent(field.type)}
    for key, element in value.items():
        place = below(path, str(key))
        if key == info.tag_field:
            if element != info.tag:
                others = True
                yield Difference(place, shown(element), shown(info.tag), "value")
        elif key in known:
            for difference in _walk(element, known[key].type, place):
                if difference.kind == "unknown-field":
                    unknown.add(difference.path)
                else:
                    others = True
                yield difference
        else:
            unknown.add(place)
            expected = f"no such field; {info.cls.__name__} has {', '.join(known) or 'none'}"
            yield Difference(place, shown(element), expected, "unknown-field")
    for name, field in known.items():
        if field.required and name not in value:
            others = True
            yield Difference(below(path, name), "nothing", described(field.type), "missing-field")
    if not others:
        yield from _broken_rules(without(value, unknown, path) if unknown else dict(value), info, path)


def _broken_rules(value: object, info: inspect.StructType, path: str) -> Iterator[Difference]:
    """Yield what the struct's own `__post_init__` refuses, once the fields that it knows are in order."""
    try:
        msgspec.convert(value, info.cls)
    except msgspec.ValidationError as error:
        rule = error.__cause__
        if isinstance(rule, RuleError):
            for field in rule.fields:
                place = f"{path}.{field}" if field else path
                yield Difference(place, rule.found, rule.expected, rule.kind)


def _must_be_absent(info: inspect.Type) -> bool:
    """Tell whether a field is there only to say that its key is not: its type is `UnsetType` alone."""
    return isinstance(info, inspect.CustomType) and info.cls is msgspec.UnsetType


def bare(info: inspect.Type) -> inspect.Type:
    """Return a type without what is said about it."""
    while isinstance(info, inspect.Metadata):
        info = info.type
    return info


def said(info: inspect.Type, word: str) -> str:
    """Return what is said about a type under a word, such as `expected` or `since`; "" when nothing is."""
    while isinstance(info, inspect.Metadata):
        if word in (info.extra or {}):
            return str((info.extra or {})[word])
        info = info.type
    return ""


def _is_scalar(info: inspect.Type) -> bool:
    scalars = (inspect.NoneType, inspect.BoolType, inspect.IntType, inspect.FloatType, inspect.StrType)
    return isinstance(info, (*scalars, inspect.LiteralType, inspect.AnyType))


def same_kind(value: object, info: inspect.Type) -> bool:
    """Tell whether a value is of the JSON kind that a type takes, whatever its content."""
    match info:
        case inspect.AnyType():
            return True
        case inspect.NoneType():
            return value is None
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.StrType():
            return isinstance(value, str)
        case inspect.LiteralType(values=values):
            return any(type(value) is type(choice) for choice in values)
        case inspect.VarTupleType() | inspect.ListType() | inspect.TupleType():
            return isinstance(value, list | tuple)
        case _:
            return isinstance(value, Mapping)


def fits(value: object, info: inspect.Type) -> bool:
    """Tell whether a text or number is one that a scalar type takes, with what is said about the type."""
    return _fits(value, bare(info)) and _fits_late(value, info)


def _fits(value: object, info: inspect.Type) -> bool:
    """Tell whether a value is one that a scalar type takes."""
    if not same_kind(value, info):
        return False
    match info:
        case inspect.LiteralType(values=values):
            return value in values
        case inspect.StrType():
            return _fits_text(str(value), info)
        case inspect.IntType(ge=low, le=high):
            return (low is None or _number(value) >= low) and (high is None or _number(value) <= high)
        case _:
            return True


def _fits_late(value: object, info: inspect.Type) -> bool:
    """Tell whether a text has the pattern that the decoder, for speed, left to a rule of the whole answer."""
    pattern = said(info, "pattern")
    return not pattern or re.search(str(pattern), str(value)) is not None


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _fits_text(text: str, info: inspect.StrType) -> bool:
    if info.pattern is not None and re.search(info.pattern, text) is None:
        return False
    if info.min_length is not None and len(text) < info.min_length:
        return False
    return info.max_length is None or len(text) <= info.max_length


def described(info: inspect.Type) -> str:
    """Return what a type takes, in words."""
    if isinstance(info, inspect.Metadata):
        return said(info, "expected") or described(info.type)
    match info:
        case inspect.UnionType(types=types):
            return " or ".join(dict.fromkeys(described(member) for member in types))
        case inspect.LiteralType(values=values):
            return " or ".join(shown(choice) for choice in values)
        case inspect.NoneType():
            return "null"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=low):
            return "a whole number" if low is None else f"a whole number, at least {low}"
        case inspect.FloatType():
            return "a number"
        case inspect.StrType(pattern=pattern):
            return "a text" if pattern is None else f"a text like {pattern}"
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            item = bare(item)
            return (
                f"a list of {item.cls.__name__} objects" if isinstance(item, inspect.StructType) else "a list"
            )
        case inspect.TupleType(item_types=items):
            return f"a list of {len(items)}: {', '.join(described(item) for item in items)}"
        case inspect.StructType(cls=cls):
            return f"an object ({cls.__name__})"
        case _:
            return "an object"
