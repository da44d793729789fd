"""The stakes of accounts: HYPE that is delegated, undelegated, or on its way back; amounts in wei."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from harness.localnet.markets.tokens import HYPE


class Times(NamedTuple):
    """How long things take with stakes, in milliseconds.

    Args:
        lock: before a delegation can be taken back.
        unstaking: on the way back to spot.
        reward: between two rewards.
        epoch: of which the least that was delegated counts.
    """

    lock: int
    unstaking: int
    reward: int
    epoch: int


_HOUR: Final = 3_600_000
# See `Rules.staking_times`. Mainnet's epoch of 100k rounds takes about 90 minutes (API docs, "Staking").
# UNVERIFIED: how long testnet's takes.
TIMES: Final = {
    "testnet": Times(120_000, 300_000, _HOUR, _HOUR),
    "mainnet": Times(24 * _HOUR, 7 * 24 * _HOUR, 24 * _HOUR, 90 * 60_000),
}


class Tier(NamedTuple):
    """What trading fees are less for whoever has staked more than this; parts of a hundred."""

    above: int
    discount: int


# API docs, "Fees": Wood to Diamond. `userFees`, recorded on testnet, says the same in hundredths of a percent
# of the most that there can be of HYPE, 10^9, but for the last two, which were cut off there.
TIERS: Final = tuple(
    Tier(hype * HYPE.unit, discount)
    for hype, discount in (
        (0, 0),
        (10, 5),
        (100, 10),
        (1_000, 15),
        (10_000, 20),
        (100_000, 30),
        (500_000, 40),
    )
)


def discount_of(wei: int) -> int:
    """Return what fees are less for a stake, in parts of a hundred; a tier begins above its figure (docs)."""
    return next(tier.discount for tier in reversed(TIERS) if wei > tier.above or not tier.above)


@dataclass(slots=True)
class Delegation:
    """What one validator has of an account, in wei, and until when; `least` is the least of this epoch."""

    wei: int
    locked_until_ms: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class StakeRow:
    """One row of `delegatorHistory`."""

    time_ms: int
    tx_hash: str
    delta: dict[str, object]


class RewardRow(NamedTuple):
    """One row of `delegatorRewards`; `source` is `delegation` or `commission`."""

    time_ms: int
    source: str
    wei: int


@dataclass(slots=True)
class Stake:
    """One account's stake; amounts in wei.

    Args:
        undelegated: what is with nobody.
        delegations: by validator.
        pending: withdrawals under way.
        rows: what was done.
        accrued: rewards that are not paid yet, by validator, in parts of a wei (see `transfers.rewards`).
        rewards: those that were paid, oldest first.
    """

    undelegated: int = 0
    delegations: dict[str, Delegation] = field(default_factory=dict)
    pending: list[int] = field(default_factory=list)
    rows: list[StakeRow] = field(default_factory=list)
    accrued: dict[str, int] = field(default_factory=dict)
    rewards: list[RewardRow] = field(default_factory=list)

    @property
    def delegated(self) -> int:
        """All that is delegated."""
        return sum(delegation.wei for delegation in self.delegations.values())

    @property
    def total(self) -> int:
        """All of it, pending withdrawals included."""
        return self.undelegated + self.delegated + sum(self.pending)
