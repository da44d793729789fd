"""What the explorer tells: blocks, and actions with what became of them.

Its messages are bare lists, which come from a host of its own on the real network.

Covers: websocket explorerBlock, explorerTxs; POST /exchange (order, cancel, updateLeverage).
"""

import pytest

from harness.shapes import CancelResponse, OrderResponse, UserFills

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="the explorer is another host there"),
]


def rows(frames):
    """Return all that was told, oldest first."""
    return [row for frame in frames if isinstance(frame, list) for row in frame]


@pytest.mark.spends
def test_fill_leads_to_its_action_by_the_hash(trader, market, venue):
    """The explorer knows who sent it, what was sent, and in which block it is."""
    with trader.subscribed({"type": "explorerTxs"}) as frames:
        placed = trader.exchange.order(**market.bid(depth_bps=-100, notional_usd=20))
        assert OrderResponse.parse(placed).filled
        venue.until(lambda: rows(frames))

    (told,) = rows(frames)
    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]
    assert (told["hash"], told["time"], told["error"]) == (fill.hash, fill.time, None)
    assert (told["user"], told["action"]["type"]) == (trader.address.lower(), "order")


def test_refused_action_is_in_a_block_with_its_error(trader, venue):
    """An order that is refused alone is no error of its action."""
    with trader.subscribed({"type": "explorerTxs"}) as frames:
        refused = trader.exchange.update_leverage(0, "ETH")
        trader.exchange.cancel("ETH", 1)
        venue.until(lambda: len(rows(frames)) == 2)

    assert [told["error"] for told in rows(frames)] == [refused["response"], None]


def test_blocks_rise_and_hold_the_actions(trader, market, venue):
    """Each with its time, its height, and who proposed it."""
    with trader.subscribed({"type": "explorerBlock"}) as frames:
        placed = OrderResponse.parse(trader.exchange.order(**market.bid(depth_bps=2_000, notional_usd=12)))
        gone = trader.exchange.cancel(market.coin, placed.resting.oid)
        assert CancelResponse.parse(gone).outcome == "success"
        venue.until(lambda: len(rows(frames)) == 2)

    first, second = rows(frames)
    assert first["height"] < second["height"]
    assert first["blockTime"] <= second["blockTime"]
    assert (first["numTxs"], len(first["proposer"])) == (1, 42)
