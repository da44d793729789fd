"""How outcomes and questions come to be listed, each side with a market of its own."""

from typing import TYPE_CHECKING, Final

from harness.localnet.events import OutcomesChanged
from harness.localnet.markets.outcomes import Outcome, Question, Terms
from harness.localnet.markets.sides import markets_of, sides_of

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Source: docs, "HIP-4 deployer actions".
_FALLBACK: Final = ("template fallback", "other")
_YES_NO: Final = ("Yes", "No")


def list_outcome(
    exchange: "Exchange", name: str, description: str, side_names: tuple[str, str], terms: Terms
) -> Outcome:
    """Make an outcome that stands alone."""
    outcome = _make(exchange, name, description, side_names, terms, None)
    exchange.tell(OutcomesChanged({"outcomeCreated": outcome.as_meta()}))
    return outcome


def list_question(
    exchange: "Exchange", name: str, description: str, named: list[tuple[str, str]], terms: Terms
) -> Question:
    """Make a question with its outcomes; the fallback comes first, as in a recording of 2026-07.

    That listeners hear of each outcome, then of the question, is UNVERIFIED.
    """
    listed = exchange.outcomes
    number = len(listed.questions)
    made = [
        _make(exchange, each_name, each_description, _YES_NO, terms, number)
        for each_name, each_description in (_FALLBACK, *named)
    ]
    numbers = [outcome.number for outcome in made]
    question = listed.questions[number] = Question(number, name, description, numbers[0], numbers[1:])
    for outcome in made:
        exchange.tell(OutcomesChanged({"outcomeCreated": outcome.as_meta()}))
    exchange.tell(OutcomesChanged({"questionUpdated": listed.question_row(question)}))
    return question


def _make(
    exchange: "Exchange",
    name: str,
    description: str,
    side_names: tuple[str, str],
    terms: Terms,
    question: int | None,
) -> Outcome:
    outcomes = exchange.outcomes.outcomes
    number = len(outcomes)
    sides = sides_of(number, terms.quote)
    for side, market in zip(sides, markets_of(sides), strict=True):
        exchange.universe.add_side(side)
        exchange.spot_markets[side.index] = market
    outcomes[number] = Outcome(number, name, description, side_names, terms, sides, question)
    return outcomes[number]
