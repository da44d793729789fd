"""Strategies: what they promise to draw."""

from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.strategies import crossing_intents, intents, resting_intents


@settings(deadline=None)
@given(resting_intents())
def test_resting_intents_are_passive_and_affordable(intent):
    assert 500 <= intent.depth_bps <= 5_000
    assert 11 <= intent.notional_usd <= 45
    assert intent.tif in ("Gtc", "Alo")


@settings(deadline=None)
@given(crossing_intents())
def test_crossing_intents_take(intent):
    assert -400 <= intent.depth_bps <= -100
    assert intent.tif in ("Gtc", "Ioc")


def test_intents_take_other_distances_and_sums():
    drawn = intents(depths_bps=st.just(7), tifs=("Ioc",), notionals_usd=st.just(Decimal(9)))

    @settings(deadline=None, database=None)
    @given(drawn)
    def check(intent):
        assert msgspec.structs.astuple(intent)[1:4] == (7, Decimal(9), "Ioc")

    check()
