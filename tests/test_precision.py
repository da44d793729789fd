"""Tick and lot rules: what comes out is legal, nearest, and what was legal already stays as it is.

The oracle below is the rule as the API docs word it, applied to the digits of a number.
"""

from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    localcontext,
)

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from harness.errors import PrecisionError
from harness.precision import is_legal_px, is_legal_sz, next_px, quantise_px, quantise_sz

sz_decimals = st.integers(0, 8)
pxs = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(1, 10**12), st.integers(-14, 3)
)
szs = st.decimals(min_value="0.0000000001", max_value=10**9, places=10)
modes = st.sampled_from([ROUND_FLOOR, ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP])


def as_worded(px: Decimal, sz_decimals: int, is_spot: bool) -> bool:
    """At most 5 significant figures, at most MAX_DECIMALS - szDecimals decimals; integers always."""
    whole, _, fraction = f"{px:f}".partition(".")
    fraction = fraction.rstrip("0")
    figures = (whole + fraction).lstrip("0")
    return not fraction or (len(figures) <= 5 and len(fraction) <= (8 if is_spot else 6) - sz_decimals)


@given(px=pxs, sz_decimals=sz_decimals, is_spot=st.booleans())
def test_a_price_is_legal_as_the_docs_word_it(px, sz_decimals, is_spot):
    assert is_legal_px(px, sz_decimals, is_spot=is_spot) == as_worded(px, sz_decimals, is_spot)


@given(px=pxs, sz_decimals=sz_decimals, is_spot=st.booleans())
@example(px=Decimal("9.99996"), sz_decimals=0, is_spot=False)
def test_a_quantised_price_is_legal_and_nearest(px, sz_decimals, is_spot):
    legal = quantised_or_zero(px, sz_decimals, is_spot)

    below = quantised_or_zero(px, sz_decimals, is_spot, ROUND_FLOOR)
    above = next_px(px, sz_decimals, is_spot=is_spot, direction="up")
    assert abs(legal - px) == min(px - below, above - px)
    assert legal in (below, above)
    assert as_worded(legal, sz_decimals, is_spot)
    assert legal == 0 or quantise_px(legal, sz_decimals, is_spot=is_spot) == legal


def quantised_or_zero(
    px: Decimal, sz_decimals: int, is_spot: bool, rounding: str = ROUND_HALF_EVEN
) -> Decimal:
    try:
        return quantise_px(px, sz_decimals, is_spot=is_spot, rounding=rounding)
    except PrecisionError:
        return Decimal(0)


@given(px=pxs, sz_decimals=sz_decimals, is_spot=st.booleans())
def test_rounding_one_way_gives_the_two_legal_prices_around(px, sz_decimals, is_spot):
    below = quantised_or_zero(px, sz_decimals, is_spot, ROUND_FLOOR)
    above = quantised_or_zero(px, sz_decimals, is_spot, ROUND_CEILING)

    assert below <= px <= above
    if is_legal_px(px, sz_decimals, is_spot=is_spot):
        assert below == px == above
    else:
        assert next_px(px, sz_decimals, is_spot=is_spot, direction="up") == above
        assert below == 0 or next_px(above, sz_decimals, is_spot=is_spot, direction="down") == below


@given(px=pxs, other=pxs, sz_decimals=sz_decimals, is_spot=st.booleans(), rounding=modes)
def test_quantised_prices_keep_their_order(px, other, sz_decimals, is_spot, rounding):
    low, high = sorted((px, other))
    low = quantised_or_zero(low, sz_decimals, is_spot, rounding)
    assert low <= quantised_or_zero(high, sz_decimals, is_spot, rounding)


@given(px=pxs, sz_decimals=sz_decimals, is_spot=st.booleans(), part=st.decimals("0.001", "0.999", places=3))
@example(px=Decimal(10), sz_decimals=0, is_spot=False, part=Decimal("0.1"))
@example(px=Decimal(100_000), sz_decimals=0, is_spot=False, part=Decimal("0.1"))
def test_no_legal_price_lies_between_neighbours(px, sz_decimals, is_spot, part):
    above = next_px(px, sz_decimals, is_spot=is_spot, direction="up")
    assert above > px
    assert as_worded(above, sz_decimals, is_spot)

    below = quantised_or_zero(px, sz_decimals, is_spot, ROUND_FLOOR)
    assert not as_worded(below + (above - below) * part, sz_decimals, is_spot)

    assume(below > 0)
    assert next_px(above, sz_decimals, is_spot=is_spot, direction="down") == below


@pytest.mark.parametrize(
    ("px", "sz_decimals", "is_spot", "legal"),
    [
        pytest.param("1234.5", 0, False, True, id="docs-five-figures"),
        pytest.param("1234.56", 0, False, False, id="docs-six-figures"),
        pytest.param("0.001234", 0, False, True, id="docs-six-decimals"),
        pytest.param("0.0012345", 0, False, False, id="docs-seven-decimals"),
        pytest.param("0.01234", 1, False, True, id="docs-five-decimals-szdecimals-1"),
        pytest.param("0.012345", 1, False, False, id="docs-six-decimals-szdecimals-1"),
        pytest.param("123456", 0, False, True, id="docs-whole-number"),
        pytest.param("123456.0", 0, False, True, id="whole-number-with-a-zero"),
        pytest.param("12345.6", 5, False, False, id="rule-22-btc"),
        pytest.param("0.0001234", 0, True, True, id="docs-spot-szdecimals-0"),
        pytest.param("0.0001234", 1, True, True, id="docs-spot-szdecimals-1"),
        pytest.param("0.0001234", 2, True, False, id="spot-szdecimals-2"),
        pytest.param("7", 8, False, True, id="whole-number-without-decimals"),
        pytest.param("7.5", 8, False, False, id="no-decimals-left"),
        pytest.param("0", 0, False, False, id="zero"),
        pytest.param("-1", 0, False, False, id="negative"),
        pytest.param("NaN", 0, False, False, id="nan"),
        pytest.param("Infinity", 0, False, False, id="infinity"),
    ],
)
def test_prices_that_the_docs_name(px, sz_decimals, is_spot, legal):
    """Source: API docs, "Tick and lot size"; wire rule 22."""
    assert is_legal_px(Decimal(px), sz_decimals, is_spot=is_spot) is legal


@pytest.mark.parametrize(
    ("px", "sz_decimals", "is_spot", "nearest"),
    [
        ("1234.56", 1, False, "1234.6"),
        ("9.99996", 0, False, "10"),
        ("99999.6", 0, False, "100000"),
        ("123456.7", 0, False, "123457"),
        ("2765.30", 4, False, "2765.3"),
        ("0.00001234567", 0, True, "0.00001235"),
        ("1E+2", 0, False, "100"),
    ],
)
def test_a_price_prints_as_the_wire_wants_it(px, sz_decimals, is_spot, nearest):
    assert str(quantise_px(Decimal(px), sz_decimals, is_spot=is_spot)) == nearest


@given(sz=szs, sz_decimals=sz_decimals)
def test_a_quantised_size_is_legal_and_spends_no_more(sz, sz_decimals):
    lot = Decimal(1).scaleb(-sz_decimals)
    if sz < lot:
        with pytest.raises(PrecisionError, match="rounds to zero"):
            quantise_sz(sz, sz_decimals)
        return
    legal = quantise_sz(sz, sz_decimals)
    assert legal <= sz < legal + lot
    assert is_legal_sz(legal, sz_decimals)
    assert legal % lot == 0
    assert quantise_sz(legal, sz_decimals) == legal
    assert is_legal_sz(sz, sz_decimals) == (sz == legal)


@given(sz=szs, other=szs, sz_decimals=sz_decimals)
def test_quantised_sizes_keep_their_order(sz, other, sz_decimals):
    low, high = sorted((sz, other))
    assert quantise_sz(low, sz_decimals, rounding=ROUND_UP) <= quantise_sz(
        high, sz_decimals, rounding=ROUND_UP
    )


@pytest.mark.parametrize("sz", ["0", "-1", "NaN", "-Infinity"])
def test_a_size_that_is_none_is_not_legal(sz):
    assert not is_legal_sz(Decimal(sz), 3)
    with pytest.raises(PrecisionError, match="sz is "):
        quantise_sz(Decimal(sz), 3)


@pytest.mark.parametrize("px", ["0", "-0.5", "NaN", "Infinity"])
def test_a_price_that_is_none_cannot_be_quantised(px):
    with pytest.raises(PrecisionError, match="px is "):
        quantise_px(Decimal(px), 0)
    with pytest.raises(PrecisionError, match="px is "):
        next_px(Decimal(px), 0, direction="up")


def test_a_price_that_rounds_to_zero_says_what_would_not():
    with pytest.raises(PrecisionError, match="rounds to zero for szDecimals 2") as refusal:
        quantise_px(Decimal("0.00004"), 2)
    assert refusal.value.needed == "At least 0.0001."


def test_nothing_lies_below_the_smallest_price():
    with pytest.raises(PrecisionError, match="smallest price"):
        next_px(Decimal("0.0001"), 2, direction="down")
    with pytest.raises(PrecisionError, match="rounds to zero"):
        next_px(Decimal("0.00005"), 2, direction="down")


def test_the_tick_is_finer_below_a_power_of_ten():
    assert next_px(Decimal(10), 0, direction="down") == Decimal("9.9999")
    assert next_px(Decimal(10), 0, direction="up") == Decimal("10.001")
    assert next_px(Decimal("9.9999"), 0, direction="up") == Decimal(10)
    assert next_px(Decimal(10), 4, direction="down") == Decimal("9.99")


def test_the_decimal_context_of_the_caller_does_not_matter():
    with localcontext(prec=3):
        assert quantise_px(Decimal("123456.7"), 0) == Decimal(123457)
        assert next_px(Decimal("12345"), 0, direction="up") == Decimal(12346)
        assert quantise_sz(Decimal("123456.789"), 2) == Decimal("123456.78")
        assert is_legal_px(Decimal("1234.5"), 0)


def test_a_number_of_a_thousand_digits_is_refused():
    with pytest.raises(PrecisionError, match="exchange could quote"):
        quantise_px(Decimal(10) ** 1000, 0)
