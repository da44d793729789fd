"""Query types that the real exchange knows and localnet does not serve.

Source: API docs, "Info endpoint"; NK for the undocumented ones. What they answer is about things that
localnet does not have (nodes, validators' performance, aligned stablecoins, reserves of lending) and cannot
make up.
"""

from typing import Final

KNOWN: Final = frozenset(
    {
        "alignedQuoteTokenInfo",
        "borrowLendReserveState",
        "gossipPriorityAuctionStatus",
        "gossipRootIps",
        "usdcRouting",
        "validatorSummaries",
    }
)
