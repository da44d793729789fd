"""Query types that the real exchange knows and localnet does not serve yet.

Source: SDK 0.24.0 `info.py`; API docs, "Info endpoint"; the wire facts' recorded and documented kinds.
"""

from typing import Final

KNOWN: Final = frozenset(
    {
        "alignedQuoteTokenInfo",
        "allBorrowLendReserveStates",
        "borrowLendReserveState",
        "borrowLendUserState",
        "isVip",
        "leadingVaults",
        "legalCheck",
        "liquidatable",
        "marginTable",
        "maxMarketOrderNtls",
        "outcomeMeta",
        "perpAnnotation",
        "perpCategories",
        "perpConciseAnnotations",
        "recentTrades",
        "settledOutcome",
        "validatorL1Votes",
        "validatorSummaries",
        "vaultSummaries",
        "webData2",
        "webData3",
    }
)
