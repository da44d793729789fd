"""Query types that the real exchange knows and localnet does not serve.

Source: API docs, "Info endpoint"; NK for the undocumented ones. What they answer is about things that
localnet does not have (nodes) and cannot make up.
`alignedQuoteTokenInfo` of the docs is not among them: both networks answer 422 to it, whatever is asked (id
70359400865 of the text index, 2026-10).
"""

from typing import Final

KNOWN: Final = frozenset(
    {
        "gossipPriorityAuctionStatus",
        "gossipRootIps",
    }
)
