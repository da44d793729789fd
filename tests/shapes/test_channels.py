"""Readings of messages about the market."""

import pytest

from harness.errors import ShapeError
from harness.shapes.channels import (
    AllMidsMessage,
    BboMessage,
    BookMessage,
    ExplorerBlocks,
    ExplorerTxs,
    SpotAssetCtxMessage,
    inflated,
)
from harness.shapes.trades import Trades
from tests.shapes.every import CHANNELS


def test_the_best_prices_of_a_coin():
    message = BboMessage.parse(CHANNELS["bbo"])
    assert message.bid is None
    assert message.ask is not None
    assert str(message.ask.px) == "2500.5"


def test_the_mids_of_the_first_dex_name_none():
    assert AllMidsMessage.parse(CHANNELS["allMids"]).dex == "xyz"
    first = AllMidsMessage.parse({"mids": {"BTC": "85801.5"}})
    assert not first.dex


def test_a_book_reads_like_one_over_http():
    book = BookMessage.parse(CHANNELS["l2Book"])
    assert (str(book.spread), str(book.levels[0][0].px)) == ("0.5", "2500.0")


def test_a_trade_names_buyer_and_seller():
    (trade,) = Trades.parse(CHANNELS["trades"])
    assert (str(trade.px), str(trade.sz), len(trade.users)) == ("2500.5", "0.03", 2)


def test_the_state_of_a_pair_and_the_explorer():
    assert str(SpotAssetCtxMessage.parse(CHANNELS["activeSpotAssetCtx"]).ctx.mark_px) == "0.16"
    assert ExplorerBlocks.parse(CHANNELS["explorerBlock"])[0].numTxs == 2
    assert ExplorerTxs.parse(CHANNELS["explorerTxs"])[0].action == {"type": "noop"}


@pytest.mark.parametrize("text", ["?", "é", "AAAA", "YWJj"])
def test_what_cannot_be_inflated_is_told(text):
    with pytest.raises(ShapeError, match="inflated"):
        inflated(text)
