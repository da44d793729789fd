"""The sides of outcomes: listings that behave like spot pairs, and the one book that two of them share.

Source: wire rule 19; docs, "HIP-4": a bid for Yes at p is an offer of No at 1 - p, and at one merged price
resting offers come before resting bids for the other side; TI:69050350994 (measured on testnet in 2026-07):
whole shares, prices in steps of 0.00001, books of the two sides that mirror each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Final

from harness.localnet.markets.book import Book, Order
from harness.localnet.markets.markets import SpotMarket
from harness.localnet.markets.tokens import OUTCOME_ASSETS, Pair, Token
from harness.localnet.numbers import E8

_TICK: Final = 1_000
# How many sides an outcome's numbers leave room for.
_ROOM: Final = 10


@dataclass(frozen=True, slots=True)
class Side(Pair):
    """One side of an outcome; its token's number is that of its asset, and `spotMeta` has none for it."""

    @property
    def twin(self) -> int:
        """The asset number of the other side."""
        return self.index ^ 1

    def tick_at(self, px: int) -> int:
        """Return the price step: the same everywhere, as `p` and `1 - p` must both be prices."""
        return _TICK


def sides_of(outcome: int, quote: Token) -> tuple[Side, Side]:
    """Return both sides of an outcome. That they are worth a half until they are traded is UNVERIFIED."""
    first, second = (_ROOM * outcome + side for side in (0, 1))
    return _side(first, quote), _side(second, quote)


def _side(number: int, quote: Token) -> Side:
    asset = OUTCOME_ASSETS + number
    return Side(
        asset, -1, f"#{number}", Token(asset, f"+{number}", 0, 0, ""), E8 // 2, quote, is_deployed=True
    )


class SideBook(Book):
    """The book of one side: its own orders, and those of the other side at the price they come to here."""

    def __init__(self, asset: int) -> None:
        super().__init__()
        self._asset = asset
        self._twin = self

    def join(self, twin: "SideBook") -> None:
        """Share orders with the other side's book."""
        self._twin, twin._twin = twin, self

    def px_of(self, order: Order) -> int:
        """Return an order's price on this side."""
        return order.px if order.asset == self._asset else E8 - order.px

    def best(self, *, is_buy: bool) -> Order | None:
        """Return the order that is next to be matched: at one price an offer goes before a bid."""
        own = super().best(is_buy=is_buy)
        other = Book.best(self._twin, is_buy=not is_buy)
        if own is None or other is None:
            return own or other
        ahead = own.px - self.px_of(other)
        if not ahead:
            return other if is_buy else own
        return own if (ahead > 0) == is_buy else other

    def best_px(self, *, is_buy: bool) -> int | None:
        """Return the best price of one side."""
        order = self.best(is_buy=is_buy)
        return None if order is None else self.px_of(order)

    def opposite(self, *, is_buy: bool, px: int) -> Order | None:
        """Return the resting order that one arriving at `px` would meet first."""
        resting = self.best(is_buy=not is_buy)
        if resting is None:
            return None
        met = self.px_of(resting)
        return None if (met > px if is_buy else met < px) else resting

    def levels(self, *, is_buy: bool) -> Iterator[tuple[int, list[Order]]]:
        """Return price and orders of each level, best first."""
        own = super().levels(is_buy=is_buy)
        other = ((E8 - px, orders) for px, orders in Book.levels(self._twin, is_buy=not is_buy))
        sign = -1 if is_buy else 1
        # Of equal prices those of the first come first.
        queues = (other, own) if is_buy else (own, other)
        return _joined(merge(*queues, key=lambda level: sign * level[0]))


def _joined(levels: Iterator[tuple[int, list[Order]]]) -> Iterator[tuple[int, list[Order]]]:
    """Put levels of one price together."""
    held: tuple[int, list[Order]] | None = None
    for px, orders in levels:
        if held is not None and held[0] == px:
            held[1].extend(orders)
            continue
        if held is not None:
            yield held
        held = (px, orders)
    if held is not None:
        yield held


def markets_of(sides: tuple[Side, Side]) -> list[SpotMarket]:
    """Return the markets of an outcome, which nobody quotes yet."""
    books = [SideBook(side.index) for side in sides]
    books[0].join(books[1])
    return [
        SpotMarket(
            pair=side,
            mark=side.mid,
            target_mid=side.mid,
            book=book,
            house_is_manual=True,
            needs_quotes=False,
        )
        for side, book in zip(sides, books, strict=True)
    ]
