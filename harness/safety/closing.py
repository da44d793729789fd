"""The order that takes a position back to what it was: filled at once or not at all."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from harness.precision import quantise_px

_SLIPPAGE: Final = Decimal("0.05")
_NONE: Final = Decimal(0)


def only_reduces(now: Decimal, then: Decimal) -> bool:
    """Say whether a position only gets smaller from `now` to `then`.

    One that was made smaller, or turned over, has to grow again, which no reduce-only order does.
    """
    return min(now, _NONE) <= then <= max(now, _NONE)


def order_at_once(
    asset: int, sz_decimals: int, book: dict[str, Any], szi: Decimal, *, reduce_only: bool
) -> dict[str, Any] | None:
    """Return an order for `szi` up to 5 % from the best price; None when nobody would fill it.

    Args:
        asset: of a perpetual.
        sz_decimals: its.
        book: what `l2Book` answers.
        szi: its size, below zero for a sale.
        reduce_only: as the exchange is told.
    """
    is_buy = szi > 0
    side = book["levels"][1 if is_buy else 0]
    if not side:
        return None
    px = quantise_px(
        Decimal(side[0]["px"]) * (1 + _SLIPPAGE if is_buy else 1 - _SLIPPAGE),
        sz_decimals,
        rounding=ROUND_FLOOR if is_buy else ROUND_CEILING,
    )
    return {
        "a": asset,
        "b": is_buy,
        "p": f"{px.normalize():f}",
        "s": f"{abs(szi).normalize():f}",
        "r": reduce_only,
        "t": {"limit": {"tif": "Ioc"}},
    }
