"""A pair's Hyperliquidity: a ladder of prices, what it has, and what it is to offer and bid for."""

from dataclasses import dataclass, field
from typing import Final

from harness.localnet.markets.book import Order
from harness.localnet.markets.tokens import Pair

# A step of the ladder, in thousandths.
_STEP: Final = 1_003


@dataclass(slots=True)
class Ladder:
    """One pair's Hyperliquidity.

    Args:
        pxs: its prices, lowest first, in 1e-8.
        order_sz: the size of a full order, in 1e-8.
        sz: what it has to offer, in 1e-8.
        money: what it has to bid with, in wei of the quote token.
    """

    pxs: list[int]
    order_sz: int
    sz: int
    money: int
    updated_ms: int = 0
    is_waiting: bool = False
    # Its resting orders by their place on the ladder, and their sizes when they were last looked at.
    orders: dict[int, Order] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)

    def count_fills(self, pair: Pair) -> None:
        """Count what has been traded since this was last done, and forget orders that have ended."""
        for place, order in list(self.orders.items()):
            traded = self.seen[place] - order.sz
            value = pair.value(order.px, traded)
            self.sz += traded if order.is_buy else -traded
            self.money += -value if order.is_buy else value
            self.seen[place] = order.sz
            if not order.sz:
                del self.orders[place], self.seen[place]

    def asks(self) -> dict[int, int]:
        """Return what to offer: sizes by place. A bid that is filled in part keeps its place."""
        full, rest = divmod(self.sz, self.order_sz)
        first = max(len(self.pxs) - full, 0)
        found = dict.fromkeys(range(first, len(self.pxs)), self.order_sz)
        below = self.orders.get(first - 1)
        if rest and first and (below is None or not below.is_buy):
            found[first - 1] = rest
        return found

    def bids(self, pair: Pair, below: int) -> dict[int, int]:
        """Return what to bid for at the places below `below`: those there are, and new ones as far as the
        money goes, from the highest price down.
        """
        found = {place: order.sz for place, order in self.orders.items() if order.is_buy and place < below}
        money = self.money - sum(pair.value(self.pxs[place], sz) for place, sz in found.items())
        for place in range(below - 1, -1, -1):
            value = pair.value(self.pxs[place], self.order_sz)
            if place not in found and value <= money:
                found[place] = self.order_sz
                money -= value
        return found


def prices(pair: Pair, start: int, number: int) -> list[int]:
    """Return the prices of a ladder, each above the one before."""
    found: list[int] = []
    px = start
    for _ in range(number):
        found.append(px)
        px = max(pair.nearest_px(px * _STEP // 1_000), pair.ceil_px(px + 1))
    return found
