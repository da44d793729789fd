"""The house's figures: where it quotes around a mid, and how much. What it does with them is in `house`."""

from functools import cache
from typing import Final

from harness.localnet.markets.listings import Listing
from harness.localnet.numbers import E8

# Distance from the mid in hundredths of a bp, and notional in USD, per level: 12,000 USD a side.
_LEVELS: Final = ((100, 1_500), (200, 2_000), (300, 2_500), (500, 3_000), (800, 3_000))
_WHOLE: Final = 1_000_000


def prices(listing: Listing, mid: int, *, is_buy: bool, behind: int | None = None) -> list[int]:
    """Return the house's prices on one side, best first, each at least one tick behind the one before.

    Args:
        listing: what is quoted.
        mid: the price to quote around, in 1e-8.
        is_buy: the side.
        behind: somebody's price on the other side that must not be met.
    """
    found: list[int] = []
    before = behind
    for distance, _ in _LEVELS:
        if is_buy:
            px = listing.floor_px(mid * (_WHOLE - distance) // _WHOLE)
            if before is not None and px >= before:
                px = listing.floor_px(before - 1)
        else:
            px = listing.ceil_px(-(-mid * (_WHOLE + distance) // _WHOLE))
            if before is not None and px <= before:
                px = listing.ceil_px(before + 1)
        found.append(px)
        before = px
    return [px for px in found if px > 0]


@cache
def untouched_mid(listing: Listing) -> int:
    """Return the mid that a coin's book will have when it comes to life."""
    bid = prices(listing, listing.mid, is_buy=True)[0]
    ask = prices(listing, listing.mid, is_buy=False)[0]
    return (bid + ask) // 2


def size(seed: int, listing: Listing, level: int, px: int) -> int:
    """Return a level's size: its notional, varied by at most a tenth from coin to coin and seed to seed."""
    varied = 90 + (seed * 7 + listing.index * 13 + level * 5) % 21
    wanted = _LEVELS[level][1] * E8 * E8 * varied // 100 // px
    return max(listing.sz_step, wanted - wanted % listing.sz_step)
