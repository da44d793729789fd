"""A vault: made, led, paid into, traded for and left.

Covers: POST /exchange (createVault, vaultTransfer, order for a vault), POST /info (vaultDetails,
vaultSummaries, leadingVaults, userVaultEquities, userRole, webData2, userNonFundingLedgerUpdates).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    CreateVaultResponse,
    DefaultResponse,
    LeadingVaults,
    OrderResponse,
    UserNonFundingLedgerUpdates,
    UserRole,
    UserVaultEquities,
    VaultDetails,
    VaultSummaries,
    WebData2,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="makes a vault, which costs 100 USDC and stays"),
]

USD = 10**6
A_DAY_S = 24 * 3600 + 1


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


def rows(trader, kind):
    """Return what the account's ledger tells of one kind."""
    updates = trader.info.user_non_funding_ledger_updates(trader.address, 0)
    return [row.delta for row in UserNonFundingLedgerUpdates.parse(updates).of(kind)]


@pytest.fixture
def vault(trader, venue):
    """The address of a vault that the trader has made with 1,000 USDC."""
    action = {
        "type": "createVault",
        "name": "Night desk",
        "description": "What the desk trades at night.",
        "initialUsd": 1_000 * USD,
        "nonce": venue.clock.now_ms(),
    }
    return CreateVaultResponse.parse(trader.post_l1_action(action)).address


def details(trader, vault, **rest):
    """Return what is told of the vault."""
    return VaultDetails.parse(ask(trader, "vaultDetails", vaultAddress=vault, **rest)).vault


def test_vault_is_listed_for_its_leader(trader, counterparty, vault):
    """Whoever asks finds it young, open and led; only its leader leads it."""
    (led,) = LeadingVaults.parse(ask(trader, "leadingVaults", user=trader.address))
    assert (led.address, led.name) == (vault, "Night desk")
    assert len(LeadingVaults.parse(ask(trader, "leadingVaults", user=counterparty.address))) == 0

    (young,) = VaultSummaries.parse(ask(trader, "vaultSummaries"))
    assert (young.vaultAddress, young.leader) == (vault, trader.address.lower())
    assert (young.tvl, young.isClosed) == (1_000, False)

    assert UserRole.parse(trader.info.user_role(vault)).role == "vault"
    (created,) = rows(trader, "vaultCreate")
    assert (created.vault, created.usdc, created.fee) == (vault, "1000.0", "100.0")


def test_vault_that_is_old_is_no_longer_news(trader, vault, localnet):
    """The list of young vaults forgets it after two hours; its leader does not."""
    localnet.advance(2 * 3600 + 1)

    assert len(VaultSummaries.parse(ask(trader, "vaultSummaries"))) == 0
    assert len(LeadingVaults.parse(ask(trader, "leadingVaults", user=trader.address))) == 1


def test_depositor_pays_in_and_takes_out(trader, counterparty, vault, localnet):
    """The deposit is locked for a day; what is taken out then is paid back whole."""
    assert DefaultResponse.parse(counterparty.exchange.vault_usd_transfer(vault, True, 200 * USD)).ok

    (share,) = UserVaultEquities.parse(counterparty.info.user_vault_equities(counterparty.address))
    assert (share.vaultAddress, share.equity) == (vault, 200)
    assert [row.usdc for row in rows(counterparty, "vaultDeposit")] == ["200.0"]
    follower = details(counterparty, vault, user=counterparty.address).followerState
    assert follower.vaultEquity == "200.0"
    assert follower.lockupUntil == share.lockedUntilTimestamp
    assert details(trader, vault).followerState is None

    localnet.advance(A_DAY_S)
    assert DefaultResponse.parse(counterparty.exchange.vault_usd_transfer(vault, False, 50 * USD)).ok

    (taken,) = rows(counterparty, "vaultWithdraw")
    assert (taken.requestedUsd, taken.netWithdrawnUsd, taken.basis) == ("50.0", "50.0", "50.0")
    assert details(trader, vault, user=counterparty.address).followerState.vaultEquity == "150.0"


def test_leader_trades_for_the_vault(trader, vault, localnet):
    """The position is the vault's; what it gains is shared, and the leader's own account has none of it."""
    desk = trader.acting_for(vault)
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(desk.exchange.market_open("ETH", True, 0.1)).filled

    localnet.set_mid("ETH", "3100")

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None
    position = ClearinghouseState.parse(trader.info.user_state(vault)).position("ETH")
    assert position.szi == Decimal("0.1")
    (share,) = UserVaultEquities.parse(trader.info.user_vault_equities(trader.address))
    assert share.equity > 1_000
    page = WebData2.parse(ask(trader, "webData2", user=trader.address))
    assert ([one.address for one in page.leadingVaults], page.isVault) == ([vault], False)
    assert page.totalVaultEquity == share.equity_
    assert WebData2.parse(ask(trader, "webData2", user=vault)).isVault

    assert OrderResponse.parse(desk.exchange.market_close("ETH")).filled


def test_vault_that_nobody_made_takes_nothing(trader, venue):
    """The refusal names it, and no money has moved."""
    stranger = venue.stranger()

    refusal = DefaultResponse.parse(trader.exchange.vault_usd_transfer(stranger, True, 10 * USD)).refusal

    assert refusal == f"Vault not registered: {stranger}"
    assert rows(trader, "vaultDeposit") == []
