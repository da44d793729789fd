"""The life of one order, as the SDK's own first example tells it: look, bid, query, cancel, query again.

Covers: POST /exchange (order, cancel), POST /info (clearinghouseState, orderStatus).
"""

import pytest

from harness.shapes import CancelResponse, ClearinghouseState, OrderResponse, OrderStatus


@pytest.mark.targets(
    "replay", "localnet", reason="0.2 ETH at 1100 is 220 USDC, more than an order may be worth on testnet"
)
def test_a_bid_far_under_the_market_rests_until_it_is_cancelled(trader):
    """A bid on ETH at 1100 rests, reads back as sent, is cancelled, and leaves the account as it was."""
    before = ClearinghouseState.parse(trader.info.user_state(trader.address))
    assert before.positions == ()

    answer = trader.exchange.order("ETH", True, 0.2, 1100, {"limit": {"tif": "Gtc"}})
    oid = OrderResponse.parse(answer).resting.oid

    placed = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    assert placed.state == "open"
    assert (placed.coin, placed.limit_px, placed.sz) == ("ETH", 1100, placed.orig_sz)

    cancel = CancelResponse.parse(trader.exchange.cancel("ETH", oid))
    assert cancel.outcome == "success"

    gone = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    assert gone.state == "canceled"

    after = ClearinghouseState.parse(trader.info.user_state(trader.address))
    assert after.positions == before.positions
    assert after.account_value == before.account_value
