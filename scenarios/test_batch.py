"""Several orders in one action: mixed outcomes, and batches refused whole.

Covers: POST /exchange (order), POST /info (openOrders, orderStatus).
"""

import pytest

from harness.shapes import OpenOrders, OrderResponse, Rejected, Resting

pytestmark = pytest.mark.coin("ETH")


def test_runtime_refusal_leaves_the_rest_of_the_batch(trader, market):
    """A post-only order that would cross is refused in its place; its neighbours rest."""
    tickets = [
        market.bid(depth_bps=1_000, notional_usd=12),
        market.bid(depth_bps=-100, notional_usd=12, tif="Alo"),
        market.ask(depth_bps=1_000, notional_usd=12),
    ]

    answer = trader.exchange.bulk_orders([ticket.in_batch for ticket in tickets])
    first, second, third = OrderResponse.parse(answer).statuses

    assert isinstance(second, Rejected)
    assert isinstance(first, Resting)
    assert isinstance(third, Resting)
    assert set(OpenOrders.parse(trader.info.open_orders(trader.address)).oids) == {first.oid, third.oid}


def test_illegal_price_refuses_the_batch_whole(trader, market):
    """Three decimals in the second price: one status, and the first order is not placed either."""
    good = market.bid(depth_bps=1_000, notional_usd=12)
    bad = market.bid(px="2500.505", sz="0.01")

    answer = trader.exchange.bulk_orders([good.in_batch, bad.in_batch])

    assert OrderResponse.parse(answer).rejected.reason == "Order has invalid price."
    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()


def test_empty_batch_is_refused(trader):
    """No order at all is an error of its own."""
    assert OrderResponse.parse(trader.exchange.bulk_orders([])).rejected.reason == "Orders are empty."


def test_batch_over_two_coins(trader, venue):
    """One action may hold orders on several coins."""
    tickets = [venue.market(coin).bid(depth_bps=1_000, notional_usd=12) for coin in ("ETH", "BTC")]

    answer = trader.exchange.bulk_orders([ticket.in_batch for ticket in tickets])

    assert all(isinstance(status, Resting) for status in OrderResponse.parse(answer).statuses)
    coins = {row.coin for row in OpenOrders.parse(trader.info.open_orders(trader.address))}
    assert coins == {"ETH", "BTC"}
