"""How a block ends: orders are held against caps, triggers against the mark, then margins, then loans; then
the premium is noted, and Hyperliquidity that was traded with is due.

That a stop at the price of a liquidation comes before it is UNVERIFIED.
"""

from typing import TYPE_CHECKING

from harness.localnet.deploys import hyperliquidity
from harness.localnet.lending import takeovers
from harness.localnet.trading import funding, interest, liquidation, slicing, triggers

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def close(exchange: "Exchange") -> None:
    """End a block."""
    if exchange.told.caps or exchange.universe.has_capped:
        interest.clear(exchange)
    if exchange.watched_twaps:
        slicing.watch(exchange)
    for market in exchange.markets.values():
        if market.armed or market.margined_mark != market.mark:
            break
    else:
        # After most blocks none of the five could find anything to do.
        is_idle = exchange.funding.counted_ms is None and not (exchange.unjudged or exchange.ladders)
        if is_idle and not exchange.lending.members:
            return
    triggers.wake(exchange)
    liquidation.judge(exchange)
    takeovers.watch(exchange)
    funding.note(exchange)
    hyperliquidity.watch(exchange)
