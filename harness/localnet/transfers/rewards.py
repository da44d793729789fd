"""What stakes earn: accrued by epochs, paid by the hour or by the day, and delegated again.

Source: API docs, "Staking": the rate falls with the square root of all that is staked, and is about 2.37% a
year at 400M HYPE; rewards count the least that was delegated during an epoch of about 90 minutes, come from
the future emissions, and are delegated again to the same validator; one that is jailed earns nothing. That
mainnet pays at midnight UTC is seen in documented and recorded rows (1736726400073, 1758758400226); testnet
pays each hour (see `Rules.staking_times`).

What is staked by others than the accounts here is a setting (`Rules.staked_elsewhere_hype`); what it is on
testnet is not known. The future emissions are part of what the house has. UNVERIFIED: epochs of one
length that begin with the day; that each validator's reward is by itself cut to whole wei; that a commission
is delegated to the validator itself; that what is delegated again is not locked anew, and is no row of
`delegatorHistory`.
"""

from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.stakes import TIMES, Delegation, RewardRow, Stake, Times
from harness.localnet.accounts.validators import MOST_ACTIVE, SELF_DELEGATION, VALIDATOR, Validator
from harness.localnet.markets.tokens import HYPE

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_YEAR_MS: Final = 365 * 86_400_000
_AT: Final = 400_000_000 * HYPE.unit
# 2.37% in parts of 10^4, and a root in parts of 10^8.
_RATE: Final = 237
_RATE_PARTS: Final = 10**12
_BPS: Final = 10_000


def times(exchange: "Exchange") -> Times:
    """Return how long things take with stakes."""
    return TIMES[exchange.rules.staking_times]


def yearly_rate(exchange: "Exchange") -> int:
    """Return what a stake earns in a year before commissions, in parts of 10^12."""
    total = exchange.rules.staked_elsewhere_hype * HYPE.unit
    total += sum(stake.delegated for stake in exchange.stakes.values())
    return _RATE * isqrt(_AT * 10**16 // total) if total else 0


def stake_with(exchange: "Exchange", validator: str) -> int:
    """Return what accounts have delegated to a validator, in wei."""
    return sum(
        stake.delegations[validator].wei
        for stake in exchange.stakes.values()
        if validator in stake.delegations
    )


def self_delegation(exchange: "Exchange", validator: str) -> int:
    """Return what a validator has delegated to itself, in wei."""
    stake = exchange.stakes.get(validator)
    delegation = None if stake is None else stake.delegations.get(validator)
    return 0 if delegation is None else delegation.wei


def may_delegate(exchange: "Exchange", validator: Validator) -> bool:
    """Say whether a validator takes delegations; below its own 10,000 HYPE it only gives them back."""
    if validator.address == VALIDATOR:
        return True
    return validator.takes_delegations and self_delegation(exchange, validator.address) >= SELF_DELEGATION


def begin(exchange: "Exchange") -> None:
    """Let the epochs count from now on, if they do not yet."""
    if not exchange.validators.has_epochs:
        exchange.validators.has_epochs = True
        exchange.at(_next_ms(exchange), EndEpoch())


def _next_ms(exchange: "Exchange") -> int:
    epoch = times(exchange).epoch
    return (exchange.now_ms() // epoch + 1) * epoch


@dataclass(frozen=True, slots=True)
class EndEpoch:
    """The task at the end of an epoch, with which an hour or a day may end."""

    def __call__(self, exchange: "Exchange") -> None:
        """Accrue, pay, and choose who is active next; with nothing left to earn, the last one."""
        _accrue(exchange)
        if exchange.now_ms() % times(exchange).reward == 0:
            _pay(exchange)
        _elect(exchange)
        is_last = len(exchange.validators.known) == 1
        for stake in exchange.stakes.values():
            for delegation in stake.delegations.values():
                delegation.least = delegation.wei
            is_last = is_last and not stake.delegations and not stake.accrued
        if is_last:
            exchange.validators.has_epochs = False
        else:
            exchange.at(_next_ms(exchange), EndEpoch())


def _accrue(exchange: "Exchange") -> None:
    rate = yearly_rate(exchange)
    active = {one.address for one in exchange.validators.active}
    for stake in exchange.stakes.values():
        for validator, delegation in stake.delegations.items():
            least = min(delegation.least, delegation.wei)
            if validator in active and least:
                stake.accrued[validator] = stake.accrued.get(validator, 0) + least * rate


def _pay(exchange: "Exchange") -> None:
    commissions: dict[str, int] = {}
    wei = _RATE_PARTS * _YEAR_MS // times(exchange).epoch
    for stake in exchange.stakes.values():
        paid = 0
        for validator, parts in stake.accrued.items():
            gross = parts // wei
            commission = gross * exchange.validators.known[validator].commission_bps // _BPS
            commissions[validator] = commissions.get(validator, 0) + commission
            paid += gross - commission
            _add(exchange, stake, validator, gross - commission)
        stake.accrued.clear()
        if paid:
            stake.rewards.append(RewardRow(exchange.now_ms(), "delegation", paid))
    for validator, commission in commissions.items():
        if commission:
            stake = exchange.stakes.setdefault(validator, Stake())
            _add(exchange, stake, validator, commission)
            stake.rewards.append(RewardRow(exchange.now_ms(), "commission", commission))


def _add(exchange: "Exchange", stake: Stake, validator: str, wei: int) -> None:
    if wei:
        exchange.house.tokens_of(HYPE.index).take(wei)
        stake.delegations.setdefault(validator, Delegation(0, 0)).wei += wei


def _elect(exchange: "Exchange") -> None:
    """Choose who is active: with their own 10,000 HYPE, not jailed, the first 27 by stake.

    The house's validator stands for all that there is elsewhere, and is always among them.
    """
    ready = [
        one
        for one in exchange.validators.known.values()
        if one.address != VALIDATOR
        and not one.is_jailed
        and self_delegation(exchange, one.address) >= SELF_DELEGATION
    ]
    ready.sort(key=lambda one: -stake_with(exchange, one.address))
    chosen = {one.address for one in ready[: MOST_ACTIVE - 1]}
    for one in exchange.validators.known.values():
        one.is_active = one.address in chosen or one.address == VALIDATOR
