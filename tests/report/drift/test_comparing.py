"""Two answers side by side."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.drift.comparing import compare, compare_forms, words_of
from harness.report.drift.findings import HARMLESS
from harness.shapes.registry import KNOWN
from tests.report.drift.answers import PLACE, ROW, statuses, told
from tests.shapes.answers import ACTIONS, INFO

RESTING = {"resting": {"oid": 1}}
SAMPLES = [
    *(("info", kind, answer) for kind, answer in INFO.items() if ("info", kind) in KNOWN),
    *(("exchange", kind, answer) for kind, answer in ACTIONS.items() if ("exchange", kind) in KNOWN),
]


def orders(a: Any, b: Any) -> list[tuple[str, str]]:
    return told(compare(statuses(*a), statuses(*b), "exchange", "order", PLACE))


def rows(a: list[Any], b: list[Any], kind: str = "openOrders") -> list[tuple[str, str]]:
    return told(compare(a, b, "info", kind, PLACE))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (RESTING, {"resting": {"oid": 2}}, []),
        (RESTING, {"filled": {"totalSz": "1.0", "avgPx": "2.0", "oid": 2}}, "other behaviour"),
        (RESTING, {"error": "no"}, "other behaviour"),
        (RESTING, "waitingForFill", "other behaviour"),
        ("waitingForFill", "waitingForTrigger", "other behaviour"),
        ("waitingForFill", "waitingForGodot", "new enum value"),
    ],
)
def test_what_became_of_an_order(a, b, expected) -> None:
    path = "$.response.data.statuses[0]"
    assert orders([a], [b]) == ([(expected, path)] if expected else [])


def test_statuses_belong_to_the_orders_that_were_sent() -> None:
    path = "$.response.data.statuses"
    assert orders([RESTING, {"error": "no"}], [{"error": "no"}, RESTING]) == [
        ("other behaviour", f"{path}[0]"),
        ("other behaviour", f"{path}[1]"),
    ]
    assert orders([RESTING, RESTING], [{"error": "no"}]) == [
        ("other behaviour", path),
        ("other behaviour", f"{path}[0]"),
    ]


@pytest.mark.parametrize("kind", ["order", "actionOfTomorrow"])
def test_refusal_of_the_whole_action_is_another_behaviour(kind) -> None:
    refused = {"status": "err", "response": "no"}
    assert told(compare(statuses(RESTING), refused, "exchange", kind, PLACE)) == [("other behaviour", "$")]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Price too far from oracle asset=4", "Price too far from oracle asset=10", HARMLESS),
        ("bbo was 2440.1@2440.2. asset=4", "bbo was 3102@3103.5. asset=4", HARMLESS),
        ("from 0xAb01 to 0xcd", "from 0xcd01 to 0x12ef", HARMLESS),
        ("Required: $100000. Traded: $1.50.", "Required: $100,000. Traded: $0.", HARMLESS),
        ("Order has invalid price.", "Order has invalid size.", "other text"),
        ("bbo was 1@2", "bbo was 1 @ 2", "other text"),
        ("Limit is 10, try later", "Limit is 10 try later", "other text"),
        ("Invalid TP/SL price.", "Invalid TP/SL price. asset=4", "other text"),
    ],
)
def test_texts_are_compared_by_their_words(a, b, expected) -> None:
    (inside,) = compare(statuses({"error": a}), statuses({"error": b}), "exchange", "order", PLACE)
    whole = [{"status": "err", "response": text} for text in (a, b)]
    (outside,) = compare(*whole, "exchange", "order", PLACE)
    assert inside.change == outside.change == expected
    assert (inside.path, outside.path) == ("$.response.data.statuses[0].error", "$.response")


def test_words_keep_names_that_hold_digits() -> None:
    assert words_of("HIP3 dex has 12 of USDT0") == "HIP3 dex has # of USDT0"


def test_number_of_rows_is_a_harmless_value() -> None:
    assert rows([ROW], [ROW, ROW | {"oid": 7}]) == []
    assert rows([ROW], []) == []


def test_field_of_rows_is_new_lost_or_only_sometimes_there() -> None:
    more = ROW | {"mood": 1}
    less = {key: value for key, value in ROW.items() if key != "sz"}
    assert rows([ROW], [more]) == [("new field", "$[].mood")]
    assert rows([more], [ROW]) == [("lost field", "$[].mood")]
    assert rows([more, more], [more, ROW]) == [("lost field", "$[].mood")]
    assert rows([more, ROW], [more, more]) == [("new field", "$[].mood")]
    assert rows([more, ROW], [more, ROW, ROW]) == []
    assert rows([ROW], [less]) == [("lost field", "$[].sz")]


def test_all_differences_are_told_not_the_first() -> None:
    other = ROW | {"mood": 1, "oid": "7", "side": "C"}
    del other["origSz"]
    assert set(rows([ROW], [other])) == {
        ("new field", "$[].mood"),
        ("retyped", "$[].oid"),
        ("new enum value", "$[].side"),
        ("lost field", "$[].origSz"),
    }


def test_known_values_of_an_enum_are_harmless_in_rows_and_a_behaviour_elsewhere() -> None:
    assert rows([ROW], [ROW | {"side": "A"}]) == []
    found = {"status": "order", "order": {"order": {}, "status": "open", "statusTimestamp": 1}}
    gone = copy.deepcopy(found)
    gone["order"]["status"] = "filled"
    assert told(compare(found, gone, "info", "orderStatus", PLACE)) == [("other behaviour", "$.order.status")]
    unknown = {"status": "unknownOid"}
    assert told(compare(found, unknown, "info", "orderStatus", PLACE)) == [("other behaviour", "$")]
    new = {"status": "lostOid"}
    assert told(compare(found, new, "info", "orderStatus", PLACE)) == [("new enum value", "$.status")]


@pytest.mark.parametrize("px", [1100.0, 1100, True, None, ["1100.0"], {"px": "1100.0"}, "1e3", "1100"])
def test_figure_of_another_form_is_retyped(px) -> None:
    assert rows([ROW], [ROW | {"limitPx": px}]) == [("retyped", "$[].limitPx")]
    assert rows([ROW | {"limitPx": px}], [ROW]) == [("retyped", "$[].limitPx")]


@pytest.mark.parametrize(("oid", "classes"), [(5.0, ["retyped"]), (5, [])])
def test_whole_number_stays_whole(oid, classes) -> None:
    assert [change for change, _ in rows([ROW | {"oid": 5}], [ROW | {"oid": oid}])] == classes


def test_keys_of_a_map_are_no_fields() -> None:
    assert told(compare({"ETH": "1.0"}, {"BTC": "2.0", "SOL": "3.0"}, "info", "allMids", PLACE)) == []
    found = compare({"ETH": "1.0"}, {"BTC": 2.0, "SOL": "3.0"}, "info", "allMids", PLACE)
    assert told(found) == [("retyped", "${}")]


def test_positions_of_a_pair_are_kept_apart() -> None:
    level = {"px": "1.0", "sz": "1.0", "n": 1}
    a = {"coin": "ETH", "time": 1, "levels": [[level], [level]]}
    b = {"coin": "ETH", "time": 2, "levels": [[level], [level | {"n": "1"}]]}
    assert told(compare(a, b, "info", "l2Book", PLACE)) == [("retyped", "$.levels[1][].n")]
    b["levels"] = [[level]]
    assert told(compare(a, b, "info", "l2Book", PLACE)) == [("lost field", "$.levels[1]")]


def test_kind_without_a_shape_is_compared_by_what_it_is_in_json() -> None:
    a = {"x": 1, "rows": [{"y": "a"}]}
    b = {"x": "1", "rows": [{"y": "b", "z": None}]}
    assert told(compare(a, b, "info", "readOfTomorrow", PLACE)) == [
        ("retyped", "$.x"),
        ("new field", "$.rows[].z"),
    ]


def test_conditional_field_of_rows_is_left_to_all_answers_together() -> None:
    fill = INFO["userFills"][0]
    plain = {key: value for key, value in fill.items() if key != "builderFee"}
    assert rows([plain], [plain | {"builderFee": "0.1"}], "userFills") == []
    without_tid = {key: value for key, value in fill.items() if key != "tid"}
    assert rows([fill], [without_tid], "userFills") == [("lost field", "$[].tid")]


def test_forms_of_many_answers_know_no_behaviour() -> None:
    resting, refused = statuses(RESTING), statuses({"error": "no"})
    assert told(compare_forms([resting], [refused, resting], "exchange", "order", PLACE)) == []
    odd = statuses({"resting": {"oid": "1"}})
    assert told(compare_forms([resting, refused], [odd], "exchange", "order", PLACE)) == [
        ("retyped", "$.response.data.statuses[].resting.oid")
    ]


@pytest.mark.parametrize(("endpoint", "kind", "answer"), SAMPLES, ids=lambda one: str(one)[:20])
def test_answer_has_not_drifted_from_itself(endpoint, kind, answer) -> None:
    assert compare(answer, copy.deepcopy(answer), endpoint, kind, PLACE) == []


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside an answer, but the answer itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, one in inner for found in [(*path, key), *places(one, (*path, key))]]


def at(answer: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        answer = answer[key]
    return answer


MUTATED = [one for one in SAMPLES if places(one[2])]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, str, Any, Any, str]:
    """A sample, the same with one thing changed, and what was done to it."""
    endpoint, kind, answer = draw(st.sampled_from(MUTATED))
    changed = copy.deepcopy(answer)
    *above, key = draw(st.sampled_from(places(answer)))
    holder = at(changed, tuple(above))
    what = draw(st.sampled_from(["add", "drop", "retype"]))
    if what == "retype":
        holder[key] = {"retyped": 1} if isinstance(holder[key], list) else [holder[key]]
    elif isinstance(holder, dict) and what == "add":
        holder["addedByTomorrow"] = 1
    elif isinstance(holder, dict) and what == "drop":
        del holder[key]
    else:
        holder.append(copy.deepcopy(holder[-1]))
        what = "longer"
    return endpoint, kind, answer, changed, what


@given(mutations())
def test_every_single_mutation_is_found_and_classed(mutation) -> None:
    endpoint, kind, answer, changed, what = mutation
    there = [one.change for one in compare(answer, changed, endpoint, kind, PLACE)]
    back = [one.change for one in compare(changed, answer, endpoint, kind, PLACE)]
    needed = {
        # Where it was added to a map, it is a value of the wrong type there.
        "add": {"new field", "retyped"},
        # Where it was the one key that says what an object is, or a key of a map, no field was lost.
        "drop": {"lost field", "other behaviour", HARMLESS},
        "retype": {"retyped"},
        "longer": {HARMLESS, "other behaviour", "new field"},
    }[what]
    assert needed & set(there), there
    mirrored = {"new field": "lost field", "lost field": "new field"}
    assert sorted(mirrored.get(one, one) for one in there) == sorted(back)
