"""Builders' perpetual dexes and deploy auctions: perpDexs, perpDexLimits, perpDeployAuctionStatus, …

Source: wire rule 18; API docs, "Perpetuals"; nktkas/hyperliquid.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    AnyFigure,
    Count,
    Figure,
    IsoTime,
    Number,
    Rows,
    Shape,
    since,
    until,
)
from harness.shapes.metadata import Meta


class StarVariant(Shape, frozen=True):
    """An action of the newer kind that a deployer may hand on. Source: text-index 71388492340, 2026-10."""

    hip3Star: str


_SubDeployers = tuple[tuple[str | StarVariant, tuple[Address, ...]], ...]


class PerpDex(Shape, frozen=True):
    """One builder's dex: caps in USD, multipliers and scales as factors, rates as fractions.

    Keys that came later, from `subDeployers` on, are absent in older recordings. The fee scale has gone to
    the rows of meta (text-index 70359400865 and 70968770837). Source of the last key: text-index 69529150010
    and 71647349412, which record answers with it.
    """

    name: str
    fullName: str
    deployer: Address
    oracleUpdater: Address | None
    feeRecipient: Address | None
    assetToStreamingOiCap: tuple[tuple[str, Amount], ...]
    assetToFundingMultiplier: tuple[tuple[str, Amount], ...]
    subDeployers: Annotated[_SubDeployers | UnsetType, since("2026")] = UNSET
    deployerFeeScale: Annotated[Amount | UnsetType, until("2026-09")] = UNSET
    lastDeployerFeeScaleChangeTime: Annotated[IsoTime | UnsetType, until("2026-09")] = UNSET
    assetToFundingInterestRate: Annotated[tuple[tuple[str, Number], ...] | UnsetType, since("2026")] = UNSET
    assetToFundingClamp: Annotated[tuple[tuple[str, Number], ...] | UnsetType, since("2026-09")] = UNSET


class PerpDexs(Rows[PerpDex | None]):
    """The answer to perpDexs: place 0 is null, the first dex (wire rule 18)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[PerpDex | None, ...]


class DexLimits(Shape, frozen=True):
    """Open interest and transfer caps of a dex, in USD, and of its coins."""

    totalOiCap: Amount
    oiSzCapPerPerp: Amount
    maxTransferNtl: Amount
    coinToOiCap: tuple[tuple[str, Amount], ...]


@dataclass(frozen=True, slots=True)
class PerpDexLimits(Answer):
    """The answer to perpDexLimits; null for the first dex."""

    WIRE: ClassVar[Any] = DexLimits | None

    limits: DexLimits | None


class PerpDexStatus(Shape, frozen=True):
    """The answer to perpDexStatus: what has been paid into the dex, in USD."""

    totalNetDeposit: Amount

    total_net_deposit = Figure("totalNetDeposit")


class DeployAuctionStatus(Shape, frozen=True):
    """The answer to perpDeployAuctionStatus and its spot sibling: times in seconds, gas in HYPE."""

    startTimeSeconds: Count
    durationSeconds: Count
    startGas: Amount
    currentGas: Amount | None
    endGas: Amount | None


class AllPerpMetas(Rows[Meta]):
    """The answer to allPerpMetas: the meta of each dex (the API page shows contexts beside them)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Meta, ...]


class PerpsAtOpenInterestCap(Rows[str]):
    """The answer to perpsAtOpenInterestCap: the coins whose open interest is at its cap."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[str, ...]


class TokenSpec(Shape, frozen=True):
    """A token to be: decimals of sizes, and of its smallest unit."""

    name: str
    szDecimals: Count
    weiDecimals: Count


class TokenDeploy(Shape, frozen=True):
    """A token on its way; genesis figures in tokens but for `totalGenesisBalanceWei`."""

    token: Count
    spec: TokenSpec
    fullName: str | None
    deployerTradingFeeShare: AnyFigure
    spots: tuple[Count, ...]
    maxSupply: AnyFigure | None
    hyperliquidityGenesisBalance: AnyFigure
    totalGenesisBalanceWei: AnyFigure
    userGenesisBalances: tuple[tuple[Address, AnyFigure], ...]
    existingTokenGenesisBalances: tuple[tuple[Count, AnyFigure], ...]
    blacklistUsers: tuple[Address, ...]


class SpotDeployState(Shape, frozen=True):
    """The answer to spotDeployState: an account's tokens on their way. Source: nktkas/hyperliquid."""

    states: tuple[TokenDeploy, ...]
    gasAuction: DeployAuctionStatus
