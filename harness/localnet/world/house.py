"""The house: a deterministic market maker that quotes every live coin and never runs dry.

It renews the quotes that were traded with when the next block begins, and never quotes into somebody's
resting order. When a price is moved, it first trades with every resting order that the new price has passed.
"""

from typing import TYPE_CHECKING

from harness.localnet.accounts.ledger import HOUSE
from harness.localnet.markets.markets import Market, Quoted
from harness.localnet.markets.quotes import prices, size
from harness.localnet.trading.families import unrest
from harness.localnet.trading.matching import match

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def quote(exchange: "Exchange", market: Quoted) -> None:
    """Replace the house's quotes on one coin, keeping clear of what others have resting there."""
    market.needs_quotes = False
    withdraw(exchange, market)
    for is_buy in (True, False):
        behind = market.book.best_px(is_buy=not is_buy)
        for level, px in enumerate(prices(market.listing, market.target_mid, is_buy=is_buy, behind=behind)):
            rest(exchange, market, is_buy=is_buy, px=px, sz=size(exchange.seed, market.listing, level, px))


def move(exchange: "Exchange", market: Quoted, mid: int) -> None:
    """Move a price: mark and oracle follow, the house trades with what it passed and quotes around it."""
    listing = market.listing
    market.target_mid, market.mark, market.house_is_manual = mid, listing.nearest_px(mid), False
    if isinstance(market, Market):
        market.oracle_px = None
    withdraw(exchange, market)
    bids, asks = (prices(listing, mid, is_buy=is_buy) for is_buy in (True, False))
    # One tick above zero there is no room for a bid.
    sweep(exchange, market, bid=bids[0] if bids else 0, ask=asks[0])
    quote(exchange, market)


def withdraw(exchange: "Exchange", market: Quoted) -> None:
    """Cancel the house's quotes on one coin; Hyperliquidity ends with them."""
    exchange.ladders.pop(market.listing.index, None)
    for order in exchange.house.resting_on(market.listing.index):
        unrest(exchange, market, order)


def rest(exchange: "Exchange", market: Quoted, *, is_buy: bool, px: int, sz: int) -> None:
    """Let the house trade with what it meets at `px`, and rest with the rest."""
    order = exchange.own_order(HOUSE, market.listing.index, is_buy=is_buy, px=px, sz=sz, tif="Gtc")
    match(exchange, market, order)
    if order.sz:
        market.book.add(order)
        exchange.house.add_open(order)


def sweep(exchange: "Exchange", market: Quoted, *, bid: int, ask: int) -> None:
    """Trade with every resting order that bids at `ask` or above, or asks at `bid` or below."""
    for is_buy, px in ((False, ask), (True, bid)):
        sz = sum(
            order.sz
            for level_px, level in market.book.levels(is_buy=not is_buy)
            if (level_px <= px if is_buy else level_px >= px)
            for order in level
        )
        if sz:
            order = exchange.own_order(HOUSE, market.listing.index, is_buy=is_buy, px=px, sz=sz, tif="Gtc")
            match(exchange, market, order)
