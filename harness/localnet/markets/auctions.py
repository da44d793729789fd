"""Deploy auctions: who wants a token, a pair or a perpetual listed buys the slot of the round, in HYPE.

Source: API docs, "HIP-1", "HIP-3" and the info endpoint: a round takes 31 hours, in which the price falls in
a straight line to 500 HYPE; it begins there too if nobody bought in the round before, otherwise at twice what
was paid. What is paid is burned. UNVERIFIED: that the price is cut to whole wei, and that a round whose slot
was sold ends when its time is up, not before.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from harness.localnet.markets.tokens import HYPE
from harness.localnet.numbers import wire

SECONDS: Final = 111_600
LOWEST: Final = 500 * HYPE.unit


class Round(NamedTuple):
    """One round; gas in wei of HYPE, `sold` at what it was bought for."""

    begun_s: int
    start: int
    sold: int | None

    def price(self, now_s: int) -> int:
        """Return what the slot costs now."""
        return self.start - (self.start - LOWEST) * (now_s - self.begun_s) // SECONDS

    def row(self, now_s: int) -> dict[str, object]:
        """Return the round as the queries show it."""
        gas = HYPE.wei_decimals
        return {
            "startTimeSeconds": self.begun_s,
            "durationSeconds": SECONDS,
            "startGas": wire(self.start, gas),
            "currentGas": None if self.sold is not None else wire(self.price(now_s), gas),
            "endGas": None if self.sold is None else wire(self.sold, gas),
        }


@dataclass(slots=True)
class Auction:
    """One auction.

    Args:
        is_taken: somebody else buys at the lowest price as soon as a round begins.
        last: the last round in which something happened here.
    """

    is_taken: bool = False
    last: Round | None = None

    def round(self, now_s: int) -> Round:
        """Return the round of this time; where no round is kept, its start is chosen."""
        if self.last is None:
            return Round(now_s - now_s % SECONDS, LOWEST, LOWEST if self.is_taken else None)
        gone = (now_s - self.last.begun_s) // SECONDS
        if not gone:
            return self.last
        sold = self.last.sold if gone == 1 else None
        return Round(self.last.begun_s + gone * SECONDS, 2 * sold if sold is not None else LOWEST, None)

    def open(self, now_s: int, start: int) -> None:
        """Begin a round that nobody else takes, nor any later one."""
        self.is_taken, self.last = False, Round(now_s, start, None)

    def buy(self, now_s: int) -> int:
        """Sell the slot of the round, which is free, and return its price."""
        now = self.round(now_s)
        price = now.price(now_s)
        self.last = now._replace(sold=price)
        return price


AuctionName = Literal["spot", "spotPair", "perp"]


@dataclass(slots=True)
class Auctions:
    """The three auctions; that of tokens is taken, as it was when somebody tried on testnet (NK)."""

    spot: Auction = field(default_factory=lambda: Auction(is_taken=True))
    spot_pair: Auction = field(default_factory=Auction)
    perp: Auction = field(default_factory=Auction)

    def named(self, name: AuctionName) -> Auction:
        """Return one of them."""
        return {"spot": self.spot, "spotPair": self.spot_pair, "perp": self.perp}[name]
