"""Reasons for what no scenario can provoke on localnet's websocket: kinds, sights, why.

In the order of the channels; what is true of several channels comes first.
"""

_BY_HAND = "NK finds borrowing and repaying by hand not available; what else it does no source tells"
_NO_STATE = "nothing tells when an order gets this state"
_TWAP_TRIGGER = "nothing documents how a TWAP with a trigger or a stop price runs, localnet refuses it"
_NEVER_MEET = "a slice takes from the book, and so does a liquidation: they never trade with each other"
_NEVER_RESTS = "what never rests is not among the open orders"
_NO_ORDER = "localnet keeps no order for it: no recording shows one"
_DEX_ECHO = "localnet's acknowledgement always prints the dex; UNVERIFIED that the exchange's does too"

FEEDS: tuple[tuple[str, str, str], ...] = (
    ("ws *", '*.dir "Auto-Deleveraging"', "localnet has none: its house pays what is missing"),
    ("ws *", '*.dir "Net Child Vaults"', "nothing documents vaults that hold vaults, localnet has none"),
    ("ws *", "*.feeTrialEscrow field", "nothing documents fee trials, localnet has none"),
    (
        "ws *",
        "*.liquidation.liquidatedUser absent",
        "localnet always says who was liquidated, as the recordings do",
    ),
    ("ws *", '*.status "internalCancel"', _NO_STATE),
    ("ws *", '*.status "openInterestCapCanceled"', _NO_STATE),
    ("ws *", '*.status "openInterestIncreaseRejected"', _NO_STATE),
    ("ws *", '*.status "perpMaxPositionCanceled"', _NO_STATE),
    ("ws *", '*.status "tooAggressiveAtOpenInterestCapRejected"', _NO_STATE),
    (
        "ws *",
        '*.status "tooManyOpenOrdersRejected"',
        "the answer at the limit of open orders is not known, localnet does not cover it",
    ),
    (
        "ws *",
        '*.status "vaultWithdrawalCanceled"',
        "withdrawals that close a vault's positions are not known well enough, localnet refuses them",
    ),
    ("ws *", "*.state*.trigger.* field", _TWAP_TRIGGER),
    ("ws *", '*.status.status "stopped"', _TWAP_TRIGGER),
    ("ws *", '*.status.status "waitingForTrigger"', _TWAP_TRIGGER),
    ("ws *", "*.fill.cloid field", "a TWAP carries no cloid"),
    ("ws *", "*.fill.builderFee field", "a TWAP names no builder"),
    ("ws *", "*.fill.liquidation* field", _NEVER_MEET),
    ("ws *", '*.fill.liquidation.method "*"', _NEVER_MEET),
    ("ws *", "*.fill.twapId null", "a slice has the number of its TWAP"),
    ("ws *", '*.fill.dir "Buy"', "localnet works TWAPs on perpetuals alone"),
    ("ws *", '*.fill.dir "Sell"', "localnet works TWAPs on perpetuals alone"),
    ("ws explorerBlock", "*", "the explorer's host, which localnet does not have"),
    ("ws explorerTxs", "*", "the explorer's host, which localnet does not have"),
    ("ws openOrders", '*.orderType "Market"', _NEVER_RESTS),
    ("ws openOrders", '*.orderType "Spot Dust Conversion"', _NEVER_RESTS),
    ("ws openOrders", '*.orderType "Twap Slice"', _NEVER_RESTS),
    ("ws openOrders", '*.orderType "Vault Close"', _NEVER_RESTS),
    ("ws openOrders", '*.tif "FrontendMarket"', _NEVER_RESTS),
    ("ws openOrders", '*.tif "Ioc"', _NEVER_RESTS),
    ("ws openOrders", '*.tif "LiquidationMarket"', _NEVER_RESTS),
    (
        "ws outcomeMetaUpdates",
        "$[].outcomeCreated.sideSpecs[].token field",
        "in the form of a client (NK) only; no recorded outcome has it",
    ),
    (
        "ws outcomeMetaUpdates",
        "$[].outcomeCreated.deployer field",
        "outcomes are listed on localnet as they are, from no template",
    ),
    ("ws spotState", "*.evmEscrows field", "nothing tells when a token waits on the EVM side"),
    ("ws spotState", "*.evmEscrows[]*", "nothing tells when a token waits on the EVM side"),
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
    ("ws userHistoricalOrders", '*.orderType "Spot Dust Conversion"', _NO_ORDER),
    ("ws userHistoricalOrders", '*.orderType "Twap Slice"', _NO_ORDER),
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
    ("ws userNonFundingLedgerUpdates", '*<BorrowLend>.operation "borrow"', _BY_HAND),
    ("ws userNonFundingLedgerUpdates", '*<BorrowLend>.operation "repay"', _BY_HAND),
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
    (
        "ws webData3",
        '$.userState.abstraction "dexAbstraction"',
        "whether the page names this mode beside its older flag is not known, localnet shows the flag",
    ),
)
"""The reasons, each for as few sights as it can."""
