"""Money on the move: between balances, to others, out, and what the ledger tells of it.

Covers: POST /exchange (usdClassTransfer, usdSend, spotSend, sendAsset, agentSendAsset, withdraw3), POST /info
(userNonFundingLedgerUpdates, spotClearinghouseState, clearinghouseState, preTransferCheck).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    DefaultResponse,
    PreTransferCheck,
    SpotClearinghouseState,
    UserNonFundingLedgerUpdates,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="sends money to addresses that nobody owns"),
]


def ledger(trader):
    """Return the rows of the account's ledger, oldest first."""
    updates = trader.info.user_non_funding_ledger_updates(trader.address, 0)
    return UserNonFundingLedgerUpdates.parse(updates)


def spot(trader):
    """Return the account's spot balances."""
    return SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address))


def withdrawable(trader):
    """Return the USDC that no position holds."""
    return ClearinghouseState.parse(trader.info.user_state(trader.address)).withdrawable


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def test_usdc_moves_between_perpetuals_and_spot(trader):
    """What leaves one side arrives on the other, and the ledger has both ways."""
    before = withdrawable(trader)

    accepted(trader.exchange.usd_class_transfer(25, False))
    assert withdrawable(trader) == before - 25
    accepted(trader.exchange.usd_class_transfer(5, True))
    assert withdrawable(trader) == before - 20

    rows = ledger(trader).of("accountClassTransfer")
    assert [(row.delta.usdc, row.delta.toPerp) for row in rows] == [("25.0", False), ("5.0", True)]


def test_usdc_is_sent_to_another_account(trader, counterparty):
    """The receiver has it at once; both ledgers have the same row."""
    before = withdrawable(counterparty)

    accepted(trader.exchange.usd_transfer(10, counterparty.address.lower()))

    assert withdrawable(counterparty) == before + 10
    (sent,), (received,) = ledger(trader).of("internalTransfer"), ledger(counterparty).of("internalTransfer")
    assert sent == received
    assert sent.delta.usdc == "10.0"


def test_token_is_sent_to_another_account(trader, counterparty, localnet):
    """A spot token by spotSend; the ledger names token, fee and both sides."""
    localnet.fund_token(trader.address, "PURR", 100)

    accepted(trader.exchange.spot_transfer(40, counterparty.address.lower(), spot_token(trader, "PURR")))

    (row,) = ledger(counterparty).of("spotTransfer")
    assert (row.delta.token, row.delta.amount) == ("PURR", "40.0")


def spot_token(trader, name):
    """Return a token as transfers name it: its name and its id."""
    tokens = trader.info.spot_meta()["tokens"]
    return next(f"{name}:{token['tokenId']}" for token in tokens if token["name"] == name)


def test_asset_is_sent_between_the_dexes_of_one_account(trader):
    """sendAsset to oneself, from the perpetuals to spot, and by an agent the same."""
    before = spot(trader).balance("USDC").total
    me = trader.address.lower()

    accepted(trader.exchange.send_asset(me, "", "spot", "USDC", 12))

    assert spot(trader).balance("USDC").total == before + 12
    (row,) = ledger(trader).of("send")
    assert (row.delta.sourceDex, row.delta.destinationDex, row.delta.amount) == ("", "spot", "12.0")


def test_new_address_costs_a_fee(trader, venue):
    """What reaches an address for the first time pays one USDC for its account."""
    stranger = venue.stranger()
    check = trader.info.post(
        "/info", {"type": "preTransferCheck", "user": stranger, "source": trader.address}
    )
    assert PreTransferCheck.parse(check).userExists is False

    accepted(trader.exchange.usd_transfer(10, stranger))

    (row,) = ledger(trader).of("internalTransfer")
    assert row.delta.fee == "1.0"


def test_withdrawal_pays_its_fee(trader):
    """Out through the bridge: the amount goes, one dollar of it is the fee."""
    before = withdrawable(trader)

    accepted(trader.exchange.withdraw_from_bridge(20, trader.address.lower()))

    assert withdrawable(trader) == before - 20
    (row,) = ledger(trader).of("withdraw")
    assert Decimal(row.delta.usdc) + Decimal(row.delta.fee) == 20


def test_more_than_there_is_cannot_be_sent(trader, counterparty):
    """The refusal of the whole action; nothing has moved."""
    answers = [
        trader.exchange.usd_transfer(1e9, counterparty.address.lower()),
        trader.exchange.usd_class_transfer(1e9, False),
        trader.exchange.withdraw_from_bridge(1e9, trader.address.lower()),
        trader.exchange.send_asset(counterparty.address.lower(), "", "", "USDC", 1e9),
    ]

    assert all(DefaultResponse.parse(answer).is_refused for answer in answers)
    assert len(ledger(trader)) == 0
