"""Readings of messages about a user."""

import pytest

from harness.errors import ShapeError
from harness.shapes.ledger import UserNonFundingLedgerUpdates
from harness.shapes.user_channels import (
    HistoricalOrdersMessage,
    LedgerMessage,
    OrderUpdates,
    UserEvent,
    UserFillsMessage,
    UserFundingsMessage,
)
from harness.shapes.web import WebData3
from tests.shapes.answers import HASH, NOW, ORDER_RECORD
from tests.shapes.every import CHANNELS, USER_EVENTS


def test_the_changes_of_one_order():
    rows = CHANNELS["orderUpdates"]
    updates = OrderUpdates.parse([*rows, {**rows[0], "status": "filled"}])
    oid = rows[0]["order"]["oid"]
    assert [row.status for row in updates.of(oid)] == ["open", "filled"]
    assert updates.of(oid + 1) == ()


@pytest.mark.parametrize(
    ("shape", "channel"),
    [
        (UserFillsMessage, "userFills"),
        (UserFundingsMessage, "userFundings"),
        (LedgerMessage, "userNonFundingLedgerUpdates"),
        (HistoricalOrdersMessage, "userHistoricalOrders"),
    ],
)
def test_only_the_first_message_is_a_snapshot(shape, channel):
    data = CHANNELS[channel]
    later = {key: value for key, value in data.items() if key != "isSnapshot"}
    assert shape.parse(data).is_snapshot
    assert not shape.parse(later).is_snapshot


def test_figures_of_an_event():
    event = UserEvent.parse(USER_EVENTS[1])
    assert event.funding
    assert (str(event.funding.usdc), str(event.funding.szi)) == ("-0.044263", "30.0")
    with pytest.raises(ShapeError, match="exactly one of"):
        UserEvent.parse({})


def test_the_page_of_a_user_without_anything_set():
    data = CHANNELS["webData3"]
    user = {
        key: value
        for key, value in data["userState"].items()
        if key in ("agentAddress", "agentValidUntil", "cumLedger", "serverTime", "isVault", "user")
    }
    assert WebData3.parse({"userState": user, "perpDexStates": []}).userState.isVault
    with pytest.raises(ShapeError, match="optOutOfSpotDusting"):
        WebData3.parse({"userState": {**user, "optOutOfSpotDusting": False}, "perpDexStates": []})


@pytest.mark.parametrize(
    "delta",
    [
        {"type": "accountActivationGas", "token": "USDC", "amount": "1.0"},
        {"type": "gossipPriorityGasAuction", "token": "HYPE", "amount": "0.342"},
        {"type": "hip3LiquidatorDeposit", "dex": "xyz", "token": "USDC", "amount": "5.0"},
    ],
)
def test_rows_of_the_ledger_that_others_have_seen(delta):
    (row,) = UserNonFundingLedgerUpdates.parse([{"time": NOW, "hash": HASH, "delta": delta}])
    assert row.delta.kind == delta["type"]


@pytest.mark.parametrize("status", ["tooManyOpenOrdersRejected", "outcomeSettledCanceled", "scheduledCancel"])
def test_words_for_what_became_of_an_order(status):
    assert OrderUpdates.parse([{**CHANNELS["orderUpdates"][0], "status": status}])[0].status == status
    data = {**CHANNELS["userHistoricalOrders"], "orderHistory": [{**ORDER_RECORD, "status": status}]}
    assert HistoricalOrdersMessage.parse(data).orderHistory[0].state == status
