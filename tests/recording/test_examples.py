"""Hypothesis examples on tape: what can be written down comes back equal, all else is refused."""

import datetime
from decimal import Decimal
from enum import Enum

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import CassetteError, RecordingError
from harness.intents import OrderIntent
from harness.recording.examples import decode, encode, recordable
from harness.strategies import crossing_intents, resting_intents

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.decimals(allow_nan=False)
    | resting_intents()
    | crossing_intents(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from(["a", "Decimal", "tuple", "OrderIntent"]), inner)
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(values)
def test_what_is_encoded_is_decoded_to_an_equal_value_of_the_same_type(value):
    back = decode(encode(value))

    assert back == value
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_zeros_of_a_decimal_are_kept():
    assert str(decode(encode(Decimal("12.50")))) == "12.50"


class Colour(Enum):
    RED = 1


class Whole(int):
    """A number that is more than a number."""


@pytest.mark.parametrize(
    "value",
    [b"bytes", {1, 2}, Colour.RED, Whole(3), {1: "a"}, datetime.date(2026, 1, 1), object(), lambda: 0, 1j],
)
def test_value_that_cannot_be_written_down_is_refused(value):
    with pytest.raises(RecordingError, match=f"px is a {type(value).__name__}, which cannot be recorded"):
        encode(value, where="px")


@pytest.mark.parametrize(
    ("value", "place"),
    [([1, b""], r"it\[1\] is"), ({"a": (1, b"")}, r"it\.a\[1\] is"), ({"a": {"b": b""}}, r"it\.a\.b is")],
)
def test_place_of_the_value_is_named(value, place):
    with pytest.raises(RecordingError, match=place):
        encode(value, where="it")


def test_struct_that_nobody_registered_is_refused():
    class Stranger(msgspec.Struct, frozen=True):
        px: int

    with pytest.raises(RecordingError, match="Stranger"):
        encode(Stranger(1))


def test_struct_of_the_same_name_is_not_taken_for_the_registered_one():
    other = msgspec.defstruct("OrderIntent", [("px", int)], frozen=True)

    with pytest.raises(RecordingError, match="OrderIntent"):
        encode(other(1))


def test_struct_that_can_be_changed_is_not_registered():
    with pytest.raises(RecordingError, match="cannot be recorded"):

        @recordable
        class Changing(msgspec.Struct):
            px: int


@pytest.mark.parametrize(
    "data",
    [
        {"Decimal": "12,5"},
        {"Decimal": None},
        {"Decimal": ["1"]},
        {"tuple": 5},
        {"dict": [1]},
        {"OrderIntent": {"is_buy": True}},
        {"OrderIntent": {"colour": "red"}},
        {"OrderIntent": None},
        {"Nowhere": {}},
        {"Decimal": "1", "tuple": []},
        {},
    ],
)
def test_example_that_was_edited_into_nonsense_is_a_cassette_error(data):
    with pytest.raises(CassetteError):
        decode([data])


def test_intent_comes_back_with_its_defaults():
    intent = OrderIntent(True, 500, Decimal(12))

    assert decode(encode(intent)) == intent
