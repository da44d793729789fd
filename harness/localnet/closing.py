"""How a block ends: orders are held against caps, triggers against the mark, then margins; then the premium
is noted, and Hyperliquidity that was traded with is due.

That a stop at the price of a liquidation comes before it is UNVERIFIED.
"""

from typing import TYPE_CHECKING

from harness.localnet.deploys import hyperliquidity
from harness.localnet.trading import funding, interest, liquidation, slicing, triggers

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def close(exchange: "Exchange") -> None:
    """End a block."""
    interest.clear(exchange)
    slicing.watch(exchange)
    for market in exchange.markets.values():
        if market.armed or market.margined_mark != market.mark:
            break
    else:
        # After most blocks none of the four could find anything to do.
        if not (exchange.unjudged or exchange.funding.has_begun or exchange.ladders):
            return
    triggers.wake(exchange)
    liquidation.judge(exchange)
    funding.note(exchange)
    hyperliquidity.watch(exchange)
