"""The auctions of early data: a slot is bought for an address, and is its for the round that follows.

Covers: POST /exchange (gossipPriorityBid), POST /info (gossipPriorityAuctionStatus, gossipRootIps,
userNonFundingLedgerUpdates), websocket userNonFundingLedgerUpdates.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    DefaultResponse,
    GossipPriorityAuctionStatus,
    GossipRootIps,
    UserNonFundingLedgerUpdates,
)

pytestmark = [
    pytest.mark.targets("replay", "localnet", reason="burns HYPE"),
]

IP = "9.9.9.9"
ROUND_S = 180


def status(trader):
    """Return the winners of the last round, and this round's auctions."""
    answer = trader.info.post("/info", {"type": "gossipPriorityAuctionStatus"})
    return tuple(GossipPriorityAuctionStatus.parse(answer))


def bid(trader, wei):
    """Bid for the first slot."""
    return DefaultResponse.parse(trader.exchange.gossip_priority_bid(0, IP, wei))


@pytest.fixture
def bidder(trader, localnet):
    """The trader with HYPE, before a slot that nobody else takes."""
    localnet.fund_token(trader.address, "HYPE", 10)
    localnet.open_auction("gossip0", 1)
    return trader


def test_slot_is_sold_at_its_price_and_burned(bidder):
    """A lower bid is refused, a later one too; what was paid is a row of the ledger."""
    before = Decimal(status(bidder)[1][0].currentGas)
    assert bid(bidder, 10**7).refusal == "Insufficient gas at current auction price."

    assert bid(bidder, 10**8).ok

    sold = status(bidder)[1][0]
    assert sold.currentGas is None
    assert Decimal("0.1") <= Decimal(sold.endGas) <= before <= Decimal(sold.startGas) == 1
    assert bid(bidder, 10**9).refusal == "Insufficient gas at current auction price."
    rows = bidder.info.user_non_funding_ledger_updates(bidder.address, 0)
    delta = UserNonFundingLedgerUpdates.parse(rows)[-1].delta
    assert (delta.token, delta.amount) == ("HYPE", sold.endGas)


def test_winner_has_the_slot_in_the_round_that_follows(bidder, localnet):
    """That round's auction begins at ten times what was paid."""
    assert bid(bidder, 10**8).ok
    paid = Decimal(status(bidder)[1][0].endGas)
    assert status(bidder)[0] == (None, None)

    localnet.advance(ROUND_S)

    winners, (first, _) = status(bidder)
    assert winners == (IP, None)
    assert Decimal(first.startGas) == 10 * paid
    assert first.endGas is None


@pytest.mark.ws
def test_feed_of_the_ledger_tells_what_was_paid(bidder):
    """In the snapshot of who comes later, and as it happens."""
    feed = {"type": "userNonFundingLedgerUpdates", "user": bidder.address}
    with bidder.subscribed(feed) as frames:
        assert bid(bidder, 10**8).ok

    (row,) = frames[-1]["data"]["nonFundingLedgerUpdates"]
    assert row["delta"]["type"] == "gossipPriorityGasAuction"
    assert row["delta"]["amount"] == status(bidder)[1][0].endGas


def test_no_nodes_are_named_on_testnet(trader):
    """The list is empty there."""
    assert list(GossipRootIps.parse(trader.info.post("/info", {"type": "gossipRootIps"}))) == []
