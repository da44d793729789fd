"""Which shape answers which request.

A kind is the `type` of an /info request, the `type` of the action in an /exchange request, or the channel of
a message of the websocket, whose shape is that of the message's `data`.

A shape is named by its module and its class, and its module is imported when the first answer of the kind
comes: a run meets a few kinds, and there are over two hundred.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from harness.shapes.base import Answer, Shape


Group = Literal["recorded", "documented", "schema"]
GROUPS: tuple[Group, ...] = get_args(Group)


class Known(NamedTuple):
    """A kind of request and the shape of its answer.

    Args:
        endpoint: `info`, `exchange` or `ws`.
        kind: the request's type, or the channel.
        place: the module in `harness.shapes` and the class that reads the answer, or the message's data.
        since: the oldest recording that the shape was held against, as `2023-07`; `documented` when there is
            only the API page, `schema` when there is only the schema of nktkas/hyperliquid.
    """

    endpoint: Literal["info", "exchange", "ws"]
    kind: str
    place: str
    since: str

    @property
    def group(self) -> "Group":
        """How the kind is known: recorded, documented by the exchange, or from a client's schema only."""
        return (
            "documented" if self.since == "documented" else "schema" if self.since == "schema" else "recorded"
        )

    @property
    def until(self) -> str:
        """Until when the exchange answered this kind; "" for one that it answers today."""
        return _RETIRED.get((self.endpoint, self.kind), "")

    @property
    def shape(self) -> "type[Shape] | type[Answer]":
        """The class that reads the answer."""
        return _shape_at(self.place)

    @property
    def wire(self) -> Any:
        """The msgspec type of the answer."""
        return getattr(self.shape, "WIRE", self.shape)


@cache
def _shape_at(place: str) -> "type[Shape] | type[Answer]":
    module, _, name = place.partition(".")
    shape: type[Shape] | type[Answer] = getattr(import_module(f"harness.shapes.{module}"), name)
    return shape


_INFO: dict[str, tuple[str, str]] = {
    "activeAssetData": ("account.ActiveAssetData", "2025-08"),
    "alignedQuoteTokenInfo": ("limits.AlignedQuoteTokenInfo", "documented"),
    "allBorrowLendReserveStates": ("lending.AllReserveStates", "documented"),
    "allMids": ("market.AllMids", "2023-07"),
    "allPerpMetas": ("dexes.AllPerpMetas", "schema"),
    "approvedBuilders": ("fees.ApprovedBuilders", "documented"),
    "borrowLendReserveState": ("lending.ReserveState", "documented"),
    "borrowLendUserState": ("lending.BorrowLendUserState", "documented"),
    "candleSnapshot": ("market.CandleSnapshot", "2023-07"),
    "clearinghouseState": ("account.ClearinghouseState", "2023-03"),
    "delegations": ("staking.Delegations", "documented"),
    "delegatorHistory": ("staking.DelegatorHistory", "2025-08"),
    "delegatorRewards": ("staking.DelegatorRewards", "2026-04"),
    "delegatorSummary": ("staking.DelegatorSummary", "2026-04"),
    "exchangeStatus": ("market.ExchangeStatus", "schema"),
    "extraAgents": ("account.ExtraAgents", "2025-09"),
    "frontendOpenOrders": ("orders.FrontendOpenOrders", "2023-11"),
    "fundingHistory": ("market.FundingHistory", "2023-07"),
    "gossipPriorityAuctionStatus": ("validators.GossipPriorityAuctionStatus", "schema"),
    "gossipRootIps": ("validators.GossipRootIps", "schema"),
    "historicalOrders": ("orders.HistoricalOrders", "2025-08"),
    "isVip": ("limits.IsVip", "2026-07"),
    "l2Book": ("market.L2Book", "2025-01"),
    "leadingVaults": ("vaults.LeadingVaults", "schema"),
    "legalCheck": ("limits.LegalCheck", "schema"),
    "liquidatable": ("limits.Liquidatable", "schema"),
    "marginTable": ("metadata.MarginTable", "schema"),
    "maxBuilderFee": ("fees.MaxBuilderFee", "2026-04"),
    "maxMarketOrderNtls": ("limits.MaxMarketOrderNtls", "schema"),
    "meta": ("metadata.Meta", "2023-07"),
    "metaAndAssetCtxs": ("market.MetaAndAssetCtxs", "2026-02"),
    "openOrders": ("orders.OpenOrders", "2023-03"),
    "orderStatus": ("orders.OrderStatus", "2025-01"),
    "outcomeMeta": ("outcomes.OutcomeMeta", "documented"),
    "outcomeTemplates": ("outcomes.OutcomeTemplates", "schema"),
    "perpAnnotation": ("annotations.PerpAnnotation", "documented"),
    "perpCategories": ("annotations.PerpCategories", "documented"),
    "perpConciseAnnotations": ("annotations.PerpConciseAnnotations", "documented"),
    "perpDeployAuctionStatus": ("dexes.DeployAuctionStatus", "2025-12"),
    "perpDexLimits": ("dexes.PerpDexLimits", "2025-12"),
    "perpDexs": ("dexes.PerpDexs", "2026-01"),
    "perpDexStatus": ("dexes.PerpDexStatus", "2025-12"),
    "perpsAtOpenInterestCap": ("dexes.PerpsAtOpenInterestCap", "documented"),
    "portfolio": ("vaults.Portfolio", "2025-08"),
    "predictedFundings": ("market.PredictedFundings", "2026-07"),
    "preTransferCheck": ("account.PreTransferCheck", "2026-09"),
    "recentTrades": ("trades.RecentTrades", "schema"),
    "referral": ("fees.Referral", "2026-08"),
    "settledOutcome": ("outcomes.SettledOutcome", "documented"),
    "spotClearinghouseState": ("account.SpotClearinghouseState", "2025-08"),
    "spotDeployState": ("dexes.SpotDeployState", "schema"),
    "spotMeta": ("metadata.SpotMeta", "2026-01"),
    "spotMetaAndAssetCtxs": ("market.SpotMetaAndAssetCtxs", "2025-01"),
    "spotPairDeployAuctionStatus": ("dexes.DeployAuctionStatus", "documented"),
    "subAccounts": ("vaults.SubAccounts", "documented"),
    "subAccounts2": ("vaults.SubAccounts2", "schema"),
    "tokenDetails": ("market.TokenDetails", "2026-01"),
    "twapHistory": ("twaps.TwapHistory", "2026-09"),
    "usdcRouting": ("limits.UsdcRouting", "schema"),
    "userAbstraction": ("account.UserAbstraction", "2026-04"),
    "userBorrowLendInterest": ("lending.UserBorrowLendInterest", "schema"),
    "userDexAbstraction": ("account.UserDexAbstraction", "documented"),
    "userFees": ("fees.UserFees", "2026-09"),
    "userFills": ("fills.UserFills", "2023-07"),
    "userFillsByTime": ("fills.UserFillsByTime", "2023-07"),
    "userFunding": ("ledger.UserFunding", "2024-02"),
    "userNonFundingLedgerUpdates": ("ledger.UserNonFundingLedgerUpdates", "2025-08"),
    "userRateLimit": ("fees.UserRateLimit", "2025-01"),
    "userRole": ("account.UserRole", "2026-09"),
    "userToMultiSigSigners": ("account.UserToMultiSigSigners", "schema"),
    "userTwapSliceFills": ("twaps.UserTwapSliceFills", "2025-08"),
    "userTwapSliceFillsByTime": ("twaps.UserTwapSliceFills", "schema"),
    "userVaultEquities": ("vaults.UserVaultEquities", "2025-08"),
    "validatorL1Votes": ("validators.ValidatorL1Votes", "schema"),
    "validatorSummaries": ("validators.ValidatorSummaries", "2026-07"),
    "vaultDetails": ("vaults.VaultDetails", "documented"),
    "vaultSummaries": ("vaults.VaultSummaries", "2024-12"),
    "webData2": ("web.WebData2", "schema"),
}

_ACTIONS: dict[str, tuple[str, str]] = {
    "order": ("actions.OrderResponse", "2025-10"),
    "batchModify": ("actions.BatchModifyResponse", "2026-06"),
    "modify": ("actions.ModifyResponse", "2026-09"),
    "cancel": ("actions.CancelResponse", "2025-10"),
    "cancelByCloid": ("actions.CancelResponse", "2025-10"),
    "createSubAccount": ("actions.CreateSubAccountResponse", "2026-07"),
    "createVault": ("actions.CreateVaultResponse", "schema"),
    "spotDeploy": ("actions.SpotDeployResponse", "schema"),
    "twapOrder": ("actions.TwapOrderResponse", "2026-09"),
    "twapCancel": ("actions.TwapCancelResponse", "documented"),
}

# The actions that answer a plain yes (wire rule 32), by what is known of each.
_PLAIN: dict[str, str] = {
    "2025-12": "perpDeploy",
    "2026-09": """
        agentSendAsset approveAgent evmUserModify scheduleCancel sendAsset setReferrer subAccountTransfer
        updateIsolatedMargin updateLeverage usdSend vaultTransfer
    """,
    "documented": """
        agentEnableDexAbstraction agentSetAbstraction approveBuilderFee authorizeAqav2Role cDeposit cWithdraw
        claimRewards hip3LiquidatorTransfer noop reserveRequestWeight sendToEvmWithData spotSend tokenDelegate
        usdClassTransfer userDexAbstraction userOutcome userSetAbstraction validatorL1Stream withdraw3
    """,
    "schema": """
        activateOutcomeDeployer borrowLend CSignerAction CValidatorAction
        convertToMultiSigUser spotUser
        finalizeEvmContract gossipPriorityBid linkStakingUser registerReferrer setDisplayName
        stakingLinkDisableTradingUser subAccountModify subAccountSpotTransfer topUpIsolatedOnlyMargin
        userPortfolioMargin vaultDistribute vaultModify
    """,
}

_CHANNELS: dict[str, tuple[str, str]] = {
    "activeAssetCtx": ("channels.AssetCtxMessage", "2025-12"),
    "activeAssetData": ("account.ActiveAssetData", "2026-08"),
    "activeSpotAssetCtx": ("channels.SpotAssetCtxMessage", "2026-10"),
    "allDexsAssetCtxs": ("channels.AllDexsAssetCtxsMessage", "2026-05"),
    "allDexsClearinghouseState": ("user_channels.AllDexsStateMessage", "2026-10"),
    "allMids": ("channels.AllMidsMessage", "2026-05"),
    "assetCtxs": ("channels.AssetCtxsMessage", "schema"),
    "bbo": ("channels.BboMessage", "2025-12"),
    "candle": ("market.Candle", "2025-12"),
    "clearinghouseState": ("user_channels.StateMessage", "2026-10"),
    "error": ("subscriptions.WsError", "2025-12"),
    "explorerBlock": ("channels.ExplorerBlocks", "schema"),
    "explorerTxs": ("channels.ExplorerTxs", "schema"),
    "fastAssetCtxs": ("channels.FastAssetCtxs", "documented"),
    "l2Book": ("channels.BookMessage", "2025-01"),
    "notification": ("user_channels.Notification", "2026-02"),
    "openOrders": ("user_channels.OpenOrdersMessage", "2026-07"),
    "orderUpdates": ("user_channels.OrderUpdates", "2026-02"),
    "outcomeMetaUpdates": ("outcomes.OutcomeMetaUpdates", "2026-10"),
    "pong": ("subscriptions.Pong", "2025-12"),
    "post": ("subscriptions.Post", "2025-02"),
    "spotAssetCtxs": ("channels.SpotAssetCtxs", "schema"),
    "spotState": ("user_channels.SpotStateMessage", "2026-10"),
    "subscriptionResponse": ("subscriptions.SubscriptionResponse", "2025-01"),
    "trades": ("trades.Trades", "2025-01"),
    "twapStates": ("user_channels.TwapStatesMessage", "2026-10"),
    "user": ("user_channels.UserEvent", "2025-12"),
    "userFills": ("user_channels.UserFillsMessage", "2025-11"),
    "userFundings": ("user_channels.UserFundingsMessage", "2026-02"),
    "userHistoricalOrders": ("user_channels.HistoricalOrdersMessage", "schema"),
    "userNonFundingLedgerUpdates": ("user_channels.LedgerMessage", "2026-10"),
    "userTwapHistory": ("user_channels.TwapHistoryMessage", "schema"),
    "userTwapSliceFills": ("user_channels.TwapSliceFillsMessage", "schema"),
    "webData2": ("web.WebData2", "schema"),
    "webData3": ("web.WebData3", "2026-08"),
}

# Wire rule 115, and galleonlabs/hypergrok-trading-desk PR 19 for both networks; the second is 422 on both for
# every request (id 70359400865 of the text index), since when is not known.
_RETIRED: dict[tuple[str, str], str] = {
    ("ws", "webData2"): "2026-08",
    ("info", "alignedQuoteTokenInfo"): "2026-10",
}

KNOWN: dict[tuple[str, str], Known] = {
    **{("info", kind): Known("info", kind, *entry) for kind, entry in _INFO.items()},
    **{("exchange", kind): Known("exchange", kind, *entry) for kind, entry in _ACTIONS.items()},
    **{
        ("exchange", kind): Known("exchange", kind, "actions.DefaultResponse", since)
        for since, kinds in _PLAIN.items()
        for kind in kinds.split()
    },
    **{("ws", channel): Known("ws", channel, *entry) for channel, entry in _CHANNELS.items()},
}
"""Every kind of request whose answer has a shape, and every channel, by endpoint and kind."""


def kind_of(path: str, request: object) -> tuple[str, str]:
    """Return the endpoint and the kind of a request; the kind is empty when the request has none.

    The answer to a multi-signature action is that of the action inside (UNVERIFIED).

    Args:
        path: the request's path, such as `/info`, or its whole URL.
        request: the decoded JSON request.
    """
    endpoint = path.rstrip("/").rsplit("/", 1)[-1]
    found: object = request
    if endpoint == "exchange" and isinstance(found, Mapping):
        found = found.get("action", found)
        if isinstance(found, Mapping) and found.get("type") == "multiSig":
            payload = found.get("payload")
            found = payload.get("action") if isinstance(payload, Mapping) else None
    kind = found.get("type") if isinstance(found, Mapping) else None
    return endpoint, kind if isinstance(kind, str) else ""
