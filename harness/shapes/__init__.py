"""Shapes: the form of every answer, so that a new, missing or retyped field is found by the first call that
sees it.

`Shape.parse(answer)` is the first assertion of a scenario; `check(...)` looks at every answer, asked or not.

Each name is imported from its module when it is first asked for: a run meets a few shapes of many. What
type checkers read is `__init__.pyi`.
"""

from importlib import import_module

_NAMES = {
    "account": """
        ActiveAssetData ClearinghouseState ExtraAgents Position PreTransferCheck SpotBalance
        SpotClearinghouseState UserAbstraction UserDexAbstraction UserRole UserToMultiSigSigners
    """,
    "actions": """
        BatchModifyResponse CancelResponse CreateSubAccountResponse CreateVaultResponse DefaultResponse
        ModifyResponse OrderResponse SpotDeployResponse TwapCancelResponse TwapOrderResponse
    """,
    "annotations": "PerpAnnotation PerpCategories PerpConciseAnnotations",
    "base": "Answer Shape unknown_fields_allowed",
    "channels": """
        AllDexsAssetCtxsMessage AllMidsMessage AssetCtxMessage AssetCtxsMessage BboMessage BookMessage
        ExplorerBlocks ExplorerTxs FastAssetCtxs SpotAssetCtxMessage SpotAssetCtxs
    """,
    "checking": "Finding check check_body",
    "dexes": """
        AllPerpMetas DeployAuctionStatus PerpDexLimits PerpDexStatus PerpDexs PerpsAtOpenInterestCap
        SpotDeployState
    """,
    "documented": "documented_forms_allowed",
    "fees": "ApprovedBuilders MaxBuilderFee Referral UserFees UserRateLimit",
    "fills": "Fill UserFills UserFillsByTime",
    "frames": "check_message",
    "ledger": "UserFunding UserNonFundingLedgerUpdates",
    "lending": "AllReserveStates BorrowLendUserState ReserveState UserBorrowLendInterest",
    "limits": "AlignedQuoteTokenInfo IsVip LegalCheck Liquidatable MaxMarketOrderNtls UsdcRouting",
    "market": """
        AllMids Candle CandleSnapshot ExchangeStatus FundingHistory L2Book Level MetaAndAssetCtxs
        PredictedFundings SpotMetaAndAssetCtxs TokenDetails
    """,
    "metadata": "MarginTable Meta PerpAsset SpotMeta SpotPair SpotToken",
    "orders": """
        FrontendOpenOrders FrontendOrder HistoricalOrders OpenOrder OpenOrders OrderRecord OrderStatus
    """,
    "outcomes": "OutcomeMeta OutcomeMetaUpdates OutcomeTemplates SettledOutcome",
    "registry": "KNOWN Known kind_of",
    "staking": "Delegations DelegatorHistory DelegatorRewards DelegatorSummary",
    "statuses": "Filled Rejected Resting Status Waiting",
    "subscriptions": "Pong Post SubscriptionResponse WsError",
    "trades": "RecentTrades Trades",
    "twaps": "TwapHistory UserTwapSliceFills",
    "user_channels": """
        AllDexsStateMessage HistoricalOrdersMessage LedgerMessage Notification OpenOrdersMessage
        OrderUpdates SpotStateMessage StateMessage TwapHistoryMessage TwapSliceFillsMessage
        TwapStatesMessage UserEvent UserFillsMessage UserFundingsMessage
    """,
    "validators": "GossipPriorityAuctionStatus GossipRootIps ValidatorL1Votes ValidatorSummaries",
    "vaults": """
        LeadingVaults Portfolio SubAccounts SubAccounts2 UserVaultEquities VaultDetails VaultSummaries
    """,
    "web": "WebData2 WebData3",
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> object:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})
