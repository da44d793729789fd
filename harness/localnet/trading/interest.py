"""Open interest, and what may be ordered while it is at its cap.

Source: API docs, "Error responses" and "Order statuses". UNVERIFIED: that a cap is of notional at the mark,
and the ending of the text. That prices more aggressive than the oracle are refused at the cap as well is
documented, but not what that means; localnet lets them pass.
"""

from typing import TYPE_CHECKING

from harness.localnet.markets.assets import Perp
from harness.localnet.markets.book import Order
from harness.localnet.markets.dexes import FIRST, Dex, dex_of
from harness.localnet.numbers import MICRO, notional

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def is_at_cap(exchange: "Exchange", perp: Perp) -> bool:
    """Say whether all long positions on a coin together have reached its cap."""
    usd = exchange.rules.open_interest_caps_usd.get(perp.name)
    terms = exchange.universe.terms.get(dex_of(perp.index))
    cap = terms.caps.get(perp.name) if usd is None and terms is not None else usd and usd * MICRO
    if cap is None:
        return False
    size = sum(max(ledger.szi(perp.index), 0) for ledger in exchange.everyone())
    return notional(exchange.mark(perp), size) >= cap


def at_cap(exchange: "Exchange", dex: Dex) -> list[str]:
    """Return the coins of a dex at their cap, by name."""
    return sorted(perp.name for perp in dex.live if is_at_cap(exchange, perp))


def refused_status(exchange: "Exchange", perp: Perp, order: Order, szi: int) -> str | None:
    """Return as what an order is refused because of the cap, or None."""
    if not exchange.rules.open_interest_caps_usd and dex_of(perp.index) == FIRST.number:
        return None
    after = szi + (order.sz if order.is_buy else -order.sz)
    flips = after * szi < 0
    if order.reduce_only or (not flips and abs(after) <= abs(szi)) or not is_at_cap(exchange, perp):
        return None
    return f"position{'Flip' if flips else 'Increase'}AtOpenInterestCapRejected"
