"""What can be traded, and where it trades: read through the SDK.

Covers: POST /info (meta, spotMeta, metaAndAssetCtxs, allMids, l2Book).
"""

import pytest

from harness.shapes import AllMids, L2Book, Meta, MetaAndAssetCtxs, SpotMeta

pytestmark = pytest.mark.coin("ETH")


def test_meta_numbers_the_perpetuals(trader, market):
    """The asset number of a perpetual is its place in the universe; on testnet SOL is 0 and BTC is 3."""
    meta = Meta.parse(trader.info.meta())

    assert (meta.asset("SOL"), meta.asset("BTC"), meta.asset("ETH")) == (0, 3, market.asset)
    assert trader.info.name_to_asset("ETH") == meta.asset("ETH")


def test_spot_meta_numbers_the_pairs(trader):
    """The asset number of a pair is 10000 plus its index; PURR/USDC has a name, the others a number."""
    meta = SpotMeta.parse(trader.info.spot_meta())

    assert (meta.asset("PURR/USDC"), meta.asset("@1035")) == (10_000, 11_035)
    assert trader.info.name_to_asset("HYPE/USDC") == meta.asset("@1035")


def test_sdk_that_fetches_its_own_metadata_numbers_alike(trader):
    """Built without metadata, the SDK asks for it, and comes to the same numbers and decimals."""
    fresh = trader.rebuilt(own_metadata=True).info

    assert fresh.coin_to_asset == trader.info.coin_to_asset
    assert fresh.name_to_coin == trader.info.name_to_coin
    assert fresh.asset_to_sz_decimals == trader.info.asset_to_sz_decimals


def test_contexts_stand_beside_the_universe(trader):
    """One context a coin, in the order of the universe."""
    both = MetaAndAssetCtxs.parse(trader.info.meta_and_asset_ctxs())

    assert len(both.contexts) == len(both.meta.universe)
    assert 2_500 < both.context("ETH").mark_px < 3_400


def test_mid_lies_between_best_bid_and_best_ask(trader, market):
    """allMids and the book tell the same."""
    mid = AllMids.parse(trader.info.all_mids()).mid("ETH")
    book = L2Book.parse(trader.info.l2_snapshot("ETH"))

    assert book.best_bid.px < mid < book.best_ask.px
    assert market.mid == mid
