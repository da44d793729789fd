"""The state of one coin's market: book, mark price and volumes. It comes to life when first touched."""

from dataclasses import dataclass, field

from harness.localnet.assets import Perp
from harness.localnet.book import Book
from harness.localnet.numbers import plain


@dataclass(slots=True)
class Market:
    """One live coin.

    Args:
        perp: the coin's row of the universe.
        mark: mark, oracle and reference price in one, a legal price in 1e-8.
        target_mid: the price that the house quotes around, in 1e-8.
    """

    perp: Perp
    mark: int
    target_mid: int
    book: Book = field(default_factory=Book)
    # Quotes set by hand are not renewed.
    house_is_manual: bool = False
    # The house has been traded with since it last quoted.
    needs_quotes: bool = True
    day_ntl: int = 0
    day_base: int = 0

    def mid(self) -> int:
        """Return the middle of the book in 1e-8; with an empty side, the mark (UNVERIFIED)."""
        bid, ask = self.book.best_px(is_buy=True), self.book.best_px(is_buy=False)
        if bid is None or ask is None:
            return self.mark
        return (bid + ask) // 2

    def bbo(self) -> tuple[str, str]:
        """Return best bid and ask as error texts print them; how an empty side prints is UNVERIFIED."""
        bid, ask = self.book.best_px(is_buy=True), self.book.best_px(is_buy=False)
        return ("" if bid is None else plain(bid), "" if ask is None else plain(ask))
