"""Tables of the market that clients read once, and trades and candles that they read again and again.

Covers: POST /info (marginTable, maxMarketOrderNtls, recentTrades, candleSnapshot, meta, l2Book).
"""

from decimal import Decimal
from typing import get_args

import pytest

from harness.shapes import CandleSnapshot, MarginTable, MaxMarketOrderNtls, Meta, OrderResponse, RecentTrades
from harness.shapes.market import Interval

pytestmark = pytest.mark.coin("ETH")


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


def test_margin_table_is_the_one_of_the_metadata(trader, market):
    """Tiers by the value of a position, with the highest leverage first."""
    meta = Meta.parse(trader.info.meta())
    number = meta.coin("ETH").marginTableId

    table = MarginTable.parse(ask(trader, "marginTable", id=number))

    assert table == dict(meta.marginTables)[number]
    assert table.marginTiers[0].maxLeverage == market.max_leverage


def test_largest_market_orders_grow_with_the_leverage(trader, market):
    """A row for each maximum leverage."""
    rows = MaxMarketOrderNtls.parse(ask(trader, "maxMarketOrderNtls")).rows

    largest = {leverage: Decimal(ntl) for leverage, ntl in rows}
    assert market.max_leverage in largest
    assert sorted(largest.values()) == [largest[leverage] for leverage in sorted(largest)]


@pytest.mark.spends
def test_own_trades_are_among_the_recent_ones(trader, localnet):
    """The newest first, with the side of who took it."""
    localnet.set_mid("ETH", "3000")
    for is_buy in (True, False):
        assert OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, 0.01)).filled

    newest, older = RecentTrades.parse(ask(trader, "recentTrades", coin="ETH"))[:2]

    assert (newest.side, older.side) == ("A", "B")
    assert trader.address.lower() in newest.users


@pytest.mark.spends
@pytest.mark.parametrize("interval", get_args(Interval))
def test_candle_of_every_length_has_the_trade(trader, venue, interval):
    """From a minute to a month."""
    filled = OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled
    now = venue.clock.now_ms()

    candles = trader.info.candles_snapshot("ETH", interval, now - 60_000, now + 60_000)

    newest = CandleSnapshot.parse(candles)[-1]
    assert (newest.s, newest.i) == ("ETH", interval)
    assert newest.t <= now <= newest.T
    assert Decimal(newest.l) <= filled.avg_px <= Decimal(newest.h)
