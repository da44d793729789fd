"""Hypothesis examples on tape: plain values, Decimal, and frozen structs that were registered here.

Anything else is refused when it is recorded: what cannot be written down cannot be replayed.
"""

from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import msgspec

from harness.errors import CassetteError, RecordingError

_STRUCTS: dict[str, type[msgspec.Struct]] = {}
_DECIMAL = "Decimal"
_TUPLE = "tuple"
_MAPPING = "dict"

StructType = TypeVar("StructType", bound=type[msgspec.Struct])


def recordable(struct: StructType) -> StructType:
    """Class decorator: let examples hold this frozen struct.

    Raises:
        RecordingError: the struct is not frozen, so a scenario could change it after it was noted.
    """
    if not struct.__struct_config__.frozen:
        raise RecordingError(f"{struct.__name__} cannot be recorded.", needed="A frozen msgspec.Struct.")
    _STRUCTS[struct.__name__] = struct
    return struct


def encode(value: Any, *, where: str = "example") -> Any:
    """Return `value` as JSON data; tagged where JSON has no such type.

    Raises:
        RecordingError: the value is of a type that cannot be recorded.
    """
    if value is None or isinstance(value, bool | str) or type(value) in (int, float):
        return value
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    if isinstance(value, list):
        return [encode(item, where=f"{where}[{number}]") for number, item in enumerate(value)]
    if isinstance(value, tuple):
        return {_TUPLE: [encode(item, where=f"{where}[{number}]") for number, item in enumerate(value)]}
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {_MAPPING: {key: encode(item, where=f"{where}.{key}") for key, item in value.items()}}
    if isinstance(value, msgspec.Struct) and _STRUCTS.get(type(value).__name__) is type(value):
        fields = {
            name: encode(getattr(value, name), where=f"{where}.{name}") for name in value.__struct_fields__
        }
        return {type(value).__name__: fields}
    raise RecordingError(
        f"{where} is a {type(value).__name__}, which cannot be recorded.",
        needed="Plain values, Decimal, lists, tuples, dicts with text keys, and structs marked @recordable.",
        do="Let the strategy draw one of these, or mark the scenario targets('localnet', reason=...).",
    )


def decode(data: Any) -> Any:
    """Return the value that `encode` wrote.

    Raises:
        CassetteError: `encode` cannot have written it, or it names a type that is not known here.
    """
    try:
        return _decode(data)
    except (InvalidOperation, TypeError, ValueError, AttributeError) as error:
        raise CassetteError(
            f"An example on tape cannot be read ({type(error).__name__}: {error}).",
            needed="An example as it was recorded.",
            do="Restore the cassette from version control, or record the scenario again.",
        ) from None


def _decode(data: Any) -> Any:
    if isinstance(data, list):
        return [_decode(item) for item in data]
    if not isinstance(data, dict):
        return data
    if len(data) != 1:
        raise CassetteError(f"An example on tape has the tags {sorted(data)}.", needed="Exactly one.")
    ((tag, content),) = data.items()
    if tag == _DECIMAL:
        return Decimal(content)
    if tag == _TUPLE:
        return tuple(_decode(item) for item in content)
    if tag == _MAPPING:
        return {key: _decode(item) for key, item in content.items()}
    struct = _STRUCTS.get(tag)
    if struct is None:
        raise CassetteError(
            f"An example on tape is a {tag}, which nothing here is called.",
            needed=f"One of: {', '.join(sorted(_STRUCTS))}.",
            do="Import the module that defines it in the scenario, or record the scenario again.",
        )
    return struct(**{name: _decode(item) for name, item in content.items()})
