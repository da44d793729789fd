"""What of the shapes a run has not seen: counted, named, and with the reason where there is a good one.

A reason stands for sights that no scenario can provoke on localnet. It goes as soon as one is seen: `judge`
finds reasons that no longer hold.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from harness.shapes.coverage import Coverage, Sight
from harness.shapes.registry import Known


class Reason(NamedTuple):
    """Why some sights cannot be seen on localnet.

    Args:
        kinds: `info userFees`, or a pattern such as `info *`.
        sights: a path and what is seen there, or a pattern: `$.positions* absent`.
        why: the reason, in one line.
    """

    kinds: str
    sights: str
    why: str

    def covers(self, known: Known, sight: Sight) -> bool:
        """Say whether this is a reason for a sight."""
        name = f"{known.endpoint} {known.kind}"
        return _matches(name, self.kinds) and _matches(f"{sight.path} {sight.what}", self.sights)


_NEVER_RESTS = "such an order never rests; the enum is that of all orders, and NK's tests never met it here"
_NO_ESCROW = "there is no EVM behind localnet on which money could wait"
_NO_LENDING = "lending: nothing documents it whole enough to serve, so localnet has no reserves"
_NO_LINK = "staking links change fees for good on both sides and are not modelled; localnet refuses them"
_NO_NODES = "there are no nodes behind localnet whose connections could be sold or listed"
_NO_OUTCOMES = (
    "outcomes: nothing documents how they are made, traded and settled as a whole; localnet has none"
)
_NO_PORTFOLIO = "portfolio margin: nothing documents how it works as a whole, localnet refuses it"
_NO_REWARDS = "stakes earn nothing on localnet: what is staked on testnet, and so the rate, is not known"
_NO_VOTES = "localnet is decided by nobody's votes: its one validator is a name to delegate to"
_PROTOCOL_VAULT = "only the protocol's own vaults have parents and children, and localnet has none of those"

REASONS: tuple[Reason, ...] = (
    Reason(
        "*",
        '*.orderType "Spot Dust Conversion"',
        "look-ups do not know the order of a dust conversion (wire rule 144)",
    ),
    Reason(
        "*", '*.orderType "Vault Close"', "how a vault closes positions for a withdrawal is not documented"
    ),
    Reason(
        "*",
        '*.status "internalCancel"',
        "a name in the schema of nktkas/hyperliquid; nothing tells when it happens",
    ),
    Reason(
        "*",
        '*.status "openInterestCapCanceled"',
        "documented by name; what cancels resting orders at the cap is not",
    ),
    Reason(
        "*",
        '*.status "openInterestIncreaseRejected"',
        "documented by name; how fast open interest may grow is not",
    ),
    Reason("*", '*.status "outcomeSettled*"', "localnet has no outcomes"),
    Reason(
        "*",
        '*.status "perpMaxPositionCanceled"',
        "a name in the schema of nktkas/hyperliquid; nothing tells when it happens",
    ),
    Reason(
        "*",
        '*.status "tooAggressiveAtOpenInterestCapRejected"',
        "documented by name; what is too aggressive is not",
    ),
    Reason(
        "*",
        '*.status "tooManyOpenOrdersRejected"',
        "what is refused beyond the limit is not known, localnet refuses to guess",
    ),
    Reason(
        "*",
        '*.status "vaultWithdrawalCanceled"',
        "how a vault cancels orders for a withdrawal is not documented",
    ),
    Reason(
        "*",
        '*.dir "Auto-Deleveraging"',
        "localnet's house takes over what cannot be sold, so nobody is deleveraged",
    ),
    Reason("*", '*.dir "* Borrow Liquidation"', "localnet lends nothing"),
    Reason("*", '*.dir "Net Child Vaults"', "localnet has no vaults with children"),
    Reason("*", '*.dir "* Outcome"', "localnet has no outcomes"),
    Reason("*", '*.dir "Merge Question"', "localnet has no outcomes"),
    Reason("*", "*[].feeTrialEscrow field", "nothing documents how a fee trial works"),
    Reason("*", "*.fill.feeTrialEscrow field", "nothing documents how a fee trial works"),
    Reason("*", "*.liquidation.liquidatedUser absent", "documented as optional; every recording has it"),
    Reason("exchange C*Action", "$*OkDefault*", "nobody on localnet is a validator"),
    Reason(
        "exchange activateOutcomeDeployer", "$*OkDefault*", "how large a stake it takes is not documented"
    ),
    Reason("exchange authorizeAqav2Role", "$*OkDefault*", "how large a stake it takes is not documented"),
    Reason(
        "exchange batchModify",
        '*.statuses[] "waitingFor*"',
        "localnet does not modify orders with a take profit or stop loss",
    ),
    Reason("exchange borrowLend", "$*OkDefault*", "localnet lends nothing"),
    Reason("exchange finalizeEvmContract", "$*OkDefault*", "localnet has no EVM"),
    Reason("exchange gossipPriorityBid", "$*OkDefault*", "the price of this auction is not documented"),
    Reason(
        "exchange hip3LiquidatorTransfer",
        "$*OkDefault*",
        "from which balance the money comes is not documented",
    ),
    Reason("exchange linkStakingUser", "$*OkDefault*", "localnet links no accounts"),
    Reason("exchange sendToEvmWithData", "$*OkDefault*", "localnet has no EVM"),
    Reason("exchange stakingLinkDisableTradingUser", "$*OkDefault*", "localnet links no accounts"),
    Reason("exchange userOutcome", "$*OkDefault*", "localnet has no outcomes"),
    Reason(
        "exchange userPortfolioMargin",
        "$*OkDefault*",
        "nothing documents how portfolio margin works, localnet refuses it",
    ),
    Reason("exchange validatorL1Stream", "$*OkDefault*", "nobody on localnet is a validator"),
    Reason(
        "exchange vaultDistribute",
        "$*OkDefault*",
        "how a vault pays out is not documented, localnet refuses to guess",
    ),
    Reason("info *", "$*.spotState.balances[].token absent", _NO_OUTCOMES),
    Reason("info *", "$*.spotState.balances[].spotHold field", _NO_PORTFOLIO),
    Reason("info *", "$*.spotState.balances[].ltv field", _NO_PORTFOLIO),
    Reason("info *", "$*.spotState.balances[].borrowed field", _NO_PORTFOLIO),
    Reason("info *", "$*.spotState.balances[].supplied field", _NO_PORTFOLIO),
    Reason("info *", "$*.spotState.portfolioMargin* field", _NO_PORTFOLIO),
    Reason("info *", "$*.spotState.tokenToPortfolio* field", _NO_PORTFOLIO),
    Reason("info *", "$*.spotState.evmEscrows field", _NO_ESCROW),
    Reason("info *", "$*.spotState.evmEscrows[]*", _NO_ESCROW),
    Reason("info allBorrowLendReserveStates", "$[][1].*", _NO_LENDING),
    Reason("info borrowLendReserveState", "*", _NO_LENDING),
    Reason("info borrowLendUserState", "$.tokenToState[]*", _NO_LENDING),
    Reason("info borrowLendUserState", '$.health "atRisk"', _NO_LENDING),
    Reason("info borrowLendUserState", '$.health "*Liquidatable"', _NO_LENDING),
    Reason("info delegatorRewards", "$[].*", _NO_REWARDS),
    Reason(
        "info extraAgents", "$[].validUntil null", "localnet ends every agent after 90 days (wire rule 78)"
    ),
    Reason("info frontendOpenOrders", '*.orderType "Market"', "an order of this type is never left open"),
    Reason("info frontendOpenOrders", '*.orderType "Twap Slice"', "an order of this type is never left open"),
    Reason("info frontendOpenOrders", '*.tif "FrontendMarket"', "an order with this tif is never left open"),
    Reason("info frontendOpenOrders", '*.tif "Ioc"', "an order with this tif is never left open"),
    Reason(
        "info frontendOpenOrders", '*.tif "LiquidationMarket"', "an order with this tif is never left open"
    ),
    Reason("info gossip*", "*", _NO_NODES),
    Reason("info legalCheck", '$.restrictions "a"', "localnet restricts nobody"),
    Reason("info legalCheck", '$.restrictions "o"', "localnet restricts nobody"),
    Reason("info legalCheck", '$.restrictions "u"', "localnet restricts nobody"),
    Reason("info liquidatable", "$[].*", "what the two figures of such a row say is not known (NK)"),
    Reason("info outcomeMeta", "$.outcomes[].*", _NO_OUTCOMES),
    Reason("info outcomeMeta", "$.questions[].*", _NO_OUTCOMES),
    Reason("info outcomeMeta", "$.deployers[].*", _NO_OUTCOMES),
    Reason("info outcomeMeta", "$.feeScale field", "its figure on a network without outcomes is not known"),
    Reason("info outcomeTemplates", "$[].*", _NO_OUTCOMES),
    Reason("info perpDexs", "*StarVariant*", "the actions of this kind are not documented"),
    Reason("info perpDexs", "*.hip3Star field", "the actions of this kind are not documented"),
    Reason("info predictedFundings", "$[][1][][1] null", "localnet knows no rates of other exchanges"),
    Reason(
        "info predictedFundings",
        "*.fundingIntervalHours absent",
        "localnet knows no rates of other exchanges",
    ),
    Reason("info referral", "$.rewardHistory[].*", "nothing tells which rewards become a row, and when"),
    Reason("info settledOutcome", "$.*", _NO_OUTCOMES),
    Reason("info spotClearinghouseState", "$.balances[].token absent", _NO_OUTCOMES),
    Reason("info spotClearinghouseState", "$.balances[].spotHold field", _NO_PORTFOLIO),
    Reason("info spotClearinghouseState", "$.balances[].ltv field", _NO_PORTFOLIO),
    Reason("info spotClearinghouseState", "$.balances[].borrowed field", _NO_PORTFOLIO),
    Reason("info spotClearinghouseState", "$.balances[].supplied field", _NO_PORTFOLIO),
    Reason("info spotClearinghouseState", "$.portfolioMargin* field", _NO_PORTFOLIO),
    Reason("info spotClearinghouseState", "$.tokenToPortfolio* field", _NO_PORTFOLIO),
    Reason("info spotClearinghouseState", "$.evmEscrows field", _NO_ESCROW),
    Reason("info spotClearinghouseState", "$.evmEscrows[]*", _NO_ESCROW),
    Reason("info spotMeta*", "$*.deployerLabel field", "no token of the recorded testnet metadata has one"),
    Reason("info subAccounts2", '$[].abstraction "portfolioMargin"', _NO_PORTFOLIO),
    Reason(
        "info twapHistory",
        "$[].state.trigger.*",
        "how a trigger begins a TWAP is not documented, localnet takes none",
    ),
    Reason(
        "info twapHistory",
        '*.status "waitingForTrigger"',
        "how a trigger begins a TWAP is not documented, localnet takes none",
    ),
    Reason(
        "info twapHistory",
        '*.status "stopped"',
        "how a stop price ends a TWAP is not documented, localnet takes none",
    ),
    Reason("info usdcRouting", '$.* "bridge"', "the only route that testnet was met with is cctp (NK)"),
    Reason("info userAbstraction", '$ "portfolioMargin"', _NO_PORTFOLIO),
    Reason("info userBorrowLendInterest", "$[].*", _NO_LENDING),
    Reason("info userFees", "$.stakingLink.*", _NO_LINK),
    Reason(
        "info userNonFundingLedgerUpdates",
        "$[].delta<SpotTransfer>.nonce null",
        "nothing tells which transfers have no nonce",
    ),
    Reason(
        "info userNonFundingLedgerUpdates",
        "$[].delta*VaultDistribution*",
        "what a distribution does to shares and profits is not known, so localnet does not cover it",
    ),
    Reason("info userNonFundingLedgerUpdates", "$[].delta*BorrowLend*", _NO_LENDING),
    Reason(
        "info userNonFundingLedgerUpdates",
        "$[].delta*ActivateDexAbstraction*",
        "nothing tells which moves between dexes leave such a row",
    ),
    Reason(
        "info userNonFundingLedgerUpdates",
        "$[].delta*AccountActivationGas*",
        "nothing tells when this row stands beside, or in place of, the fee in a transfer's own row",
    ),
    Reason("info userNonFundingLedgerUpdates", "$[].delta*GossipPriorityGasAuction*", _NO_NODES),
    Reason(
        "info userNonFundingLedgerUpdates",
        "$[].delta*LiquidatorDeposit*",
        "a builder's dex has no liquidator of its own here; the row's name in answers is not known",
    ),
    Reason("info userTwapSliceFills*", '$[].fill.dir "Buy"', "localnet takes no TWAPs on spot"),
    Reason("info userTwapSliceFills*", '$[].fill.dir "Sell"', "localnet takes no TWAPs on spot"),
    Reason(
        "info userTwapSliceFills*",
        "$[].fill.cloid field",
        "a TWAP is given none; where those come from that tests see is not known",
    ),
    Reason("info userTwapSliceFills*", "$[].fill.builderFee field", "a TWAP is given no builder"),
    Reason(
        "info userTwapSliceFills*",
        "$[].fill.liquidation field",
        "slices and forced orders both only take, so they do not meet on localnet",
    ),
    Reason(
        "info userTwapSliceFills*",
        "$[].fill.liquidation.*",
        "slices and forced orders both only take, so they do not meet on localnet",
    ),
    Reason(
        "info userTwapSliceFills*",
        "$[].fill.twapId null",
        "localnet tells the id; the null that tests on testnet see is UNVERIFIED",
    ),
    Reason("info validatorL1Votes", "$[].*", _NO_VOTES),
    Reason("info vault*", "$*relationship ChildVault", _PROTOCOL_VAULT),
    Reason("info vault*", "$*relationship ParentVault", _PROTOCOL_VAULT),
    Reason("info vault*", "$*relationship<ParentVault>*", _PROTOCOL_VAULT),
    Reason("info vaultDetails", "$ null", "NK had it for an unknown vault and has no longer; not covered"),
    Reason("info webData2", '$.openOrders[].orderType "Market"', _NEVER_RESTS),
    Reason("info webData2", '$.openOrders[].orderType "Twap Slice"', _NEVER_RESTS),
    Reason("info webData2", '$.openOrders[].tif "Ioc"', _NEVER_RESTS),
    Reason("info webData2", '$.openOrders[].tif "*Market"', _NEVER_RESTS),
    Reason(
        "info webData2",
        '$.meta.universe[].marginMode "noCross"',
        "no coin of the first dex has it in the recorded testnet metadata",
    ),
    Reason("info webData2", "$.meta.universe[].growthMode field", "a key of builders' dexes alone"),
    Reason("info webData2", "$.meta.universe[].deployerFeeScale field", "a key of builders' dexes alone"),
    Reason(
        "info webData2", "$.meta.universe[].lastFeeScaleChangeTime field", "a key of builders' dexes alone"
    ),
    Reason(
        "info webData2",
        "$.twapStates[][1].trigger.*",
        "localnet does not cover TWAPs with a trigger",
    ),
    Reason(
        "info webData2",
        "$.perpsAtOpenInterestCap field",
        "scenarios run with the default rules, in which no coin of the first dex has a cap",
    ),
)
"""The reasons, each for as few sights as it can."""


def _matches(text: str, pattern: str) -> bool:
    # In paths, brackets are no character classes.
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def reason_for(known: Known, sight: Sight) -> str:
    """Return why a sight cannot be seen, or "" when there is no reason."""
    if sight.before:
        return f"a form of before {sight.before}"
    return next((one.why for one in REASONS if one.covers(known, sight)), "")


class Tally(NamedTuple):
    """How much of the shapes a run has seen; forms of the past are left out of all figures."""

    kinds: int
    kinds_seen: int
    sights: int
    sights_seen: int

    @property
    def share(self) -> float:
        """The seen share of all sights."""
        return self.sights_seen / self.sights


def tally(coverage: Coverage) -> Tally:
    """Count what a run has seen."""
    present = [(known, count) for known, sight, count in coverage if not sight.before]
    return Tally(
        len({(known.endpoint, known.kind) for known, _ in present}),
        len({(known.endpoint, known.kind) for known, count in present if count}),
        len(present),
        sum(count > 0 for _, count in present),
    )


def summary(coverage: Coverage) -> str:
    """Return one line for the end of a run."""
    found = tally(coverage)
    return (
        f"shapes: {found.kinds_seen} of {found.kinds} kinds answered; {found.sights_seen} of {found.sights} "
        f"fields, variants and enum values seen ({found.share:.1%})"
    )


def unseen(coverage: Coverage) -> Iterator[tuple[str, str]]:
    """Yield each sight that was not seen as a line, and its reason or ""."""
    for known, sight, count in coverage:
        if not count and not sight.before:
            yield f"{known.endpoint} {known.kind} {sight}", reason_for(known, sight)


def stale_reasons(coverage: Coverage) -> list[Reason]:
    """Return the reasons for sights that were seen after all, and those for none that there is."""
    held: dict[Reason, bool] = dict.fromkeys(REASONS, False)
    seen: set[Reason] = set()
    for known, sight, count in coverage:
        for one in REASONS:
            if one.covers(known, sight):
                held[one] = True
                if count:
                    seen.add(one)
    return [one for one in REASONS if one in seen or not held[one]]
