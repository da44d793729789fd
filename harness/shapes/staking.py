"""Staking: delegatorSummary, delegatorHistory, delegatorRewards, delegations.

Source: recordings of delegatorSummary and delegatorHistory; API docs, "Info endpoint"; nktkas/hyperliquid.
"""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.base import Address, Amount, Count, Figure, Hash, Millis, Rows, Shape, demand_one, only


class DelegatorSummary(Shape, frozen=True):
    """The answer to delegatorSummary: stakes in HYPE."""

    delegated_: Amount
    undelegated_: Amount
    totalPendingWithdrawal: Amount
    nPendingWithdrawals: Count

    delegated = Figure("delegated_")
    undelegated = Figure("undelegated_")


class Delegate(Shape, frozen=True):
    """A delegation, or its end."""

    validator: Address
    amount_: Amount
    isUndelegate: bool

    amount = Figure("amount_")


class StakingDeposit(Shape, frozen=True):
    """From spot into staking."""

    amount_: Amount

    amount = Figure("amount_")


class StakingWithdrawal(Shape, frozen=True):
    """From staking into spot."""

    amount_: Amount
    phase: Literal["initiated", "finalized"]

    amount = Figure("amount_")


class DelegatorDelta(Shape, frozen=True):
    """What changed: exactly one of the keys."""

    delegate: Annotated[Delegate | UnsetType, only("of a delegation or its end")] = UNSET
    cDeposit: Annotated[StakingDeposit | UnsetType, only("of a deposit")] = UNSET
    withdrawal: Annotated[StakingWithdrawal | UnsetType, only("of a withdrawal")] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("delegate", "cDeposit", "withdrawal"))


class DelegatorRow(Shape, frozen=True):
    """A change with its time."""

    time: Millis
    hash: Hash
    delta: DelegatorDelta


class DelegatorHistory(Rows[DelegatorRow]):
    """The answer to delegatorHistory: newest first (wire rule 109)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[DelegatorRow, ...]


class DelegatorReward(Shape, frozen=True):
    """One reward, in HYPE."""

    time: Millis
    source: Literal["delegation", "commission"]
    totalAmount: Amount

    total_amount = Figure("totalAmount")


class DelegatorRewards(Rows[DelegatorReward]):
    """The answer to delegatorRewards: oldest first (GH hyperliquid-dex/node 162, and a survey of 2026-04)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[DelegatorReward, ...]


class Delegation(Shape, frozen=True):
    """A stake with a validator."""

    validator: Address
    amount_: Amount
    lockedUntilTimestamp: Millis

    amount = Figure("amount_")


class Delegations(Rows[Delegation]):
    """The answer to delegations."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Delegation, ...]
