"""Outcome markets made from templates: told with their forms, listed, settled.

Covers: POST /info (outcomeTemplates, outcomeMeta, settledOutcome), websocket outcomeMetaUpdates.
"""

import pytest

from harness.shapes import OutcomeMeta, OutcomeMetaUpdates, OutcomeTemplates, SettledOutcome

pytestmark = [
    pytest.mark.ws,
    pytest.mark.targets("replay", "localnet", reason="validators agree on templates, venues list from them"),
]

PRICE = {
    "id": "binaryPrice",
    "name": "{perp} above {threshold} at {time}?",
    "description": "Yes if {perp} is above {threshold} for {seconds} seconds at {time}: {rule}.",
    "keywords": [
        ["perp", "hlPerp"],
        ["rule", "string"],
        ["seconds", "uInt"],
        ["threshold", "uDecimal"],
        ["time", "dateTime"],
    ],
    "sideNames": ["Yes", "No"],
}
CONTEST = {"id": "contest", "name": "Who wins on {day}?", "keywords": [["day", "date"]]}
WINNER = {"id": "winner", "name": "{who}", "keywords": [["who", "shortString"]], "parent": "contest"}


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


def test_templates_are_told_with_role_and_keywords(trader, localnet):
    """One that stands alone, a question, and one of the question's outcomes."""
    for template in (PRICE, CONTEST, WINNER):
        localnet.register_template(template)

    price, contest, winner = OutcomeTemplates.parse(ask(trader, "outcomeTemplates"))

    assert price.role.standaloneOutcome.sideNames == ("Yes", "No")
    assert contest.role == "question"
    assert winner.role.questionOutcome.parent == contest.id == "contest"
    assert dict(price.keywords)["threshold"] == "uDecimal"


def test_outcome_from_a_template_is_named_by_it(trader, localnet, venue):
    """Its description holds the values; the feed tells it, and that it is settled."""
    localnet.register_template(PRICE)
    values = {"perp": "BTC", "rule": "mark", "seconds": "60", "threshold": "77177", "time": "20260601-0600"}

    with trader.subscribed({"type": "outcomeMetaUpdates"}) as frames:
        localnet.list_from_template("binaryPrice", values, venue="out")
        created = OutcomeMetaUpdates.parse(venue.until(lambda: list(frames))[0]["data"]).updates[0]

    (listed,) = OutcomeMeta.parse(ask(trader, "outcomeMeta")).outcomes
    assert created.outcomeCreated == listed
    assert (listed.name, listed.venue) == ("template:binaryPrice", "out")
    assert listed.description == "perp:BTC|rule:mark|seconds:60|threshold:77177|time:20260601-0600"
    assert [side.name for side in listed.sideSpecs] == ["template:Yes", "template:No"]

    localnet.settle_outcome(listed.outcome, 1)

    settled = SettledOutcome.parse(ask(trader, "settledOutcome", outcome=listed.outcome)).settlement
    assert (settled.spec, settled.settleFraction) == (listed, "1.0")


def test_question_from_templates_has_their_outcomes_and_a_fallback(trader, localnet):
    """The fallback is the exchange's own."""
    localnet.register_template(CONTEST)
    localnet.register_template(WINNER)

    named = [("winner", {"who": "Home"}), ("winner", {"who": "Away"})]
    localnet.list_from_template("contest", {"day": "20260601"}, named=named)

    told = OutcomeMeta.parse(ask(trader, "outcomeMeta"))
    assert (told.questions[0].name, told.questions[0].description) == ("template:contest", "day:20260601")
    assert [row.description for row in told.outcomes] == ["other", "who:Home", "who:Away"]
