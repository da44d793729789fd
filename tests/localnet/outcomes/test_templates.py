"""Templates of outcomes, and what is made of them."""

from typing import Any

import pytest

from harness.localnet import Localnet, LocalnetError
from harness.localnet.control.commands import carry_out
from harness.localnet.markets.outcomes import Template
from tests.localnet.desk import Desk

PRICE = Template(
    "binaryPrice",
    "{perp} above {threshold} at {time}?",
    "Yes if {perp} is above {threshold} at {time}.",
    (("perp", "hlPerp"), ("threshold", "uDecimal"), ("time", "dateTime")),
    side_names=("Yes", "No"),
)
CONTEST = Template("contest", "Who wins on {day}?", "", (("day", "date"),))
WINNER = Template("winner", "{who}", "", (("who", "shortString"),), parent="contest")
DRAW = Template("draw", "A draw", "", parent="contest")


@pytest.fixture
def net() -> Localnet:
    """An exchange with four templates; it is 1 January 2026."""
    net = Localnet()
    for template in (PRICE, CONTEST, WINNER, DRAW):
        net.register_template(template)
    return net


def test_templates_are_told_with_their_roles(desk: Desk) -> None:
    rows = desk.info("outcomeTemplates")
    assert [row["role"] for row in rows] == [
        {"standaloneOutcome": {"sideNames": ["Yes", "No"]}},
        "question",
        {"questionOutcome": {"parent": "contest"}},
        {"questionOutcome": {"parent": "contest"}},
    ]
    assert rows[0] == {
        "id": "binaryPrice",
        "role": rows[0]["role"],
        "name": PRICE.name,
        "description": PRICE.description,
        "keywords": [["perp", "hlPerp"], ["threshold", "uDecimal"], ["time", "dateTime"]],
    }


def test_an_outcome_is_named_by_its_template_and_values(desk: Desk) -> None:
    values = {"time": "20260912-0630", "threshold": "77177", "perp": "BTC"}
    assert desk.net.list_from_template("binaryPrice", values, venue="out") == 0
    (row,) = desk.info("outcomeMeta")["outcomes"]
    assert row == {
        "outcome": 0,
        "name": "template:binaryPrice",
        "description": "perp:BTC|threshold:77177|time:20260912-0630",
        "sideSpecs": [{"name": "template:Yes"}, {"name": "template:No"}],
        "quoteToken": "USDC",
        "venue": "out",
        "deployerFeeScale": "0.0",
    }


def test_a_question_has_outcomes_of_its_templates_and_a_fallback(desk: Desk) -> None:
    named = [("winner", {"who": "A"}), ("winner", {"who": "B"}), ("draw", {})]
    assert desk.net.list_from_template("contest", {"day": "20260912"}, named=named) == 0
    told = desk.info("outcomeMeta")
    assert told["questions"][0]["name"] == "template:contest"
    assert told["questions"][0]["description"] == "day:20260912"
    assert [(row["name"], row["description"]) for row in told["outcomes"]] == [
        ("template fallback", "other"),
        ("template:winner", "who:A"),
        ("template:winner", "who:B"),
        ("template:draw", ""),
    ]
    assert {side["name"] for row in told["outcomes"] for side in row["sideSpecs"]} == {"Yes", "No"}


@pytest.mark.parametrize(
    ("hint", "good", "bad"),
    [
        ("dateTime", "20260712-1830", "20270712-1830"),
        ("dateTime", "20270101-0000", "20251231-2359"),
        ("dateTime", "20260712-1830", "20260712-2561"),
        ("dateTime", "20260712-1830", "2026712-1830"),
        ("date", "20260712", "20261301"),
        ("date", "20260101", "20251231"),
        ("string", "a: b", "a|b"),
        ("string", "x" * 100, "x" * 101),
        ("shortString", "x" * 10, "x" * 11),
        ("hlPerp", "test:ABC", "NONE"),
        ("hlPerp", "BTC", "btc"),
        ("uInt", "0", "01"),
        ("uInt", str(2**64 - 1), str(2**64)),
        ("uDecimal", "0.5", ".5"),
        ("uDecimal", "250", "250.0"),
    ],
)
def test_values_fit_their_hints(net: Localnet, hint: str, good: str, bad: str) -> None:
    if good == "test:ABC":
        good = next(perp.name for perp in net.exchange.universe.dexes[1].perps)
    net.register_template(Template("t", "{k}", "", (("k", hint),), side_names=("Yes", "No")))
    net.list_from_template("t", {"k": good})
    with pytest.raises(LocalnetError, match=f"is no {hint}"):
        net.list_from_template("t", {"k": bad})


@pytest.mark.parametrize(
    ("name", "fields", "text"),
    [
        ("registerTemplate", {"id": "draw", "name": "", "parent": "contest"}, "cannot be had"),
        ("registerTemplate", {"id": "x", "name": "", "parent": "draw"}, "no question"),
        ("registerTemplate", {"id": "x", "name": "", "keywords": [["k", "number"]]}, "hint 'number'"),
        ("listFromTemplate", {"template": "x"}, "no template 'x'"),
        ("listFromTemplate", {"template": "contest", "values": {"day": "20260912"}}, "stands alone"),
        ("listFromTemplate", {"template": "binaryPrice", "values": {"perp": "BTC"}}, "Values for perp"),
        ("listFromTemplate", {"template": "binaryPrice", "named": [["draw", {}]]}, "no question"),
        (
            "listFromTemplate",
            {"template": "contest", "values": {"day": "20260912"}, "named": [["binaryPrice", {}]]},
            "not of contest",
        ),
    ],
)
def test_what_does_not_fit_is_refused(net: Localnet, name: str, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(LocalnetError, match=text):
        carry_out(net, name, fields)
    assert not net.exchange.outcomes.outcomes
    assert len(net.exchange.outcomes.templates) == 4
