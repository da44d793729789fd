"""Vaults, sub-accounts and an account's history: vaultDetails, userVaultEquities, subAccounts, portfolio.

Source: wire rules 12 and 155; API docs, "Info endpoint"; nktkas/hyperliquid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from harness.errors import UnexpectedAnswer
from harness.shapes.account import ClearinghouseState, ModeSet, SpotClearinghouseState
from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    Count,
    Figure,
    Millis,
    Number,
    Rows,
    Shape,
    only,
    since,
)

Period = Literal["day", "week", "month", "allTime", "perpDay", "perpWeek", "perpMonth", "perpAllTime"]
"""The periods of a portfolio; source: the SDK's cassette of it."""


class PortfolioPeriod(Shape, frozen=True):
    """Value and profit over a period, each a list of time and USD; `vlm` in USD."""

    accountValueHistory: tuple[tuple[Millis, Number], ...]
    pnlHistory: tuple[tuple[Millis, Number], ...]
    vlm_: Amount

    vlm = Figure("vlm_")


class Portfolio(Rows[tuple[str, PortfolioPeriod]]):
    """The answer to portfolio: eight periods."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[tuple[Period, PortfolioPeriod], ...]

    def period(self, name: str) -> PortfolioPeriod:
        """Return one period, such as `day` or `perpAllTime`.

        Raises:
            UnexpectedAnswer: the answer does not have it.
        """
        for period, data in self.rows:
            if period == name:
                return data
        raise UnexpectedAnswer(
            f"expected the period {name}, the exchange answered with {len(self.rows)} others"
        )


class VaultEquity(Shape, frozen=True):
    """A share in a vault, in USD. The API page leaves out `lockedUntilTimestamp`."""

    vaultAddress: Address
    equity_: Amount
    lockedUntilTimestamp: Annotated[Millis | UnsetType, since("2025")] = UNSET

    equity = Figure("equity_")


class UserVaultEquities(Rows[VaultEquity]):
    """The answer to userVaultEquities."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[VaultEquity, ...]


class Follower(Shape, frozen=True):
    """A depositor of a vault; `user` is the word Leader for its leader."""

    user: Annotated[
        str, Meta(pattern=r"^(0x[0-9a-f]{40}|Leader)\Z", extra={"expected": "an address or Leader"})
    ]
    vaultEquity: Amount
    pnl: Number
    allTimePnl: Number
    daysFollowing: Count
    vaultEntryTime: Millis
    lockupUntil: Millis


class ChildAddresses(Shape, frozen=True):
    """The vaults below a parent."""

    childAddresses: tuple[Address, ...]


class NormalVault(Shape, frozen=True, tag_field="type", tag="normal"):
    """A vault by itself."""


class ChildVault(Shape, frozen=True, tag_field="type", tag="child"):
    """A vault below another."""


class ParentVault(Shape, frozen=True, tag_field="type", tag="parent"):
    """A vault above others."""

    data: ChildAddresses


class Vault(Shape, frozen=True):
    """A vault that exists; `apr`, `leader...` and `max...` are JSON numbers here (wire rule 12)."""

    name: str
    vaultAddress: Address
    leader: Address
    description: str
    portfolio: tuple[tuple[Period, PortfolioPeriod], ...]
    apr: float
    followerState: Follower | None
    leaderFraction: float
    leaderCommission: float
    followers: tuple[Follower, ...]
    maxDistributable: float
    maxWithdrawable: float
    isClosed: bool
    relationship: NormalVault | ChildVault | ParentVault
    allowDeposits: bool
    alwaysCloseOnWithdraw: bool


@dataclass(frozen=True, slots=True)
class VaultDetails(Answer):
    """The answer to vaultDetails; null when there is no such vault."""

    WIRE: ClassVar[Any] = Vault | None

    vault: Vault | None


class LeadingVault(Shape, frozen=True):
    """A vault that an account leads."""

    address: Address
    name: str


class LeadingVaults(Rows[LeadingVault]):
    """The answer to leadingVaults. Source: nktkas/hyperliquid."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[LeadingVault, ...]


class VaultSummary(Shape, frozen=True):
    """A young vault; `tvl` in USD. Source: nktkas/hyperliquid; its text-index 21596154562 has an answer."""

    name: str
    vaultAddress: Address
    leader: Address
    tvl_: Amount
    isClosed: bool
    relationship: NormalVault | ChildVault | ParentVault
    createTimeMillis: Millis

    tvl = Figure("tvl_")


class VaultSummaries(Rows[VaultSummary]):
    """The answer to vaultSummaries."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[VaultSummary, ...]


class SubAccountState(Shape, frozen=True):
    """One sub-account with its state."""

    name: str
    subAccountUser: Address
    master: Address
    clearinghouseState: ClearinghouseState
    spotState: SpotClearinghouseState


class SubAccountStates(Shape, frozen=True):
    """One sub-account with its state on each dex."""

    name: str
    subAccountUser: Address
    master: Address
    dexToClearinghouseState: tuple[tuple[str, ClearinghouseState], ...]
    spotState: SpotClearinghouseState
    abstraction: Annotated[ModeSet | UnsetType, only("when a mode was set")] = UNSET


@dataclass(frozen=True, slots=True)
class SubAccounts(Answer):
    """The answer to subAccounts; null when there are none (wire rule 155), which reads as an empty list."""

    WIRE: ClassVar[Any] = tuple[SubAccountState, ...] | None

    wire: tuple[SubAccountState, ...] | None

    def __iter__(self) -> Iterator[SubAccountState]:
        return iter(self.wire or ())

    def __len__(self) -> int:
        return len(self.wire or ())

    def named(self, name: str) -> SubAccountState | None:
        """Return the sub-account with this name, or None."""
        return next((row for row in self if row.name == name), None)


@dataclass(frozen=True, slots=True)
class SubAccounts2(Answer):
    """The answer to subAccounts2, the same for all dexes; null when there are none."""

    WIRE: ClassVar[Any] = tuple[SubAccountStates, ...] | None

    wire: tuple[SubAccountStates, ...] | None

    def __iter__(self) -> Iterator[SubAccountStates]:
        return iter(self.wire or ())

    def __len__(self) -> int:
        return len(self.wire or ())
