"""Vaults: made, led, paid into and out of."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet, Rules
from harness.localnet.accounts.vaults import Vault
from tests.localnet.desk import Desk, order, orders, quiet
from tests.localnet.transfers.test_money import NEW, OK, err, perp, rows

DAY_MS = 86_400_000


def create(desk: Desk, usd: int = 1_000) -> str:
    nonce = desk.nonce()
    action = {
        "type": "createVault",
        "name": "Test",
        "description": "A vault for tests.",
        "initialUsd": usd * 10**6,
        "nonce": nonce,
    }
    answer = desk.act(action, nonce=nonce)
    assert answer["response"]["type"] == "createVault", answer
    address: str = answer["response"]["data"]
    return address


def transfer(vault: str, usd: int, *, is_deposit: bool = True) -> dict[str, Any]:
    return {"type": "vaultTransfer", "vaultAddress": vault, "isDeposit": is_deposit, "usd": usd * 10**6}


def test_a_vault_is_made_and_described(desk: Desk) -> None:
    vault = create(desk)
    assert perp(desk) == 8_900
    told = desk.info("vaultDetails", vaultAddress=vault)
    assert (told["name"], told["leader"], told["leaderFraction"]) == ("Test", desk.address, 1.0)
    assert told["followers"] == [told["followerState"] | {"user": "Leader"}]
    assert told["followerState"]["vaultEquity"] == "1000.0"
    assert desk.info("userRole", user=vault) == {"role": "vault"}
    assert rows(desk)[0]["delta"] == {
        "type": "vaultCreate",
        "vault": vault,
        "usdc": "1000.0",
        "fee": "100.0",
    }


def test_a_vault_needs_money(desk: Desk) -> None:
    nonce = desk.nonce()
    action = {"type": "createVault", "name": "Test", "description": "A vault for tests."}
    action |= {"initialUsd": 9_900_000_001, "nonce": nonce}
    assert err(desk.act(action, nonce=nonce)) == "Insufficient balance to create vault"


def test_a_vault_costs_what_the_rules_say() -> None:
    desk = Desk(Localnet(rules=Rules(vault_gas_usd=9_000)))
    create(desk, 1_000)
    assert perp(desk) == 0


@pytest.mark.parametrize("asset", [10_000, 110_000])
def test_a_vault_trades_the_first_dex_alone(desk: Desk, asset: int) -> None:
    vault = create(desk)
    body = desk.envelope(orders(order(a=asset, p="1", s="20")), vault=vault)
    assert desk.send(body).not_implemented


def test_depositors_share_what_it_is_worth(desk: Desk, other: Desk) -> None:
    vault = create(desk)
    quiet(desk.net, bid="3000", ask="3000.1")
    assert other.act(transfer(vault, 3_000)) == OK
    (row,) = other.info("userVaultEquities")
    assert row == {
        "vaultAddress": vault,
        "equity": "3000.0",
        "lockedUntilTimestamp": row["lockedUntilTimestamp"],
    }
    desk.act(orders(order(p="3000.1", s="1", tif="Ioc")), vault=vault)
    worth = Decimal(desk.info("clearinghouseState", user=vault)["marginSummary"]["accountValue"])
    (row,) = other.info("userVaultEquities")
    assert Decimal(row["equity"]) == (worth * 3 / 4).quantize(Decimal("0.000001"), "ROUND_FLOOR")
    assert worth != 4_000
    leader, follower = desk.info("vaultDetails", vaultAddress=vault)["followers"]
    assert leader["user"] == "Leader"
    assert (follower["user"], follower["vaultEquity"]) == (other.address, row["equity"])


def test_a_deposit_comes_back_after_a_day(desk: Desk, other: Desk) -> None:
    vault = create(desk)
    before = desk.net.total_usd()
    other.act(transfer(vault, 500))
    assert other.send(other.envelope(transfer(vault, 500, is_deposit=False))).not_implemented
    desk.net.advance(DAY_MS)
    assert other.act(transfer(vault, 200, is_deposit=False)) == OK
    assert other.act(transfer(vault, 300, is_deposit=False)) == OK
    assert perp(other) == 10_000
    assert other.info("userVaultEquities") == []
    assert [row["delta"]["type"] for row in rows(other)] == ["vaultDeposit", "vaultWithdraw", "vaultWithdraw"]
    assert rows(other)[1]["delta"]["basis"] == "200.0"
    assert desk.net.total_usd() == before


def test_a_leader_keeps_a_twentieth(desk: Desk, other: Desk) -> None:
    vault = create(desk, 100)
    assert other.send(other.envelope(transfer(vault, 1_901))).not_implemented
    assert other.act(transfer(vault, 1_900)) == OK
    desk.net.advance(DAY_MS)
    assert desk.send(desk.envelope(transfer(vault, 1, is_deposit=False))).not_implemented
    assert desk.info("vaultDetails", vaultAddress=vault, user=desk.address)["maxWithdrawable"] == 0.0


@pytest.mark.parametrize(("equity", "basis", "usd"), [("500.0", 250, 310), ("250.0", 500, 100)])
def test_a_tenth_of_a_profit_is_the_leaders(
    net: Localnet, desk: Desk, other: Desk, equity: str, basis: int, usd: int
) -> None:
    vault = create(desk)
    other.act(transfer(vault, basis))
    net.advance(DAY_MS)
    inside = net.exchange.ledgers[vault]
    moved = (int(Decimal(equity) / basis * (1_000 + basis)) - 1_000 - basis) * 10**6
    inside.balance += moved
    net.exchange.fees -= moved
    assert other.info("userVaultEquities")[0]["equity"] == equity
    before, led, all_usd = perp(other), perp(desk), net.total_usd()

    assert other.act(transfer(vault, usd, is_deposit=False)) == OK

    delta = rows(other)[-1]["delta"]
    paid = Decimal(delta["commission"])
    assert paid == max(Decimal(0), (usd - Decimal(delta["basis"])) / 10).quantize(
        Decimal("0.000001"), "ROUND_FLOOR"
    )
    assert (paid > 0) == (Decimal(equity) > basis)
    assert perp(other) - before == usd - paid == Decimal(delta["netWithdrawnUsd"])
    assert perp(desk) - led == paid
    earned = [row["delta"] for row in rows(desk) if row["delta"]["type"] == "vaultLeaderCommission"]
    assert [Decimal(row["usdc"]) for row in earned] == ([paid] if paid else [])
    assert net.total_usd() == all_usd


def test_settings_are_the_leaders(desk: Desk, other: Desk) -> None:
    vault = create(desk)
    action = {
        "type": "vaultModify",
        "vaultAddress": vault,
        "allowDeposits": False,
        "alwaysCloseOnWithdraw": None,
    }
    assert err(other.act(action)) == "Only leader can perform this vault action"
    assert desk.act(action) == OK
    told = desk.info("vaultDetails", vaultAddress=vault)
    assert (told["allowDeposits"], told["alwaysCloseOnWithdraw"]) == (False, False)
    assert other.send(other.envelope(transfer(vault, 10))).not_implemented
    distribute = {"type": "vaultDistribute", "vaultAddress": vault, "usd": 10_000_000}
    assert err(other.act(distribute)) == "Only leader can perform this vault action"
    assert err(desk.act(action | {"vaultAddress": NEW})) == f"Vault not registered: {NEW}"


def test_a_vault_is_not_sent_to(desk: Desk, other: Desk) -> None:
    vault = create(desk)
    nonce = other.nonce()
    action = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "time": nonce}
    action |= {"type": "usdSend", "destination": vault, "amount": "1"}
    assert other.send(other.user_envelope(action, nonce)).not_implemented


@pytest.mark.parametrize("changed", [{"name": "ab"}, {"description": "short"}, {"initialUsd": 99_999_999}])
def test_vaults_that_nk_would_not_ask_for_are_not_guessed(desk: Desk, changed: dict[str, Any]) -> None:
    nonce = desk.nonce()
    action = {"type": "createVault", "name": "Test", "description": "A vault for tests."}
    body = desk.envelope(action | {"initialUsd": 10**9, "nonce": nonce} | changed, nonce=nonce)
    assert desk.send(body).not_implemented


STEPS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 10**9), st.integers(-500, 500)), max_size=12)


@given(STEPS)
def test_the_parts_of_a_vault_never_exceed_it(steps: list[tuple[int, int, int]]) -> None:
    vault, value = Vault("0x", "0", "Test", ""), 10**9
    vault.deposit("0", value, 0, 0)
    for who, usd, change in steps:
        value += value * change // 1_000
        user = str(who)
        equity = vault.equity(user, value)
        if equity and usd % 2:
            vault.withdraw(user, equity, value)
            value -= equity
        else:
            vault.deposit(user, usd, value, 0)
            value += usd
        assert sum(vault.equity(user, value) for user in vault.followers) <= value
        assert all(follower.basis >= 0 for follower in vault.followers.values())


def test_a_vault_is_the_same_each_time() -> None:
    assert len({create(Desk(Localnet(), ACCOUNTS[0].private_key)) for _ in range(2)}) == 1
