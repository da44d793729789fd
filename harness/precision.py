"""Tick and lot rules on the client's side: the prices and sizes that the exchange takes.

Localnet has its own reading of these rules, so that a mistake in one of the two shows.

Source: API docs, "Tick and lot size"; wire rules 22 and 24.
"""

from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Final, Literal

from harness.errors import PrecisionError

_SIGNIFICANT_FIGURES: Final = 5
_PERP_DECIMALS: Final = 6
_SPOT_DECIMALS: Final = 8

# The caller's decimal context must not round here.
_EXACT: Final = Context(prec=400)


def quantise_px(
    px: Decimal, sz_decimals: int, *, is_spot: bool = False, rounding: str = ROUND_HALF_EVEN
) -> Decimal:
    """Return the legal price nearest to `px`.

    Legal are at most 5 significant figures and 6 - `sz_decimals` decimals, and every whole number.

    Args:
        px: price in USDC per coin, above zero.
        sz_decimals: the coin's `szDecimals`, from the `meta` response.
        is_spot: spot pairs are allowed 8 decimals in all, perpetuals 6.
        rounding: one of the modes of the module `decimal`, for the nearest legal price on one side.

    Raises:
        PrecisionError: `px` is not above zero, or rounds to zero.

    Source: API docs, "Tick and lot size"; SDK `examples/rounding.py`; wire rule 22.
    """
    exponent = _px_exponent(_positive(px, "px").adjusted(), sz_decimals, is_spot)
    return _quantise(px, exponent, "px", sz_decimals, rounding)


def quantise_sz(sz: Decimal, sz_decimals: int, *, rounding: str = ROUND_DOWN) -> Decimal:
    """Return the legal size nearest to `sz` and not above it.

    Args:
        sz: size in coins, above zero. Zero, which a `positionTpsl` order may carry for the whole
            position, is not for this function.
        sz_decimals: the coin's `szDecimals`, from the `meta` response.
        rounding: one of the modes of the module `decimal`; rounding down never spends more than was meant.

    Raises:
        PrecisionError: `sz` is not above zero, or rounds to zero.

    Source: API docs, "Tick and lot size"; wire rule 24.
    """
    return _quantise(_positive(sz, "sz"), -sz_decimals, "sz", sz_decimals, rounding)


def is_legal_px(px: Decimal, sz_decimals: int, *, is_spot: bool = False) -> bool:
    """Tell whether the exchange takes `px` as it is; trailing zeros do not count."""
    if not px.is_finite() or px <= 0:
        return False
    return _is_multiple(px, _px_exponent(px.adjusted(), sz_decimals, is_spot))


def is_legal_sz(sz: Decimal, sz_decimals: int) -> bool:
    """Tell whether the exchange takes `sz` as it is; trailing zeros do not count."""
    return sz.is_finite() and sz > 0 and _is_multiple(sz, -sz_decimals)


def next_px(
    px: Decimal, sz_decimals: int, *, is_spot: bool = False, direction: Literal["up", "down"]
) -> Decimal:
    """Return the first legal price above or below `px`, never `px` itself.

    The tick is finer below a power of ten: under 10 comes 9.9999, over it 10.001.

    Raises:
        PrecisionError: `px` is not above zero, or nothing legal is left between it and zero.
    """
    leading = _positive(px, "px").adjusted()
    exponent = _px_exponent(leading, sz_decimals, is_spot)
    floor = _round(px, exponent, "px", ROUND_FLOOR)
    if direction == "up":
        return _tidy(_EXACT.add(floor, _unit(exponent)))
    if floor < px:
        return _quantise(px, exponent, "px", sz_decimals, ROUND_FLOOR)
    if px == _unit(leading):
        exponent = _px_exponent(leading - 1, sz_decimals, is_spot)
    below = _EXACT.subtract(px, _unit(exponent))
    if below == 0:
        raise PrecisionError(f"{px} is the smallest price for szDecimals {sz_decimals}; none lies below.")
    return _tidy(below)


def _px_exponent(leading: int, sz_decimals: int, is_spot: bool) -> int:
    """Return the power of ten of the tick where prices have their first digit at 10**`leading`."""
    decimals = (_SPOT_DECIMALS if is_spot else _PERP_DECIMALS) - sz_decimals
    return min(0, max(-decimals, leading - _SIGNIFICANT_FIGURES + 1))


def _unit(exponent: int) -> Decimal:
    return Decimal((0, (1,), exponent))


def _positive(value: Decimal, name: str) -> Decimal:
    if not value.is_finite() or value <= 0:
        raise PrecisionError(f"{name} is {value}.", needed="A finite number above zero.")
    return value


def _is_multiple(value: Decimal, exponent: int) -> bool:
    return int(value.normalize(_EXACT).as_tuple().exponent) >= exponent


def _round(value: Decimal, exponent: int, name: str, rounding: str) -> Decimal:
    try:
        return value.quantize(_unit(exponent), rounding=rounding, context=_EXACT)
    except InvalidOperation as error:
        raise PrecisionError(
            f"{name} is {value}.", needed="A number that an exchange could quote."
        ) from error


def _quantise(value: Decimal, exponent: int, name: str, sz_decimals: int, rounding: str) -> Decimal:
    legal = _round(value, exponent, name, rounding)
    if legal == 0:
        raise PrecisionError(
            f"{name} {value} rounds to zero for szDecimals {sz_decimals}.",
            needed=f"At least {_unit(exponent):f}.",
        )
    return _tidy(legal)


def _tidy(value: Decimal) -> Decimal:
    """Drop trailing zeros, but keep 100 from becoming 1E+2."""
    short = value.normalize(_EXACT)
    return short.quantize(Decimal(1), context=_EXACT) if int(short.as_tuple().exponent) > 0 else short
