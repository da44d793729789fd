"""A limit order that rests: placed, read back, cancelled, gone.

Covers: POST /exchange (order, cancel), POST /info (orderStatus, openOrders, frontendOpenOrders, l2Book).
"""

import pytest
from hypothesis import given

from harness.shapes import CancelResponse, FrontendOpenOrders, OpenOrders, OrderResponse, OrderStatus
from harness.strategies import resting_intents

pytestmark = pytest.mark.coin("ETH")


def test_post_only_bid_rests_until_it_is_cancelled(trader, market):
    """A post-only bid 20 % under mid rests, reads back as sent, and ends canceled."""
    ticket = market.bid(depth_bps=2_000, notional_usd=12, tif="Alo")

    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid

    placed = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    assert placed.state == "open"
    assert placed.limit_px == ticket.px
    assert oid in OpenOrders.parse(trader.info.open_orders(trader.address)).oids

    cancel = CancelResponse.parse(trader.exchange.cancel(market.coin, oid))
    assert cancel.outcome == "success"

    gone = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    assert gone.state == "canceled"


def test_bid_rests_below_mid(trader, market):
    """A Gtc bid 10 % under mid rests on the bid side, whole."""
    ticket = market.bid(depth_bps=1_000, notional_usd=15)

    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid

    row = OpenOrders.parse(trader.info.open_orders(trader.address)).order(oid)
    assert (row.side, row.limit_px, row.sz) == ("B", ticket.px, ticket.sz)


def test_ask_rests_above_mid(trader, market):
    """A Gtc ask 10 % over mid rests on the ask side, and the interface's view tells its kind."""
    ticket = market.ask(depth_bps=1_000, notional_usd=15)

    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid

    row = FrontendOpenOrders.parse(trader.info.frontend_open_orders(trader.address)).order(oid)
    assert (row.side, row.tif, row.order_type) == ("A", "Gtc", "Limit")
    assert row.limit_px == ticket.px
    assert not row.is_trigger


def test_client_order_id_is_echoed(trader, market, venue):
    """An order that carries a cloid is acknowledged, listed and found by it."""
    cloid = venue.cloid()
    ticket = market.bid(depth_bps=1_500, notional_usd=12, cloid=cloid)

    resting = OrderResponse.parse(trader.exchange.order(**ticket)).resting
    assert resting.cloid == cloid.to_raw()

    found = OrderStatus.parse(trader.info.query_order_by_cloid(trader.address, cloid))
    assert (found.oid, found.cloid) == (resting.oid, cloid.to_raw())


@pytest.mark.property
@given(intent=resting_intents())
def test_an_order_is_cancelled_at_most_once(venue, intent):
    """Whatever legal order rests, its first cancel succeeds and its second is refused."""
    with venue.trader() as trader:
        ticket = venue.market("ETH").ticket(intent)
        oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid

        first, second = (CancelResponse.parse(trader.exchange.cancel("ETH", oid)) for _ in range(2))

    assert first.outcome == "success"
    assert "already canceled" in second.outcome
