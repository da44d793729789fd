"""Reasons for what no scenario can provoke in localnet's answers: kinds, sights, why.

In the order of the kinds; what is true of several kinds comes first.
"""

_NEVER_RESTS = "such an order never rests; the enum is that of all orders, and NK's tests never met it here"
_NO_LENDING = "lending: nothing documents it whole enough to serve, so localnet has no reserves"
_NO_LINK = "staking links change fees for good on both sides and are not modelled; localnet refuses them"
_NO_NODES = "there are no nodes behind localnet whose connections could be sold or listed"
_NO_SIDE_TOKEN = "in the form of a client (NK) only; no recorded outcome has it"
_NO_TEMPLATES = "outcomes are listed on localnet as they are, from no template"
_NO_PORTFOLIO = "portfolio margin: nothing documents how it works as a whole, localnet refuses it"
_NO_REWARDS = "stakes earn nothing on localnet: what is staked on testnet, and so the rate, is not known"
_NO_VOTES = "localnet is decided by nobody's votes: its one validator is a name to delegate to"

ANSWERS: tuple[tuple[str, str, str], ...] = (
    (
        "*",
        '*.orderType "Spot Dust Conversion"',
        "look-ups do not know the order of a dust conversion (wire rule 144)",
    ),
    ("info frontendOpenOrders", '*.orderType "Vault Close"', "an order of this type is never left open"),
    ("info webData2", '*.orderType "Vault Close"', _NEVER_RESTS),
    (
        "*",
        '*.status "internalCancel"',
        "a name in the schema of nktkas/hyperliquid; nothing tells when it happens",
    ),
    (
        "*",
        '*.status "openInterestCapCanceled"',
        "documented by name; what cancels resting orders at the cap is not",
    ),
    (
        "*",
        '*.status "openInterestIncreaseRejected"',
        "documented by name; how fast open interest may grow is not",
    ),
    (
        "*",
        '*.status "perpMaxPositionCanceled"',
        "a name in the schema of nktkas/hyperliquid; nothing tells when it happens",
    ),
    (
        "*",
        '*.status "tooAggressiveAtOpenInterestCapRejected"',
        "documented by name; what is too aggressive is not",
    ),
    (
        "*",
        '*.status "tooManyOpenOrdersRejected"',
        "what is refused beyond the limit is not known, localnet refuses to guess",
    ),
    (
        "*",
        '*.dir "Auto-Deleveraging"',
        "localnet's house takes over what cannot be sold, so nobody is deleveraged",
    ),
    ("*", '*.dir "* Borrow Liquidation"', "localnet lends nothing"),
    (
        "*",
        "*.liquidation.liquidatedUser absent",
        "documented as optional; NK's test meets it among the oldest fills of an account, nothing tells when",
    ),
    ("exchange C*Action", "$*OkDefault*", "nobody on localnet is a validator"),
    ("exchange activateOutcomeDeployer", "$*OkDefault*", "how large a stake it takes is not documented"),
    ("exchange authorizeAqav2Role", "$*OkDefault*", "how large a stake it takes is not documented"),
    (
        "exchange batchModify",
        '*.statuses[] "waitingFor*"',
        "localnet does not modify orders with a take profit or stop loss",
    ),
    ("exchange borrowLend", "$*OkDefault*", "localnet lends nothing"),
    ("exchange gossipPriorityBid", "$*OkDefault*", "the price of this auction is not documented"),
    ("exchange linkStakingUser", "$*OkDefault*", "localnet links no accounts"),
    ("exchange stakingLinkDisableTradingUser", "$*OkDefault*", "localnet links no accounts"),
    (
        "exchange userPortfolioMargin",
        "$*OkDefault*",
        "nothing documents how portfolio margin works, localnet refuses it",
    ),
    ("exchange validatorL1Stream", "$*OkDefault*", "nobody on localnet is a validator"),
    ("info *", "$*.spotState.balances[].spotHold field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.balances[].ltv field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.balances[].borrowed field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.balances[].supplied field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.portfolioMargin* field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.tokenToPortfolio* field", _NO_PORTFOLIO),
    ("info allBorrowLendReserveStates", "$[][1].*", _NO_LENDING),
    ("info borrowLendReserveState", "*", _NO_LENDING),
    ("info borrowLendUserState", "$.tokenToState[]*", _NO_LENDING),
    ("info borrowLendUserState", '$.health "atRisk"', _NO_LENDING),
    ("info borrowLendUserState", '$.health "*Liquidatable"', _NO_LENDING),
    ("info delegatorRewards", "$[].*", _NO_REWARDS),
    ("info frontendOpenOrders", '*.orderType "Market"', "an order of this type is never left open"),
    ("info frontendOpenOrders", '*.orderType "Twap Slice"', "an order of this type is never left open"),
    ("info frontendOpenOrders", '*.tif "FrontendMarket"', "an order with this tif is never left open"),
    ("info frontendOpenOrders", '*.tif "Ioc"', "an order with this tif is never left open"),
    ("info frontendOpenOrders", '*.tif "LiquidationMarket"', "an order with this tif is never left open"),
    ("info gossip*", "*", _NO_NODES),
    ("info legalCheck", '$.restrictions "a"', "localnet restricts nobody"),
    ("info legalCheck", '$.restrictions "o"', "localnet restricts nobody"),
    ("info legalCheck", '$.restrictions "u"', "localnet restricts nobody"),
    ("info liquidatable", "$[].*", "what the two figures of such a row say is not known (NK)"),
    ("info outcomeMeta", "$.outcomes[].sideSpecs[].token field", _NO_SIDE_TOKEN),
    ("info outcomeMeta", "$.outcomes[].deployer field", _NO_TEMPLATES),
    ("info outcomeMeta", "$.feeScale field", "its figure is not known"),
    ("info outcomeTemplates", "$[].*", _NO_TEMPLATES),
    ("info perpDexs", "*StarVariant*", "the actions of this kind are not documented"),
    ("info perpDexs", "*.hip3Star field", "the actions of this kind are not documented"),
    ("info predictedFundings", "$[][1][][1] null", "localnet knows no rates of other exchanges"),
    (
        "info predictedFundings",
        "*.fundingIntervalHours absent",
        "localnet knows no rates of other exchanges",
    ),
    (
        "info referral",
        "$.rewardHistory[].*",
        "rows of a former scheme, which a wallet lists as legacy; NK's tests meet none",
    ),
    ("info settledOutcome", "$.spec.sideSpecs[].token field", _NO_SIDE_TOKEN),
    ("info settledOutcome", "$.spec.deployer field", _NO_TEMPLATES),
    ("info spotClearinghouseState", "$.balances[].spotHold field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].ltv field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].borrowed field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].supplied field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.portfolioMargin* field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.tokenToPortfolio* field", _NO_PORTFOLIO),
    ("info subAccounts2", '$[].abstraction "portfolioMargin"', _NO_PORTFOLIO),
    (
        "info twapHistory",
        "$[].state.trigger.*",
        "how a trigger begins a TWAP is not documented, localnet takes none",
    ),
    (
        "info twapHistory",
        '*.status "waitingForTrigger"',
        "how a trigger begins a TWAP is not documented, localnet takes none",
    ),
    (
        "info twapHistory",
        '*.status "stopped"',
        "how a stop price ends a TWAP is not documented, localnet takes none",
    ),
    ("info userAbstraction", '$ "portfolioMargin"', _NO_PORTFOLIO),
    ("info userBorrowLendInterest", "$[].*", _NO_LENDING),
    ("info userFees", "$.stakingLink.*", _NO_LINK),
    ("info userNonFundingLedgerUpdates", "$[].delta*BorrowLend*", _NO_LENDING),
    ("info userNonFundingLedgerUpdates", "$[].delta*GossipPriorityGasAuction*", _NO_NODES),
    ("info userTwapSliceFills*", '$[].fill.dir "Buy"', "localnet takes no TWAPs on spot"),
    ("info userTwapSliceFills*", '$[].fill.dir "Sell"', "localnet takes no TWAPs on spot"),
    (
        "info userTwapSliceFills*",
        "$[].fill.cloid field",
        "a TWAP is given none; where those come from that tests see is not known",
    ),
    ("info userTwapSliceFills*", "$[].fill.builderFee field", "a TWAP is given no builder"),
    (
        "info userTwapSliceFills*",
        "$[].fill.liquidation field",
        "slices and forced orders both only take, so they do not meet on localnet",
    ),
    (
        "info userTwapSliceFills*",
        "$[].fill.liquidation.*",
        "slices and forced orders both only take, so they do not meet on localnet",
    ),
    (
        "info userTwapSliceFills*",
        "$[].fill.twapId null",
        "localnet tells the id; the null that tests on testnet see is UNVERIFIED",
    ),
    ("info validatorL1Votes", "$[].*", _NO_VOTES),
    ("info webData2", '$.openOrders[].orderType "Market"', _NEVER_RESTS),
    ("info webData2", '$.openOrders[].orderType "Twap Slice"', _NEVER_RESTS),
    ("info webData2", '$.openOrders[].tif "Ioc"', _NEVER_RESTS),
    ("info webData2", '$.openOrders[].tif "*Market"', _NEVER_RESTS),
    (
        "info webData2",
        '$.meta.universe[].marginMode "noCross"',
        "no coin of the first dex has it in the recorded testnet metadata",
    ),
    ("info webData2", "$.meta.universe[].growthMode field", "a key of builders' dexes alone"),
    ("info webData2", "$.meta.universe[].deployerFeeScale field", "a key of builders' dexes alone"),
    ("info webData2", "$.meta.universe[].lastFeeScaleChangeTime field", "a key of builders' dexes alone"),
    (
        "info webData2",
        "$.twapStates[][1].trigger.*",
        "localnet does not cover TWAPs with a trigger",
    ),
    (
        "info webData2",
        "$.perpsAtOpenInterestCap field",
        "scenarios run with the default rules, in which no coin of the first dex has a cap",
    ),
)
