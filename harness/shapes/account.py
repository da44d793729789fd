"""An account: balances, positions, role, agents, fees, limits.

Source: wire rules 14, 78 to 81, 88 to 90, 101, 105, 106 and 146 to 153; API docs,
"Info endpoint"; nktkas/hyperliquid for keys without a recording here.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.errors import UnexpectedAnswer
from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    Count,
    Figure,
    MaybeFigure,
    Millis,
    Number,
    Rows,
    Shape,
    demand_keys,
    only,
    since,
    until,
)
from harness.shapes.differences import RuleError
from harness.shapes.metadata import Leverage

ModeSet = Literal["unifiedAccount", "portfolioMargin", "disabled", "dexAbstraction"]
"""A mode that somebody chose; source: wire rules 100 and 153, API docs "Account abstraction modes"."""

Mode = ModeSet | Literal["default"]
"""An account's mode; `default` is that of an account which never chose."""


class MarginSummary(Shape, frozen=True):
    """Sums over positions, in USD."""

    accountValue: Number
    totalNtlPos: Amount
    totalRawUsd: Number
    totalMarginUsed: Number

    account_value = Figure("accountValue")
    total_ntl_pos = Figure("totalNtlPos")
    total_raw_usd = Figure("totalRawUsd")
    total_margin_used = Figure("totalMarginUsed")


class PositionLeverage(Shape, frozen=True):
    """Leverage of a position; `rawUsd` is there for isolated ones only (wire rule 14)."""

    type: Literal["cross", "isolated"]
    value: Leverage
    rawUsd: Annotated[Number | UnsetType, only("when the leverage is isolated")] = UNSET

    raw_usd = MaybeFigure("rawUsd")

    def __post_init__(self) -> None:
        if self.type == "isolated" and self.rawUsd is UNSET:
            raise RuleError(
                "rawUsd", "nothing", "a decimal in a text, since the leverage is isolated", "missing-field"
            )
        if self.type == "cross" and self.rawUsd is not UNSET:
            raise RuleError(
                "rawUsd", repr(self.rawUsd), "no such key, since the leverage is cross", "unknown-field"
            )


class CumulativeFunding(Shape, frozen=True):
    """Funding paid (above zero) or received, in USD."""

    allTime: Number
    sinceOpen: Number
    sinceChange: Number

    all_time = Figure("allTime")
    since_open = Figure("sinceOpen")
    since_change = Figure("sinceChange")


class Position(Shape, frozen=True):
    """One position.

    `szi` is signed, in coins. `margin_used` of an isolated position is its collateral and unrealised profit.
    `liquidation_px` is None when the position cannot be liquidated at any price. Recordings of 2023 have
    `maxTradeSzs` and lack `maxLeverage` and `cumFunding`.
    """

    coin: str
    szi_: Number
    leverage: PositionLeverage
    entryPx: Amount
    positionValue: Amount
    unrealizedPnl: Number
    returnOnEquity: Number
    liquidationPx: Amount | None
    marginUsed: Number
    maxLeverage: Annotated[Leverage | UnsetType, since("2024")] = UNSET
    cumFunding: Annotated[CumulativeFunding | UnsetType, since("2024")] = UNSET
    maxTradeSzs: Annotated[tuple[Amount, Amount] | UnsetType, until("2023")] = UNSET

    szi = Figure("szi_")
    entry_px = Figure("entryPx")
    position_value = Figure("positionValue")
    unrealized_pnl = Figure("unrealizedPnl")
    liquidation_px = MaybeFigure("liquidationPx")
    margin_used = Figure("marginUsed")

    def __post_init__(self) -> None:
        if self.maxTradeSzs is not UNSET:
            if self.maxLeverage is not UNSET or self.cumFunding is not UNSET:
                raise RuleError("maxTradeSzs", "it", "no such key; it went in 2023", "unknown-field")
            return
        demand_keys(self, ("maxLeverage", "cumFunding"), "the key, which positions have since 2023")


class AssetPosition(Shape, frozen=True):
    """A position with its mode; only one-way positions exist."""

    type: Literal["oneWay"]
    position: Position


class ClearinghouseState(Shape, frozen=True):
    """The answer to clearinghouseState: an account on one perpetual dex.

    `account_value` in USD, collateral and unrealised profit. `withdrawable` also leaves out what resting
    orders hold (wire rule 149). `time` and `crossMaintenanceMarginUsed` are absent in recordings of 2023. Not
    meaningful in unified and portfolio mode (wire rule 101).
    """

    marginSummary: MarginSummary
    crossMarginSummary: MarginSummary
    withdrawable_: Amount
    assetPositions: tuple[AssetPosition, ...]
    crossMaintenanceMarginUsed: Annotated[Amount | UnsetType, since("2024")] = UNSET
    time: Annotated[Millis | UnsetType, since("2024")] = UNSET

    withdrawable = Figure("withdrawable_")
    cross_maintenance_margin_used = MaybeFigure("crossMaintenanceMarginUsed")

    def __post_init__(self) -> None:
        is_older = any(row.position.maxTradeSzs is not UNSET for row in self.assetPositions)
        if not is_older:
            demand_keys(self, ("time", "crossMaintenanceMarginUsed"), "the key, which states have since 2024")

    @property
    def account_value(self) -> Decimal:
        """Collateral and unrealised profit, in USD."""
        return self.marginSummary.account_value

    @property
    def margin_used(self) -> Decimal:
        """Initial margin of all positions, in USD."""
        return self.marginSummary.total_margin_used

    @property
    def positions(self) -> tuple[Position, ...]:
        """All positions, in the order of the answer."""
        return tuple(row.position for row in self.assetPositions)

    def position(self, coin: str) -> Position | None:
        """Return the position in a coin, or None."""
        return next((row for row in self.positions if row.coin == coin), None)


IN_PORTFOLIO_MODE = only("in portfolio mode")
IN_UNIFIED_MODE = only("in unified and portfolio mode")
_BY_TOKEN = tuple[tuple[Count, Amount], ...]


class SpotBalance(Shape, frozen=True):
    """One token of an account.

    `total` includes `hold`, what open orders bind; `entry_ntl` is what was paid, in USDC. Outcome tokens
    (`+n`, `on`) have no `token` number. `spotHold`, `ltv`, `borrowed` and `supplied` appear in portfolio mode
    only.
    """

    coin: str
    total_: Number
    hold_: Number
    entryNtl: Number
    token: Annotated[Count | UnsetType, only("but for outcome tokens")] = UNSET
    spotHold: Annotated[Number | UnsetType, IN_PORTFOLIO_MODE] = UNSET
    ltv: Annotated[Amount | UnsetType, IN_PORTFOLIO_MODE] = UNSET
    borrowed: Annotated[Amount | UnsetType, IN_PORTFOLIO_MODE] = UNSET
    supplied: Annotated[Amount | UnsetType, IN_PORTFOLIO_MODE] = UNSET

    total = Figure("total_")
    hold = Figure("hold_")
    entry_ntl = Figure("entryNtl")

    def __post_init__(self) -> None:
        if self.token is UNSET and self.coin[:1] not in ("+", "o"):
            raise RuleError(
                "token", "nothing", "the token's number; only outcome tokens have none", "missing-field"
            )


class EvmEscrow(Shape, frozen=True):
    """A balance that waits on the EVM side."""

    coin: str
    token: Count
    total_: Amount

    total = Figure("total_")


class SpotClearinghouseState(Shape, frozen=True):
    """The answer to spotClearinghouseState: the tokens of an account.

    The keys after `balances` appear in unified and portfolio mode only (wire rule 101).
    """

    balances: tuple[SpotBalance, ...]
    evmEscrows: Annotated[tuple[EvmEscrow, ...] | UnsetType, only("while one is on its way")] = UNSET
    portfolioMarginEnabled: Annotated[bool | UnsetType, IN_PORTFOLIO_MODE] = UNSET
    portfolioMarginRatio: Annotated[Amount | UnsetType, IN_PORTFOLIO_MODE] = UNSET
    tokenToPortfolioBorrowRatio: Annotated[_BY_TOKEN | UnsetType, IN_PORTFOLIO_MODE] = UNSET
    tokenToPortfolioSupplyRatio: Annotated[_BY_TOKEN | UnsetType, IN_PORTFOLIO_MODE] = UNSET
    tokenToAvailableAfterMaintenance: Annotated[_BY_TOKEN | UnsetType, IN_UNIFIED_MODE] = UNSET

    def balance(self, coin: str) -> SpotBalance | None:
        """Return the balance of a token, or None when the account never had any."""
        return next((row for row in self.balances if row.coin == coin), None)


class NoRole(Shape, frozen=True, tag_field="role", tag="missing"):
    """The exchange has never seen the address."""


class UserAccount(Shape, frozen=True, tag_field="role", tag="user"):
    """An account of its own."""


class VaultAccount(Shape, frozen=True, tag_field="role", tag="vault"):
    """A vault."""


class AgentOf(Shape, frozen=True):
    """The account that an agent signs for."""

    user: Address


class AgentAccount(Shape, frozen=True, tag_field="role", tag="agent"):
    """An agent (API wallet)."""

    data: AgentOf


class SubAccountOf(Shape, frozen=True):
    """The account that a sub-account belongs to."""

    master: Address


class SubAccount(Shape, frozen=True, tag_field="role", tag="subAccount"):
    """A sub-account."""

    data: SubAccountOf


@dataclass(frozen=True, slots=True)
class UserRole(Answer):
    """The answer to userRole (wire rule 81)."""

    WIRE: ClassVar[Any] = NoRole | UserAccount | VaultAccount | AgentAccount | SubAccount

    wire: NoRole | UserAccount | VaultAccount | AgentAccount | SubAccount

    @property
    def role(self) -> str:
        """`missing`, `user`, `agent`, `vault` or `subAccount`."""
        return str(self.wire.__struct_config__.tag)

    @property
    def master(self) -> str:
        """The account behind an agent or a sub-account.

        Raises:
            UnexpectedAnswer: the address is neither.
        """
        match self.wire:
            case AgentAccount():
                return self.wire.data.user
            case SubAccount():
                return self.wire.data.master
            case _:
                raise UnexpectedAnswer(
                    f"expected an agent or a sub-account, the exchange answered: role {self.role!r}"
                )


class ExtraAgent(Shape, frozen=True):
    """A named agent; `validUntil` in milliseconds, null when it does not end (source: nktkas/hyperliquid)."""

    name: str
    address: Address
    validUntil: Millis | None


class ExtraAgents(Rows[ExtraAgent]):
    """The answer to extraAgents: the named agents, oldest first (wire rule 80)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[ExtraAgent, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """The agents' addresses."""
        return tuple(row.address for row in self.rows)

    def named(self, name: str) -> ExtraAgent | None:
        """Return the agent with this name, or None."""
        return next((row for row in self.rows if row.name == name), None)


@dataclass(frozen=True, slots=True)
class UserAbstraction(Answer):
    """The answer to userAbstraction: the account's mode, a bare text (wire rules 100 and 153)."""

    WIRE: ClassVar[Any] = Mode

    mode: str


class ActiveAssetData(Shape, frozen=True):
    """The answer to activeAssetData: what the user may buy and sell of one coin (wire rule 152)."""

    user: Address
    coin: str
    leverage: PositionLeverage
    maxTradeSzs: tuple[Amount, Amount]
    availableToTrade: tuple[Amount, Amount]
    markPx: Amount

    mark_px = Figure("markPx")


class PreTransferCheck(Shape, frozen=True):
    """The answer to preTransferCheck: what a transfer to an address would meet; `fee` in quote tokens."""

    isSanctioned: bool
    userExists: bool
    fee_: Amount
    userHasSentTx: bool

    fee = Figure("fee_")


@dataclass(frozen=True, slots=True)
class UserDexAbstraction(Answer):
    """The answer to userDexAbstraction: true, false, or null when never set (wire rule 100)."""

    WIRE: ClassVar[Any] = bool | None

    enabled: bool | None


class MultiSig(Shape, frozen=True):
    """Who may sign for a multi-signature account, and how many must."""

    authorizedUsers: tuple[Address, ...]
    threshold: Count


@dataclass(frozen=True, slots=True)
class UserToMultiSigSigners(Answer):
    """The answer to userToMultiSigSigners; null for a plain account. No recording of it is known."""

    WIRE: ClassVar[Any] = MultiSig | None

    signers: MultiSig | None
