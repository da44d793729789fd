"""Orders that hang together: an entry with its take profit and stop loss, and what the end of one does.

Children wait until their parent is filled completely, or in part and then cancelled for want of margin; any
other end of the parent ends them. When one child is filled the other is cancelled (wire rules 57 and 138).
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.markets.book import Order
from harness.localnet.markets.markets import Quoted

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# What a child ends as when its parent ends so; after any other end it is `canceled`, which is UNVERIFIED.
_SHARED_ENDS: Final = frozenset({"canceled", "scheduledCancel"})


def end(exchange: "Exchange", order: Order, status: str) -> None:
    """Record the end of an order that is off the book already, and what follows for those tied to it."""
    exchange.record(order, status)
    if order.children:
        if _releases(order, status):
            for child in waiting_children(exchange, order):
                arm(exchange, child)
        else:
            _end_each(exchange, order.children, status if status in _SHARED_ENDS else "canceled")
    if order.parent is not None and status == "filled":
        _end_each(exchange, order.parent.children, "siblingFilledCanceled", but=order)


def _releases(parent: Order, status: str) -> bool:
    if status == "filled":
        return not parent.sz
    return status == "marginCanceled" and parent.sz < parent.orig_sz


def _end_each(exchange: "Exchange", orders: list[Order], status: str, *, but: Order | None = None) -> None:
    """End those that still wait or rest. One that rests after its trigger ends as well: UNVERIFIED."""
    for order in orders:
        if order is not but and order.oid in exchange.owner(order).open:
            unrest(exchange, exchange.markets[order.asset], order)
            exchange.record(order, status)


def waiting_children(exchange: "Exchange", parent: Order) -> list[Order]:
    """Return the children of an order that have not ended."""
    return [child for child in parent.children if child.oid in exchange.owner(child).open]


def arm(exchange: "Exchange", order: Order) -> None:
    """Let a trigger order watch the mark from the end of this block on."""
    market = exchange.markets[order.asset]
    market.armed[order.oid] = order
    market.judged_mark = None


def unrest(exchange: "Exchange", market: Quoted, order: Order) -> None:
    """Take an order off the book, or from those that wait, and off its owner's list."""
    if order.waits:
        exchange.markets[order.asset].armed.pop(order.oid, None)
    else:
        market.book.remove(order)
    exchange.owner(order).drop_open(order)
