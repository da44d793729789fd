"""Fixed-point figures: what is read, what is refused, how it prints."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.numbers import notional, parse_figure, plain, scaled, to_decimal, wire, wire_usd


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1", 100_000_000),
        ("0.00000001", 1),
        ("3000.50", 300_050_000_000),
        ("0.123456780", 12_345_678),
        ("007", 700_000_000),
    ],
)
def test_an_unsigned_decimal_is_read_exactly(text: str, value: int) -> None:
    assert parse_figure(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "Infinity",
        "1.",
        ".5",
        " 1",
        "1 ",
        "0.000000001",
        "0x10",
        "1_000",
        "٣",
        "9" * 30,
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    assert parse_figure(text) is None


def test_a_whole_number_keeps_one_zero_in_answers_and_none_in_texts() -> None:
    assert wire(110_000_000_000) == "1100.0"
    assert plain(110_000_000_000) == "1100"
    assert wire(0) == "0.0"
    assert wire_usd(-282_848 * 10) == "-2.82848"


@given(st.integers(-(10**20), 10**20), st.integers(0, 10))
def test_printing_loses_nothing(value: int, decimals: int) -> None:
    assert scaled(Decimal(wire(value, decimals)), decimals) == value
    assert to_decimal(value, decimals) == Decimal(plain(value, decimals))


@given(st.integers(1, 10**12), st.integers(1, 10**9), st.integers(0, 5))
def test_a_legal_notional_is_whole_in_millionths(ticks: int, lots: int, sz_decimals: int) -> None:
    px, sz = ticks * 10 ** (2 + sz_decimals), lots * 10 ** (8 - sz_decimals)
    assert notional(px, sz) * 10**10 == px * sz


def test_a_figure_with_too_many_decimals_is_no_integer() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        scaled(Decimal("0.001"), 2)
    with pytest.raises(ValueError, match="no figure"):
        scaled(Decimal("NaN"), 2)
