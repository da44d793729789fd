"""Typed data (EIP-712) as the exchange uses it: flat structs, hashed under a domain.

Only what the wire needs: no nested types, no arrays. `harness/signing.py` says which structs there are.

Source: EIP-712, "Definition of hashStruct" and "Definition of encodeData".
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from harness.errors import HarnessError

try:
    from sha3 import keccak_256
# It has wheels for Linux alone; pycryptodome takes seven times as long for a short text.
except ImportError:  # pragma: no cover
    from Crypto.Hash import keccak

    def keccak_256(data: bytes) -> keccak.Keccak_Hash:
        """Return the hash object of `sha3`'s function of this name."""
        return keccak.new(digest_bits=256, data=data)


class SigningError(HarnessError):
    """Something cannot be hashed or signed as the exchange does it."""


def keccak256(data: bytes) -> bytes:
    """Return the hash that Ethereum uses for everything; it is not the standard's SHA3-256."""
    digest: bytes = keccak_256(data).digest()
    return digest


_ADDRESS: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{40})")


def address_bytes(address: object, name: str) -> bytes:
    """Read an address as the exchange does: `0x` optional, letters in any case, checksum unread (rule 10)."""
    match = _ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if match is None:
        raise SigningError(f"{name} is {address!r}.", needed="An address: 0x and 40 hex digits.")
    return bytes.fromhex(match[1])


def _encode_string(value: object, name: str) -> bytes:
    if not isinstance(value, str):
        raise SigningError(f"{name} is {value!r}.", needed="Text.")
    try:
        return keccak256(value.encode())
    except UnicodeEncodeError as error:
        raise SigningError(f"{name} is {value!r}.", needed="Text that UTF-8 can carry.") from error


def _encode_address(value: object, name: str) -> bytes:
    return address_bytes(value, name).rjust(32, b"\0")


def _encode_bool(value: object, name: str) -> bytes:
    if not isinstance(value, bool):
        raise SigningError(f"{name} is {value!r}.", needed="true or false.")
    return value.to_bytes(32, "big")


def _encode_uint(value: object, name: str, bits: int) -> bytes:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << bits:
        raise SigningError(
            f"{name} is {value!r}.", needed=f"A whole number of at most {bits} bits, not below zero."
        )
    return value.to_bytes(32, "big")


def _encode_uint32(value: object, name: str) -> bytes:
    return _encode_uint(value, name, 32)


def _encode_uint64(value: object, name: str) -> bytes:
    return _encode_uint(value, name, 64)


def _encode_uint256(value: object, name: str) -> bytes:
    return _encode_uint(value, name, 256)


def _raw_bytes(value: object, name: str) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str) or not _HEX_BYTES.fullmatch(value):
        raise SigningError(f"{name} is {value!r}.", needed="Bytes, or 0x and two hex digits for each.")
    return bytes.fromhex(value[2:])


_HEX_BYTES: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


def _encode_bytes(value: object, name: str) -> bytes:
    return keccak256(_raw_bytes(value, name))


def _encode_bytes32(value: object, name: str) -> bytes:
    raw = _raw_bytes(value, name)
    if len(raw) != 32:
        raise SigningError(f"{name} has {len(raw)} bytes.", needed="32 bytes.")
    return raw


_ENCODERS: Final[Mapping[str, Callable[[object, str], bytes]]] = {
    "string": _encode_string,
    "address": _encode_address,
    "bool": _encode_bool,
    "uint32": _encode_uint32,
    "uint64": _encode_uint64,
    "uint256": _encode_uint256,
    "bytes": _encode_bytes,
    "bytes32": _encode_bytes32,
}


def encode(solidity: str, value: object, name: str) -> bytes:
    """Return the 32 bytes that stand for a value of a solidity type.

    Raises:
        SigningError: the value is not of that type; `name` tells the reader which field it is.
    """
    return _ENCODERS[solidity](value, name)


@lru_cache(maxsize=256)
def type_hash(primary_type: str, fields: tuple[tuple[str, str], ...]) -> bytes:
    """Return the hash of a struct's type, for (name, solidity type) pairs in order."""
    unknown = sorted({solidity for _, solidity in fields} - _ENCODERS.keys())
    if unknown:
        raise SigningError(
            f"No encoding for the solidity types {unknown}.", needed=f"One of {sorted(_ENCODERS)}."
        )
    signature = ",".join(f"{solidity} {name}" for name, solidity in fields)
    return keccak256(f"{primary_type}({signature})".encode())


def struct_hash(
    primary_type: str, fields: tuple[tuple[str, str], ...], message: Mapping[str, object]
) -> bytes:
    """Return the hash of `message` as a struct; keys that are no field do not count."""
    parts = [type_hash(primary_type, fields)]
    for name, solidity in fields:
        if name not in message:
            raise SigningError(f"{primary_type} is signed over {name}, which is absent.")
        parts.append(encode(solidity, message[name], name))
    return keccak256(b"".join(parts))


_DOMAIN_FIELDS: Final = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)


# Clients choose the chain id, so the cache is bounded.
@lru_cache(maxsize=64)
def domain_prefix(name: str, chain_id: int) -> bytes:
    """Return what precedes the struct hash in each digest of one domain."""
    domain = {"name": name, "version": "1", "chainId": chain_id, "verifyingContract": "0x" + "00" * 20}
    return b"\x19\x01" + struct_hash("EIP712Domain", _DOMAIN_FIELDS, domain)
