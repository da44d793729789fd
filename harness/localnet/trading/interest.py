"""Open interest, and what may be ordered while it is at its cap.

Source: API docs, "Error responses" and "Order statuses"; docs, "Risks": at the cap no new positions can be
opened, and orders cannot rest further than 1% from the oracle price; the house, as HLP, is exempt.

UNVERIFIED: that a cap is of notional at the mark; that "too aggressive" is by more than that 1%, and is said
of orders that would rest, while others are refused for what they would do to the position; that resting ones
are held against it at the end of each block; that an order which makes a position smaller may have any price;
and the endings of the texts. How fast is too fast is not documented: that has to be told.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from harness.localnet import messages
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.book import Order
from harness.localnet.markets.dexes import FIRST, Dex, dex_of
from harness.localnet.numbers import notional
from harness.localnet.trading.matching import end_resting

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_FURTHEST_PERCENT: Final = 1


class Refusal(NamedTuple):
    """What the record of an order says that was refused, and the text of the answer without its ending."""

    status: str
    text: str


def is_at_cap(exchange: "Exchange", perp: Perp) -> bool:
    """Say whether all long positions on a coin together have reached its cap."""
    cap = exchange.told.caps.get(perp.name)
    terms = exchange.universe.terms.get(dex_of(perp.index))
    if cap is None and terms is not None:
        cap = terms.caps.get(perp.name)
    if cap is None:
        return False
    size = sum(max(ledger.szi(perp.index), 0) for ledger in exchange.everyone())
    return notional(exchange.mark(perp), size) >= cap


def at_cap(exchange: "Exchange", dex: Dex) -> list[str]:
    """Return the coins of a dex at their cap, by name."""
    return sorted(perp.name for perp in dex.live if is_at_cap(exchange, perp))


def refusal(exchange: "Exchange", perp: Perp, order: Order, szi: int, *, rests: bool) -> Refusal | None:
    """Return as what an order is refused because of the open interest, or None."""
    told = exchange.told
    if not (told.caps or told.growing) and dex_of(perp.index) == FIRST.number:
        return None
    after = szi + (order.sz if order.is_buy else -order.sz)
    flips = after * szi < 0
    if order.reduce_only or (not flips and abs(after) <= abs(szi)):
        return None
    if is_at_cap(exchange, perp):
        if rests and is_too_aggressive(order, exchange.oracle(perp)):
            return Refusal("tooAggressiveAtOpenInterestCapRejected", messages.TOO_AGGRESSIVE)
        change = "Flip" if flips else "Increase"
        return Refusal(f"position{change}AtOpenInterestCapRejected", messages.AT_CAP)
    if perp.name in told.growing:
        return Refusal("openInterestIncreaseRejected", messages.GROWING)
    return None


def is_too_aggressive(order: Order, oracle: int) -> bool:
    """Say whether a bid is too far above the oracle, or an ask too far below it."""
    beyond = order.px - oracle if order.is_buy else oracle - order.px
    return beyond * 100 > oracle * _FURTHEST_PERCENT


def clear(exchange: "Exchange") -> None:
    """End the resting orders that are too aggressive on coins at their cap; the house's stay."""
    capped = list(exchange.told.caps)
    for terms in exchange.universe.terms.values():
        capped += terms.caps
    for name in capped:
        perp = exchange.universe.perp_of.get(name)
        market = None if perp is None else exchange.markets.get(perp.index)
        if market is None or not is_at_cap(exchange, market.perp):
            continue
        for is_buy in (True, False):
            for _, level in list(market.book.levels(is_buy=is_buy)):
                for order in level:
                    if not exchange.owner(order).is_house and is_too_aggressive(order, market.oracle):
                        end_resting(exchange, market, order, "openInterestCapCanceled")
