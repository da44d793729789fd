"""Query types that the real exchange knows and localnet does not serve yet.

Source: SDK 0.24.0 `info.py`; API docs, "Info endpoint"; the wire facts' recorded and documented kinds.
"""

from typing import Final

KNOWN: Final = frozenset(
    {
        "activeAssetData",
        "alignedQuoteTokenInfo",
        "allBorrowLendReserveStates",
        "allPerpMetas",
        "approvedBuilders",
        "borrowLendReserveState",
        "borrowLendUserState",
        "delegations",
        "delegatorHistory",
        "delegatorRewards",
        "delegatorSummary",
        "exchangeStatus",
        "fundingHistory",
        "isVip",
        "leadingVaults",
        "legalCheck",
        "liquidatable",
        "marginTable",
        "maxBuilderFee",
        "maxMarketOrderNtls",
        "outcomeMeta",
        "perpAnnotation",
        "perpCategories",
        "perpConciseAnnotations",
        "perpDeployAuctionStatus",
        "perpDexLimits",
        "perpDexStatus",
        "perpDexs",
        "perpsAtOpenInterestCap",
        "portfolio",
        "predictedFundings",
        "recentTrades",
        "referral",
        "settledOutcome",
        "spotDeployState",
        "spotPairDeployAuctionStatus",
        "userDexAbstraction",
        "userFunding",
        "userToMultiSigSigners",
        "validatorL1Votes",
        "validatorSummaries",
        "vaultSummaries",
        "webData2",
        "webData3",
    }
)
