"""The stakes of accounts: HYPE that is delegated, undelegated, or on its way back; amounts in wei."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Delegation:
    """What one validator has of an account, in wei, and until when."""

    wei: int
    locked_until_ms: int


@dataclass(frozen=True, slots=True)
class StakeRow:
    """One row of `delegatorHistory`."""

    time_ms: int
    tx_hash: str
    delta: dict[str, object]


@dataclass(slots=True)
class Stake:
    """One account's stake; amounts in wei."""

    undelegated: int = 0
    delegations: dict[str, Delegation] = field(default_factory=dict)
    pending: list[int] = field(default_factory=list)
    rows: list[StakeRow] = field(default_factory=list)

    @property
    def delegated(self) -> int:
        """All that is delegated."""
        return sum(delegation.wei for delegation in self.delegations.values())

    @property
    def total(self) -> int:
        """All of it, pending withdrawals included."""
        return self.undelegated + self.delegated + sum(self.pending)
