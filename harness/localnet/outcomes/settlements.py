"""How an outcome ends: orders on it are cancelled, its shares become quote tokens.

Source: docs, "HIP-4": side 0 becomes `settleFraction` quote tokens, side 1 what is left of one; docs, "HIP-4
deployer actions": outcomes of a question settle to 0 in any order, and the last named one to 1, which settles
the fallback to 0 and the question. A fill says `Settlement`, of losing shares too (TI:61425343843,
TI:57354624267). UNVERIFIED: that balance rows of a settled outcome are gone, that these fills share an oid
which orderStatus does not know, and have no tid.
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import Fill, Ledger
from harness.localnet.asks import LocalnetError
from harness.localnet.events import Filled, OutcomesChanged
from harness.localnet.markets.outcomes import Outcome
from harness.localnet.markets.sides import Side
from harness.localnet.numbers import E8
from harness.localnet.trading.families import unrest
from harness.localnet.trading.matching import end_resting

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

SETTLEMENT: Final = "Settlement"


def to_settle(exchange: "Exchange", number: int, fraction: int) -> Outcome:
    """Return the outcome that is to be settled to `fraction` (1e-8).

    Raises:
        LocalnetError: it is not open, or cannot end so.
    """
    listed = exchange.outcomes
    outcome = listed.outcomes.get(number)
    if outcome is None or outcome.settled is not None:
        raise LocalnetError(f"There is no open outcome {number}.", needed="One of `outcomeMeta`.")
    if not 0 <= fraction <= E8:
        raise LocalnetError("No outcome ends there.", needed="A fraction from 0 to 1.")
    if outcome.question is None:
        return outcome
    question = listed.questions[outcome.question]
    if number == question.fallback:
        raise LocalnetError("A fallback ends with its question.", needed="A named outcome.")
    is_last = len(listed.active(question)) == len((question.fallback, number))
    if fraction != (E8 if is_last else 0):
        raise LocalnetError(
            f"Outcome {number} of question {question.number} cannot end so.",
            needed="0 for all named outcomes but the last that is open, and 1 for that one.",
        )
    return outcome


def settle(exchange: "Exchange", outcome: Outcome, fraction: int, details: str) -> None:
    """Settle an outcome to `fraction` (1e-8), and its question where nothing of it stays open."""
    _end(exchange, outcome, fraction, details)
    listed = exchange.outcomes
    question = None if outcome.question is None else listed.questions[outcome.question]
    if question is None:
        return
    if fraction:
        _end(exchange, listed.outcomes[question.fallback], 0, details)
        question.is_settled = True
        exchange.tell(OutcomesChanged({"questionSettled": question.number}))
        return
    exchange.tell(OutcomesChanged({"questionUpdated": listed.question_row(question)}))


def _end(exchange: "Exchange", outcome: Outcome, fraction: int, details: str) -> None:
    outcome.settled, outcome.details = fraction, details
    oid = exchange.next_oid()
    for side, px in zip(outcome.sides, (fraction, E8 - fraction), strict=True):
        _cancel(exchange, side)
        exchange.universe.end_side(side)
        for ledger in exchange.everyone():
            _pay(exchange, ledger, side, px, oid)
    exchange.tell(OutcomesChanged({"outcomeSettled": outcome.number}))


def _cancel(exchange: "Exchange", side: Side) -> None:
    market = exchange.spot_markets[side.index]
    for order in exchange.house.resting_on(side.index):
        unrest(exchange, market, order)
    for ledger in exchange.ledgers.values():
        for order in ledger.resting_on(side.index):
            end_resting(exchange, market, order, "outcomeSettledCanceled")


def _pay(exchange: "Exchange", ledger: Ledger, side: Side, px: int, oid: int) -> None:
    balance = ledger.tokens.pop(side.index, None)
    if balance is None or not balance.total:
        return
    shares, quote = balance.total, side.quote
    paid = shares * px * quote.unit // E8
    ledger.tokens_of(quote.index).total += paid
    held = exchange.outcomes.held
    held[quote.index] = held.get(quote.index, 0) - paid
    if not ledger.is_house:
        keep_leg(exchange, ledger, side, SETTLEMENT, (False, shares, shares, px), balance.entry, oid)


def keep_leg(
    exchange: "Exchange",
    ledger: Ledger,
    side: Side,
    direction: str,
    leg: tuple[bool, int, int, int],
    entry: int,
    oid: int,
    fee_token: str | None = None,
) -> None:
    """Keep the fill of shares that came or went without an order.

    Args:
        exchange: where.
        ledger: whose.
        side: of what.
        direction: why.
        leg: whether shares came, how many, how many there were before, and the price in 1e-8.
        entry: what the shares that went had cost, in 1e-8.
        oid: the number that stands in place of an order's.
        fee_token: what the fee of zero is in; the quote token unless given.
    """
    is_buy, shares, before, px = leg
    fill = Fill(
        side.name,
        px,
        shares,
        is_buy,
        exchange.now_ms(),
        before,
        direction,
        0 if is_buy else px * shares - entry,
        exchange.tx_hash,
        oid,
        True,
        0,
        0,
        None,
        exchange.trades,
        fee_token=fee_token or side.quote.name,
        fee_decimals=8,
        sz_decimals=side.base.wei_decimals,
    )
    ledger.fills.appendleft(fill)
    exchange.tell(Filled(ledger.address, fill))
