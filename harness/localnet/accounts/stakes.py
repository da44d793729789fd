"""The stakes of accounts: HYPE that is delegated, undelegated, or on its way back; amounts in wei."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from harness.localnet.markets.tokens import HYPE


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
