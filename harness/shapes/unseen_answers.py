"""Reasons for what no scenario can provoke in localnet's answers: kinds, sights, why.

In the order of the kinds; what is true of several kinds comes first.
"""

_NEVER_RESTS = "such an order never rests; the enum is that of all orders, and NK's tests never met it here"
_NO_ESCROW = "there is no EVM behind localnet on which money could wait"
_BY_HAND = "NK finds borrowing and repaying by hand not available; what else it does no source tells"
_NO_LINK = "staking links change fees for good on both sides and are not modelled; localnet refuses them"
_NO_NODES = "there are no nodes behind localnet whose connections could be sold or listed"
_NO_SIDE_TOKEN = "in the form of a client (NK) only; no recorded outcome has it"
_NO_TEMPLATES = "outcomes are listed on localnet as they are, from no template"
_NO_REWARDS = "stakes earn nothing on localnet: what is staked on testnet, and so the rate, is not known"
_NO_VOTES = "localnet is decided by nobody's votes: its one validator is a name to delegate to"
_PROTOCOL_VAULT = "only the protocol's own vaults have parents and children, and localnet has none of those"

ANSWERS: tuple[tuple[str, str, str], ...] = (
    (
        "*",
        '*.orderType "Spot Dust Conversion"',
        "look-ups do not know the order of a dust conversion (wire rule 144)",
    ),
    ("*", '*.orderType "Vault Close"', "how a vault closes positions for a withdrawal is not documented"),
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
        '*.status "vaultWithdrawalCanceled"',
        "how a vault cancels orders for a withdrawal is not documented",
    ),
    (
        "*",
        '*.dir "Auto-Deleveraging"',
        "localnet's house takes over what cannot be sold, so nobody is deleveraged",
    ),
    ("*", '*.dir "Net Child Vaults"', "localnet has no vaults with children"),
    ("*", "*[].feeTrialEscrow field", "nothing documents how a fee trial works"),
    ("*", "*.fill.feeTrialEscrow field", "nothing documents how a fee trial works"),
    ("*", "*.liquidation.liquidatedUser absent", "documented as optional; every recording has it"),
    ("exchange C*Action", "$*OkDefault*", "nobody on localnet is a validator"),
    ("exchange activateOutcomeDeployer", "$*OkDefault*", "how large a stake it takes is not documented"),
    ("exchange authorizeAqav2Role", "$*OkDefault*", "how large a stake it takes is not documented"),
    (
        "exchange batchModify",
        '*.statuses[] "waitingFor*"',
        "localnet does not modify orders with a take profit or stop loss",
    ),
    ("exchange finalizeEvmContract", "$*OkDefault*", "localnet has no EVM"),
    ("exchange gossipPriorityBid", "$*OkDefault*", "the price of this auction is not documented"),
    (
        "exchange hip3LiquidatorTransfer",
        "$*OkDefault*",
        "from which balance the money comes is not documented",
    ),
    ("exchange linkStakingUser", "$*OkDefault*", "localnet links no accounts"),
    ("exchange sendToEvmWithData", "$*OkDefault*", "localnet has no EVM"),
    ("exchange stakingLinkDisableTradingUser", "$*OkDefault*", "localnet links no accounts"),
    ("exchange validatorL1Stream", "$*OkDefault*", "nobody on localnet is a validator"),
    (
        "exchange vaultDistribute",
        "$*OkDefault*",
        "how a vault pays out is not documented, localnet refuses to guess",
    ),
    ("info *", "$*.spotState.evmEscrows field", _NO_ESCROW),
    ("info *", "$*.spotState.evmEscrows[]*", _NO_ESCROW),
    ("info delegatorRewards", "$[].*", _NO_REWARDS),
    ("info extraAgents", "$[].validUntil null", "localnet ends every agent after 90 days (wire rule 78)"),
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
    ("info referral", "$.rewardHistory[].*", "nothing tells which rewards become a row, and when"),
    ("info settledOutcome", "$.spec.sideSpecs[].token field", _NO_SIDE_TOKEN),
    ("info settledOutcome", "$.spec.deployer field", _NO_TEMPLATES),
    ("info spotClearinghouseState", "$.evmEscrows field", _NO_ESCROW),
    ("info spotClearinghouseState", "$.evmEscrows[]*", _NO_ESCROW),
    ("info spotMeta*", "$*.deployerLabel field", "no token of the recorded testnet metadata has one"),
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
    ("info usdcRouting", '$.* "bridge"', "the only route that testnet was met with is cctp (NK)"),
    ("info userFees", "$.stakingLink.*", _NO_LINK),
    (
        "info userNonFundingLedgerUpdates",
        "$[].delta<SpotTransfer>.nonce null",
        "nothing tells which transfers have no nonce",
    ),
    (
        "info userNonFundingLedgerUpdates",
        "$[].delta*VaultDistribution*",
        "what a distribution does to shares and profits is not known, so localnet does not cover it",
    ),
    ("info userNonFundingLedgerUpdates", '*<BorrowLend>.operation "borrow"', _BY_HAND),
    ("info userNonFundingLedgerUpdates", '*<BorrowLend>.operation "repay"', _BY_HAND),
    (
        "info userNonFundingLedgerUpdates",
        "$[].delta*ActivateDexAbstraction*",
        "nothing tells which moves between dexes leave such a row",
    ),
    (
        "info userNonFundingLedgerUpdates",
        "$[].delta*AccountActivationGas*",
        "nothing tells when this row stands beside, or in place of, the fee in a transfer's own row",
    ),
    ("info userNonFundingLedgerUpdates", "$[].delta*GossipPriorityGasAuction*", _NO_NODES),
    (
        "info userNonFundingLedgerUpdates",
        "$[].delta*LiquidatorDeposit*",
        "a builder's dex has no liquidator of its own here; the row's name in answers is not known",
    ),
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
    ("info vault*", "$*relationship ChildVault", _PROTOCOL_VAULT),
    ("info vault*", "$*relationship ParentVault", _PROTOCOL_VAULT),
    ("info vault*", "$*relationship<ParentVault>*", _PROTOCOL_VAULT),
    ("info vaultDetails", "$ null", "NK had it for an unknown vault and has no longer; not covered"),
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
