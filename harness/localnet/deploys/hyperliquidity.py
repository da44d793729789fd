"""Hyperliquidity: orders that the exchange itself keeps on a pair, on a ladder of prices that never moves.

Source: API docs, "HIP-2": prices are 0.3 % apart; the base token that is left is offered at the highest
prices, in full orders and one that takes the rest; below that the quote token bids. Fully filled orders
change sides at most every three seconds. That prices are rounded to five figures and that a bid filled in
part stays, without an offer at its price, was seen on testnet books (id 54290586014 of the text index).

Its orders are the house's, whose address is the one that Hyperliquidity has. UNVERIFIED: that more of the
token than the ladder can offer lies idle, that it bids down from the highest price, that it pays no fees.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import HOUSE
from harness.localnet.markets.book import Order
from harness.localnet.markets.ladders import Ladder
from harness.localnet.markets.markets import SpotMarket
from harness.localnet.trading.families import unrest

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

PAUSE_MS: Final = 3_000


def watch(exchange: "Exchange") -> None:
    """See to it that ladders that were traded with are renewed, when their time comes."""
    for asset, ladder in exchange.ladders.items():
        if exchange.spot_markets[asset].needs_quotes and not ladder.is_waiting:
            ladder.is_waiting = True
            exchange.at(max(exchange.now_ms(), ladder.updated_ms + PAUSE_MS), Renew(asset))


@dataclass(frozen=True, slots=True)
class Renew:
    """The task that renews one ladder, unless something has taken its place."""

    asset: int

    def __call__(self, exchange: "Exchange") -> None:
        """Do it."""
        ladder = exchange.ladders.get(self.asset)
        if ladder is not None:
            renew(exchange, exchange.spot_markets[self.asset], ladder)


def renew(exchange: "Exchange", market: SpotMarket, ladder: Ladder) -> None:
    """Let a ladder's orders be what they should be, as far as post-only orders can."""
    ladder.updated_ms, ladder.is_waiting, market.needs_quotes = exchange.now_ms(), False, False
    ladder.count_fills(market.pair)
    asks = ladder.asks()
    bids = ladder.bids(market.pair, min(asks, default=len(ladder.pxs)))
    wanted = {place: (False, sz) for place, sz in asks.items()}
    wanted |= {place: (True, sz) for place, sz in bids.items()}
    for place, order in list(ladder.orders.items()):
        if wanted.get(place) != (order.is_buy, order.sz):
            unrest(exchange, market, order)
            del ladder.orders[place], ladder.seen[place]
    for place, (is_buy, sz) in sorted(wanted.items()):
        if place in ladder.orders:
            continue
        if market.book.opposite(is_buy=is_buy, px=ladder.pxs[place]) is not None:
            # Somebody rests in the way; it is tried again.
            market.needs_quotes = True
            continue
        ladder.orders[place] = _rest(exchange, market, ladder.pxs[place], sz, is_buy=is_buy)
        ladder.seen[place] = sz


def _rest(exchange: "Exchange", market: SpotMarket, px: int, sz: int, *, is_buy: bool) -> Order:
    order = exchange.own_order(HOUSE, market.pair.index, is_buy=is_buy, px=px, sz=sz, tif="Alo")
    market.book.add(order)
    exchange.house.add_open(order)
    return order
