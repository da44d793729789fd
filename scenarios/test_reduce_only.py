"""Reduce-only orders make a position smaller or do nothing: refused, capped, executed.

Covers: POST /exchange (order), POST /info (clearinghouseState, frontendOpenOrders).
"""

from decimal import Decimal

import pytest

from harness.shapes import ClearinghouseState, FrontendOpenOrders, OrderResponse, OrderStatus

pytestmark = [pytest.mark.coin("ETH"), pytest.mark.spends]


def test_reduce_only_without_a_position_is_refused(trader, market):
    """There is nothing to reduce, so even an order that would rest is refused."""
    ticket = market.ask(depth_bps=1_000, notional_usd=15, reduce_only=True)

    reason = OrderResponse.parse(trader.exchange.order(**ticket)).rejected.reason

    assert reason == f"Reduce only order would increase position. asset={market.asset}"


def test_reduce_only_on_the_side_of_the_position_is_refused(trader, market):
    """A long cannot be reduced by buying."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(depth_bps=-100, notional_usd=20))).filled
    ticket = market.bid(depth_bps=1_000, notional_usd=15, reduce_only=True)

    reason = OrderResponse.parse(trader.exchange.order(**ticket)).rejected.reason

    assert reason == f"Reduce only order would increase position. asset={market.asset}"


@pytest.mark.targets("replay", "localnet", reason="asks for more than an order may be worth on testnet")
def test_reduce_only_ioc_closes_a_part(trader, market):
    """A reduce-only Ioc half the size of a long leaves the other half."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(px="3200", sz="0.02", tif="Ioc"))).filled

    ticket = market.ask(px="3000", sz="0.01", tif="Ioc", reduce_only=True)
    filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled
    assert filled.total_sz == ticket.sz

    position = ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH")
    assert position.szi == Decimal("0.01")


@pytest.mark.targets("replay", "localnet", reason="asks for more than an order may be worth on testnet")
def test_reduce_only_ioc_larger_than_the_position_is_cut_to_it(trader, market):
    """It answers `filled` with the position's size, without an error, and the position is gone."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(px="3200", sz="0.02", tif="Ioc"))).filled

    ticket = market.ask(px="3000", sz="0.05", tif="Ioc", reduce_only=True)
    filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled
    assert filled.total_sz == Decimal("0.02")

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None


@pytest.mark.targets("replay", "localnet", reason="asks for more than an order may be worth on testnet")
def test_resting_reduce_only_shrinks_to_the_position(trader, market):
    """A resting reduce-only order shows the position as its size and keeps the size asked for."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(px="3200", sz="0.02", tif="Ioc"))).filled

    ticket = market.ask(px="3400", sz="0.05", reduce_only=True)
    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid

    row = FrontendOpenOrders.parse(trader.info.frontend_open_orders(trader.address)).order(oid)
    assert (row.sz, row.orig_sz, row.reduce_only) == (Decimal("0.02"), Decimal("0.05"), True)


@pytest.mark.targets("replay", "localnet", reason="asks for more than an order may be worth on testnet")
def test_resting_reduce_only_goes_when_the_position_closes(trader, market):
    """Closing the position by another order ends it as reduceOnlyCanceled."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(px="3200", sz="0.02", tif="Ioc"))).filled
    ticket = market.ask(px="3400", sz="0.02", reduce_only=True)
    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid

    assert OrderResponse.parse(trader.exchange.market_close("ETH")).filled

    gone = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    assert gone.state == "reduceOnlyCanceled"
