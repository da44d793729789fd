"""The public values that stand on a tape in the place of somebody's own.

Draws become those that a recording on localnet draws at the same place. An address or hash that nobody can
choose becomes a placeholder, which says by its own digits that it is one: the last eight are the beginning of
the hash of the others.
"""

import hashlib
import re

from harness.localnet.accounts.development import ACCOUNTS
from harness.signing import SigningError, address_of

_MARK_DIGITS = 8
_NAME = re.compile(r"(?:name|CODE)\d{1,6}")
# Nobody's key leads to an address with so many zeros, or of so few different digits.
_ZEROS, _FEW_DIGITS = 30, 4

PUBLIC_KEYS = {account.address[2:].lower(): bytes.fromhex(account.private_key[2:]) for account in ACCOUNTS}
"""The keys of the ten accounts of localnet and replay, by the digits of their addresses."""


def public_draw(scenario: str, stream: str, number: int, n_bytes: int, attempt: int = 0) -> bytes:
    """Return the `number`-th draw (from 1) of a scenario; `attempt` gives others for the same place."""
    seed = f"{scenario}/{stream}/{number}" + (f"/{attempt}" if attempt else "")
    return hashlib.shake_256(seed.encode()).digest(n_bytes)


def placeholder(kind: str, number: int, n_digits: int, attempt: int = 0) -> str:
    """Return the digits of the `number`-th placeholder of a tape; the same on every tape."""
    seed = f"hyperliquid-scenarios {kind} {number} {attempt}"
    head = hashlib.shake_256(seed.encode()).hexdigest((n_digits - _MARK_DIGITS) // 2)
    return head + _mark(head)


def _mark(head: str) -> str:
    return hashlib.sha256(f"hyperliquid-scenarios placeholder {head}".encode()).hexdigest()[:_MARK_DIGITS]


def is_placeholder(digits: str) -> bool:
    """Say whether lower-case digits are those of a placeholder."""
    return digits[-_MARK_DIGITS:] == _mark(digits[:-_MARK_DIGITS])


def is_constructed(digits: str) -> bool:
    """Say whether digits are nobody's: zeros, a system address, or the same few digits again and again."""
    return digits.count("0") >= _ZEROS or len(set(digits)) <= _FEW_DIGITS


def placeholder_name(key: str, number: int) -> str:
    """Return the `number`-th name of a tape, for the key under which it stands."""
    return f"CODE{number}" if key == "code" else f"name{number}"


def is_placeholder_name(name: str) -> bool:
    """Say whether a name is one of these."""
    return _NAME.fullmatch(name) is not None


def key_address(key: bytes) -> str | None:
    """Return the digits of a key's address, None if it is no key."""
    try:
        return address_of(key)[2:]
    except SigningError:
        return None
