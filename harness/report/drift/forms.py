"""What a shape says of one place in an answer, as far as a comparison needs it.

A place may lie outside of all shapes (a new field, a kind without a shape); then nothing is said of it, and
its values are compared by what they are in JSON.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from harness.shapes.differences import bare, fits, same_kind

Form = inspect.Type | None


def json_kind(value: object) -> str:
    """Return what a value is in JSON, in a word; whole numbers and others are told apart by `takes` alone."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"


def members(form: Form) -> list[inspect.Type]:
    """Return the types that a place may have; none when nothing is known of it."""
    if form is None:
        return []
    inner = bare(form)
    types = inner.types if isinstance(inner, inspect.UnionType) else (form,)
    return [one for one in types if not _is_unset(one) and not isinstance(bare(one), inspect.AnyType)]


def takes(form: Form, value: object) -> bool:
    """Tell whether a place may hold a value of this kind, whatever its content; False if nothing is known."""
    return any(same_kind(value, bare(one)) for one in members(form))


def takes_scalar(form: Form, value: object) -> bool:
    """Tell whether a place takes a text or number as it is written; True when nothing is known."""
    choices = [one for one in members(form) if same_kind(value, bare(one))]
    return not choices or any(fits(value, one) for one in choices)


def enum_of(form: Form) -> frozenset[Any]:
    """Return the values of a place that is an enum; none when it is not."""
    literals = [bare(one) for one in members(form)]
    values = [value for one in literals if isinstance(one, inspect.LiteralType) for value in one.values]
    is_open = any(isinstance(one, inspect.StrType | inspect.IntType) for one in literals)
    return frozenset(values if len(values) > 1 and not is_open else ())


def structs_of(form: Form) -> list[inspect.StructType]:
    """Return the objects with known keys that a place may hold."""
    return [one for one in map(bare, members(form)) if isinstance(one, inspect.StructType)]


def struct_for(value: Mapping[str, Any], structs: list[inspect.StructType]) -> inspect.StructType | None:
    """Return which of several objects a value is."""
    for one in structs:
        if one.tag_field is None or value.get(one.tag_field) == one.tag:
            return one
    return None


def fields_of(struct: inspect.StructType | None) -> dict[str, inspect.Type]:
    """Return the type of each field."""
    return {one.encode_name: one.type for one in struct.fields} if struct else {}


def is_one_of(struct: inspect.StructType | None) -> bool:
    """Tell whether an object has one key of several, which says what it is: resting, filled or error."""
    return struct is not None and bool(struct.fields) and not any(one.required for one in struct.fields)


def is_conditional(form: Form) -> bool:
    """Tell whether a field is there only under a condition that its shape names."""
    return isinstance(form, inspect.Metadata) and "only" in (form.extra or {})


def element_of(form: Form) -> Form:
    """Return the type of a list's elements."""
    for one in map(bare, members(form)):
        if isinstance(one, inspect.VarTupleType | inspect.ListType):
            return one.item_type
    return None


def elements_of(form: Form) -> tuple[inspect.Type, ...]:
    """Return the types of a list whose every position has its own; none when it is no such list."""
    fixed = [one for one in map(bare, members(form)) if isinstance(one, inspect.TupleType)]
    return fixed[0].item_types if fixed else ()


def value_of(form: Form) -> Form:
    """Return the type of a map's values; None when the place is no map."""
    maps = [one for one in map(bare, members(form)) if isinstance(one, inspect.DictType)]
    return maps[0].value_type if maps else None


def is_map(form: Form) -> bool:
    """Tell whether a place holds a map, whose keys are no fields."""
    kinds = list(map(bare, members(form)))
    return bool(kinds) and any(isinstance(one, inspect.DictType) for one in kinds) and not structs_of(form)


def _is_unset(info: inspect.Type) -> bool:
    return isinstance(info, inspect.CustomType) and info.cls is msgspec.UnsetType
