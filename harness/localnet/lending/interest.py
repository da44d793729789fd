"""What lending does by itself: balances become supplies and loans, each full hour interest is paid.

An account with portfolio margin lends what it has of a token that others may borrow, and owes what it has
spent beyond it (API docs, "Portfolio margin"). So both follow from its balance, when a block ends. What comes
to its perpetuals, where it can have no positions here, is swept into that balance: the docs let deposits
repay a loan.

Interest is counted continuously and indexed hourly (API docs). UNVERIFIED: that an operation of one's own
settles what is owed up to it, that interest in parts of the smallest unit waits for the next hour, and that
an hour in which none comes to a whole one has no row.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.markets.reserves import InterestRow, Position, Reserve
from harness.localnet.markets.tokens import USDC
from harness.localnet.trading import credit
from harness.localnet.trading.funding import next_ms
from harness.localnet.transfers.money import RATIO, move_usd

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def begin(exchange: "Exchange") -> None:
    """Let the hours count from now on, if they do not yet."""
    if not exchange.lending.has_begun:
        exchange.lending.has_begun = True
        exchange.at(next_ms(exchange.now_ms()), pay)


def enter(exchange: "Exchange", ledger: Ledger) -> None:
    """Let an account have portfolio margin; what it has supplied is part of its balance from now on."""
    begin(exchange)
    for reserve in exchange.lending.reserves.values():
        position = reserve.positions.get(ledger.address)
        if position is not None:
            settle(exchange, reserve, ledger.address, position)
            reserve.cash -= position.supply.value
            ledger.tokens_of(reserve.terms.token.index).total += position.supply.value
            position.is_implied = True
    exchange.lending.members[ledger.address] = None
    follow(exchange)


def leave(exchange: "Exchange", ledger: Ledger) -> None:
    """Let an account without a loan have no portfolio margin any more; interest is paid up to now."""
    for reserve in exchange.lending.reserves.values():
        position = reserve.positions.get(ledger.address)
        if position is not None:
            settle(exchange, reserve, ledger.address, position)
            del reserve.positions[ledger.address]
    exchange.lending.members.pop(ledger.address, None)


def follow(exchange: "Exchange") -> None:
    """Let supplies and loans follow the balances of accounts with portfolio margin."""
    for address in exchange.lending.members:
        ledger = exchange.ledgers[address]
        _sweep(exchange, ledger)
        for reserve in exchange.lending.reserves.values():
            _follow(exchange, reserve, ledger)


def _sweep(exchange: "Exchange", ledger: Ledger) -> None:
    """Bring all cash to spot."""
    for dex in (0, *ledger.dex_balances):
        micro = ledger.balance_on(dex)
        if micro:
            move_usd(exchange, ledger, dex, -micro)
            ledger.tokens_of(USDC.index).total += micro * RATIO


def _follow(exchange: "Exchange", reserve: Reserve, ledger: Ledger) -> None:
    terms = reserve.terms
    balance = credit.idle(ledger, terms.token)
    supplied = max(0, min(balance, terms.user_supply_cap * terms.token.unit))
    owed = max(0, -balance) if terms.borrow_cap else 0
    position = reserve.positions.get(ledger.address)
    if position is None:
        if not supplied and not owed:
            return
        position = reserve.positions[ledger.address] = Position(is_implied=True)
    if (position.supply.value, position.borrow.value) != (supplied, owed):
        reserve.tick(exchange.now_ms())
        reserve.accrue(position)
        position.supply.put(supplied)
        position.borrow.put(owed)


def pay(exchange: "Exchange") -> None:
    """Pay the interest of an hour on all tokens."""
    now_ms = exchange.now_ms()
    exchange.at(next_ms(now_ms), pay)
    for reserve in exchange.lending.reserves.values():
        reserve.tick(now_ms)
        for position in reserve.positions.values():
            reserve.accrue(position)
        for address, position in reserve.positions.items():
            _pay(exchange, reserve, address, position)


def due(exchange: "Exchange", reserve: Reserve, position: Position) -> tuple[int, int]:
    """Return what a loan would pay now and a supply receive, in whole wei; nothing changes."""
    borrow, supply = replace(position.borrow), replace(position.supply)
    passed, rates = exchange.now_ms() - reserve.at_ms, reserve.rates()
    borrow.accrue(reserve.borrow_integral + rates[0] * passed)
    supply.accrue(reserve.supply_integral + rates[1] * passed)
    return borrow.settle(), supply.settle()


def settle(exchange: "Exchange", reserve: Reserve, address: str, position: Position) -> int:
    """Pay the interest of one account up to now, and return what it received for its supply."""
    reserve.tick(exchange.now_ms())
    reserve.accrue(position)
    return _pay(exchange, reserve, address, position)


def _pay(exchange: "Exchange", reserve: Reserve, address: str, position: Position) -> int:
    """Pay what is owed; an implied position's goes through the balance, from or to the reserve."""
    paid, received = position.borrow.settle(), position.supply.settle()
    if position.is_implied:
        exchange.ledgers[address].tokens_of(reserve.terms.token.index).total += received - paid
        reserve.cash += paid - received
    if paid or received:
        row = InterestRow(exchange.now_ms(), reserve.terms.token, paid, received)
        exchange.lending.interest.setdefault(address, []).append(row)
    return received
