"""What all shapes are built of: texts of numbers and addresses, readings, and `parse`.

Two spellings live side by side. A field with the wire's spelling (`limitPx`) holds exactly what the exchange
wrote, a number as the text it was. A reading in snake_case (`limit_px`) gives the same figure as `Decimal`.
Where the wire's word is snake_case already (`sz`, `px`, `fee`), the plain name is the reading and the text
stands under the name with a trailing underscore (`sz_`); the same holds for fields that the exchange may
leave out (`cloid_` is `UNSET` or null or a text, `cloid` is None or a text).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar, overload

import msgspec
from msgspec import UNSET, Meta, UnsetType

from harness.errors import ShapeError
from harness.shapes.differences import Difference, RuleError, differences, shown, without

NUMBER_PATTERN = r"^-?(0|[1-9][0-9]*)\.(0|[0-9]*[1-9])\Z"
"""A figure as answers print it: a whole number keeps one zero, other trailing zeros go (wire rule 12)."""

Number = Annotated[
    str,
    Meta(
        pattern=NUMBER_PATTERN, extra={"expected": 'a decimal in a text, such as "0.5", "100.0" or "-2.25"'}
    ),
]
Amount = Annotated[
    str,
    Meta(
        pattern=NUMBER_PATTERN.replace("-?", ""),
        extra={"expected": 'a decimal in a text, not below zero, such as "0.5" or "100.0"'},
    ),
]


AnyFigure = Annotated[
    str,
    Meta(
        pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z",
        extra={"expected": 'a decimal in a text, such as "0.5", "100.0" or "100"'},
    ),
]
"""A figure of a kind that nobody recorded: whether whole numbers keep a zero there is UNVERIFIED."""


def hex_words(what: str, digits: int) -> dict[str, str]:
    """Return the words in which a difference names a text of hex digits."""
    return {"expected": f"{what}: 0x and {digits} lower-case hex digits"}


ADDRESS_PATTERN = r"^0x[0-9a-f]{40}\Z"
Address = Annotated[str, Meta(pattern=ADDRESS_PATTERN, extra=hex_words("an address", 40))]
Cloid = Annotated[str, Meta(pattern=r"^0x[0-9a-f]{32}\Z", extra=hex_words("a cloid", 32))]
Hash = Annotated[str, Meta(pattern=r"^0x[0-9a-f]{64}\Z", extra=hex_words("a hash", 64))]
Count = Annotated[int, Meta(ge=0)]
"""A whole number that is not below zero."""
Oid = Annotated[int, Meta(ge=0)]
"""An order id, from one rising counter of the whole exchange (wire rule 49)."""
Millis = Annotated[int, Meta(ge=0)]
"""A time in milliseconds since 1970 (wire rule 15)."""

IsoTime = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?\Z",
        extra={"expected": "a UTC time such as 2025-11-23T17:37:10.033211662"},
    ),
]

_MOST_LINES = 8


def since(when: str) -> Meta:
    """Return what says that the exchange left a field out before `when` (`2025`), and never since."""
    return Meta(extra={"since": when})


def only(when: str) -> Meta:
    """Return what says when a field is there, such as `when a builder was paid`; else it is left out."""
    return Meta(extra={"only": when})


def until(when: str) -> Meta:
    """Return what says that the exchange sent a field up to `when` (`2023`), and does not any more."""
    return Meta(extra={"until": when})


CURRENT_FORM_MS = 1_735_689_600_000
"""From 2025-01-01 on, rows carry all of today's keys; older recordings lack some of them.

Source: the recordings of 2023 and 2024 against those since 2025. The exact days are not known.
"""


class _Policy:
    """Whether `parse` refuses fields that no shape knows."""

    strict = True


@contextmanager
def unknown_fields_allowed() -> Iterator[None]:
    """Let `parse` pass over fields that no shape knows, as a run with `--no-strict-shapes` does."""
    before, _Policy.strict = _Policy.strict, False
    try:
        yield
    finally:
        _Policy.strict = before


other_forms: ContextVar[Mapping[object, object]] = ContextVar("other_forms", default=MappingProxyType({}))
"""Other forms that answers may have, by wire type; none unless `documented_forms_allowed()`."""


def wire_name(name: str) -> str:
    """Return a field's spelling on the wire: `sz_` is written `sz`."""
    return name.rstrip("_")


@cache
def decoder(wire: object) -> msgspec.json.Decoder[Any]:
    """Return the compiled decoder of a wire type; one a process."""
    return msgspec.json.Decoder(wire)


def read(answer: object, wire: object, shape: str) -> Any:
    """Return an answer as its wire type.

    Args:
        answer: the decoded JSON that the SDK returns, or the raw body as bytes.
        wire: the msgspec type of the answer.
        shape: the name that an error shows.

    Raises:
        ShapeError: the answer has another form; the message names every place.
    """
    try:
        if isinstance(answer, bytes | bytearray | memoryview):
            return decoder(wire).decode(answer)
        return msgspec.convert(answer, wire)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        value = _decoded(answer, shape)
        form, places = nearest_form(value, wire)
        fits = form is not wire and not places
        newer = places and all(place.kind == "unknown-field" for place in places)
        if fits or (newer and not _Policy.strict):
            return msgspec.convert(without_unknown_fields(value, form), form)
        places = places or [Difference("$", shown(value), str(error), "value")]
        raise shape_error(shape, places) from None
    except RecursionError:
        raise ShapeError(
            f"{shape}: the answer is nested too deeply.", needed="Expected a flat one."
        ) from None


def nearest_form(value: object, wire: object) -> tuple[object, list[Difference]]:
    """Return which of its forms an answer is nearest to, and where it differs from that.

    Args:
        value: the decoded JSON.
        wire: the wire type of its shape, the only form unless `other_forms` has another.
    """
    places = differences(value, wire)
    other = other_forms.get().get(wire)
    if other is not None:
        others = differences(value, other)
        if len(others) < len(places):
            return other, others
    return wire, places


def _decoded(answer: object, shape: str) -> object:
    if not isinstance(answer, bytes | bytearray | memoryview):
        return answer
    try:
        return msgspec.json.decode(answer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ShapeError(
            f"{shape}: the answer is not JSON: {error}.",
            needed="Expected one JSON value.",
            do="Look at the HTTP status: the exchange's front end answers in plain text.",
        ) from None


def without_unknown_fields(value: object, wire: object) -> object:
    """Return decoded JSON without the fields that the wire type does not know."""
    unknown = {place.path for place in differences(value, wire) if place.kind == "unknown-field"}
    return without(value, unknown)


def shape_error(shape: str, places: list[Difference]) -> ShapeError:
    """Return the error that tells where an answer differs from its shape."""
    lines = [
        f"  {place.path}: found {place.found}, expected {place.expected}" for place in places[:_MOST_LINES]
    ]
    if len(places) > _MOST_LINES:
        lines.append(f"  and {len(places) - _MOST_LINES} more")
    first = places[0]
    count = "1 place" if len(places) == 1 else f"{len(places)} places"
    return ShapeError(
        f"{shape}: the answer differs from its shape in {count}, first at {first.path}: found {first.found}.",
        needed="\n".join(["Expected, place by place:", *lines]),
        do="If the exchange has changed, its shape in harness/shapes/ follows, with the recording as source.",
    )


class Shape(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename=wire_name):
    """A JSON object whose keys are known: none may be missing, none may be added."""

    @classmethod
    def parse(cls, answer: object) -> Self:
        """Return an answer as this shape.

        Args:
            answer: the object that the SDK returns, or the raw body as bytes.

        Raises:
            ShapeError: a field is missing, new, or of another form; the message names every place.
        """
        shape: Self = read(answer, cls, cls.__name__)
        return shape


def demand_keys(shape: Shape, names: tuple[str, ...], expected: str) -> None:
    """Refuse an object that lacks one of these optional fields.

    Args:
        shape: the object.
        names: fields that may be left out in other cases only.
        expected: what is expected of each of them, in words.

    Raises:
        RuleError: a field is absent; it names all that are.
    """
    absent = [name for name in names if getattr(shape, name) is UNSET]
    if absent:
        raise RuleError(absent, "nothing", expected, "missing-field")


def demand_true(element: Shape, *names: str) -> None:
    """Refuse an object with a false in a field that is there only when it is true.

    Raises:
        RuleError: one of these optional fields is false.
    """
    found = [name for name in names if getattr(element, name) is False]
    if found:
        raise RuleError(found, "false", "true, or no such key")


def demand_one(element: Shape, names: tuple[str, ...]) -> None:
    """Refuse an object that does not have exactly one of these optional fields.

    Raises:
        RuleError: it has none of them, or several.
    """
    present = [name for name in names if getattr(element, name) is not UNSET]
    if len(present) != 1:
        found = f"the keys {' and '.join(present)} together" if present else "none of them"
        raise RuleError("", found, f"exactly one of {', '.join(names)}")


class Answer:
    """An answer that is no plain object: a list, a map, a union. Subclasses hold what was decoded."""

    __slots__ = ()

    WIRE: ClassVar[Any]

    @classmethod
    def parse(cls, answer: object) -> Self:
        """Return an answer as this shape.

        Args:
            answer: the object that the SDK returns, or the raw body as bytes.

        Raises:
            ShapeError: a field is missing, new, or of another form; the message names every place.
        """
        return cls(read(answer, cls.WIRE, cls.__name__))  # type: ignore[call-arg]


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Rows(Answer, Generic[Row]):
    """An answer that is a JSON list. It iterates, indexes and counts like a tuple of its rows."""

    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]


class Figure:
    """A reading: the number that a wire field holds as text."""

    __slots__ = ("field",)

    def __init__(self, field: str) -> None:
        self.field = field

    @overload
    def __get__(self, shape: None, owner: type) -> Self: ...
    @overload
    def __get__(self, shape: object, owner: type) -> Decimal: ...
    def __get__(self, shape: object, owner: type) -> Self | Decimal:
        return self if shape is None else Decimal(getattr(shape, self.field))


class MaybeFigure:
    """A reading of a wire field that may be null or absent: the number, or None."""

    __slots__ = ("field",)

    def __init__(self, field: str) -> None:
        self.field = field

    @overload
    def __get__(self, shape: None, owner: type) -> Self: ...
    @overload
    def __get__(self, shape: object, owner: type) -> Decimal | None: ...
    def __get__(self, shape: object, owner: type) -> Self | Decimal | None:
        if shape is None:
            return self
        text = getattr(shape, self.field)
        return None if text is None or text is UNSET else Decimal(text)


class MaybeText:
    """A reading of a text that may be null or absent: the text, or None."""

    __slots__ = ("field",)

    def __init__(self, field: str) -> None:
        self.field = field

    @overload
    def __get__(self, shape: None, owner: type) -> Self: ...
    @overload
    def __get__(self, shape: object, owner: type) -> str | None: ...
    def __get__(self, shape: object, owner: type) -> Self | str | None:
        if shape is None:
            return self
        text: str | UnsetType | None = getattr(shape, self.field)
        return None if isinstance(text, UnsetType) else text
