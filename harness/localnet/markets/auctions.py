"""Dutch auctions: of what is deployed, and of early data.

Who wants a token, a pair or a perpetual listed buys the slot of the round, in HYPE. Source: API docs,
"HIP-1", "HIP-3" and the info endpoint: a round takes 31 hours, in which the price falls in a straight line to
500 HYPE; it begins there too if nobody bought in the round before, otherwise at twice what was paid. What is
paid is burned. UNVERIFIED: that the price is cut to whole wei, and that a round whose slot was sold ends when
its time is up, not before.

Who wants data early buys one of two slots for an address of the internet. Source: API docs, "Priority fees":
two auctions of three minutes on one schedule, from ten times what was paid in the round before, at least 0.1
HYPE, for the round that follows. UNVERIFIED: that the price falls in a straight line there too, to 0.1 HYPE,
and that the schedule's rounds begin with the hour.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from harness.localnet.markets.tokens import HYPE
from harness.localnet.numbers import wire


class Terms(NamedTuple):
    """How an auction goes.

    Args:
        seconds: how long a round takes.
        lowest: the price that it ends with, in wei of HYPE.
        times: what was paid, so many times, is the next round's first price.
    """

    seconds: int
    lowest: int
    times: int


DEPLOYS: Final = Terms(111_600, 500 * HYPE.unit, 2)
GOSSIP: Final = Terms(180, HYPE.unit // 10, 10)


class Round(NamedTuple):
    """One round; gas in wei of HYPE, `sold` at what it was bought for."""

    terms: Terms
    begun_s: int
    start: int
    sold: int | None

    def price(self, now_s: int) -> int:
        """Return what the slot costs now."""
        seconds, lowest, _ = self.terms
        return self.start - (self.start - lowest) * (now_s - self.begun_s) // seconds

    def row(self, now_s: int) -> dict[str, object]:
        """Return the round as the queries show it."""
        gas = HYPE.wei_decimals
        return {
            "startTimeSeconds": self.begun_s,
            "durationSeconds": self.terms.seconds,
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
        terms: how it goes.
    """

    is_taken: bool = False
    last: Round | None = None
    terms: Terms = DEPLOYS

    def round(self, now_s: int) -> Round:
        """Return the round of this time; where no round is kept, its start is chosen."""
        seconds, lowest, times = self.terms
        if self.last is None:
            return Round(self.terms, now_s - now_s % seconds, lowest, lowest if self.is_taken else None)
        gone = (now_s - self.last.begun_s) // seconds
        if not gone:
            return self.last
        sold = self.last.sold if gone == 1 else None
        start = times * sold if sold is not None else lowest
        return Round(self.terms, self.last.begun_s + gone * seconds, start, None)

    def open(self, now_s: int, start: int) -> None:
        """Begin a round that nobody else takes, nor any later one."""
        self.is_taken, self.last = False, Round(self.terms, now_s, start, None)

    def buy(self, now_s: int) -> int:
        """Sell the slot of the round, which is free, and return its price."""
        now = self.round(now_s)
        price = now.price(now_s)
        self.last = now._replace(sold=price)
        return price


@dataclass(slots=True)
class GossipSlot:
    """One slot of early data, and for whom it was bought: the address, by the round's beginning.

    It is taken until `open`, as it was when somebody bid 1 HYPE on testnet (NK, gossipPriorityBid); by whom
    is not told, as the test of NK met none there.
    """

    auction: Auction = field(default_factory=lambda: Auction(is_taken=True, terms=GOSSIP))
    bought: dict[int, str] = field(default_factory=dict)

    def open(self, now_s: int, start: int) -> None:
        """Let the round that runs have begun at a price, with nobody else who takes it or a later one."""
        self.bought.clear()
        self.auction.open(now_s - now_s % GOSSIP.seconds, start)

    def buy(self, now_s: int, ip: str) -> int:
        """Sell the slot of the round, which is free, and return its price."""
        price, begun_s = self.auction.buy(now_s), self.auction.round(now_s).begun_s
        self.bought = {begun_s: ip} | {
            begun: who for begun, who in self.bought.items() if begun == begun_s - GOSSIP.seconds
        }
        return price

    def winner(self, now_s: int) -> str | None:
        """Return who has the slot during this round: the winner of the one before."""
        return self.bought.get(self.auction.round(now_s).begun_s - GOSSIP.seconds)


AuctionName = Literal["spot", "spotPair", "perp", "gossip0", "gossip1"]


@dataclass(slots=True)
class Auctions:
    """All auctions; that of tokens is taken, as it was when somebody tried on testnet (NK)."""

    spot: Auction = field(default_factory=lambda: Auction(is_taken=True))
    spot_pair: Auction = field(default_factory=Auction)
    perp: Auction = field(default_factory=Auction)
    gossip: tuple[GossipSlot, GossipSlot] = field(default_factory=lambda: (GossipSlot(), GossipSlot()))

    def named(self, name: AuctionName) -> Auction | GossipSlot:
        """Return one of them."""
        if name in ("gossip0", "gossip1"):
            return self.gossip[name == "gossip1"]
        return {"spot": self.spot, "spotPair": self.spot_pair, "perp": self.perp}[name]


def lowest_of(name: AuctionName) -> int:
    """Return the lowest price of an auction, in wei of HYPE."""
    return (GOSSIP if name.startswith("gossip") else DEPLOYS).lowest
