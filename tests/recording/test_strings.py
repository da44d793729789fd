"""Strings of a JSON text: found with their places, and changed without touching anything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.recording.strings import rewritten, strings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.lists(JSON, max_size=4) | st.dictionaries(st.text(), JSON, max_size=4)


def all_strings(data):
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from all_strings(one)
    elif isinstance(data, dict):
        for key, one in data.items():
            yield key
            yield from all_strings(one)


@given(data=DOCUMENTS, indent=st.sampled_from([None, 2]), is_ascii=st.booleans())
def test_every_string_is_found_in_order(data, indent, is_ascii):
    text = json.dumps(data, indent=indent, ensure_ascii=is_ascii)
    found = strings(text)

    assert found is not None
    assert [one.value for one in found] == list(all_strings(data))
    assert all(json.loads(text[one.start : one.end]) == one.value for one in found)


@given(data=DOCUMENTS, indent=st.sampled_from([None, 2]))
def test_without_a_change_the_text_is_the_same(data, indent):
    text = json.dumps(data, indent=indent)

    assert rewritten(text, lambda one: one.value) == text


def test_only_what_changes_is_written_anew():
    text = '{ "a" : 1.50e1,\n  "b\\u0041":["x", "y"] }'

    assert rewritten(text, lambda one: "z" if one.value == "y" else one.value) == text.replace('"y"', '"z"')


def test_places_are_told_as_paths():
    found = strings('{"a":{"b":["x",1,{"c":"y"}]},"d":"z"}')

    assert found is not None
    assert {one.value: one.path for one in found if not one.is_key} == {
        "x": "$.a.b[0]",
        "y": "$.a.b[2].c",
        "z": "$.d",
    }
    assert [one.key for one in found if not one.is_key] == [None, "c", "d"]


@pytest.mark.parametrize("text", ["", "null", '"x"', "{", '{"a":1', "Failed to parse", "[1,]"])
def test_other_texts_have_none(text):
    assert strings(text) is None
    assert rewritten(text, lambda one: "changed") == text
