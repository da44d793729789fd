"""Two sides side by side."""

import pytest

from harness.recording.tape import Example
from harness.report.drift.presence import Presence
from harness.report.drift.sources import Scenario, Source
from harness.report.drift.telling import conclusion, lines
from harness.report.drift.verdict import Found, compare, compare_scenarios
from tests.report.drift.answers import ORDER, ROW, asked, read, scenario, statuses, told
from tests.shapes.answers import INFO

RESTING = statuses({"resting": {"oid": 1}})
DRAWN = (Example({}, "passed", 0, 1),)


def found(a: Scenario, b: Scenario) -> Found:
    return compare_scenarios(a, b, Presence())


def reasons(result: Found) -> list[str]:
    return [one.why for one in result.not_compared]


def side(*scenarios: Scenario, name: str = "x", **more) -> Source:
    return Source(name, {one.id: one for one in scenarios}, **more)


def test_another_http_status_is_another_behaviour() -> None:
    result = found(scenario(asked(ORDER, RESTING)), scenario(asked(ORDER, "null", status=429)))
    (one,) = result.differences
    assert (one.change, one.path, one.b) == ("other behaviour", "$", "HTTP 429 null")
    assert (one.place.step_a, one.place.step_b, one.place.kind) == (1, 1, "exchange order")


@pytest.mark.parametrize("status", [None, 502, 503, 504])
def test_venue_out_of_reach_is_no_drift_of_shapes(status) -> None:
    result = found(scenario(asked(ORDER, RESTING)), scenario(asked(ORDER, "Bad Gateway", status=status)))
    assert told(result.differences) == [("unreachable venue", "$")]
    both = scenario(asked(ORDER, "", status=status))
    assert reasons(found(both, both)) == ["the venue gave no answer in either"]


def test_text_of_the_front_end_is_compared_by_its_words() -> None:
    a, b, c = (scenario(asked(ORDER, text, status=422)) for text in ("Failed at 5", "Failed at 6", "No"))
    assert [one.change for one in found(a, b).differences] == ["harmless value"]
    assert [one.change for one in found(a, c).differences] == ["other text"]
    json = scenario(asked(ORDER, "{}", status=422))
    assert [one.change for one in found(a, json).differences] == ["retyped"]


def test_unproven_answer_is_no_evidence() -> None:
    result = found(scenario(asked(ORDER, "x", status=422, unproven=True)), scenario(asked(ORDER, RESTING)))
    assert told(result.differences) == []
    assert reasons(result) == [
        "unproven in A: localnet does not know what was asked, or a fault spoiled the answer"
    ]
    assert not result.is_compared


def test_answer_with_another_status_than_200_is_compared_too() -> None:
    a, b = (scenario(asked(ORDER, answer, status=500)) for answer in ({"x": 1}, {"x": "1"}))
    assert told(found(a, b).differences) == [("retyped", "$.x")]


def test_answer_nested_too_deeply_is_not_compared() -> None:
    a, b = (scenario(read("readOfTomorrow", "[" * 600 + inner + "]" * 600)) for inner in ("1", "2"))
    assert reasons(found(a, b)) == ["the answers are nested too deeply"]


def test_unproven_step_of_one_side_is_not_compared() -> None:
    lonely = asked(ORDER, "x", status=422, unproven=True)
    result = found(scenario(lonely, read("openOrders", [])), scenario(read("openOrders", [])))
    assert result.differences == []
    assert reasons(result) == [
        "only in A, and unproven: localnet does not know what was asked, or a fault spoiled the answer"
    ]


def test_scenario_that_asked_nothing_is_told() -> None:
    assert reasons(found(scenario(), scenario())) == ["nothing was asked in either"]


def test_step_of_one_side_is_another_behaviour() -> None:
    result = found(scenario(asked(ORDER, RESTING)), scenario(asked(ORDER, RESTING), read("openOrders", [])))
    (one,) = result.differences
    assert (one.change, one.a, one.b) == ("other behaviour", "not asked", "asked: HTTP 200 []")
    assert (one.place.step_a, one.place.step_b) == (None, 2)


def test_step_that_was_not_reached_is_not_compared() -> None:
    whole = scenario(asked(ORDER, RESTING), read("openOrders", []))
    failed = scenario(asked(ORDER, RESTING), outcome="failed", reason="x\nE   assert 1 == 2\n")
    result = found(whole, failed)
    (one,) = result.differences
    assert (one.change, one.path, one.a, one.b) == (
        "other behaviour",
        "outcome",
        "passed",
        "failed: assert 1 == 2",
    )
    assert reasons(result) == ["only in A: B ended before (failed)"]


def test_scenario_that_ended_for_want_of_the_venue_is_told_so() -> None:
    whole = scenario(asked(ORDER, RESTING))
    lost = scenario(outcome="error", reason="TargetUnavailable: https://… did not answer meta")
    assert told(found(whole, lost).differences) == [("unreachable venue", "outcome")]


def test_skipped_scenario_is_not_compared() -> None:
    skipped = scenario(outcome="skipped", reason="needs a localnet")
    result = found(scenario(asked(ORDER, RESTING)), skipped)
    assert (result.differences, reasons(result)) == ([], ["skipped in B: needs a localnet"])


def test_wait_that_took_more_reads_is_no_drift() -> None:
    once = scenario(read("openOrders", []))
    thrice = scenario(*[read("openOrders", [])] * 3)
    result = found(once, thrice)
    assert result.differences == []
    assert reasons(result) == ["asked again in B, where a wait took more reads"] * 2


def test_property_is_compared_by_its_forms() -> None:
    refused = statuses({"error": "no"})
    recorded = scenario(asked(ORDER, RESTING), asked(ORDER, refused), examples=DRAWN)
    drawn = scenario(asked(ORDER, refused), read("openOrders", [ROW]), examples=())
    result = found(recorded, drawn)
    assert result.is_compared
    assert told(result.differences) == []
    assert reasons(result) == [
        "step by step: its examples are drawn, so its answers were compared by their forms",
        "only in B",
    ]
    odd = scenario(asked(ORDER, statuses({"error": 7})), asked(ORDER, "null", status=500), examples=())
    assert told(found(recorded, odd).differences) == [
        ("other behaviour", "$"),
        ("retyped", "$.response.data.statuses[].error"),
    ]
    lost = scenario(asked(ORDER, "", status=None), examples=())
    assert told(found(recorded, lost).differences) == [("unreachable venue", "$")]


def test_property_with_the_recorded_examples_is_compared_step_by_step() -> None:
    recorded = scenario(asked(ORDER, RESTING), examples=DRAWN)
    again = scenario(asked(ORDER, statuses({"error": "no"})), examples=DRAWN)
    assert told(found(recorded, again).differences) == [("other behaviour", "$.response.data.statuses[0]")]


def test_scenario_of_one_side_is_told() -> None:
    other = Scenario("scenarios/test_s.py::test_two", [])
    drift = compare(side(scenario(read("openOrders", [])), other), side(scenario(read("openOrders", []))))
    assert [(one.place.scenario, one.why) for one in drift.not_compared] == [
        ("scenarios/test_s.py::test_two", "only in A")
    ]
    assert (drift.compared, drift.graver) == (1, [])


def test_one_cassette_is_compared_with_its_own_scenario() -> None:
    run = side(scenario(read("openOrders", [])), Scenario("scenarios/test_s.py::test_two", []))
    tape = side(scenario(read("openOrders", [])), is_one_cassette=True)
    for a, b, name in ((tape, run, "B"), (run, tape, "A")):
        drift = compare(a, b)
        assert drift.compared == 1
        why = f"1 other scenarios of {name}: the other side is the cassette of one"
        assert [one.why for one in drift.not_compared] == [why]


def test_field_that_goes_from_always_to_sometimes_has_drifted() -> None:
    with_fee = INFO["userFills"][0] | {"builderFee": "0.1"}
    plain = {key: value for key, value in with_fee.items() if key != "builderFee"}
    always = side(scenario(read("userFills", [with_fee, with_fee | {"oid": 9}])))
    sometimes = side(scenario(read("userFills", [with_fee, plain])))
    never = side(scenario(read("userFills", [plain])))

    (lost,) = compare(always, sometimes).graver
    assert (lost.change, lost.path, lost.a, lost.b) == (
        "lost field",
        "$[].builderFee",
        "in 2 of 2",
        "in 1 of 2",
    )
    assert told(compare(sometimes, always).graver) == [("new field", "$[].builderFee")]
    assert told(compare(always, never).graver) == []


def test_harmless_values_are_counted_and_listed_on_demand() -> None:
    a, b = (
        side(scenario(asked(ORDER, RESTING))),
        side(scenario(asked(ORDER, statuses({"resting": {"oid": 2}})))),
    )
    assert (compare(a, b).harmless, compare(a, b).differences) == (1, [])
    (kept,) = compare(a, b, keep_harmless=True).differences
    assert (kept.change, kept.a, kept.b) == ("harmless value", "1", "2")


def test_verdict_is_told_by_class_the_gravest_first() -> None:
    two = Scenario("scenarios/test_s.py::test_two", [read("openOrders", [ROW])])
    three = Scenario("scenarios/test_s.py::test_two", [read("openOrders", [ROW | {"mood": 1}])])
    drift = compare(
        side(scenario(asked(ORDER, RESTING)), two, name="old"),
        side(scenario(asked(ORDER, statuses({"error": "no"}))), three, name="new"),
    )
    assert list(lines(drift)) == [
        "A  old",
        "B  new",
        "other behaviour: 1",
        "  exchange order $.response.data.statuses[0]",
        '    A {"resting": {"oid": 1}}',
        '    B {"error": "no"}',
        "      scenarios/test_s.py::test_one step 1",
        "new field: 1",
        "  info openOrders $[].mood",
        "    A nothing",
        "    B 1",
        "      scenarios/test_s.py::test_two step 1",
        "drift: 2 differences in 2 scenarios; 2 scenarios compared",
    ]


def test_nothing_compared_is_no_good_news() -> None:
    assert conclusion(compare(side(), side())) == "nothing was compared, so nothing is known"
