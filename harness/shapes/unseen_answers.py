"""Reasons for what no scenario can provoke in localnet's answers: kinds, sights, why.

In the order of the kinds; what is true of several kinds comes first.
"""

_NO_ESCROW = "there is no EVM behind localnet on which money could wait"
_NO_LENDING = "lending: nothing documents it whole enough to serve, so localnet has no reserves"
_NO_LINK = "staking links change fees for good on both sides and are not modelled; localnet refuses them"
_NO_NODES = "there are no nodes behind localnet whose connections could be sold or listed"
_NO_PORTFOLIO = "portfolio margin: nothing documents how it works as a whole, localnet refuses it"
_NO_REWARDS = "stakes earn nothing on localnet: what is staked on testnet, and so the rate, is not known"
_NO_STAR = "grants on HIP-3* venues, which testnet alone has since 2026-10; localnet has none"
_NO_VOTES = "localnet is decided by nobody's votes: its one validator is a name to delegate to"
_PROTOCOL_VAULT = "only the protocol's own vaults have parents and children, and localnet has none of those"

ANSWERS: tuple[tuple[str, str, str], ...] = (
    ("*", '*.orderType "Vault Close"', "how a vault closes positions for a withdrawal is not documented"),
    (
        "*",
        '*.status "vaultWithdrawalCanceled"',
        "how a vault cancels orders for a withdrawal is not documented",
    ),
    ("*", '*.dir "* Borrow Liquidation"', "localnet lends nothing"),
    ("*", '*.dir "Net Child Vaults"', "localnet has no vaults with children"),
    ("*", "*[].feeTrialEscrow field", "nothing documents how a fee trial works"),
    ("*", "*.fill.feeTrialEscrow field", "nothing documents how a fee trial works"),
    (
        "*",
        "*.liquidation.liquidatedUser absent",
        "NK's tests meet it in old fills of one account of testnet; nothing tells of which they are",
    ),
    ("exchange C*Action", "$*OkDefault*", "nobody on localnet is a validator"),
    ("exchange borrowLend", "$*OkDefault*", "localnet lends nothing"),
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
    (
        "exchange userPortfolioMargin",
        "$*OkDefault*",
        "nothing documents how portfolio margin works, localnet refuses it",
    ),
    ("exchange validatorL1Stream", "$*OkDefault*", "nobody on localnet is a validator"),
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
    ("info delegatorRewards", "$[].*", _NO_REWARDS),
    (
        "info extraAgents",
        "$[].validUntil null",
        "NK met it on mainnet only; nothing tells which agents never end",
    ),
    ("info gossip*", "*", _NO_NODES),
    ("info legalCheck", '$.restrictions "a"', "localnet restricts nobody"),
    ("info legalCheck", '$.restrictions "o"', "localnet restricts nobody"),
    ("info legalCheck", '$.restrictions "u"', "localnet restricts nobody"),
    ("info liquidatable", "$[].*", "what the two figures of such a row say is not known (NK)"),
    ("info outcomeMeta", "$.feeScale field", "its figure is not known"),
    ("info perpDexs", "*StarVariant*", _NO_STAR),
    ("info perpDexs", "*.hip3Star field", _NO_STAR),
    ("info spotClearinghouseState", "$.balances[].spotHold field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].ltv field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].borrowed field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.balances[].supplied field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.portfolioMargin* field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.tokenToPortfolio* field", _NO_PORTFOLIO),
    ("info spotClearinghouseState", "$.evmEscrows field", _NO_ESCROW),
    ("info spotClearinghouseState", "$.evmEscrows[]*", _NO_ESCROW),
    ("info subAccounts2", '$[].abstraction "portfolioMargin"', _NO_PORTFOLIO),
    ("info userAbstraction", '$ "portfolioMargin"', _NO_PORTFOLIO),
    ("info userBorrowLendInterest", "$[].*", _NO_LENDING),
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
    ("info userNonFundingLedgerUpdates", "$[].delta*GossipPriorityGasAuction*", _NO_NODES),
    (
        "info userNonFundingLedgerUpdates",
        "$[].delta*LiquidatorDeposit*",
        "a builder's dex has no liquidator of its own here; the row's name in answers is not known",
    ),
    ("info validatorL1Votes", "$[].*", _NO_VOTES),
    ("info vault*", "$*relationship ChildVault", _PROTOCOL_VAULT),
    ("info vault*", "$*relationship ParentVault", _PROTOCOL_VAULT),
    ("info vault*", "$*relationship<ParentVault>*", _PROTOCOL_VAULT),
    ("info vaultDetails", "$ null", "NK had it for an unknown vault and has no longer; not covered"),
    (
        "info webData2",
        '$.meta.universe[].marginMode "noCross"',
        "no coin of the first dex has it in the recorded testnet metadata",
    ),
)
