"""White space on tape: what is laid out is the same JSON, and YAML keeps it as it was written."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.recording.layout import LINE_WIDTH, canonical, lay_out, spread, squeeze

quick = settings(max_examples=50, deadline=None)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=12), inner, max_size=6),
    max_leaves=40,
)
texts = st.builds(
    lambda value, indent, is_ascii: json.dumps(value, indent=indent, ensure_ascii=is_ascii),
    values,
    st.sampled_from([None, 0, 1, 4]),
    st.booleans(),
)


def exact(text):
    """The JSON value with the text of its numbers and the order of its keys."""
    return json.loads(
        text,
        parse_int=lambda number: ("int", number),
        parse_float=lambda number: ("float", number),
        object_pairs_hook=lambda pairs: ("object", pairs),
    )


@quick
@given(texts)
def test_spreading_keeps_values_key_order_and_number_text(text):
    assert exact(spread(text)) == exact(text)


@quick
@given(texts)
def test_squeezing_undoes_spreading(text):
    if text[0] in "{[":
        assert squeeze(spread(text)) == canonical(spread(text)) == canonical(text)


@quick
@given(texts)
def test_what_is_spread_is_plain_ascii_without_trailing_spaces(text):
    lines = spread(text).split("\n")

    assert all(line.isascii() and line.isprintable() and line == line.rstrip() for line in lines)


@quick
@given(texts)
def test_yaml_reads_back_what_was_laid_out(text):
    laid_out = spread(text)
    document = yaml.dump({"body": laid_out}, Dumper=yaml.CSafeDumper, default_style="|", width=10**6)

    assert document.startswith('"body": |-\n')
    assert yaml.load(document, Loader=yaml.CSafeLoader)["body"] == laid_out


@pytest.mark.parametrize("number", ["1.0", "1.00", "-0", "1e5", "1E+05", "0.10", "12345678901234567890"])
def test_numbers_keep_their_digits(number):
    assert spread(f'{{"a" : {number}}}') == f'{{"a": {number}}}'


def test_what_fits_on_a_line_stays_on_one():
    assert spread('{"type":"l2Book","coin":"ETH"}') == '{"type": "l2Book", "coin": "ETH"}'


def test_what_does_not_fit_is_broken_and_indented():
    row = '{"px": "3102.4", "sz": "0.4834"}'
    laid_out = spread(f'{{"rows": [{", ".join([row] * 4)}], "n": 1}}')

    assert laid_out.split("\n") == [
        "{",
        '  "rows": [',
        *[f"    {row},"] * 3,
        f"    {row}",
        "  ],",
        '  "n": 1',
        "}",
    ]
    assert max(map(len, laid_out.split("\n"))) <= LINE_WIDTH


@pytest.mark.parametrize(("text", "kept"), [("[]", "[]"), ("{ }", "{}"), ("[ [ ], {} ]", "[[], {}]")])
def test_empty_containers_stay_on_their_line(text, kept):
    assert spread(text) == kept


def test_spaces_inside_strings_are_not_touched():
    assert squeeze('{ "a b" : " c\\" d " }') == '{"a b":" c\\" d "}'


def test_characters_beyond_ascii_become_escapes():
    assert canonical('{"a":"é😀"}') == '{"a":"\\u00e9\\ud83d\\ude00"}'


@pytest.mark.parametrize(
    "text", ["not JSON", "<html>\n  <b>", "", "Failed to parse the request body as JSON"]
)
def test_text_that_is_not_json_is_left_as_it_is(text):
    assert canonical(text) == lay_out(text) == text


def test_two_values_in_one_body_are_not_spread():
    with pytest.raises(ValueError, match="after the first"):
        spread("[1] [2]")
