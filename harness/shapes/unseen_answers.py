"""Reasons for what no scenario can provoke in localnet's answers: kinds, sights, why.

In the order of the kinds; what is true of several kinds comes first.
"""

_LEFT_OPEN = "no order of this kind is left open on localnet"
_NEVER_RESTS = "such an order never rests; the enum is that of all orders, and NK's tests never met it here"
_NO_BUILDER = "no TWAP can name a builder; tests against testnet never met it (NK)"
_NO_LENDING = "lending: nothing documents it whole enough to serve, so localnet has no reserves"
_NO_PORTFOLIO = "portfolio margin: nothing documents how it works as a whole, localnet refuses it"
_NO_STAR = "grants on HIP-3* venues, which testnet alone has since 2026-10; localnet has none"
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
    ("*", '*.dir "* Borrow Liquidation"', "localnet lends nothing"),
    ("exchange authorizeAqav2Role", "$*OkDefault*", "how large a stake it takes is not documented"),
    (
        "*",
        "*.liquidation.liquidatedUser absent",
        "NK's tests meet it in old fills of one account of testnet; nothing tells of which they are",
    ),
    (
        "*",
        "*.liquidation.liquidatedUser absent",
        "documented as optional; NK's test meets it among the oldest fills of an account, nothing tells when",
    ),
    ("exchange borrowLend", "$*OkDefault*", "localnet lends nothing"),
    (
        "exchange userPortfolioMargin",
        "$*OkDefault*",
        "nothing documents how portfolio margin works, localnet refuses it",
    ),
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
    (
        "info extraAgents",
        "$[].validUntil null",
        "NK met it on mainnet only; nothing tells which agents never end",
    ),
    ("info liquidatable", "$[].*", "what the two figures of such a row say is not known (NK)"),
    ("info outcomeMeta", "$.feeScale field", "its figure is not known"),
    ("info perpDexs", "*StarVariant*", _NO_STAR),
    ("info perpDexs", "*.hip3Star field", _NO_STAR),
    (
        "info referral",
        "$.rewardHistory[].*",
        "rows of a former scheme, which a wallet lists as legacy; NK's tests meet none",
    ),
    ("info spotClearinghouseState", "$.balances[].spotHold field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].ltv field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].borrowed field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].supplied field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.portfolioMargin* field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.tokenToPortfolio* field", _NO_PORTFOLIO),
    ("info subAccounts2", '$[].abstraction "portfolioMargin"', _NO_PORTFOLIO),
    ("info userAbstraction", '$ "portfolioMargin"', _NO_PORTFOLIO),
    ("info userBorrowLendInterest", "$[].*", _NO_LENDING),
    ("info userNonFundingLedgerUpdates", "$[].delta*BorrowLend*", _NO_LENDING),
    (
        "info webData2",
        '$.meta.universe[].marginMode "noCross"',
        "no coin of the first dex has it in the recorded testnet metadata",
    ),
    ("info frontendOpenOrders", '*.orderType "Vault Close"', "an order of this type is never left open"),
    ("info webData2", '*.orderType "Vault Close"', _NEVER_RESTS),
)
