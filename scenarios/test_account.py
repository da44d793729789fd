"""What an account is and has, beyond its positions.

Covers: POST /info (spotClearinghouseState, userFees, userRateLimit, clearinghouseState).
"""

import pytest

from harness.shapes import ClearinghouseState, OrderResponse, SpotClearinghouseState, UserFees, UserRateLimit

pytestmark = pytest.mark.coin("ETH")


def test_fees_of_the_lowest_level(trader):
    """Perpetuals cost 0.045 % to take and 0.015 % to make."""
    fees = UserFees.parse(trader.info.user_fees(trader.address))

    assert (fees.userCrossRate, fees.userAddRate) == ("0.00045", "0.00015")


def test_requests_are_counted(trader, market):
    """Each action uses one of the address's requests; reads use none."""
    before = UserRateLimit.parse(trader.info.user_rate_limit(trader.address))

    assert OrderResponse.parse(trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))).resting

    after = UserRateLimit.parse(trader.info.user_rate_limit(trader.address))
    assert after.requests_used == before.requests_used + 1


def test_spot_balances_can_be_read(trader):
    """An account without tokens has an empty list, not none."""
    state = SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address))

    assert all(balance.total >= balance.hold for balance in state.balances)


def test_stranger_has_nothing(trader, venue):
    """An address that never held anything reads as zeros."""
    state = ClearinghouseState.parse(trader.info.user_state(venue.stranger()))

    assert (state.account_value, state.positions) == (0, ())
