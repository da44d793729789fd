"""Reasons for what no scenario can provoke in localnet's answers: kinds, sights, why.

In the order of the kinds; what is true of several kinds comes first.
"""

_BY_HAND = "NK finds borrowing and repaying by hand not available; what else it does no source tells"
_LEFT_OPEN = "no order of this kind is left open on localnet"
_NO_BUILDER = "no TWAP can name a builder; tests against testnet never met it (NK)"
_NO_BUILDERS = "the page shows the first dex alone, in which no builder has a say"
_NO_STAR = "grants on HIP-3* venues, which testnet alone has since 2026-10; localnet has none"
_PAGES_TIF = "recorded of waiting orders (TI:70146751433); what is sent to make one is not known"

ANSWERS: tuple[tuple[str, str, str], ...] = (
    ("info userTwapSliceFills*", "*.builderFee field", _NO_BUILDER),
    ("ws *", "*wapSliceFills[].fill.builderFee field", _NO_BUILDER),
    ("* *penOrders", '*.orderType "Market"', _LEFT_OPEN),
    ("* *penOrders", '*.orderType "Vault Close"', _LEFT_OPEN),
    ("* *penOrders", '*.orderType "Spot Dust Conversion"', _LEFT_OPEN),
    ("* *penOrders", '*.orderType "Twap Slice"', _LEFT_OPEN),
    ("* *penOrders", '*.tif "Ioc"', _LEFT_OPEN),
    ("* *penOrders", '*.tif "LiquidationMarket"', _LEFT_OPEN),
    ("* *penOrders", '*.tif "FrontendMarket"', _PAGES_TIF),
    ("info webData2", "$.meta.universe[].growthMode field", _NO_BUILDERS),
    ("info webData2", "$.meta.universe[].deployerFeeScale field", _NO_BUILDERS),
    ("info webData2", "$.meta.universe[].lastFeeScaleChangeTime field", _NO_BUILDERS),
    ("info webData2", '$.openOrders[].orderType "Market"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].orderType "Vault Close"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].orderType "Spot Dust Conversion"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].orderType "Twap Slice"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].tif "Ioc"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].tif "LiquidationMarket"', _LEFT_OPEN),
    ("info webData2", '$.openOrders[].tif "FrontendMarket"', _PAGES_TIF),
    (
        "*",
        "*.liquidation.liquidatedUser absent",
        "NK's tests meet it in old fills of one account of testnet; nothing tells of which they are",
    ),
    ("info liquidatable", "$[].*", "what the two figures of such a row say is not known (NK)"),
    ("info outcomeMeta", "$.feeScale field", "its figure is not known"),
    ("info userNonFundingLedgerUpdates", '*<BorrowLend>.operation "borrow"', _BY_HAND),
    ("info userNonFundingLedgerUpdates", '*<BorrowLend>.operation "repay"', _BY_HAND),
    ("info perpDexs", "*StarVariant*", _NO_STAR),
    ("info perpDexs", "*.hip3Star field", _NO_STAR),
    (
        "info webData2",
        '$.meta.universe[].marginMode "noCross"',
        "no coin of the first dex has it in the recorded testnet metadata",
    ),
)
