"""What anybody may read of the markets: candles, funding, contexts, metadata of every dex and token.

Covers: POST /info (candleSnapshot, fundingHistory, userFunding, predictedFundings, activeAssetData,
allPerpMetas, perpDexLimits, perpDexStatus, perpsAtOpenInterestCap, tokenDetails, exchangeStatus, l2Book,
metaAndAssetCtxs, spotPairDeployAuctionStatus).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ActiveAssetData,
    AllPerpMetas,
    CandleSnapshot,
    DeployAuctionStatus,
    ExchangeStatus,
    FundingHistory,
    L2Book,
    MetaAndAssetCtxs,
    OrderResponse,
    PerpDexLimits,
    PerpDexStatus,
    PredictedFundings,
    TokenDetails,
    UserFunding,
)

pytestmark = pytest.mark.coin("ETH")


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


@pytest.mark.spends
def test_candle_shows_what_was_traded(trader, venue):
    """The running candle has the trade's volume and price."""
    filled = OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled
    now = venue.clock.now_ms()

    candles = trader.info.candles_snapshot("ETH", "1m", now - 60_000, now + 60_000)
    newest = CandleSnapshot.parse(candles)[-1]
    assert Decimal(newest.l) <= filled.avg_px <= Decimal(newest.h)
    assert Decimal(newest.v) >= filled.total_sz


@pytest.mark.spends
def test_funding_is_paid_every_hour(trader, localnet, venue):
    """Three hours give three rates and three payments, and the next rate is predicted."""
    started = venue.clock.now_ms()
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled
    localnet.advance(3 * 3600)

    assert len(FundingHistory.parse(trader.info.funding_history("ETH", started))) == 3
    assert len(UserFunding.parse(trader.info.user_funding_history(trader.address, started))) == 3
    predicted = PredictedFundings.parse(ask(trader, "predictedFundings"))
    assert "ETH" in [coin for coin, _ in predicted]


@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
def test_trader_sees_what_he_may_trade(trader, is_cross):
    """Leverage as it was set, and sizes for both sides."""
    trader.exchange.update_leverage(5, "ETH", is_cross)

    data = ActiveAssetData.parse(ask(trader, "activeAssetData", user=trader.address, coin="ETH"))

    assert (data.leverage.value, data.leverage.type) == (5, "cross" if is_cross else "isolated")
    assert len(data.maxTradeSzs) == len(data.availableToTrade) == 2


def test_every_dex_has_its_metadata(trader):
    """The first dex and the builder's, in the order of perpDexs."""
    metas = AllPerpMetas.parse(ask(trader, "allPerpMetas"))
    dexes = trader.info.perp_dexs()

    assert len(metas) == len(dexes)
    named = [dex["name"] for dex in dexes[1:]]
    for name in named:
        assert PerpDexStatus.parse(ask(trader, "perpDexStatus", dex=name))
        assert PerpDexLimits.parse(ask(trader, "perpDexLimits", dex=name)) is not None
        assert MetaAndAssetCtxs.parse(ask(trader, "metaAndAssetCtxs", dex=name))


def test_no_coin_is_at_its_cap(trader):
    """An empty list, for the first dex."""
    assert ask(trader, "perpsAtOpenInterestCap") == []


@pytest.mark.parametrize("name", ["USDC", "PURR", "HYPE"])
def test_token_is_told_in_detail(trader, name):
    """Supply, prices and genesis, by the token's id."""
    token = next(one for one in trader.info.spot_meta()["tokens"] if one["name"] == name)

    details = TokenDetails.parse(ask(trader, "tokenDetails", tokenId=token["tokenId"]))

    assert details.name == name


def test_exchange_says_the_time(trader, venue):
    """No special status in ordinary times."""
    status = ExchangeStatus.parse(ask(trader, "exchangeStatus"))

    assert status.specialStatuses is None


def test_auctions_have_a_price_or_are_over(trader):
    """The one for tokens and the one for dexes."""
    for kind in ("spotPairDeployAuctionStatus", "perpDeployAuctionStatus"):
        assert DeployAuctionStatus.parse(ask(trader, kind)).durationSeconds > 0


def test_book_of_an_unknown_coin_is_null(trader):
    """Not an error."""
    assert L2Book.parse(ask(trader, "l2Book", coin="NOSUCHCOIN")).is_unknown


@pytest.mark.parametrize("figures", [{"nSigFigs": 2}, {"nSigFigs": 5, "mantissa": 5}], ids=["two", "five"])
def test_book_is_grouped_on_demand(trader, figures):
    """Levels at round prices hold what lies between them."""
    book = L2Book.parse(ask(trader, "l2Book", coin="ETH", **figures))

    assert all(level.sz > 0 for level in (*book.bids, *book.asks))
    assert Decimal(book.bids[0].px) < Decimal(book.asks[0].px)
