"""Reasons for what no scenario can provoke in localnet's answers: kinds, sights, why.

In the order of the kinds; what is true of several kinds comes first.
"""

_NO_ESCROW = "there is no EVM behind localnet on which money could wait"
_NO_LENDING = "lending: nothing documents it whole enough to serve, so localnet has no reserves"
_NO_PORTFOLIO = "portfolio margin: nothing documents how it works as a whole, localnet refuses it"
_PROTOCOL_VAULT = "only the protocol's own vaults have parents and children, and localnet has none of those"
_LEFT_OPEN = "no order of this kind is left open on localnet"
_NO_BUILDER = "no TWAP can name a builder; tests against testnet never met it (NK)"
_PAGES_TIF = "recorded of waiting orders (TI:70146751433); what is sent to make one is not known"

ANSWERS: tuple[tuple[str, str, str], ...] = (
    ("info userTwapSliceFills*", "*.builderFee field", _NO_BUILDER),
    ("ws *", "*wapSliceFills[].fill.builderFee field", _NO_BUILDER),
    ("* *penOrders", '*.orderType "Market"', _LEFT_OPEN),
    ("* *penOrders", '*.orderType "Spot Dust Conversion"', _LEFT_OPEN),
    ("* *penOrders", '*.orderType "Twap Slice"', _LEFT_OPEN),
    ("* *penOrders", '*.tif "Ioc"', _LEFT_OPEN),
    ("* *penOrders", '*.tif "LiquidationMarket"', _LEFT_OPEN),
    ("* *penOrders", '*.tif "FrontendMarket"', _PAGES_TIF),
    ("info webData2", '$.openOrders[].orderType "Market"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].orderType "Spot Dust Conversion"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].orderType "Twap Slice"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].tif "Ioc"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].tif "LiquidationMarket"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].tif "FrontendMarket"', _PAGES_TIF),
    ("*", '*.orderType "Vault Close"', "how a vault closes positions for a withdrawal is not documented"),
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
    ("*", '*.dir "* Borrow Liquidation"', "localnet lends nothing"),
    ("*", '*.dir "Net Child Vaults"', "localnet has no vaults with children"),
    ("*", "*[].feeTrialEscrow field", "nothing documents how a fee trial works"),
    ("*", "*.fill.feeTrialEscrow field", "nothing documents how a fee trial works"),
    ("*", "*.liquidation.liquidatedUser absent", "documented as optional; every recording has it"),
    ("exchange activateOutcomeDeployer", "$*OkDefault*", "how large a stake it takes is not documented"),
    ("exchange borrowLend", "$*OkDefault*", "localnet lends nothing"),
    ("exchange finalizeEvmContract", "$*OkDefault*", "localnet has no EVM"),
    (
        "exchange hip3LiquidatorTransfer",
        "$*OkDefault*",
        "from which balance the money comes is not documented",
    ),
    ("exchange sendToEvmWithData", "$*OkDefault*", "localnet has no EVM"),
    (
        "exchange userPortfolioMargin",
        "$*OkDefault*",
        "nothing documents how portfolio margin works, localnet refuses it",
    ),
    (
        "exchange vaultDistribute",
        "$*OkDefault*",
        "how a vault pays out is not documented, localnet refuses to guess",
    ),
    ("info *", "$*.spotState.balances[].spotHold field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.balances[].ltv field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.balances[].borrowed field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.balances[].supplied field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.portfolioMargin* field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.tokenToPortfolio* field", _NO_PORTFOLIO),
    ("info *", "$*.spotState.evmEscrows field", _NO_ESCROW),
    ("info *", "$*.spotState.evmEscrows[]*", _NO_ESCROW),
    ("info allBorrowLendReserveStates", "$[][1].*", _NO_LENDING),
    ("info borrowLendReserveState", "*", _NO_LENDING),
    ("info borrowLendUserState", "$.tokenToState[]*", _NO_LENDING),
    ("info borrowLendUserState", '$.health "atRisk"', _NO_LENDING),
    ("info borrowLendUserState", '$.health "*Liquidatable"', _NO_LENDING),
    ("info extraAgents", "$[].validUntil null", "localnet ends every agent after 90 days (wire rule 78)"),
    ("info liquidatable", "$[].*", "what the two figures of such a row say is not known (NK)"),
    ("info outcomeMeta", "$.feeScale field", "its figure is not known"),
    ("info perpDexs", "*StarVariant*", "the actions of this kind are not documented"),
    ("info perpDexs", "*.hip3Star field", "the actions of this kind are not documented"),
    ("info referral", "$.rewardHistory[].*", "nothing tells which rewards become a row, and when"),
    ("info spotClearinghouseState", "$.balances[].spotHold field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].ltv field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].borrowed field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].supplied field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.portfolioMargin* field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.tokenToPortfolio* field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.evmEscrows field", _NO_ESCROW),
    ("info spotClearinghouseState", "$.evmEscrows[]*", _NO_ESCROW),
    ("info spotMeta*", "$*.deployerLabel field", "no token of the recorded testnet metadata has one"),
    ("info subAccounts2", '$[].abstraction "portfolioMargin"', _NO_PORTFOLIO),
    ("info userAbstraction", '$ "portfolioMargin"', _NO_PORTFOLIO),
    ("info userBorrowLendInterest", "$[].*", _NO_LENDING),
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
    ("info userNonFundingLedgerUpdates", "$[].delta*BorrowLend*", _NO_LENDING),
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
    (
        "info userNonFundingLedgerUpdates",
        "$[].delta*LiquidatorDeposit*",
        "a builder's dex has no liquidator of its own here; the row's name in answers is not known",
    ),
    ("info vault*", "$*relationship ChildVault", _PROTOCOL_VAULT),
    ("info vault*", "$*relationship ParentVault", _PROTOCOL_VAULT),
    ("info vault*", "$*relationship<ParentVault>*", _PROTOCOL_VAULT),
    ("info vaultDetails", "$ null", "NK had it for an unknown vault and has no longer; not covered"),
    (
        "info webData2",
        '$.meta.universe[].marginMode "noCross"',
        "no coin of the first dex has it in the recorded testnet metadata",
    ),
    ("info webData2", "$.meta.universe[].growthMode field", "a key of builders' dexes alone"),
    ("info webData2", "$.meta.universe[].deployerFeeScale field", "a key of builders' dexes alone"),
    ("info webData2", "$.meta.universe[].lastFeeScaleChangeTime field", "a key of builders' dexes alone"),
)
