"""`userOutcome`: conversions of shares.

Source: API docs, "Exchange endpoint"; the refusals are those of NK's tests of the same name, who quotes the
beginning of the texts only; TI:69050350994 for an amount that is not whole. UNVERIFIED: that zero and other
texts are refused as such an amount is, and that amounts are signed as they were sent.
"""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import Form, OneOf
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.outcomes import Outcome, Question
from harness.localnet.numbers import E8, parse_figure
from harness.localnet.outcomes import conversions
from harness.localnet.parsing import U32

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class SplitOutcome(Form):
    """Quote tokens into shares of both sides."""

    outcome: U32
    amount: str


class MergeOutcome(Form):
    """Shares of both sides into quote tokens; null for all."""

    outcome: U32
    amount: str | None


class MergeQuestion(Form):
    """Shares of each outcome of a question into quote tokens; null for all."""

    question: U32
    amount: str | None


class NegateOutcome(Form):
    """Shares against one outcome into shares of all others of its question."""

    question: U32
    outcome: U32
    amount: str


class UserOutcomeAction(OneOf):
    """One conversion."""

    splitOutcome: SplitOutcome | msgspec.UnsetType = msgspec.UNSET
    mergeOutcome: MergeOutcome | msgspec.UnsetType = msgspec.UNSET
    mergeQuestion: MergeQuestion | msgspec.UnsetType = msgspec.UNSET
    negateOutcome: NegateOutcome | msgspec.UnsetType = msgspec.UNSET

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for what is settled, and for an outcome of another question."""
        outcomes, asked = call.exchange.outcomes, self.variant()[1]
        outcome = outcomes.outcomes.get(int(getattr(asked, "outcome", -1)))
        question = outcomes.questions.get(int(getattr(asked, "question", -1)))
        if outcome is not None and outcome.settled is not None:
            raise NotCovered("a conversion of a settled outcome's shares")
        if question is not None and question.is_settled:
            raise NotCovered("a conversion of a settled question's shares")
        if outcome is not None and question is not None and outcome not in outcomes.active(question):
            raise NotCovered("a negation of an outcome that is not of its question")


@action("userOutcome", UserOutcomeAction)
def user_outcome(call: Call, asked: UserOutcomeAction) -> dict[str, object]:
    """Carry out one conversion."""
    exchange, ledger = call.exchange, call.account
    held = asked.variant()[1]
    if isinstance(held, SplitOutcome):
        conversions.split(exchange, ledger, _outcome(exchange, held.outcome), _shares(held.amount))
    elif isinstance(held, MergeOutcome):
        conversions.merge(exchange, ledger, _outcome(exchange, held.outcome), _most(held.amount))
    elif isinstance(held, MergeQuestion):
        conversions.merge_question(exchange, ledger, _question(exchange, held.question), _most(held.amount))
    elif isinstance(held, NegateOutcome):
        question, outcome = _question(exchange, held.question), _outcome(exchange, held.outcome)
        conversions.negate(exchange, ledger, question, outcome, _shares(held.amount))
    return OK


def _outcome(exchange: "Exchange", number: int) -> Outcome:
    outcome = exchange.outcomes.outcomes.get(number)
    if outcome is None:
        raise Refused(messages.invalid_outcome("outcome"))
    return outcome


def _question(exchange: "Exchange", number: int) -> Question:
    question = exchange.outcomes.questions.get(number)
    if question is None:
        raise Refused(messages.invalid_outcome("question"))
    return question


def _shares(amount: str) -> int:
    figure = parse_figure(amount)
    if not figure or figure % E8:
        raise Refused(messages.INVALID_INPUT)
    return figure // E8


def _most(amount: str | None) -> int | None:
    return None if amount is None else _shares(amount)
