"""Reasons for what no scenario can provoke on localnet's websocket: kinds, sights, why.

In the order of the channels; what is true of several channels comes first.
"""

_BY_HAND = "NK finds borrowing and repaying by hand not available; what else it does no source tells"
_DEX_ECHO = "localnet's acknowledgement always prints the dex; UNVERIFIED that the exchange's does too"

FEEDS: tuple[tuple[str, str, str], ...] = (
    (
        "ws *",
        "*.liquidation.liquidatedUser absent",
        "localnet always says who was liquidated, as the recordings do",
    ),
    ("ws subscriptionResponse", "*<ToAllMids>.dex null", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToAssetCtxs>.dex absent", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToAssetCtxs>.dex null", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToTwapStates>.dex absent", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToTwapStates>.dex null", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToClearinghouseState>.dex absent", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToClearinghouseState>.dex null", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToOpenOrders>.dex absent", _DEX_ECHO),
    ("ws subscriptionResponse", "*<ToOpenOrders>.dex null", _DEX_ECHO),
    (
        "ws subscriptionResponse",
        "*<ToSpotState>.ignorePortfolioMargin absent",
        "localnet's acknowledgement always prints it, as the measured one does",
    ),
    ("ws userNonFundingLedgerUpdates", '*<BorrowLend>.operation "borrow"', _BY_HAND),
    ("ws userNonFundingLedgerUpdates", '*<BorrowLend>.operation "repay"', _BY_HAND),
)
"""The reasons, each for as few sights as it can."""
