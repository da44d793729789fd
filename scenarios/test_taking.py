"""An order that meets the other side: filled whole, filled in part, or with nothing to match.

Covers: POST /exchange (order), POST /info (orderStatus, clearinghouseState, userFills, openOrders).
"""

from decimal import Decimal

import pytest
from hypothesis import given

from harness.shapes import ClearinghouseState, OpenOrders, OrderResponse, OrderStatus, UserFills
from harness.strategies import crossing_intents

pytestmark = [pytest.mark.coin("ETH"), pytest.mark.spends]


def test_gtc_that_crosses_is_filled_whole(trader, market):
    """A bid 1 % through the asks is filled at once, at no more than its limit, and leaves nothing open."""
    ticket = market.bid(depth_bps=-100, notional_usd=20)

    filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled
    assert filled.total_sz == ticket.sz
    assert filled.avg_px <= ticket.px

    assert OrderStatus.parse(trader.info.query_order_by_oid(trader.address, filled.oid)).state == "filled"
    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()

    fills = UserFills.parse(trader.info.user_fills(trader.address)).of(filled.oid)
    assert sum(fill.sz for fill in fills) == ticket.sz
    assert all(fill.crossed and fill.dir == "Open Long" for fill in fills)


def test_gtc_that_crosses_a_thin_book_is_filled_in_part_and_rests(trader, market, localnet):
    """What the asks cannot fill rests as a bid, and can still be seen as the rest of the whole."""
    localnet.set_liquidity("ETH", bids=[("3099", "1")], asks=[("3101", "0.004")])
    ticket = market.bid(px="3101", sz="0.01")

    filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled
    assert filled.total_sz == Decimal("0.004")

    row = OpenOrders.parse(trader.info.open_orders(trader.address)).order(filled.oid)
    assert (row.sz, row.orig_sz) == (Decimal("0.006"), Decimal("0.01"))

    position = ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH")
    assert position.szi == Decimal("0.004")


def test_ioc_takes_what_there_is_and_drops_the_rest(trader, market, localnet):
    """An Ioc larger than the book answers `filled` with the smaller size and leaves nothing open."""
    localnet.set_liquidity("ETH", bids=[("3099", "1")], asks=[("3101", "0.004")])
    ticket = market.bid(px="3101", sz="0.01", tif="Ioc")

    filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled
    assert filled.total_sz == Decimal("0.004")

    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()
    assert OrderStatus.parse(trader.info.query_order_by_oid(trader.address, filled.oid)).state == "filled"


def test_ioc_with_nothing_to_match_is_refused(trader, market):
    """An Ioc bid 10 % under mid meets nobody: an error, no resting order, and no oid in the answer."""
    ticket = market.bid(depth_bps=1_000, notional_usd=15, tif="Ioc")

    reason = OrderResponse.parse(trader.exchange.order(**ticket)).rejected.reason

    assert reason == f"Order could not immediately match against any resting orders. asset={market.asset}"
    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()


def test_two_traders_meet_in_the_book(trader, counterparty, market, localnet):
    """A resting ask is filled by another account's bid: the maker pays the lower fee, both see the trade."""
    localnet.set_liquidity("ETH", bids=[("3000", "1")], asks=[("3200", "1")])
    ask = market.ask(px="3100", sz="0.01", tif="Alo")
    bid = market.bid(px="3100", sz="0.01", tif="Ioc")

    made = OrderResponse.parse(trader.exchange.order(**ask)).resting
    taken = OrderResponse.parse(counterparty.exchange.order(**bid)).filled
    assert taken.avg_px == 3100

    (maker,) = UserFills.parse(trader.info.user_fills(trader.address)).of(made.oid)
    (taker,) = UserFills.parse(counterparty.info.user_fills(counterparty.address)).of(taken.oid)
    assert (maker.crossed, maker.fee) == (False, Decimal("0.00465"))
    assert (taker.crossed, taker.fee) == (True, Decimal("0.01395"))
    assert maker.tid == taker.tid


def test_own_resting_order_is_cancelled_instead_of_traded_with(trader, market, localnet):
    """A self trade does not happen: the resting order goes, the incoming one meets the next."""
    localnet.set_liquidity("ETH", bids=[("3000", "1")], asks=[("3200", "1")])
    own = OrderResponse.parse(trader.exchange.order(**market.ask(px="3100", sz="0.01"))).resting

    filled = OrderResponse.parse(trader.exchange.order(**market.bid(px="3200", sz="0.01"))).filled

    assert filled.avg_px == 3200
    gone = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, own.oid))
    assert gone.state == "selfTradeCanceled"


@pytest.mark.property
@given(intent=crossing_intents())
def test_a_crossing_order_is_filled_at_its_limit_or_better(venue, intent):
    """Whatever legal order crosses by 1 to 4 %, it is filled whole, never beyond its limit."""
    with venue.trader() as trader:
        ticket = venue.market("ETH").ticket(intent)
        filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled

    assert filled.total_sz == ticket.sz
    assert filled.avg_px <= ticket.px if ticket.is_buy else filled.avg_px >= ticket.px
