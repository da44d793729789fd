"""How a block ends: triggers are held against the mark, then margins; then the premium is noted.

That a stop at the price of a liquidation comes before it is UNVERIFIED.
"""

from typing import TYPE_CHECKING

from harness.localnet import funding, liquidation, triggers

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def close(exchange: "Exchange") -> None:
    """End a block."""
    triggers.wake(exchange)
    liquidation.judge(exchange)
    funding.note(exchange)
