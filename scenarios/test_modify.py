"""Modifying: the old order goes, a new one with a new oid comes.

Covers: POST /exchange (batchModify, which is what the SDK sends), POST /info (openOrders, orderStatus).
"""

import pytest

from harness.shapes import BatchModifyResponse, CancelResponse, OpenOrders, OrderResponse, OrderStatus

pytestmark = pytest.mark.coin("ETH")


def test_modify_by_oid_replaces_the_order(trader, market):
    """A new price under a new oid; the old oid ends canceled."""
    old = OrderResponse.parse(
        trader.exchange.order(**market.bid(depth_bps=2_000, notional_usd=12))
    ).resting.oid
    ticket = market.bid(depth_bps=1_500, notional_usd=14)

    new = BatchModifyResponse.parse(trader.exchange.modify_order(old, **ticket)).resting.oid

    assert new != old
    row = OpenOrders.parse(trader.info.open_orders(trader.address)).order(new)
    assert row.limit_px == ticket.px
    assert OrderStatus.parse(trader.info.query_order_by_oid(trader.address, old)).state == "canceled"


def test_modify_by_cloid_keeps_the_cloid_that_the_new_order_names(trader, market, venue):
    """The client's id finds the new order."""
    cloid = venue.cloid()
    ticket = market.bid(depth_bps=2_000, notional_usd=12, cloid=cloid)
    assert OrderResponse.parse(trader.exchange.order(**ticket)).resting
    better = market.bid(depth_bps=1_500, notional_usd=14, cloid=cloid)

    new = BatchModifyResponse.parse(trader.exchange.modify_order(cloid, **better)).resting

    found = OrderStatus.parse(trader.info.query_order_by_cloid(trader.address, cloid))
    assert (found.oid, found.limit_px) == (new.oid, better.px)


def test_modify_of_a_cancelled_order_is_refused(trader, market):
    """What is gone cannot be modified."""
    ticket = market.bid(depth_bps=2_000, notional_usd=12)
    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome

    refused = BatchModifyResponse.parse(trader.exchange.modify_order(oid, **ticket)).rejected

    assert refused.reason == "Cannot modify canceled or filled order"


def test_batch_of_modifies_answers_each_in_its_place(trader, market):
    """A dead order between two live ones is refused alone."""
    tickets = [market.bid(depth_bps=depth, notional_usd=12) for depth in (2_000, 2_500)]
    first, last = (OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid for ticket in tickets)
    new = market.bid(depth_bps=1_500, notional_usd=14).in_batch

    answer = trader.exchange.bulk_modify_orders_new([{"oid": oid, "order": new} for oid in (first, 1, last)])
    statuses = BatchModifyResponse.parse(answer).statuses

    assert statuses[1].reason == "Cannot modify canceled or filled order"
    open_oids = OpenOrders.parse(trader.info.open_orders(trader.address)).oids
    assert set(open_oids) == {statuses[0].oid, statuses[2].oid}
