"""Rates, interest and the legs of a position, against the documented samples and by range."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.markets.reserves import COLLATERAL, TERMS, Leg, Position, Reserve, growth, rounded
from harness.localnet.numbers import figure, wire

_SAMPLES = Path(__file__).parents[4] / "shared" / "wire" / "documented"
_YEAR_MS = 365 * 86_400_000
_E20 = 10**20


def lent(supplied: int, borrowed: int) -> Reserve:
    """Return a reserve of which so much is lent."""
    reserve = Reserve(TERMS[0], cash=supplied - borrowed)
    reserve.positions["0xa"] = Position(is_implied=False)
    reserve.positions["0xa"].supply.put(supplied)
    reserve.positions["0xb"] = Position(is_implied=False)
    reserve.positions["0xb"].borrow.put(borrowed)
    return reserve


@pytest.mark.skipif(not _SAMPLES.exists(), reason="the wire facts are not beside this repository")
def test_rates_of_the_documented_samples() -> None:
    """Rates and utilization follow from what is supplied and borrowed, to the last digit."""
    one = json.loads((_SAMPLES / "info_borrowLendReserveState__docs_200_ok.json").read_text())["response"]
    several = json.loads((_SAMPLES / "info_allBorrowLendReserveStates__docs_200_ok.json").read_text())
    for sample in (one, *(state for _, state in several["response"])):
        supplied, borrowed = (
            round(Fraction(sample[key]) * 10**8) for key in ("totalSupplied", "totalBorrowed")
        )
        reserve = lent(supplied, borrowed)
        assert wire(reserve.borrow_rate, 10) == sample["borrowYearlyRate"]
        assert wire(reserve.supply_rate, 10) == sample["supplyYearlyRate"]
        assert wire(reserve.utilization, 10) == sample["utilization"]
        assert reserve.balance <= figure(f"{Fraction(sample['balance']).__float__():.8f}")


@pytest.mark.parametrize(
    ("borrowed", "rate"), [(0, "0.05"), (800, "0.05"), (801, "0.05475"), (900, "0.525"), (1000, "1.0")]
)
def test_rate_rises_above_four_fifths(borrowed: int, rate: str) -> None:
    """0.05 + 4.75 * max(0, utilization - 0.8), as documented."""
    assert wire(lent(1000, borrowed).borrow_rate, 10) == rate


def test_growth_is_that_of_continuous_compounding() -> None:
    """A year at 5% is exp(0.05) - 1, at 100% e - 1."""
    assert growth(_YEAR_MS * _E20 // 20) // 10**12 == 51_271_096_376
    assert growth(_YEAR_MS * _E20) // 10**12 == 1_718_281_828_459
    assert growth(0) == 0


@given(st.integers(1, 10**16), st.integers(0, 10**16), st.integers(0, 3_600_000))
def test_suppliers_never_get_more_than_borrowers_pay(supplied: int, part: int, passed: int) -> None:
    """The protocol keeps about a tenth, and never less than nothing."""
    reserve = lent(supplied, min(supplied, part))
    for position in reserve.positions.values():
        reserve.accrue(position)
    reserve.tick(passed)
    for position in reserve.positions.values():
        reserve.accrue(position)
    lender, debtor = reserve.positions["0xa"], reserve.positions["0xb"]
    paid, received = debtor.borrow.settle(), lender.supply.settle()
    assert received <= paid
    assert abs(received - paid * 9 // 10) <= 2 + paid // 1000


@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_basis_never_exceeds_value_and_leaves_with_it(values: list[int]) -> None:
    """Without interest both are the same; what leaves takes its share."""
    leg = Leg()
    for value in values:
        leg.put(value)
        assert leg.basis == leg.value == value
    leg.value += 10**9
    leg.put(leg.value // 3)
    assert leg.basis <= leg.value
    leg.put(0)
    assert (leg.basis, leg.value) == (0, 0)


@given(st.integers(1, 10**15), st.lists(st.integers(0, 10**6), max_size=8))
def test_interest_does_not_depend_on_how_often_it_is_counted(value: int, passed: list[int]) -> None:
    """But for compounding within an hour and parts of the smallest unit."""
    often, once = Leg(), Leg()
    for leg in (often, once):
        leg.put(value)
    at = 0
    for each in passed:
        at += each * _E20 // 20
        often.accrue(at)
    once.accrue(at)
    assert abs(often.settle() - once.settle()) <= 1 + value // 10**6


def test_ratio_is_rounded_half_up() -> None:
    """As the documented rates are."""
    assert rounded(1, 3) == 3_333_333_333
    assert rounded(1, 2 * 10**10) == 1
    assert rounded(1, 3 * 10**10) == 0


def test_what_secures_loans() -> None:
    """HYPE alone, at 65%; USDC alone can be borrowed."""
    assert (COLLATERAL.token.name, COLLATERAL.ltv_percent) == ("HYPE", 65)
    assert [terms.token.name for terms in TERMS if terms.borrow_cap] == ["USDC"]
