"""The state of one market: book, mark price and volumes. It comes to life when first touched."""

from dataclasses import dataclass, field
from fractions import Fraction

from harness.localnet.markets.assets import Perp
from harness.localnet.markets.book import Book, Order
from harness.localnet.markets.listings import Listing
from harness.localnet.markets.tokens import Pair
from harness.localnet.numbers import plain


@dataclass(slots=True, kw_only=True)
class Quoted:
    """What has a book and is quoted by the house.

    Args:
        mark: mark and reference price, a legal price in 1e-8.
        target_mid: the price that the house quotes around, in 1e-8.
    """

    mark: int
    target_mid: int
    book: Book = field(default_factory=Book)
    # Quotes set by hand are not renewed.
    house_is_manual: bool = False
    # The house has been traded with since it last quoted.
    needs_quotes: bool = True
    # Traded, in 1e-6 USD and in 1e-8 of what is traded.
    day_ntl: int = 0
    day_base: int = 0

    @property
    def listing(self) -> Listing:
        """What is traded."""
        raise NotImplementedError

    def has_both_sides(self) -> bool:
        """Say whether somebody buys and somebody sells."""
        return None not in (self.book.best_px(is_buy=True), self.book.best_px(is_buy=False))

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


@dataclass(slots=True)
class Premium:
    """A premium in 1e-10, and its average over the time since `start_ms`."""

    start_ms: int | None = None
    since_ms: int = 0
    now: int = 0
    summed: int = 0

    def note(self, now_ms: int, premium: int) -> None:
        """Let the premium be `premium` from now on."""
        if self.start_ms is None:
            self.start_ms = self.since_ms = now_ms
        if premium == self.now:
            return
        self.summed += self.now * (now_ms - self.since_ms)
        self.since_ms, self.now = now_ms, premium

    def average(self, now_ms: int) -> Fraction:
        """Return the average by time; the premium of now where no time has passed."""
        if self.start_ms is None or self.start_ms == now_ms:
            return Fraction(self.now)
        return Fraction(self.summed + self.now * (now_ms - self.since_ms), now_ms - self.start_ms)

    def restart(self, now_ms: int) -> None:
        """Begin a new average."""
        self.start_ms = self.since_ms = now_ms
        self.summed = 0


@dataclass(slots=True, kw_only=True)
class Market(Quoted):
    """One live perpetual.

    Args:
        perp: what is traded.
        oracle_px: the oracle in 1e-8, where it was set apart from the mark.
    """

    perp: Perp
    oracle_px: int | None = None
    premium: Premium = field(default_factory=Premium)
    # The mark that positions were last held against.
    margined_mark: int | None = None
    # The one before it.
    previous_mark: int | None = None
    # Trigger orders that watch the mark, by oid, and the mark they were last held against.
    armed: dict[int, Order] = field(default_factory=dict)
    judged_mark: int | None = None

    @property
    def oracle(self) -> int:
        """The oracle price; the mark, unless it was set apart."""
        return self.mark if self.oracle_px is None else self.oracle_px

    @property
    def listing(self) -> Listing:
        """The perpetual."""
        return self.perp


@dataclass(slots=True, kw_only=True)
class SpotMarket(Quoted):
    """One spot pair. That its mark stands still while others trade is UNVERIFIED."""

    pair: Pair

    @property
    def listing(self) -> Listing:
        """The pair."""
        return self.pair
