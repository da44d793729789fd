"""What stands around an action: its nonce, its expiry, its vault, its builder.

Covers: POST /exchange (noop, order).
"""

import pytest

from harness.shapes import DefaultResponse, OrderResponse

pytestmark = pytest.mark.coin("ETH")


def test_noop_uses_up_its_nonce(trader, venue):
    """A nonce is accepted once; a second action with it is refused."""
    nonce = venue.clock.now_ms()

    first = DefaultResponse.parse(trader.exchange.noop(nonce))
    second = DefaultResponse.parse(trader.exchange.noop(nonce))

    assert first.ok
    assert second.refusal == f"Invalid nonce: duplicate nonce {nonce}"


def test_nonce_of_another_week_is_refused(trader, venue):
    """Nonces are times: a week old is too low, a week ahead too high."""
    week_ms = 7 * 24 * 3_600_000
    now = venue.clock.now_ms()

    old = DefaultResponse.parse(trader.exchange.noop(now - week_ms)).refusal
    ahead = DefaultResponse.parse(trader.exchange.noop(now + week_ms)).refusal

    assert old.startswith(f"Invalid nonce: nonce too low {now - week_ms} < ")
    assert ahead.startswith(f"Invalid nonce: nonce too high {now + week_ms} > ")


def test_order_with_an_expiry_ahead_is_accepted(trader, market, venue):
    """The expiry is part of what is signed."""
    trader.exchange.set_expires_after(venue.clock.now_ms() + 60_000)

    assert OrderResponse.parse(trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))).resting


def test_order_past_its_expiry_is_refused(trader, market, venue):
    """Late orders do not become orders."""
    ticket = market.bid(depth_bps=1_000, notional_usd=12)
    trader.exchange.set_expires_after(venue.clock.now_ms() - 1_000)

    assert OrderResponse.parse(trader.exchange.order(**ticket)).refusal == "Action already expired"


def test_order_for_an_unknown_vault_is_refused(trader, market, venue):
    """Acting for an address that is no vault or sub-account names that address."""
    stranger = venue.stranger()

    answer = trader.acting_for(stranger).exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))

    assert OrderResponse.parse(answer).refusal == f"Vault not registered: {stranger}"


def test_builder_without_approval_is_refused(trader, market, venue):
    """A builder's fee needs the user's approval first."""
    builder = {"b": venue.stranger(), "f": 10}

    answer = trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12), builder=builder)

    assert OrderResponse.parse(answer).rejected.reason == "Builder fee has not been approved."
