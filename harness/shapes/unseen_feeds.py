"""Reasons for what no scenario can provoke on localnet's websocket: kinds, sights, why.

In the order of the channels; what is true of several channels comes first.
"""

_NO_LENDING = "localnet does not lend"
_PORTFOLIO = "portfolio margin: nothing documents how it works, localnet refuses it"
_NO_ORDER = "localnet keeps no order for it: no recording shows one"
_DEX_ECHO = "localnet's acknowledgement always prints the dex; UNVERIFIED that the exchange's does too"

FEEDS: tuple[tuple[str, str, str], ...] = (
    ("ws *", '*.dir "* Borrow Liquidation"', _NO_LENDING),
    ("ws *", '*.dir "Net Child Vaults"', "nothing documents vaults that hold vaults, localnet has none"),
    ("ws *", "*.feeTrialEscrow field", "nothing documents fee trials, localnet has none"),
    (
        "ws *",
        "*.liquidation.liquidatedUser absent",
        "localnet always says who was liquidated, as the recordings do",
    ),
    (
        "ws *",
        '*.status "vaultWithdrawalCanceled"',
        "withdrawals that close a vault's positions are not known well enough, localnet refuses them",
    ),
    ("ws explorerBlock", "*", "the explorer's host, which localnet does not have"),
    ("ws explorerTxs", "*", "the explorer's host, which localnet does not have"),
    ("ws spotState", "*.balances[].spotHold field", _PORTFOLIO),
    ("ws spotState", "*.balances[].ltv field", _PORTFOLIO),
    ("ws spotState", "*.balances[].borrowed field", _PORTFOLIO),
    ("ws spotState", "*.balances[].supplied field", _PORTFOLIO),
    ("ws spotState", "*.evmEscrows field", "nothing tells when a token waits on the EVM side"),
    ("ws spotState", "*.evmEscrows[]*", "nothing tells when a token waits on the EVM side"),
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
    ("ws userHistoricalOrders", '*.orderType "Vault Close"', _NO_ORDER),
    (
        "ws userNonFundingLedgerUpdates",
        "*<SpotTransfer>.nonce null",
        "localnet knows the nonce of each transfer",
    ),
    (
        "ws userNonFundingLedgerUpdates",
        "*VaultDistribution*",
        "how a vault's money is shared out is not known, localnet refuses it",
    ),
    (
        "ws userNonFundingLedgerUpdates",
        "*VaultLeaderCommission*",
        "how a leader's share is taken is not known, localnet refuses such withdrawals",
    ),
    ("ws userNonFundingLedgerUpdates", "*BorrowLend*", _NO_LENDING),
    (
        "ws userNonFundingLedgerUpdates",
        "*ActivateDexAbstraction*",
        "what dex abstraction moves is not known, localnet moves nothing",
    ),
    (
        "ws userNonFundingLedgerUpdates",
        "*AccountActivationGas*",
        "which accounts pay it is not known, localnet takes the fee with the transfer",
    ),
    (
        "ws userNonFundingLedgerUpdates",
        "*GossipPriorityGasAuction*",
        "localnet has no auction of places near the validators",
    ),
    (
        "ws userNonFundingLedgerUpdates",
        "*LiquidatorDeposit*",
        "localnet refuses money for the liquidator of a builder's dex",
    ),
    ("ws webData3", '$.userState.abstraction "portfolioMargin"', _PORTFOLIO),
)
"""The reasons, each for as few sights as it can."""
