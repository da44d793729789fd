"""Asking for orders: unknown ones, finished ones, and the history of each.

Covers: POST /info (orderStatus, historicalOrders).
"""

import pytest

from harness.shapes import CancelResponse, HistoricalOrders, OrderResponse, OrderStatus

pytestmark = pytest.mark.coin("ETH")


def test_unknown_oid(trader):
    """An oid that nobody placed is unknown, which is an answer and not an error."""
    assert OrderStatus.parse(trader.info.query_order_by_oid(trader.address, 1)).state == "unknownOid"


def test_unknown_cloid(trader, venue):
    """So is a cloid that nobody used."""
    status = OrderStatus.parse(trader.info.query_order_by_cloid(trader.address, venue.cloid()))

    assert status.state == "unknownOid"


def test_somebody_elses_order_is_unknown(trader, counterparty, market):
    """Look-ups are limited to the user that they name."""
    oid = OrderResponse.parse(
        counterparty.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    ).resting.oid

    assert OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid)).state == "unknownOid"


def test_history_has_a_row_for_each_change(trader, market):
    """Placed and cancelled: two rows of one oid, the newest first."""
    ticket = market.bid(depth_bps=1_000, notional_usd=12)
    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome

    rows = [
        row for row in HistoricalOrders.parse(trader.info.historical_orders(trader.address)) if row.oid == oid
    ]

    assert [row.state for row in rows] == ["canceled", "open"]
