"""Reasons for what no scenario can provoke on localnet's websocket: kinds, sights, why.

In the order of the channels; what is true of several channels comes first.
"""

_DEX_ECHO = "localnet's acknowledgement always prints the dex; UNVERIFIED that the exchange's does too"
_NO_LENDING = "localnet does not lend"
_PORTFOLIO = "portfolio margin: nothing documents how it works, localnet refuses it"

FEEDS: tuple[tuple[str, str, str], ...] = (
    ("ws *", '*.dir "* Borrow Liquidation"', _NO_LENDING),
    (
        "ws *",
        "*.liquidation.liquidatedUser absent",
        "localnet always says who was liquidated, as the recordings do",
    ),
    ("ws spotState", "*.balances[].spotHold field", _PORTFOLIO),
    ("ws spotState", "*.balances[].ltv field", _PORTFOLIO),
    ("ws spotState", "*.balances[].borrowed field", _PORTFOLIO),
    ("ws spotState", "*.balances[].supplied field", _PORTFOLIO),
    ("ws spotState", "*.portfolioMargin* field", _PORTFOLIO),
    ("ws spotState", "*.tokenToPortfolio* field", _PORTFOLIO),
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
    ("ws userNonFundingLedgerUpdates", "*BorrowLend*", _NO_LENDING),
    ("ws webData3", '$.userState.abstraction "portfolioMargin"', _PORTFOLIO),
)
"""The reasons, each for as few sights as it can."""
