"""Trigger orders: how they are placed to wait, and what they become when the mark reaches their price.

They are held against the mark at the end of each block. A triggered order keeps its oid, trades as a market
or limit order and is checked like one that arrives; a market order trades up to its own limit price. That it
keeps its oid and its row, with the trigger, and reads `triggered` while it rests, is UNVERIFIED.
"""

from typing import TYPE_CHECKING

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.markets.book import Order
from harness.localnet.markets.markets import Market
from harness.localnet.trading.families import arm, end, unrest
from harness.localnet.trading.orders import (
    Draft,
    Rejected,
    Status,
    check,
    is_too_small,
    new_order,
    place,
    record_replaced,
    refuse_beyond_limit,
    trade,
)

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

WAITING_FOR_FILL = "waitingForFill"
WAITING_FOR_TRIGGER = "waitingForTrigger"


def place_any(exchange: "Exchange", account: Ledger, draft: Draft, replaces: Order | None = None) -> Status:
    """Place an order, with or without a trigger, that belongs to no group; see `orders.place`."""
    if draft.trigger is None:
        return place(exchange, account, draft, replaces)
    market = exchange.market(draft.perp)
    order = new_order(exchange, account, draft)
    if replaces is not None:
        unrest(exchange, exchange.market(draft.perp), replaces)
    try:
        refuse_beyond_limit(exchange, account, order)
        _check_waiting(market, account, order)
    except Rejected as rejected:
        if replaces is not None:
            record_replaced(exchange, replaces)
        exchange.record(order, rejected.status)
        return {"error": rejected.text}
    _wait(exchange, account, order)
    if replaces is not None:
        record_replaced(exchange, replaces)
    arm(exchange, order)
    if order.is_position_tpsl:
        return WAITING_FOR_TRIGGER
    # Measured (wire rule 130); a cloid beside the oid is UNVERIFIED here.
    return {"resting": {"oid": order.oid} | ({} if order.cloid is None else {"cloid": order.cloid})}


def place_family(exchange: "Exchange", account: Ledger, drafts: list[Draft]) -> list[Status]:
    """Place an entry and its children (wire rules 56 and 57), none of which can be refused any more.

    An entry that takes is filled whole: what becomes of the children of another is in no source, and such
    groups are not covered. UNVERIFIED: that a child is not refused when its price is reached already, as a
    test of NK against testnet suggests.
    """
    status = place(exchange, account, drafts[0])
    parent = next(reversed(account.records.values()))
    for draft in drafts[1:]:
        child = new_order(exchange, account, draft)
        child.parent = parent
        parent.children.append(child)
        _wait(exchange, account, child)
    if parent.oid in account.open:
        return [status, *[WAITING_FOR_FILL] * len(parent.children)]
    assert not parent.sz, status
    for child in parent.children:
        arm(exchange, child)
    return [status, *[WAITING_FOR_TRIGGER] * len(parent.children)]


def _wait(exchange: "Exchange", account: Ledger, order: Order) -> None:
    account.add_open(order)
    exchange.record(order, "open")


def _check_waiting(market: Market, account: Ledger, order: Order) -> None:
    """Make the run-time checks of a trigger order that is placed; margin is not bound before it triggers.

    UNVERIFIED: their order, and that the minimum value counts here already; reduce-only is not checked, as
    orders are known to wait for a position that is not there yet.
    """
    assert order.trigger is not None
    if order.px % market.perp.tick_at(order.px):
        raise Rejected("tickRejected", messages.on_asset(messages.TICK, order.asset))
    if order.is_met(market.mark) or not is_sound(order.trigger.px, market) or is_on_near_side(order):
        raise Rejected("badTriggerPxRejected", messages.on_asset(messages.TRIGGER_PX, order.asset))
    if order.orig_sz and is_too_small(order, account.szi(order.asset)):
        raise Rejected("minTradeNtlRejected", messages.on_asset(messages.MIN_VALUE, order.asset))


def is_sound(trigger_px: int, market: Market) -> bool:
    """Say whether a trigger price is a legal price (wire rule 23)."""
    return trigger_px > 0 and not trigger_px % market.perp.tick_at(trigger_px)


def is_on_near_side(order: Order | Draft) -> bool:
    """Say whether a market stop could not trade at its own trigger price (wire rule 140).

    Limit stops and take profits have been seen to pass with such prices (NK tests, CCXT).
    """
    trigger = order.trigger
    if trigger is None or trigger.is_tp or not trigger.is_market:
        return False
    return order.px < trigger.px if order.is_buy else order.px > trigger.px


def wake(exchange: "Exchange") -> None:
    """Trigger, oldest first, the orders whose price the mark has reached; their trades may arm others."""
    for market in list(exchange.markets.values()):
        while market.armed and market.judged_mark != market.mark:
            market.judged_mark = market.mark
            for oid in sorted(market.armed):
                order = market.armed.get(oid)
                if order is not None and order.is_met(market.mark):
                    _fire(exchange, market, order)


def _fire(exchange: "Exchange", market: Market, order: Order) -> None:
    """Let a waiting order arrive at the book.

    What it ends as when it is refused there is UNVERIFIED: the words of a refused order are used.
    """
    account = exchange.owner(order)
    unrest(exchange, market, order)
    order.waits = False
    if not order.orig_sz:
        order.sz = abs(account.szi(order.asset))
    exchange.record(order, "triggered")
    try:
        check(exchange, market, account, order)
    except Rejected as rejected:
        end(exchange, order, rejected.status)
    else:
        trade(exchange, market, order)
