"""Cancelling: by oid, by cloid, twice, unknown, several at once.

Covers: POST /exchange (cancel, cancelByCloid), POST /info (openOrders).
"""

import pytest

from harness.shapes import CancelResponse, OpenOrders, OrderResponse

pytestmark = pytest.mark.coin("ETH")

UNKNOWN_OID = 1


def never_placed(market):
    return f"Order was never placed, already canceled, or filled. asset={market.asset}"


def test_cancel_by_oid(trader, market):
    """The order is gone from the open orders."""
    oid = OrderResponse.parse(
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    ).resting.oid

    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome == "success"

    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()


def test_cancel_by_cloid(trader, market, venue):
    """The client's own id is enough."""
    cloid = venue.cloid()
    ticket = market.bid(depth_bps=1_000, notional_usd=12, cloid=cloid)
    assert OrderResponse.parse(trader.exchange.order(**ticket)).resting

    assert CancelResponse.parse(trader.exchange.cancel_by_cloid("ETH", cloid)).outcome == "success"

    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()


def test_second_cancel_is_refused(trader, market):
    """What is cancelled already cannot be cancelled again."""
    oid = OrderResponse.parse(
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    ).resting.oid

    first = CancelResponse.parse(trader.exchange.cancel("ETH", oid))
    second = CancelResponse.parse(trader.exchange.cancel("ETH", oid))

    assert first.outcome == "success"
    assert second.outcome == never_placed(market)


def test_cancel_of_an_unknown_oid_is_refused(trader, market):
    """An oid that nobody placed is refused in the same words as a finished one."""
    assert CancelResponse.parse(trader.exchange.cancel("ETH", UNKNOWN_OID)).outcome == never_placed(market)


def test_cancel_of_an_unknown_cloid_is_refused(trader, market, venue):
    """So is a cloid that nobody used."""
    cancel = CancelResponse.parse(trader.exchange.cancel_by_cloid("ETH", venue.cloid()))

    assert cancel.outcome == never_placed(market)


def test_cancel_of_somebody_elses_order_is_refused(trader, counterparty, market):
    """An order belongs to its account."""
    oid = OrderResponse.parse(
        counterparty.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    ).resting.oid

    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome == never_placed(market)


def test_batch_of_cancels_answers_each_in_its_place(trader, market):
    """An unknown order between two live ones does not stop the second."""
    tickets = [market.bid(depth_bps=depth, notional_usd=12) for depth in (1_000, 1_500)]
    low, high = (OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid for ticket in tickets)

    cancels = [{"coin": "ETH", "oid": oid} for oid in (low, UNKNOWN_OID, high)]
    outcomes = CancelResponse.parse(trader.exchange.bulk_cancel(cancels)).outcomes

    assert outcomes == ("success", never_placed(market), "success")


def test_batch_of_cancels_by_cloid(trader, market, venue):
    """The same by client ids."""
    known, unknown = venue.cloid(), venue.cloid()
    ticket = market.bid(depth_bps=1_000, notional_usd=12, cloid=known)
    assert OrderResponse.parse(trader.exchange.order(**ticket)).resting

    cancels = [{"coin": "ETH", "cloid": cloid} for cloid in (unknown, known)]
    outcomes = CancelResponse.parse(trader.exchange.bulk_cancel_by_cloid(cancels)).outcomes

    assert outcomes == (never_placed(market), "success")
