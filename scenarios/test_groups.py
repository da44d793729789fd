"""Accounts under an account: sub-accounts and vaults, from their making to their money.

Covers: POST /exchange (createSubAccount, subAccountModify, subAccountTransfer, subAccountSpotTransfer,
createVault, vaultModify, vaultTransfer, vaultDistribute), POST /info (subAccounts, subAccounts2, userRole,
vaultDetails, userVaultEquities).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    CreateSubAccountResponse,
    CreateVaultResponse,
    DefaultResponse,
    OrderResponse,
    SubAccounts,
    SubAccounts2,
    UserRole,
    UserVaultEquities,
    VaultDetails,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="makes accounts that cannot be taken away again"),
]


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


@pytest.fixture
def sub(trader):
    """A new sub-account of the trader, with 500 USDC; its SDK objects."""
    address = CreateSubAccountResponse.parse(trader.exchange.create_sub_account("desk")).address
    accepted(trader.exchange.sub_account_transfer(address, True, 500_000_000))
    return trader.acting_for(address)


def vault_of(trader, **changes):
    """Make a vault with 200 USDC; return its address."""
    action = {
        "type": "createVault",
        "name": "Slow and steady",
        "description": "A vault that waits for better prices",
        "initialUsd": 200_000_000,
        "nonce": 1,
    }
    return CreateVaultResponse.parse(trader.post_l1_action(action | changes)).address


def details(trader, vault, user=None):
    """Return what is told of a vault, as a user sees it."""
    payload = {"type": "vaultDetails", "vaultAddress": vault, "user": user or trader.address}
    found = VaultDetails.parse(trader.info.post("/info", payload)).vault
    assert found is not None
    return found


def test_sub_account_trades_with_its_own_money(trader, sub):
    """The master signs, the sub-account pays, and the master's list shows what it has."""
    assert OrderResponse.parse(sub.exchange.market_open("ETH", True, 0.05)).filled
    assert DefaultResponse.parse(sub.exchange.update_leverage(3, "BTC", is_cross=False)).ok
    assert OrderResponse.parse(sub.exchange.market_open("BTC", False, 0.001)).filled

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).positions == ()
    (row,) = SubAccounts.parse(trader.info.query_sub_accounts(trader.address)).wire
    assert (row.name, row.subAccountUser, row.master) == ("desk", sub.address, trader.address.lower())
    assert {position.coin for position in row.clearinghouseState.positions} == {"ETH", "BTC"}
    assert UserRole.parse(trader.info.user_role(sub.address)).master == trader.address.lower()

    again = trader.info.post("/info", {"type": "subAccounts2", "user": trader.address})
    (row2,) = SubAccounts2.parse(again).wire
    assert dict(row2.dexToClearinghouseState)[""].positions == row.clearinghouseState.positions


def test_sub_account_gets_tokens_and_a_new_name(trader, sub, localnet):
    """Tokens move both ways; the name is the master's to change."""
    localnet.fund_token(trader.address, "PURR", 50)
    purr = next(token for token in trader.info.spot_meta()["tokens"] if token["name"] == "PURR")
    name = f"PURR:{purr['tokenId']}"
    accepted(trader.exchange.sub_account_spot_transfer(sub.address, True, name, 30))
    accepted(trader.exchange.sub_account_spot_transfer(sub.address, False, name, 10))
    accepted(
        trader.post_l1_action({"type": "subAccountModify", "subAccountUser": sub.address, "name": "night"})
    )
    accepted(trader.exchange.sub_account_transfer(sub.address, False, 100_000_000))

    (row,) = SubAccounts.parse(trader.info.query_sub_accounts(trader.address)).wire
    assert row.name == "night"
    assert row.spotState.balance("PURR").total == 20
    assert row.clearinghouseState.account_value == 400


def test_account_without_sub_accounts_reads_null(counterparty):
    """Not an empty list."""
    assert SubAccounts.parse(counterparty.info.query_sub_accounts(counterparty.address)).wire is None


def test_somebody_elses_sub_account_cannot_be_touched(trader, venue):
    """Each action names who is not registered to whom."""
    stranger = venue.stranger()
    answers = [
        trader.exchange.sub_account_transfer(stranger, True, 1_000_000),
        trader.exchange.sub_account_spot_transfer(stranger, True, "USDC", 1),
        trader.post_l1_action({"type": "subAccountModify", "subAccountUser": stranger, "name": "mine"}),
    ]

    assert all(stranger in DefaultResponse.parse(answer).refusal for answer in answers)


def test_vault_is_led_followed_and_told(trader, counterparty):
    """The leader deposits a share, a follower joins; both find themselves in the details."""
    vault = vault_of(trader)
    accepted(counterparty.exchange.vault_usd_transfer(vault, True, 100_000_000))

    told = details(trader, vault, counterparty.address)
    assert (told.leader, told.name) == (trader.address.lower(), "Slow and steady")
    assert told.followerState.vaultEquity == "100.0"
    assert {row.user for row in told.followers} == {"Leader", counterparty.address.lower()}

    (equity,) = UserVaultEquities.parse(counterparty.info.user_vault_equities(counterparty.address))
    assert (equity.vaultAddress, equity.equity) == (vault, Decimal(100))
    assert UserRole.parse(trader.info.user_role(vault)).role == "vault"


def test_vault_trades_and_pays_back(trader, counterparty, localnet):
    """The leader trades for it; after the lock-up a follower gets his part of what is left."""
    vault = vault_of(trader)
    accepted(counterparty.exchange.vault_usd_transfer(vault, True, 100_000_000))
    for_vault = trader.acting_for(vault)
    assert OrderResponse.parse(for_vault.exchange.market_open("ETH", True, 0.01)).filled
    assert OrderResponse.parse(for_vault.exchange.market_close("ETH")).filled

    localnet.advance(5 * 24 * 3600)
    accepted(counterparty.exchange.vault_usd_transfer(vault, False, 50_000_000))

    assert Decimal(details(trader, vault, counterparty.address).followerState.vaultEquity) < 50


def test_vault_takes_no_more_deposits_once_told_so(trader):
    """vaultModify closes it for others; the leader can still end it."""
    vault = vault_of(trader)
    modify = {
        "type": "vaultModify",
        "vaultAddress": vault,
        "allowDeposits": False,
        "alwaysCloseOnWithdraw": True,
    }
    accepted(trader.post_l1_action(modify))

    told = details(trader, vault)
    assert (told.allowDeposits, told.alwaysCloseOnWithdraw) == (False, True)


def test_vault_that_does_not_exist_is_named(trader, venue):
    """Deposits, changes and distributions all say which vault is not registered."""
    stranger = venue.stranger()
    answers = [
        trader.exchange.vault_usd_transfer(stranger, True, 5_000_000),
        trader.post_l1_action(
            {
                "type": "vaultModify",
                "vaultAddress": stranger,
                "allowDeposits": True,
                "alwaysCloseOnWithdraw": None,
            }
        ),
        trader.post_l1_action({"type": "vaultDistribute", "vaultAddress": stranger, "usd": 1_000_000}),
    ]

    assert all(stranger in DefaultResponse.parse(answer).refusal for answer in answers)
