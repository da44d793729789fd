"""Shapes: the form of every answer, so that a new, missing or retyped field is found by the first call that
sees it.

`Shape.parse(answer)` is the first assertion of a scenario; `check(...)` looks at every answer, asked or not.
"""

from harness.shapes.account import (
    ActiveAssetData,
    ClearinghouseState,
    ExtraAgents,
    Position,
    PreTransferCheck,
    SpotBalance,
    SpotClearinghouseState,
    UserAbstraction,
    UserDexAbstraction,
    UserRole,
    UserToMultiSigSigners,
)
from harness.shapes.actions import (
    BatchModifyResponse,
    CancelResponse,
    CreateSubAccountResponse,
    CreateVaultResponse,
    DefaultResponse,
    ModifyResponse,
    OrderResponse,
    TwapCancelResponse,
    TwapOrderResponse,
)
from harness.shapes.base import Answer, Shape, unknown_fields_allowed
from harness.shapes.checking import Finding, check, check_body
from harness.shapes.dexes import (
    AllPerpMetas,
    DeployAuctionStatus,
    PerpDexLimits,
    PerpDexs,
    PerpDexStatus,
    PerpsAtOpenInterestCap,
)
from harness.shapes.documented import documented_forms_allowed
from harness.shapes.fees import ApprovedBuilders, MaxBuilderFee, Referral, UserFees, UserRateLimit
from harness.shapes.fills import Fill, UserFills, UserFillsByTime
from harness.shapes.frames import check_message
from harness.shapes.ledger import UserFunding, UserNonFundingLedgerUpdates
from harness.shapes.market import (
    AllMids,
    CandleSnapshot,
    ExchangeStatus,
    FundingHistory,
    L2Book,
    Level,
    MetaAndAssetCtxs,
    PredictedFundings,
    SpotMetaAndAssetCtxs,
    TokenDetails,
)
from harness.shapes.metadata import Meta, PerpAsset, SpotMeta, SpotPair, SpotToken
from harness.shapes.orders import (
    FrontendOpenOrders,
    FrontendOrder,
    HistoricalOrders,
    OpenOrder,
    OpenOrders,
    OrderRecord,
    OrderStatus,
)
from harness.shapes.registry import KNOWN, Known, kind_of
from harness.shapes.staking import Delegations, DelegatorHistory, DelegatorRewards, DelegatorSummary
from harness.shapes.statuses import Filled, Rejected, Resting, Status, Waiting
from harness.shapes.twaps import TwapHistory, UserTwapSliceFills
from harness.shapes.vaults import Portfolio, SubAccounts, SubAccounts2, UserVaultEquities, VaultDetails

__all__ = [
    "KNOWN",
    "ActiveAssetData",
    "AllMids",
    "AllPerpMetas",
    "Answer",
    "ApprovedBuilders",
    "BatchModifyResponse",
    "CancelResponse",
    "CandleSnapshot",
    "ClearinghouseState",
    "CreateSubAccountResponse",
    "CreateVaultResponse",
    "DefaultResponse",
    "Delegations",
    "DelegatorHistory",
    "DelegatorRewards",
    "DelegatorSummary",
    "DeployAuctionStatus",
    "ExchangeStatus",
    "ExtraAgents",
    "Fill",
    "Filled",
    "Finding",
    "FrontendOpenOrders",
    "FrontendOrder",
    "FundingHistory",
    "HistoricalOrders",
    "Known",
    "L2Book",
    "Level",
    "MaxBuilderFee",
    "Meta",
    "MetaAndAssetCtxs",
    "ModifyResponse",
    "OpenOrder",
    "OpenOrders",
    "OrderRecord",
    "OrderResponse",
    "OrderStatus",
    "PerpAsset",
    "PerpDexLimits",
    "PerpDexStatus",
    "PerpDexs",
    "PerpsAtOpenInterestCap",
    "Portfolio",
    "Position",
    "PreTransferCheck",
    "PredictedFundings",
    "Referral",
    "Rejected",
    "Resting",
    "Shape",
    "SpotBalance",
    "SpotClearinghouseState",
    "SpotMeta",
    "SpotMetaAndAssetCtxs",
    "SpotPair",
    "SpotToken",
    "Status",
    "SubAccounts",
    "SubAccounts2",
    "TokenDetails",
    "TwapCancelResponse",
    "TwapHistory",
    "TwapOrderResponse",
    "UserAbstraction",
    "UserDexAbstraction",
    "UserFees",
    "UserFills",
    "UserFillsByTime",
    "UserFunding",
    "UserNonFundingLedgerUpdates",
    "UserRateLimit",
    "UserRole",
    "UserToMultiSigSigners",
    "UserTwapSliceFills",
    "UserVaultEquities",
    "VaultDetails",
    "Waiting",
    "check",
    "check_body",
    "check_message",
    "documented_forms_allowed",
    "kind_of",
    "unknown_fields_allowed",
]
