"""`createVault`, `vaultTransfer`, `vaultModify`, `vaultDistribute`.

Source: SHIELD and NK for the refusals; the docs' vault pages and NK's schemas for the rest, which no
recording shows, but for a withdrawal at a profit (id 65795474359 of the text index).
"""

from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.risk import account_value
from harness.localnet.accounts.vaults import COMMISSION_PART, LEADER_PART, Vault
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.numbers import MICRO, wire_usd
from harness.localnet.parsing import U64, Address
from harness.localnet.transfers.money import check_perp, enter, withdrawable

# NK's schema.
_LEAST_USD: Final = 100
# DOC, "Vaults: for vault leaders": 100 USDC of gas. UNVERIFIED.
_GAS_USD: Final = 100


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
    gas = _GAS_USD * MICRO
    if withdrawable(exchange, account) < asked.initialUsd + gas:
        raise Refused(messages.NO_VAULT_BALANCE)
    address = exchange.new_address(f"vault {len(exchange.vaults)}")
    exchange.fund(address, 0)
    vault = exchange.vaults[address] = Vault(address, account.address, asked.name, asked.description)
    account.balance -= asked.initialUsd + gas
    exchange.fees += gas
    exchange.ledgers[address].balance += asked.initialUsd
    vault.deposit(account.address, asked.initialUsd, 0, exchange.now_ms())
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
        value = account_value(call.exchange.ledgers[vault.address], call.exchange.markets)
        if self.isDeposit:
            if not vault.allow_deposits or value <= 0:
                raise NotCovered("a deposit into a vault that takes none, or has nothing left")
            if call.account.address != vault.leader and not _keeps_part(vault, self.usd, value):
                raise NotCovered("a deposit that leaves the leader with less than a twentieth")
            return
        _refuse_uncovered_withdrawal(call, vault, int(self.usd), value)


def _keeps_part(vault: Vault, deposit: int, value: int) -> bool:
    return vault.equity(vault.leader, value) * LEADER_PART >= value + deposit


def _refuse_uncovered_withdrawal(call: Call, vault: Vault, usd: int, value: int) -> None:
    """Refuse what has an answer that is not known: all refusals."""
    user, exchange = call.account.address, call.exchange
    equity = vault.equity(user, value)
    if usd > equity or exchange.now_ms() < vault.followers[user].locked_until_ms:
        raise NotCovered("a vault withdrawal of more than there is, or of what is locked")
    if usd > withdrawable(exchange, exchange.ledgers[vault.address]):
        raise NotCovered("a vault withdrawal that closes positions")
    if user == vault.leader and (equity - usd) * LEADER_PART < value - usd:
        raise NotCovered("a withdrawal that leaves the leader with less than a twentieth")


@action("vaultTransfer", VaultTransferAction)
def vault_transfer(call: Call, asked: VaultTransferAction) -> dict[str, object]:
    """Deposit or withdraw."""
    exchange, account = call.exchange, call.account
    vault = exchange.vaults.get(asked.vaultAddress)
    if vault is None:
        raise Refused(messages.vault_unknown(asked.vaultAddress))
    inside, usd = exchange.ledgers[vault.address], int(asked.usd)
    value = account_value(inside, exchange.markets)
    if not asked.isDeposit:
        _withdraw(call, vault, inside, usd)
        return OK
    check_perp(exchange, account, usd)
    account.balance -= usd
    inside.balance += usd
    vault.deposit(account.address, usd, value, exchange.now_ms())
    delta: dict[str, object] = {"type": "vaultDeposit", "vault": vault.address, "usdc": wire_usd(usd)}
    enter(exchange, delta, account)
    return OK


def _withdraw(call: Call, vault: Vault, inside: Ledger, usd: int) -> None:
    """Pay out, less the leader's part of the profit.

    A depositor who asked for 310 with a basis of 156.636333 got 294.663634 and paid 15.336366 (id 65795474359
    of the text index): a tenth, cut. UNVERIFIED: that the leader has it in perp USDC, and whose address the
    leader's row names.
    """
    exchange, account = call.exchange, call.account
    basis = vault.withdraw(account.address, usd, account_value(inside, exchange.markets))
    is_leader = account.address == vault.leader
    commission = 0 if is_leader else max(0, usd - basis) // COMMISSION_PART
    inside.balance -= usd
    account.balance += usd - commission
    delta: dict[str, object] = {
        "type": "vaultWithdraw",
        "vault": vault.address,
        "user": account.address,
        "requestedUsd": wire_usd(usd),
        "commission": wire_usd(commission),
        "closingCost": "0.0",
        "basis": wire_usd(basis),
        "netWithdrawnUsd": wire_usd(usd - commission),
    }
    enter(exchange, delta, account)
    if commission:
        leader = exchange.ledgers[vault.leader]
        leader.balance += commission
        earned: dict[str, object] = {"type": "vaultLeaderCommission", "user": vault.leader}
        enter(exchange, earned | {"usdc": wire_usd(commission)}, leader)


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
        """Raise NotCovered for a vault that one leads."""
        vault = call.exchange.vaults.get(self.vaultAddress)
        if vault is not None and vault.leader == call.account.address:
            raise NotCovered("distributing a vault's money")


@action("vaultDistribute", VaultDistributeAction)
def vault_distribute(call: Call, asked: VaultDistributeAction) -> dict[str, object]:
    """Refuse those who do not lead the vault."""
    _led(call, asked.vaultAddress)
    raise AssertionError("refuse_uncovered has not been asked")
