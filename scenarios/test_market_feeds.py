"""What the feeds of a market tell: book, best bid and ask, trades, candles, mids, context.

Covers: websocket l2Book, bbo, trades, candle, allMids, activeAssetCtx; POST /exchange (order).
"""

import pytest

from harness.shapes import OrderResponse

pytestmark = [pytest.mark.ws, pytest.mark.coin("ETH")]


def test_book_shows_a_new_level(trader, market, venue):
    """A resting bid is in the next book that is pushed."""
    ticket = market.bid(depth_bps=100, notional_usd=12)

    with trader.subscribed({"type": "l2Book", "coin": "ETH"}) as frames:
        venue.until(lambda: frames)
        assert OrderResponse.parse(trader.exchange.order(**ticket)).resting
        venue.until(lambda: any(level["px"] == str(ticket.px) for level in frames[-1]["data"]["levels"][0]))

    assert frames[0]["data"]["coin"] == "ETH"


def test_best_bid_moves_with_an_order_inside_the_spread(trader, market, localnet, venue):
    """bbo holds the two best levels, and comes with each change of them."""
    localnet.set_liquidity("ETH", bids=[("3000", "1")], asks=[("3010", "1")])

    with trader.subscribed({"type": "bbo", "coin": "ETH"}) as frames:
        assert OrderResponse.parse(trader.exchange.order(**market.bid(px="3005", sz="0.01"))).resting
        venue.until(lambda: len(frames) == 2)

    before, after = (frame["data"]["bbo"] for frame in frames)
    assert [level["px"] for level in before] == ["3000.0", "3010.0"]
    assert [level["px"] for level in after] == ["3005.0", "3010.0"]


@pytest.mark.spends
def test_trade_is_told_to_trades_and_candle(trader, market, venue):
    """A fill is a trade of the market and moves its candle."""
    ticket = market.bid(depth_bps=-100, notional_usd=20)

    with (
        trader.subscribed({"type": "trades", "coin": "ETH"}) as trades,
        trader.subscribed({"type": "candle", "coin": "ETH", "interval": "1m"}) as candles,
    ):
        filled = OrderResponse.parse(trader.exchange.order(**ticket)).filled
        # The first candle may be the one before the trade.
        venue.until(lambda: trades and candles and candles[-1]["data"]["c"] == trades[-1]["data"][-1]["px"])

    last = trades[-1]["data"][-1]
    assert (last["coin"], last["side"]) == ("ETH", "B")
    assert last["sz"] == str(filled.total_sz)
    assert (candles[-1]["data"]["s"], candles[-1]["data"]["i"]) == ("ETH", "1m")
    assert candles[-1]["data"]["c"] == last["px"]


def test_mids_and_context_follow_the_price(trader, localnet, venue):
    """allMids and activeAssetCtx come again when a price has moved."""
    with trader.subscribed({"type": "allMids"}, {"type": "activeAssetCtx", "coin": "ETH"}) as frames:
        localnet.set_mid("ETH", "2800")
        venue.until(lambda: len(frames) == 4)

    assert [frame["channel"] for frame in frames] == ["allMids", "activeAssetCtx"] * 2
    assert frames[2]["data"]["mids"]["ETH"] == frames[3]["data"]["ctx"]["midPx"]
