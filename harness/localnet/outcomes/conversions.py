"""What `userOutcome` does: quote tokens into shares, back again, and shares into those of other outcomes.

Source: docs, "Exchange endpoint" (split, merge, negate); TI:69050350994, which did all four on testnet in
2026-07 and checked balances, fills and two refusals. Each shows in the fills, at one part of as many as there
are legs; what negate takes is at 1. UNVERIFIED: that legs share an oid and have no tid; that outcomes of a
question that have settled to 0 are left out; the texts of refusals but those two.
"""

from typing import TYPE_CHECKING

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.answers import Refused
from harness.localnet.markets.outcomes import Outcome, Question
from harness.localnet.markets.sides import Side
from harness.localnet.numbers import E8
from harness.localnet.outcomes.settlements import keep_leg
from harness.localnet.trading.spot import available

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def split(exchange: "Exchange", ledger: Ledger, outcome: Outcome, shares: int) -> None:
    """Turn quote tokens into as many shares of each side.

    Raises:
        Refused: there are not so many.
    """
    quote = outcome.terms.quote
    if available(exchange, ledger, quote) < shares * quote.unit:
        raise Refused(messages.outcome_error("Insufficient quote token balance"))
    ledger.tokens_of(quote.index).take(shares * quote.unit)
    exchange.outcomes.hold(quote, shares)
    oid = exchange.next_oid()
    for side in outcome.sides:
        _come(exchange, ledger, side, "Split Outcome", shares, E8 // 2, oid)


def merge(exchange: "Exchange", ledger: Ledger, outcome: Outcome, shares: int | None) -> None:
    """Turn shares of both sides into quote tokens; as many as there are pairs, where no number is given."""
    _redeem(exchange, ledger, list(outcome.sides), "Merge Outcome", shares)


def merge_question(exchange: "Exchange", ledger: Ledger, question: Question, shares: int | None) -> None:
    """Turn Yes shares of all outcomes of a question, the fallback's too, into quote tokens."""
    sides = [outcome.sides[0] for outcome in exchange.outcomes.active(question)]
    _redeem(exchange, ledger, sides, "Merge Question", shares)


def negate(exchange: "Exchange", ledger: Ledger, question: Question, outcome: Outcome, shares: int) -> None:
    """Turn No shares of an outcome into as many Yes shares of all others of its question."""
    others = [other.sides[0] for other in exchange.outcomes.active(question) if other is not outcome]
    source = outcome.sides[1]
    _need(exchange, ledger, [source], shares)
    oid = exchange.next_oid()
    _go(exchange, ledger, source, "Negate Outcome", shares, E8, oid, source.base.name)
    for side in others:
        _come(exchange, ledger, side, "Negate Outcome", shares, E8 // len(others), oid)


def _redeem(
    exchange: "Exchange", ledger: Ledger, sides: list[Side], direction: str, shares: int | None
) -> None:
    if shares is None:
        shares = max(0, min(available(exchange, ledger, side.base) for side in sides))
    _need(exchange, ledger, sides, shares)
    quote = sides[0].quote
    ledger.tokens_of(quote.index).total += shares * quote.unit
    exchange.outcomes.hold(quote, -shares)
    oid = exchange.next_oid()
    for side in sides if shares else []:
        _go(exchange, ledger, side, direction, shares, E8 // len(sides), oid)


def _need(exchange: "Exchange", ledger: Ledger, sides: list[Side], shares: int) -> None:
    if any(available(exchange, ledger, side.base) < shares for side in sides):
        raise Refused(messages.outcome_error("Insufficient outcome token balance"))


def _come(
    exchange: "Exchange", ledger: Ledger, side: Side, direction: str, shares: int, px: int, oid: int
) -> None:
    balance = ledger.tokens_of(side.index)
    ledger.tokens_of(side.twin)
    before = balance.total
    balance.total += shares
    balance.entry += px * shares
    leg = (True, shares, before, px)
    keep_leg(exchange, ledger, side, direction, leg, 0, oid, fee_token=side.base.name)


def _go(
    exchange: "Exchange",
    ledger: Ledger,
    side: Side,
    direction: str,
    shares: int,
    px: int,
    oid: int,
    fee_token: str | None = None,
) -> None:
    balance = ledger.tokens_of(side.index)
    before = balance.total
    leg = (False, shares, before, px)
    keep_leg(exchange, ledger, side, direction, leg, balance.take(shares), oid, fee_token)
