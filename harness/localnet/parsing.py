"""From bytes to typed values, as strict and as lenient as the exchange is (wire rules 5 to 11)."""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Final, TypeVar

import msgspec

from harness.localnet.answers import BadShape
from harness.localnet.numbers import LARGEST, parse_figure, plain

T = TypeVar("T")

_ADDRESS: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{40})", re.ASCII)
_CLOID: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{32})", re.ASCII)
_CHAIN_ID: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)


class Address(str):
    """An address, lower-cased; `0x` is optional, letters may have any case (wire rule 10)."""

    __slots__ = ()


class Spelt(Address):
    """An address that typed data carries as text; `sent` is how the client spelt it."""

    __slots__ = ("sent",)
    sent: str


class Cloid(str):
    """A client order id, normalised: `0x` and 32 lower-case digits (wire rules 29 and 165)."""

    __slots__ = ()


class U64(int):
    """A whole number of 64 bits, not below zero."""


# A whole number of 32 bits, not below zero.
U32 = Annotated[int, msgspec.Meta(ge=0, le=(1 << 32) - 1)]


class Figure(int):
    """A price or size in 1e-8, read from an unsigned decimal string (wire rule 9).

    `signed` is how it is signed: without superfluous zeros.
    """

    signed: str

    def __str__(self) -> str:
        return self.signed


class ChainId(str):
    """A chain id in hex, such as `0x66eee`."""

    __slots__ = ()


# One half of a signature, in hex. Whether the exchange takes it without `0x` is UNVERIFIED.
U256 = Annotated[str, msgspec.Meta(pattern=r"\A0x[0-9a-fA-F]{1,64}\Z")]


class Repeated(dict[str, object]):
    """A JSON object in which a key occurs twice; the last value stands."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated = frozenset(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain_object = dict(pairs)
    return plain_object if len(plain_object) == len(pairs) else Repeated(pairs)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)
_WHITE_SPACE: Final = " \t\r\n"


class Unrepeated(dict[str, object]):
    """A JSON object in which, however deep, no key occurs twice."""


# Of so many opening brackets no nesting is too deep for either decoder; each needs a closing one as well.
_SHALLOW: Final = 300
_SHORT: Final = 2 * _SHALLOW
_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder().encode


def first_value(body: bytes) -> object:
    """Return the first JSON value of a body; what follows it is not read (wire rule 5).

    Raises:
        ValueError: there is none.
    """
    # An object as almost all clients write it prints again as what was read, or as that without its spaces.
    # Then no key was repeated (it would be printed once), nothing followed, no figure and no text was spelt
    # in another way, and of the spaces that were left out none was inside a text (it would be printed).
    if len(body) <= _SHORT or body.count(b"{") + body.count(b"[") <= _SHALLOW:
        try:
            value = _decode(body)
            if type(value) is dict:
                printed = _encode(value)
                if printed == body or printed == body.replace(b" ", b""):
                    return Unrepeated(value)
        # Whatever it is, the other decoder says so.
        except (ValueError, RecursionError, OverflowError):
            pass
    return slow_first_value(body)


def slow_first_value(body: bytes) -> object:
    """Do what `first_value` does, for any body.

    Raises:
        ValueError: see there.
    """
    text = body.decode("utf-8").lstrip(_WHITE_SPACE)
    try:
        value, _ = _DECODER.raw_decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def _refuse_lone_surrogates(value: object) -> None:
    """Refuse text that UTF-8 cannot carry, before it reaches a hash or an answer."""
    json.dumps(value, ensure_ascii=False).encode("utf-8")


def convert(value: object, into: type[T]) -> T:
    """Return `value` as a struct.

    Raises:
        BadShape: it does not have the form.
    """
    try:
        return msgspec.convert(value, into, dec_hook=_custom)
    except (msgspec.ValidationError, RecursionError) as error:
        raise BadShape(str(error)) from error


def _custom(kind: type, value: object) -> object:
    if kind is U64:
        if type(value) is int and 0 <= value <= LARGEST:
            return U64(value)
    elif type(value) is str:
        return _READERS[kind](value)
    raise ValueError(f"not a {kind.__name__}")


@lru_cache(maxsize=4096)
def _figure(text: str) -> Figure:
    figure = parse_figure(text)
    if figure is None:
        raise ValueError("not an unsigned decimal of at most eight decimals")
    read = Figure(figure)
    read.signed = plain(figure)
    return read


def _matched(form: re.Pattern[str], text: str) -> str:
    """Return the digits of a text in hex."""
    match = form.fullmatch(text)
    if match is None:
        raise ValueError("not in hex, or not of that length")
    return match[match.lastindex or 0]


# The same accounts ask again and again.
@lru_cache(maxsize=4096)
def _address(text: str) -> Address:
    return Address("0x" + _matched(_ADDRESS, text).lower())


def _spelt(text: str) -> Spelt:
    address = Spelt("0x" + _matched(_ADDRESS, text).lower())
    address.sent = text
    return address


_READERS: Final[dict[type, Callable[[str], object]]] = {
    Figure: _figure,
    Address: _address,
    Spelt: _spelt,
    Cloid: lambda text: Cloid("0x" + _matched(_CLOID, text).lower()),
    ChainId: lambda text: ChainId(_matched(_CHAIN_ID, text)),
}


def oid_or_cloid(value: int | str) -> int | Cloid:
    """Read the `oid` of a look-up or a modify, which may be a number or a cloid.

    Raises:
        BadShape: it is neither.
    """
    if isinstance(value, str):
        match = _CLOID.fullmatch(value)
        if match is None:
            raise BadShape("not a cloid")
        return Cloid("0x" + match[1].lower())
    if not 0 <= value < 1 << 64:
        raise BadShape("not an oid")
    return value
