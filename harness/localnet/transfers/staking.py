"""Staked HYPE: what an account has moved out of spot, to whom it is delegated, what is on its way back.

Source: API docs, "Info endpoint" and "Staking"; NK tokenDelegate, cDeposit. What it earns is in `rewards`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.localnet.accounts.stakes import Delegation, Stake, StakeRow
from harness.localnet.markets.tokens import HYPE
from harness.localnet.numbers import wire
from harness.localnet.trading.spot import usd_value, watch_dust
from harness.localnet.transfers import rewards
from harness.localnet.transfers.money import enter

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def amount(wei: int) -> str:
    """Print an amount of HYPE."""
    return wire(wei, HYPE.wei_decimals)


def stake_of(exchange: "Exchange", address: str) -> Stake:
    """Return an account's stake to read; nothing is kept of one that is empty."""
    return exchange.stakes.get(address) or Stake()


def deposit(exchange: "Exchange", address: str, wei: int) -> None:
    """Move HYPE from spot into the stake, undelegated."""
    account, stake = exchange.ledgers[address], exchange.stakes.setdefault(address, Stake())
    account.tokens_of(HYPE.index).take(wei)
    stake.undelegated += wei
    watch_dust(exchange, account, HYPE)
    _keep(exchange, stake, {"cDeposit": {"amount": amount(wei)}})
    _tell(exchange, address, wei, is_deposit=True)


def withdraw(exchange: "Exchange", address: str, wei: int) -> None:
    """Begin to move undelegated HYPE back to spot."""
    stake = exchange.stakes[address]
    stake.undelegated -= wei
    stake.pending.append(wei)
    _keep(exchange, stake, {"withdrawal": {"amount": amount(wei), "phase": "initiated"}})
    exchange.at(exchange.now_ms() + rewards.times(exchange).unstaking, FinishWithdrawal(address, wei))


@dataclass(frozen=True, slots=True)
class FinishWithdrawal:
    """The task at the end of a withdrawal; its entry in spot is the value at the mark then: UNVERIFIED."""

    address: str
    wei: int

    def __call__(self, exchange: "Exchange") -> None:
        """Give the HYPE back."""
        account, stake = exchange.ledgers[self.address], exchange.stakes[self.address]
        stake.pending.remove(self.wei)
        balance = account.tokens_of(HYPE.index)
        balance.total += self.wei
        balance.entry += usd_value(exchange, HYPE, self.wei)
        watch_dust(exchange, account, HYPE)
        _keep(exchange, stake, {"withdrawal": {"amount": amount(self.wei), "phase": "finalized"}})
        _tell(exchange, self.address, self.wei, is_deposit=False)


def delegate(exchange: "Exchange", address: str, validator: str, wei: int) -> None:
    """Delegate to a validator; all that is with it is locked anew."""
    stake = exchange.stakes[address]
    stake.undelegated -= wei
    delegation = stake.delegations.setdefault(validator, Delegation(0, 0))
    delegation.wei += wei
    delegation.locked_until_ms = exchange.now_ms() + rewards.times(exchange).lock
    rewards.begin(exchange)
    _keep_delegation(exchange, stake, validator, wei, is_undelegate=False)


def undelegate(exchange: "Exchange", address: str, validator: str, wei: int) -> None:
    """Take back from a validator."""
    stake = exchange.stakes[address]
    delegation = stake.delegations[validator]
    delegation.wei -= wei
    delegation.least = min(delegation.least, delegation.wei)
    stake.undelegated += wei
    if not delegation.wei:
        del stake.delegations[validator]
    _keep_delegation(exchange, stake, validator, wei, is_undelegate=True)


def _keep_delegation(
    exchange: "Exchange", stake: Stake, validator: str, wei: int, *, is_undelegate: bool
) -> None:
    row = {"validator": validator, "amount": amount(wei), "isUndelegate": is_undelegate}
    _keep(exchange, stake, {"delegate": row})


def _keep(exchange: "Exchange", stake: Stake, delta: dict[str, object]) -> None:
    stake.rows.append(StakeRow(exchange.now_ms(), exchange.tx_hash, delta))


def _tell(exchange: "Exchange", address: str, wei: int, *, is_deposit: bool) -> None:
    """Keep a row of the ledger updates (NK, userNonFundingLedgerUpdates; no recording: UNVERIFIED)."""
    delta: dict[str, object] = {
        "type": "cStakingTransfer",
        "token": HYPE.name,
        "amount": amount(wei),
        "isDeposit": is_deposit,
    }
    enter(exchange, delta, exchange.ledgers[address])
