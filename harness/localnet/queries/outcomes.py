"""`outcomeMeta`, `settledOutcome`, `outcomeTemplates`: what can be traded, how others ended, their forms.

Source: API docs, "Info endpoint"; NK, also for `question`, which named outcomes have; TI:62087337077 for
`deployers`; TI:66115570548 tells that a settled outcome is no longer listed. UNVERIFIED: that a settled
question is not either.
"""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.numbers import wire
from harness.localnet.parsing import U64
from harness.localnet.queries.registry import Query, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("outcomeMeta", Query)
def outcome_meta(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return outcomes and questions that are open, and who lists on venues."""
    listed = exchange.outcomes
    open_ones = [outcome for outcome in listed.outcomes.values() if outcome.settled is None]
    return {
        "outcomes": [outcome.as_meta() for outcome in open_ones],
        "questions": [
            listed.question_row(question) for question in listed.questions.values() if not question.is_settled
        ],
        "deployers": [
            {"deployer": deployer, "venue": venue, "subDeployers": []}
            for venue, deployer in listed.venues.items()
        ],
    }


@query("outcomeTemplates", Query)
def outcome_templates(exchange: "Exchange", asked: Query) -> list[object]:
    """Return the templates that validators have agreed on; the order is UNVERIFIED."""
    return [template.as_row() for template in exchange.outcomes.templates.values()]


class SettledOutcome(Query):
    """An outcome."""

    outcome: U64 = msgspec.field()


@query("settledOutcome", SettledOutcome)
def settled_outcome(exchange: "Exchange", asked: SettledOutcome) -> dict[str, object] | None:
    """Return how an outcome ended, null where it has not (NK)."""
    listed = exchange.outcomes
    outcome = listed.outcomes.get(int(asked.outcome))
    if outcome is None or outcome.settled is None:
        return None
    ended: dict[str, object] = {
        "spec": outcome.as_meta(),
        "settleFraction": wire(outcome.settled),
        "details": outcome.details,
    }
    question = None if outcome.question is None else listed.questions[outcome.question]
    if question is not None and outcome.number in question.named:
        ended["question"] = {
            "question": {"settled" if question.is_settled else "active": question.number},
            "name": question.name,
            "description": question.description,
        }
    return ended
