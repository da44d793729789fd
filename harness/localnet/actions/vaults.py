"""`createVault`, `vaultTransfer`, `vaultModify`, `vaultDistribute`.

Source: SHIELD and NK for the refusals; the docs' vault pages and NK's schemas for the rest, which no
recording shows, but for a withdrawal at a profit (id 65795474359 of the text index).
"""

from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.vaults import LEADER_PART, Vault
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.numbers import MICRO, wire_usd
from harness.localnet.parsing import U64, Address
from harness.localnet.transfers import vaults
from harness.localnet.transfers.money import check_perp, enter, withdrawable

# NK's schema.
_LEAST_USD: Final = 100
_LEAST_DISTRIBUTED_USD: Final = 10


class CreateVaultAction(Action):
    """Name, description and first deposit in millionths; the order of keys is that of NK."""

    name: str = msgspec.field()
    description: str = msgspec.field()
    initialUsd: U64 = msgspec.field()
    nonce: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {
            "type": self.type,
            "name": self.name,
            "description": self.description,
            "initialUsd": int(self.initialUsd),
            "nonce": int(self.nonce),
        }

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        if not 3 <= len(self.name) <= 50 or not 10 <= len(self.description) <= 250:
            raise NotCovered("a vault name or description of a length that NK refuses to send")
        if self.initialUsd < _LEAST_USD * MICRO:
            raise NotCovered("a vault of less than 100 USD")


@action("createVault", CreateVaultAction)
def create_vault(call: Call, asked: CreateVaultAction) -> dict[str, object]:
    """Make a vault and answer its address."""
    exchange, account = call.exchange, call.account
    gas = exchange.rules.vault_gas_usd * MICRO
    if withdrawable(exchange, account) < asked.initialUsd + gas:
        raise Refused(messages.NO_VAULT_BALANCE)
    address = exchange.new_address(f"vault {len(exchange.vaults)}")
    exchange.fund(address, 0)
    now_ms = exchange.now_ms()
    vault = Vault(address, account.address, asked.name, asked.description, created_ms=now_ms)
    exchange.vaults[address] = vault
    account.balance -= asked.initialUsd + gas
    exchange.fees += gas
    exchange.ledgers[address].balance += asked.initialUsd
    vault.deposit(account.address, asked.initialUsd, 0, now_ms)
    delta: dict[str, object] = {
        "type": "vaultCreate",
        "vault": address,
        "usdc": wire_usd(asked.initialUsd),
        "fee": wire_usd(gas),
    }
    enter(exchange, delta, account)
    return {"type": "createVault", "data": address}


class VaultTransferAction(Action):
    """A deposit into a vault, or a withdrawal; `usd` in millionths (wire rule 97)."""

    vaultAddress: Address = msgspec.field()
    isDeposit: bool = msgspec.field()
    usd: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {
            "type": self.type,
            "vaultAddress": str(self.vaultAddress),
            "isDeposit": self.isDeposit,
            "usd": int(self.usd),
        }

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        vault = call.exchange.vaults.get(self.vaultAddress)
        if vault is None:
            return
        if not self.usd:
            raise NotCovered("a vault transfer of nothing")
        value = vaults.value_of(call.exchange, vault)
        if self.isDeposit:
            if not vault.allow_deposits or value <= 0:
                raise NotCovered("a deposit into a vault that takes none, or has nothing left")
            if (
                call.account.address != vault.leader
                and not vault.children
                and not _keeps_part(vault, self.usd, value)
            ):
                raise NotCovered("a deposit that leaves the leader with less than a twentieth")
            return
        _refuse_uncovered_withdrawal(call, vault, int(self.usd), value)


def _keeps_part(vault: Vault, deposit: int, value: int) -> bool:
    return vault.equity(vault.leader, value) * LEADER_PART >= value + deposit


def _refuse_uncovered_withdrawal(call: Call, vault: Vault, usd: int, value: int) -> None:
    """Refuse what has an answer that is not known: all refusals."""
    user, exchange = call.account.address, call.exchange
    equity = vault.equity(user, value)
    if (
        user not in vault.followers
        or usd > equity
        or exchange.now_ms() < vault.followers[user].locked_until_ms
    ):
        raise NotCovered("a vault withdrawal of more than there is, or of what is locked")
    if not vaults.can_pay(exchange, vault, usd):
        raise NotCovered("a vault withdrawal for which not enough can be closed")
    if user == vault.leader and not vault.children and (equity - usd) * LEADER_PART < value - usd:
        raise NotCovered("a withdrawal that leaves the leader with less than a twentieth")


@action("vaultTransfer", VaultTransferAction)
def vault_transfer(call: Call, asked: VaultTransferAction) -> dict[str, object]:
    """Deposit or withdraw."""
    exchange, account = call.exchange, call.account
    vault = exchange.vaults.get(asked.vaultAddress)
    if vault is None:
        raise Refused(messages.vault_unknown(asked.vaultAddress))
    usd = int(asked.usd)
    if not asked.isDeposit:
        vaults.withdraw(exchange, vault, account.address, usd)
        return OK
    check_perp(exchange, account, usd)
    value = vaults.value_of(exchange, vault)
    account.balance -= usd
    exchange.ledgers[vault.address].balance += usd
    vault.deposit(account.address, usd, value, exchange.now_ms())
    delta: dict[str, object] = {"type": "vaultDeposit", "vault": vault.address, "usdc": wire_usd(usd)}
    enter(exchange, delta, account)
    return OK


class VaultModifyAction(Action):
    """What a vault allows; null leaves a setting as it is."""

    vaultAddress: Address = msgspec.field()
    allowDeposits: bool | None = msgspec.field()
    alwaysCloseOnWithdraw: bool | None = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed; that nulls are signed as such is UNVERIFIED."""
        return {
            "type": self.type,
            "vaultAddress": str(self.vaultAddress),
            "allowDeposits": self.allowDeposits,
            "alwaysCloseOnWithdraw": self.alwaysCloseOnWithdraw,
        }


@action("vaultModify", VaultModifyAction)
def vault_modify(call: Call, asked: VaultModifyAction) -> dict[str, object]:
    """Change what a vault allows."""
    vault = _led(call, asked.vaultAddress)
    if asked.allowDeposits is not None:
        vault.allow_deposits = asked.allowDeposits
    if asked.alwaysCloseOnWithdraw is not None:
        vault.always_close = asked.alwaysCloseOnWithdraw
    return OK


def _led(call: Call, address: str) -> Vault:
    """Return a vault that the account leads.

    Raises:
        Refused: there is none, or somebody else leads it.
    """
    vault = call.exchange.vaults.get(address)
    if vault is None:
        raise Refused(messages.vault_unknown(address))
    if vault.leader != call.account.address:
        raise Refused(messages.NOT_LEADER)
    return vault


class VaultDistributeAction(Action):
    """A part of a vault's value for all depositors; with 0 the vault is closed."""

    vaultAddress: Address = msgspec.field()
    usd: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "vaultAddress": str(self.vaultAddress), "usd": int(self.usd)}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for what is refused in words that are not known: too much, or not all closed."""
        vault = call.exchange.vaults.get(self.vaultAddress)
        if vault is None or vault.leader != call.account.address:
            return
        if vault.is_closed or vault.children or vault.parent is not None:
            raise NotCovered("distributing the money of a closed vault, or of the protocol's")
        inside = call.exchange.ledgers[vault.address]
        if vaults.value_of(call.exchange, vault) <= 0:
            raise NotCovered("distributing nothing")
        if not self.usd and (inside.positions or inside.open or inside.twaps.running):
            raise NotCovered("closing a vault that has positions or orders")
        if self.usd > vaults.payable(call.exchange, vault):
            raise NotCovered("distributing more than a vault can pay")


@action("vaultDistribute", VaultDistributeAction)
def vault_distribute(call: Call, asked: VaultDistributeAction) -> dict[str, object]:
    """Pay out; nothing asked for closes the vault. Least is 10 USD (NK, an older test of the same name)."""
    vault = _led(call, asked.vaultAddress)
    if 0 < asked.usd < _LEAST_DISTRIBUTED_USD * MICRO:
        raise Refused(messages.LEAST_DISTRIBUTED)
    vaults.distribute(call.exchange, vault, int(asked.usd))
    return OK
