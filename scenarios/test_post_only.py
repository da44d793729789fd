"""Post-only (Alo) orders that would cross are refused, and the refusal quotes the book.

Covers: POST /exchange (order), POST /info (orderStatus through historicalOrders).
"""

import pytest

from harness.shapes import HistoricalOrders, OpenOrders, OrderResponse

pytestmark = pytest.mark.coin("ETH")


def test_post_only_bid_that_would_cross_is_refused(trader, market):
    """An Alo bid 1 % over mid is refused with best bid and best ask, and leaves a rejected record."""
    bid, ask = market.bbo
    ticket = market.bid(depth_bps=-100, notional_usd=15, tif="Alo")

    reason = OrderResponse.parse(trader.exchange.order(**ticket)).rejected.reason

    assert reason == (
        f"Post only order would have immediately matched, bbo was {bid}@{ask}. asset={market.asset}"
    )
    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()
    latest = HistoricalOrders.parse(trader.info.historical_orders(trader.address))[0]
    assert latest.state == "badAloPxRejected"


def test_post_only_ask_that_would_cross_is_refused(trader, market):
    """An Alo ask 1 % under mid is refused in the same words."""
    ticket = market.ask(depth_bps=-100, notional_usd=15, tif="Alo")

    reason = OrderResponse.parse(trader.exchange.order(**ticket)).rejected.reason

    assert reason.startswith("Post only order would have immediately matched, bbo was ")
