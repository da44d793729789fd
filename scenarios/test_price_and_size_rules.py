"""Each rule for prices and sizes, broken one at a time.

Covers: POST /exchange (order), POST /info (orderStatus through historicalOrders).
"""

import pytest

from harness.shapes import HistoricalOrders, OrderResponse

pytestmark = pytest.mark.coin("ETH")


@pytest.mark.parametrize(
    ("px", "reason"),
    [
        pytest.param("2500.55", "Price must be divisible by tick size. asset={asset}", id="six-figures"),
        pytest.param("2500.505", "Order has invalid price.", id="too-many-decimals"),
        pytest.param("0.001", "Order has invalid price.", id="absurd"),
    ],
)
def test_illegal_price_is_refused(trader, market, px, reason):
    """ETH has 4 size decimals, so its prices have 5 figures and at most 2 decimals."""
    ticket = market.bid(px=px, sz="0.01")

    rejected = OrderResponse.parse(trader.exchange.order(**ticket)).rejected

    assert rejected.reason == reason.format(asset=market.asset)


def test_whole_number_price_may_have_six_figures(trader, venue):
    """A price without decimals is always legal."""
    ticket = venue.market("BTC").ask(px="100001", sz="0.0002")

    assert OrderResponse.parse(trader.exchange.order(**ticket)).resting


@pytest.mark.parametrize(
    ("sz", "reason"),
    [
        pytest.param("0.01234", "Order has invalid size.", id="too-many-decimals"),
        pytest.param("0", "Order has zero size.", id="zero"),
    ],
)
def test_illegal_size_is_refused(trader, market, sz, reason):
    """A size is never rounded for the client: it is legal or refused."""
    ticket = market.bid(px="2500", sz=sz)

    assert OrderResponse.parse(trader.exchange.order(**ticket)).rejected.reason == reason


def test_order_below_ten_dollars_is_refused_and_leaves_a_record(trader, market):
    """The minimum is checked when the order runs, so there is a record of it."""
    ticket = market.bid(px="2500", sz="0.0039")

    rejected = OrderResponse.parse(trader.exchange.order(**ticket)).rejected

    assert rejected.reason == f"Order must have minimum value of $10. asset={market.asset}"
    latest = HistoricalOrders.parse(trader.info.historical_orders(trader.address))[0]
    assert latest.state == "minTradeNtlRejected"


def test_order_of_exactly_ten_dollars_is_accepted(trader, market):
    """The minimum is part of what is allowed."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(px="2500", sz="0.004"))).resting


def test_price_far_beyond_the_reference_is_refused(trader, market):
    """More than 95 % away from the reference price is refused before it is an order."""
    rejected = OrderResponse.parse(trader.exchange.order(**market.bid(px="100", sz="0.2"))).rejected

    assert rejected.reason == "Order price cannot be more than 95% away from the reference price"


@pytest.mark.targets(
    "replay", "localnet", reason="which order the oracle check refuses is not measured on testnet"
)
def test_taking_far_from_the_oracle_is_refused(trader, market, localnet):
    """An order that would trade far from the oracle price is refused, whatever the book says."""
    localnet.set_liquidity("ETH", bids=[("2000", "1")], asks=[("4500", "1")])

    rejected = OrderResponse.parse(trader.exchange.order(**market.bid(px="4500", sz="0.01"))).rejected

    assert rejected.reason == f"Price too far from oracle asset={market.asset}"


def test_smallest_coin_unit_is_accepted(trader, venue):
    """kPEPE has no size decimals and six price decimals."""
    ticket = venue.market("kPEPE").bid(px="0.003011", sz="4001")

    assert OrderResponse.parse(trader.exchange.order(**ticket)).resting
