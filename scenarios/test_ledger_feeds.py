"""What an account is told of money that moves without an order: funding and transfers.

Covers: websocket userFundings, userNonFundingLedgerUpdates; POST /exchange (usdSend).
"""

import pytest

from harness.shapes import OrderResponse

pytestmark = [pytest.mark.ws, pytest.mark.spends, pytest.mark.coin("ETH")]


def test_funding_is_told_when_its_hour_comes(trader, market, localnet, venue):
    """userFundings starts with a snapshot; a payment comes by the clock, with nothing sent."""
    assert OrderResponse.parse(trader.exchange.order(**market.bid(depth_bps=-100, notional_usd=50))).filled

    with trader.subscribed({"type": "userFundings", "user": trader.address}) as frames:
        localnet.advance(3_600)
        venue.until(lambda: len(frames) == 2)

    assert frames[0]["data"] == {"user": trader.address.lower(), "isSnapshot": True, "fundings": []}
    assert [row["coin"] for row in frames[1]["data"]["fundings"]] == ["ETH"]


def test_transfer_is_told_as_a_ledger_update(trader, counterparty, venue):
    """userNonFundingLedgerUpdates tells the receiver of a transfer."""
    subscription = {"type": "userNonFundingLedgerUpdates", "user": counterparty.address}

    with counterparty.subscribed(subscription) as frames:
        trader.exchange.usd_transfer(5, counterparty.address.lower())
        venue.until(lambda: len(frames) == 2)

    (row,) = frames[1]["data"]["nonFundingLedgerUpdates"]
    assert row["delta"]["type"] == "internalTransfer"
