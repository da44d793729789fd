"""Fixed-point integers, and how the exchange reads and prints them.

Prices and sizes are integers of 1e-8, USD amounts integers of 1e-6. A legal perp price has at most
6 - szDecimals decimals and a legal size szDecimals, so a notional is always whole in 1e-6 and sums are exact.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

E8: Final = 10**8
MICRO: Final = 10**6
_NOTIONAL_DIVISOR: Final = E8 * E8 // MICRO

# The exchange's figures fit in 64 bits; where exactly it refuses larger ones is UNVERIFIED.
_LARGEST: Final = 2**64 - 1

_UNSIGNED_DECIMAL: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?", re.ASCII)


def parse_figure(text: str) -> int | None:
    """Read a price or size as an integer of 1e-8, or return None when the exchange would refuse its form.

    Digits with at most eight decimals, further ones only if zero; no sign, no exponent (wire rule 9).
    `.5` and `5.` are refused as well (UNVERIFIED).
    """
    match = _UNSIGNED_DECIMAL.fullmatch(text)
    if match is None or len(text) > 64:
        return None
    whole, decimals = match[1], (match[2] or "").rstrip("0")
    if len(decimals) > 8:
        return None
    value = int(whole) * E8 + int(decimals.ljust(8, "0"))
    return value if value <= _LARGEST else None


def figure(text: str) -> int:
    """Read a figure that is known to be one, such as those of the universe."""
    value = parse_figure(text)
    assert value is not None, text
    return value


def plain(value: int, decimals: int = 8) -> str:
    """Print without superfluous zeros, as in error texts and in what is signed: `77479`."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 10**decimals)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:0{decimals}d}".rstrip("0")


def wire(value: int, decimals: int = 8) -> str:
    """Print as answers do: a whole number keeps one zero, `77479.0` (wire rule 12)."""
    text = plain(value, decimals)
    return text if "." in text else text + ".0"


def wire_usd(micro: int) -> str:
    """Print a USD amount given in millionths."""
    return wire(micro, 6)


def cents(micro: int) -> str:
    """Print a USD amount given in millionths with two decimals, cut, as the texts about volume do."""
    whole, rest = divmod(micro // 10_000, 100)
    return f"{whole}.{rest:02d}"


def notional(px: int, sz: int) -> int:
    """Return price times size in millionths of a USD, cut; exact for legal prices and sizes."""
    return px * sz // _NOTIONAL_DIVISOR


def scaled(value: Decimal, decimals: int) -> int:
    """Return `value` as an integer of 10**-decimals.

    Raises:
        ValueError: `value` has more decimals, or is not finite.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is no figure.")
    shifted = value.scaleb(decimals)
    whole = int(shifted)
    if whole != shifted:
        raise ValueError(f"{value} has more than {decimals} decimals.")
    return whole


def to_decimal(value: int, decimals: int = 8) -> Decimal:
    """Return an integer of 10**-decimals as a decimal without superfluous zeros."""
    return Decimal(plain(value, decimals))


def iso_time(time_ms: int) -> str:
    """Print a time as recorded: 2024-06-05T10:50:59.434, whole seconds without a fraction."""
    timespec = "milliseconds" if time_ms % 1000 else "seconds"
    time = datetime.fromtimestamp(time_ms // 1000, UTC).replace(microsecond=time_ms % 1000 * 1000)
    return time.replace(tzinfo=None).isoformat(timespec=timespec)
