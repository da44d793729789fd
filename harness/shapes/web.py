"""What the exchange's own page asks for: webData2, and the channel webData3.

Source: nktkas/hyperliquid (NK) for webData2; of webData3 text-index 68955515377, measured on mainnet in
2026-08, and API docs, "Subscriptions". webData2 is gone from mainnet's websocket (wire rule 115).
"""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.account import ClearinghouseState, SpotClearinghouseState
from harness.shapes.base import Address, Amount, Count, Millis, Number, Shape, demand_true, only
from harness.shapes.market import PerpContext, SpotContext
from harness.shapes.metadata import Meta
from harness.shapes.orders import FrontendOrder
from harness.shapes.twaps import TwapState
from harness.shapes.vaults import LeadingVault


class WebData2(Shape, frozen=True):
    """The answer to webData2: an account and the market, all in one.

    `totalVaultEquity` and `cumLedger` (what came in less what went out) in USD.
    """

    clearinghouseState: ClearinghouseState
    leadingVaults: tuple[LeadingVault, ...]
    totalVaultEquity: Amount
    openOrders: tuple[FrontendOrder, ...]
    agentAddress: Address | None
    agentValidUntil: Millis | None
    cumLedger: Number
    meta: Meta
    assetCtxs: tuple[PerpContext, ...]
    serverTime: Millis
    isVault: bool
    user: Address
    twapStates: tuple[tuple[Count, TwapState], ...]
    spotAssetCtxs: tuple[SpotContext, ...]
    spotState: Annotated[SpotClearinghouseState | UnsetType, only("with balances")] = UNSET
    optOutOfSpotDusting: Annotated[bool | UnsetType, only("when true")] = UNSET
    perpsAtOpenInterestCap: Annotated[tuple[str, ...] | UnsetType, only("when there are any")] = UNSET

    def __post_init__(self) -> None:
        demand_true(self, "optOutOfSpotDusting")


ShownMode = Literal["unifiedAccount", "portfolioMargin", "disabled"]
"""A mode as the page shows it: all that NK's tests meet; dex abstraction has a flag of its own."""


class WebUser(Shape, frozen=True):
    """An account, as the page shows it; `cumLedger` in USD is what came in less what went out."""

    agentAddress: Address | None
    agentValidUntil: Millis | None
    cumLedger: Number
    serverTime: Millis
    isVault: bool
    user: Address
    optOutOfSpotDusting: Annotated[bool | UnsetType, only("when true")] = UNSET
    dexAbstractionEnabled: Annotated[bool | UnsetType, only("when it was ever set")] = UNSET
    abstraction: Annotated[ShownMode | UnsetType, only("when a mode was set")] = UNSET

    def __post_init__(self) -> None:
        demand_true(self, "optOutOfSpotDusting")


class WebDex(Shape, frozen=True):
    """One perpetual dex, as the page shows it; the first dex comes first."""

    totalVaultEquity: Amount
    perpsAtOpenInterestCap: Annotated[tuple[str, ...] | UnsetType, only("when there are any")] = UNSET
    leadingVaults: Annotated[tuple[LeadingVault, ...] | UnsetType, only("when it leads any")] = UNSET


class WebData3(Shape, frozen=True):
    """A message of the channel webData3."""

    userState: WebUser
    perpDexStates: tuple[WebDex, ...]
