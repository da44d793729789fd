"""Changed answers: each differs from the recorded one in one thing."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.mutants import SPOILED, mutants
from harness.mutants.answers import UNKNOWN_FIELD

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


def by_change(body: str) -> dict[tuple[str, str], str]:
    return {(one.path, one.change): one.body for one in mutants(body) if one.change != "spoil"}


def test_every_kind_of_change_is_made() -> None:
    changed = by_change('{"mids":["1.5","2.0"],"n":1}')
    assert json.loads(changed["$.n", "drop"]) == {"mids": ["1.5", "2.0"]}
    assert json.loads(changed["$.n", "null"]) == {"mids": ["1.5", "2.0"], "n": None}
    assert json.loads(changed["$.mids[0]", "retype"]) == {"mids": [1.5, "2.0"], "n": 1}
    assert json.loads(changed["$.mids", "reorder"])["mids"] == ["2.0", "1.5"]
    assert json.loads(changed["$.mids[1]", "duplicate"])["mids"] == ["1.5", "2.0", "2.0"]
    assert json.loads(changed["$", "extend"])[UNKNOWN_FIELD] == 1
    assert list(json.loads(changed["$", "reorder"])) == ["n", "mids"]


def test_of_a_long_list_three_elements_go_and_each_form_is_changed_inside() -> None:
    rows = [{"px": "1"}] * 50 + [{"px": "1", "cloid": "0x1"}]
    changed = by_change(json.dumps(rows))
    assert {path for path, change in changed if change == "duplicate"} == {"$[0]", "$[25]", "$[50]"}
    assert {path for path, change in changed if change == "null"} == {
        "$",
        *("$[0]", "$[0].px"),
        *("$[50]", "$[50].px", "$[50].cloid"),
    }


def test_of_a_large_map_three_keys_are_changed() -> None:
    changed = by_change(json.dumps({f"COIN{number}": "1.0" for number in range(100)}))
    assert len([path for path, change in changed if change == "drop"]) == 3


def test_limits_failures_and_half_a_body_are_answers_too() -> None:
    spoiled = [one for one in mutants('{"a":"bcdef"}') if one.change == "spoil"]
    assert spoiled[0].body == '{"a":"'
    assert tuple(spoiled[1:]) == SPOILED


@given(JSON)
def test_every_mutant_is_another_answer(value) -> None:
    body = json.dumps(value, separators=(",", ":"))
    for one in mutants(body):
        assert (one.status, one.body) != (200, body)


@given(JSON)
def test_places_and_changes_name_one_mutant(value) -> None:
    named = [(one.path, one.change) for one in mutants(json.dumps(value)) if one.change != "spoil"]
    assert len(set(named)) == len(named)
