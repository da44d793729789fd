"""Margin and leverage: what an account may owe.

Covers: POST /exchange (updateLeverage, order), POST /info (clearinghouseState).
"""

import pytest

from harness.shapes import ClearinghouseState, DefaultResponse, OrderResponse

pytestmark = pytest.mark.coin("ETH")


@pytest.mark.targets("replay", "localnet", reason="asks for more than an order may be worth on testnet")
def test_order_beyond_the_margin_is_refused(trader, market):
    """At leverage 1 a bid for 15,000 USDC needs more than the account has."""
    assert DefaultResponse.parse(trader.exchange.update_leverage(1, "ETH")).ok
    ticket = market.bid(px="3000", sz="5")

    rejected = OrderResponse.parse(trader.exchange.order(**ticket)).rejected

    assert rejected.reason == f"Insufficient margin to place order. asset={market.asset}"


@pytest.mark.targets("replay", "localnet", reason="asks for more than an order may be worth on testnet")
def test_order_beyond_the_margin_tier_is_refused(trader, market):
    """The larger the position, the lower the leverage it may have: 60,000 USDC of ETH at most 5 times."""
    ticket = market.bid(px="3000", sz="20")

    rejected = OrderResponse.parse(trader.exchange.order(**ticket)).rejected

    assert rejected.reason == (
        f"Order would cause position to exceed margin tier limit at current leverage asset={market.asset}"
    )


def test_leverage_can_be_changed(trader, market):
    """A position opened afterwards shows the new leverage, and the margin that it asks for."""
    assert DefaultResponse.parse(trader.exchange.update_leverage(5, "ETH")).ok
    assert OrderResponse.parse(trader.exchange.order(**market.bid(px="3200", sz="0.01", tif="Ioc"))).filled

    position = ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH")

    assert (position.leverage.type, position.leverage.value) == ("cross", 5)
    assert position.margin_used == position.position_value / 5


def test_setting_the_leverage_that_is_set_answers_the_same(trader):
    """No change is no error."""
    first = trader.exchange.update_leverage(7, "ETH")
    second = trader.exchange.update_leverage(7, "ETH")

    assert DefaultResponse.parse(first).ok
    assert DefaultResponse.parse(second).ok


@pytest.mark.parametrize("leverage", [0, 26])
def test_leverage_outside_the_coins_limits_is_refused(trader, leverage):
    """ETH has a maximum of 25 on testnet."""
    answer = DefaultResponse.parse(trader.exchange.update_leverage(leverage, "ETH"))

    assert answer.refusal == "Invalid leverage value"


def test_isolated_only_coin_refuses_cross_margin(trader):
    """HYPE is strictly isolated on testnet."""
    answer = DefaultResponse.parse(trader.exchange.update_leverage(3, "HYPE", is_cross=True))

    assert answer.refusal == "Cross margin is not allowed for this asset."


@pytest.mark.spends
def test_margin_type_cannot_change_under_a_position(trader, market):
    """Cross to isolated needs a flat coin first."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(px="3200", sz="0.01", tif="Ioc"))).filled

    answer = DefaultResponse.parse(trader.exchange.update_leverage(5, "ETH", is_cross=False))

    assert answer.refusal == "Cannot switch leverage type with open position."
