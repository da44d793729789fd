"""From bytes to typed values, as strict and as lenient as the exchange is (wire rules 5 to 11)."""

import json
import re
from collections import Counter
from typing import Final, TypeVar

import msgspec

from harness.localnet.answers import BadShape
from harness.localnet.numbers import parse_figure, plain

T = TypeVar("T")

_ADDRESS: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{40})", re.ASCII)
_CLOID: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{32})", re.ASCII)
_CHAIN_ID: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)
_UINT256: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)


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


class U32(int):
    """A whole number of 32 bits, not below zero."""


class Figure(int):
    """A price or size in 1e-8, read from an unsigned decimal string (wire rule 9)."""

    def __str__(self) -> str:
        """Print as it is signed: without superfluous zeros."""
        return plain(int(self))


class ChainId(str):
    """A chain id in hex, such as `0x66eee`."""

    __slots__ = ()


class U256(int):
    """One half of a signature, read from hex. Whether the exchange takes it without `0x` is UNVERIFIED."""


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


# Of so many opening brackets no nesting is too deep for either decoder.
_SHALLOW: Final = 300
_fast_decoder: Final = msgspec.json.Decoder()
_fast_encoder: Final = msgspec.json.Encoder()


def first_value(body: bytes) -> object:
    """Return the first JSON value of a body; what follows it is not read (wire rule 5).

    Raises:
        ValueError: there is none.
    """
    value = _plain_object(body)
    return slow_first_value(body) if value is None else value


def _plain_object(body: bytes) -> Unrepeated | None:
    """Read an object as almost all clients write it, or return None if there is any doubt.

    There is none if it prints again as what was read, but for spaces: then no key was repeated (it would be
    printed once), nothing followed, no figure and no text was spelt in another way, and no space was inside
    a text (it would be printed).
    """
    if body.count(b"{") + body.count(b"[") > _SHALLOW:
        return None
    try:
        value = _fast_decoder.decode(body)
        if type(value) is dict and _fast_encoder.encode(value) == body.replace(b" ", b""):
            return Unrepeated(value)
    # Whatever it is, the other decoder says so.
    except (ValueError, RecursionError, OverflowError):
        pass
    return None


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
    if kind is Figure:
        figure = parse_figure(value) if type(value) is str else None
        if figure is None:
            raise ValueError("not an unsigned decimal of at most eight decimals")
        return Figure(figure)
    if kind is U64 or kind is U32:
        if type(value) is not int or not 0 <= value < (1 << 64 if kind is U64 else 1 << 32):
            raise ValueError("not an unsigned number")
        return kind(value)
    if type(value) is str:
        if kind is Address and (match := _ADDRESS.fullmatch(value)):
            return Address("0x" + match[1].lower())
        if kind is Spelt and (match := _ADDRESS.fullmatch(value)):
            address = Spelt("0x" + match[1].lower())
            address.sent = value
            return address
        if kind is Cloid and (match := _CLOID.fullmatch(value)):
            return Cloid("0x" + match[1].lower())
        if kind is ChainId and _CHAIN_ID.fullmatch(value):
            return ChainId(value)
        if kind is U256 and _UINT256.fullmatch(value):
            return U256(int(value, 16))
    raise ValueError(f"not a {kind.__name__}")


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
