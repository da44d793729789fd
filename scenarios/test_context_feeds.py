"""Feeds of the market beside book and trades: contexts of coins and pairs, all mids, candles, thin books.

Covers: websocket activeAssetCtx, activeSpotAssetCtx, assetCtxs, allDexsAssetCtxs, spotAssetCtxs,
fastAssetCtxs, outcomeMetaUpdates, allMids, candle, l2Book, bbo, subscriptionResponse.
"""

import json

import pytest

from harness.shapes import OrderResponse
from harness.shapes.channels import inflated

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs books of its own making"),
]

PAIR = "@1035"
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "12h", "1d", "3d", "1w", "1M")


def of(frames, channel):
    """Return the data of a channel's messages."""
    return [frame["data"] for frame in frames if frame["channel"] == channel]


def prices_of(frame):
    """Return what a message of fastAssetCtxs holds."""
    return json.loads(inflated(frame["data"]))


def test_contexts_of_all_dexes_are_those_of_each(trader, journal, venue):
    """One feed for a dex, one for all, one for spot: the same rows."""
    feeds = ({"type": "assetCtxs"}, {"type": "assetCtxs", "dex": "test"}, {"type": "allDexsAssetCtxs"})

    with trader.subscribed(*feeds, {"type": "spotAssetCtxs"}) as frames:
        venue.until(lambda: of(frames, "spotAssetCtxs"))

    first, builders = of(frames, "assetCtxs")
    assert (first["dex"], builders["dex"]) == ("", "test")
    assert of(frames, "allDexsAssetCtxs") == [{"ctxs": [["", first["ctxs"]], ["test", builders["ctxs"]]]}]
    assert PAIR in {row["coin"] for row in of(frames, "spotAssetCtxs")[0]}


def test_coin_without_offers_has_no_impact_prices(trader, localnet, venue):
    """A perpetual has none, a pair has no mid; the mark stays."""
    feeds = [{"type": "activeAssetCtx", "coin": coin} for coin in ("ETH", PAIR)]

    with trader.subscribed(*feeds, {"type": "assetCtxs"}, {"type": "spotAssetCtxs"}) as frames:
        localnet.set_liquidity("ETH")
        localnet.set_liquidity(PAIR)
        venue.until(lambda: of(frames, "activeSpotAssetCtx")[-1]["ctx"]["midPx"] is None)
        localnet.set_mid("ETH", "3000")

    emptied = next(data["ctx"] for data in of(frames, "activeAssetCtx") if data["ctx"]["impactPxs"] is None)
    assert float(emptied["markPx"]) > 0


def test_coin_that_was_delisted_keeps_its_context(trader, venue):
    """No mid, no premium, no impact prices."""
    universe = trader.info.meta()["universe"]
    gone = next(coin["name"] for coin in universe if coin.get("isDelisted"))

    with trader.subscribed({"type": "activeAssetCtx", "coin": gone}) as frames:
        venue.until(lambda: frames)

    context = frames[0]["data"]["ctx"]
    assert (context["midPx"], context["premium"], context["impactPxs"]) == (None, None, None)


def test_prices_of_all_coins_come_compressed(trader, localnet, venue):
    """All at first, then those that have changed."""
    with trader.subscribed({"type": "fastAssetCtxs"}) as frames:
        localnet.set_mid("ETH", "3000")
        localnet.set_liquidity("BTC")
        localnet.set_mark("SOL", "140")
        localnet.set_liquidity(PAIR)
        venue.until(lambda: len(frames) >= 4)

    first, *later = (prices_of(frame) for frame in frames)
    assert {"ETH", "BTC", PAIR} <= first.keys()
    assert [prices["SOL"].keys() for prices in later if "SOL" in prices] == [{"markPx"}]
    assert later[-1] == {PAIR: {"midPx": None}}
    assert all(len(prices) < len(first) for prices in later)


def test_book_without_a_side_has_half_a_touch(trader, localnet, venue):
    """Null where nobody offers."""
    with trader.subscribed({"type": "bbo", "coin": "ETH"}) as frames:
        localnet.set_liquidity("ETH", bids=[("2999", "1")])
        localnet.set_liquidity("ETH", asks=[("3001", "1")])
        venue.until(lambda: len(frames) >= 3)

    assert [[side is None for side in frame["data"]["bbo"]] for frame in frames[1:]] == [
        [False, True],
        [True, False],
    ]


@pytest.mark.parametrize(
    ("asked", "key", "levels"),
    [({"nSigFigs": 3}, "spread", 20), ({"fast": True}, "fast", 5)],
    ids=["aggregated", "fast"],
)
def test_book_in_another_form_says_so(trader, venue, asked, key, levels):
    """An aggregated one has the true spread, a fast one few levels."""
    with trader.subscribed({"type": "l2Book", "coin": "ETH", **asked}) as frames:
        venue.until(lambda: frames)

    assert key in frames[0]["data"]
    assert max(map(len, frames[0]["data"]["levels"])) <= levels


@pytest.mark.parametrize("interval", INTERVALS)
def test_candle_of_each_width_follows_the_trades(trader, market, venue, interval):
    """The trade is in the candle under way."""
    with trader.subscribed({"type": "candle", "coin": "ETH", "interval": interval}) as frames:
        assert OrderResponse.parse(
            trader.exchange.order(**market.bid(depth_bps=-100, notional_usd=20))
        ).filled
        venue.until(lambda: frames)

    candle = frames[-1]["data"]
    assert (candle["s"], candle["i"]) == ("ETH", interval)
    assert candle["t"] <= venue.clock.now_ms() <= candle["T"]
    assert candle["n"] >= 1


def test_mids_of_a_builders_dex_name_it(trader, venue):
    """Those of the first dex do not."""
    with trader.subscribed({"type": "allMids", "dex": "test"}) as frames:
        venue.until(lambda: frames)

    assert frames[0]["data"]["dex"] == "test"
    assert "test:ABC" in frames[0]["data"]["mids"]


def test_feeds_that_are_silent_are_acknowledged(trader, journal, venue):
    """Outcomes, of which there are none; nothing follows."""
    with trader.subscribed({"type": "outcomeMetaUpdates"}) as frames:
        venue.until(lambda: any(frame.way == "received" for frame in journal.frames))

    assert frames == []
    (acknowledged,) = [frame.message for frame in journal.frames if frame.way == "received"]
    assert acknowledged["data"]["subscription"] == {"type": "outcomeMetaUpdates"}
