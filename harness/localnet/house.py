"""The house: a deterministic market maker that quotes every live coin and never runs dry.

It renews the quotes that were traded with when the next block begins, and never quotes into somebody's
resting order. When a price is moved, it first trades with every resting order that the new price has passed.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from harness.localnet.assets import Perp
from harness.localnet.book import Order
from harness.localnet.markets import Market
from harness.localnet.matching import match, unrest
from harness.localnet.numbers import E8

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# An address that nobody holds a key to; it is shown nowhere but in `userRole`.
ADDRESS: Final = "0x" + "ff" * 20

# Distance from the mid in hundredths of a bp, and notional in USD, per level: 12,000 USD a side.
_LEVELS: Final = ((100, 1_500), (200, 2_000), (300, 2_500), (500, 3_000), (800, 3_000))
_WHOLE: Final = 1_000_000


def prices(perp: Perp, mid: int, *, is_buy: bool, behind: int | None = None) -> list[int]:
    """Return the house's prices on one side, best first, each at least one tick behind the one before.

    Args:
        perp: the coin.
        mid: the price to quote around, in 1e-8.
        is_buy: the side.
        behind: somebody's price on the other side that must not be met.
    """
    found: list[int] = []
    before = behind
    for distance, _ in _LEVELS:
        if is_buy:
            px = perp.floor_px(mid * (_WHOLE - distance) // _WHOLE)
            if before is not None and px >= before:
                px = perp.floor_px(before - 1)
        else:
            px = perp.ceil_px(-(-mid * (_WHOLE + distance) // _WHOLE))
            if before is not None and px <= before:
                px = perp.ceil_px(before + 1)
        found.append(px)
        before = px
    return [px for px in found if px > 0]


@cache
def untouched_mid(perp: Perp) -> int:
    """Return the mid that a coin's book will have when it comes to life."""
    bid = prices(perp, perp.mid, is_buy=True)[0]
    ask = prices(perp, perp.mid, is_buy=False)[0]
    return (bid + ask) // 2


def quote(exchange: "Exchange", market: Market) -> None:
    """Replace the house's quotes on one coin, keeping clear of what others have resting there."""
    market.needs_quotes = False
    withdraw(exchange, market)
    for is_buy in (True, False):
        behind = market.book.best_px(is_buy=not is_buy)
        for level, px in enumerate(prices(market.perp, market.target_mid, is_buy=is_buy, behind=behind)):
            rest(exchange, market, is_buy=is_buy, px=px, sz=_size(exchange.seed, market.perp, level, px))


def withdraw(exchange: "Exchange", market: Market) -> None:
    """Cancel the house's quotes on one coin."""
    for order in exchange.house.resting_on(market.perp.index):
        unrest(market, order)


def rest(exchange: "Exchange", market: Market, *, is_buy: bool, px: int, sz: int) -> None:
    """Let the house trade with what it meets at `px`, and rest with the rest."""
    order = _order(exchange, market, is_buy=is_buy, px=px, sz=sz)
    match(exchange, market, order)
    if order.sz:
        market.book.add(order)
        exchange.house.add_open(order)


def sweep(exchange: "Exchange", market: Market, *, bid: int, ask: int) -> None:
    """Trade with every resting order that bids at `ask` or above, or asks at `bid` or below."""
    for is_buy, px in ((False, ask), (True, bid)):
        sz = sum(
            order.sz
            for level_px, level in market.book.levels(is_buy=not is_buy)
            if (level_px <= px if is_buy else level_px >= px)
            for order in level
        )
        if sz:
            match(exchange, market, _order(exchange, market, is_buy=is_buy, px=px, sz=sz))


def _order(exchange: "Exchange", market: Market, *, is_buy: bool, px: int, sz: int) -> Order:
    return Order(
        exchange.next_oid(),
        exchange.house,
        market.perp.index,
        is_buy=is_buy,
        px=px,
        sz=sz,
        tif="Gtc",
        reduce_only=False,
        cloid=None,
        timestamp_ms=exchange.now_ms(),
    )


def _size(seed: int, perp: Perp, level: int, px: int) -> int:
    """Return a level's size: its notional, varied by at most a tenth from coin to coin and seed to seed."""
    varied = 90 + (seed * 7 + perp.index * 13 + level * 5) % 21
    wanted = _LEVELS[level][1] * E8 * E8 * varied // 100 // px
    return max(perp.sz_step, wanted - wanted % perp.sz_step)
