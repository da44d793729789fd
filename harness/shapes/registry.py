"""Which shape answers which request.

A kind is the `type` of an /info request, or the `type` of the action in an /exchange request.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from harness.shapes import (
    account,
    actions,
    dexes,
    fees,
    fills,
    ledger,
    market,
    metadata,
    orders,
    staking,
    twaps,
    vaults,
)
from harness.shapes.base import Answer, Shape


class Known(NamedTuple):
    """A kind of request and the shape of its answer.

    Args:
        endpoint: `info` or `exchange`.
        kind: the request's type.
        shape: the class that reads the answer.
        since: the oldest recording that the shape was held against, as `2023-07`; `documented` when there is
            only the API page, `schema` when there is only the schema of nktkas/hyperliquid.
    """

    endpoint: Literal["info", "exchange"]
    kind: str
    shape: type[Shape] | type[Answer]
    since: str

    @property
    def wire(self) -> Any:
        """The msgspec type of the answer."""
        return getattr(self.shape, "WIRE", self.shape)


_INFO: dict[str, tuple[type[Shape] | type[Answer], str]] = {
    "activeAssetData": (account.ActiveAssetData, "2025-08"),
    "allMids": (market.AllMids, "2023-07"),
    "allPerpMetas": (dexes.AllPerpMetas, "schema"),
    "approvedBuilders": (fees.ApprovedBuilders, "documented"),
    "candleSnapshot": (market.CandleSnapshot, "2023-07"),
    "clearinghouseState": (account.ClearinghouseState, "2023-03"),
    "delegations": (staking.Delegations, "documented"),
    "delegatorHistory": (staking.DelegatorHistory, "2025-08"),
    "delegatorRewards": (staking.DelegatorRewards, "2026-04"),
    "delegatorSummary": (staking.DelegatorSummary, "2026-04"),
    "exchangeStatus": (market.ExchangeStatus, "schema"),
    "extraAgents": (account.ExtraAgents, "2025-09"),
    "frontendOpenOrders": (orders.FrontendOpenOrders, "2023-11"),
    "fundingHistory": (market.FundingHistory, "2023-07"),
    "historicalOrders": (orders.HistoricalOrders, "2025-08"),
    "l2Book": (market.L2Book, "2025-01"),
    "maxBuilderFee": (fees.MaxBuilderFee, "2026-04"),
    "meta": (metadata.Meta, "2023-07"),
    "metaAndAssetCtxs": (market.MetaAndAssetCtxs, "2026-02"),
    "openOrders": (orders.OpenOrders, "2023-03"),
    "orderStatus": (orders.OrderStatus, "2025-01"),
    "perpDeployAuctionStatus": (dexes.DeployAuctionStatus, "2025-12"),
    "perpDexLimits": (dexes.PerpDexLimits, "2025-12"),
    "perpDexStatus": (dexes.PerpDexStatus, "2025-12"),
    "perpDexs": (dexes.PerpDexs, "2026-01"),
    "perpsAtOpenInterestCap": (dexes.PerpsAtOpenInterestCap, "documented"),
    "portfolio": (vaults.Portfolio, "2025-08"),
    "predictedFundings": (market.PredictedFundings, "documented"),
    "preTransferCheck": (account.PreTransferCheck, "2026-09"),
    "referral": (fees.Referral, "2026-08"),
    "spotClearinghouseState": (account.SpotClearinghouseState, "2025-08"),
    "spotMeta": (metadata.SpotMeta, "2026-01"),
    "spotMetaAndAssetCtxs": (market.SpotMetaAndAssetCtxs, "2025-01"),
    "spotPairDeployAuctionStatus": (dexes.DeployAuctionStatus, "documented"),
    "subAccounts": (vaults.SubAccounts, "documented"),
    "subAccounts2": (vaults.SubAccounts2, "schema"),
    "tokenDetails": (market.TokenDetails, "2026-01"),
    "twapHistory": (twaps.TwapHistory, "2026-09"),
    "userAbstraction": (account.UserAbstraction, "2026-04"),
    "userDexAbstraction": (account.UserDexAbstraction, "documented"),
    "userFees": (fees.UserFees, "2026-09"),
    "userFills": (fills.UserFills, "2023-07"),
    "userFillsByTime": (fills.UserFillsByTime, "2023-07"),
    "userFunding": (ledger.UserFunding, "2024-02"),
    "userNonFundingLedgerUpdates": (ledger.UserNonFundingLedgerUpdates, "2025-08"),
    "userRateLimit": (fees.UserRateLimit, "2025-01"),
    "userRole": (account.UserRole, "2026-09"),
    "userToMultiSigSigners": (account.UserToMultiSigSigners, "schema"),
    "userTwapSliceFills": (twaps.UserTwapSliceFills, "2025-08"),
    "userVaultEquities": (vaults.UserVaultEquities, "2025-08"),
    "vaultDetails": (vaults.VaultDetails, "documented"),
}

_ACTIONS: dict[str, tuple[type[actions.ExchangeAnswer], str]] = {
    "order": (actions.OrderResponse, "2025-10"),
    "batchModify": (actions.BatchModifyResponse, "2026-06"),
    "modify": (actions.ModifyResponse, "2026-09"),
    "cancel": (actions.CancelResponse, "2025-10"),
    "cancelByCloid": (actions.CancelResponse, "2025-10"),
    "createSubAccount": (actions.CreateSubAccountResponse, "2026-07"),
    "createVault": (actions.CreateVaultResponse, "schema"),
    "spotDeploy": (actions.SpotDeployResponse, "schema"),
    "twapOrder": (actions.TwapOrderResponse, "2026-09"),
    "twapCancel": (actions.TwapCancelResponse, "documented"),
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
        activateOutcomeDeployer borrowLend cSignerAction cValidatorAction convertToMultiSigUser spotUser
        finalizeEvmContract gossipPriorityBid linkStakingUser registerReferrer setDisplayName
        stakingLinkDisableTradingUser subAccountModify subAccountSpotTransfer topUpIsolatedOnlyMargin
        userPortfolioMargin vaultDistribute vaultModify
    """,
}

KNOWN: dict[tuple[str, str], Known] = {
    **{("info", kind): Known("info", kind, shape, since) for kind, (shape, since) in _INFO.items()},
    **{
        ("exchange", kind): Known("exchange", kind, shape, since) for kind, (shape, since) in _ACTIONS.items()
    },
    **{
        ("exchange", kind): Known("exchange", kind, actions.DefaultResponse, since)
        for since, kinds in _PLAIN.items()
        for kind in kinds.split()
    },
}
"""Every kind of request whose answer has a shape, by endpoint and kind."""


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
