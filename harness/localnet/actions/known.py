"""Action types that the real exchange knows and localnet does not serve yet.

Source: SDK 0.24.0 `exchange.py`; API docs, "Exchange endpoint"; the wire facts' recorded and documented
kinds.
"""

from typing import Final

KNOWN: Final = frozenset(
    {
        "CSignerAction",
        "CValidatorAction",
        "activateOutcomeDeployer",
        "agentEnableDexAbstraction",
        "agentSetAbstraction",
        "approveBuilderFee",
        "authorizeAqav2Role",
        "borrowLend",
        "cDeposit",
        "cWithdraw",
        "claimRewards",
        "convertToMultiSigUser",
        "evmUserModify",
        "finalizeEvmContract",
        "gossipPriorityBid",
        "hip3LiquidatorTransfer",
        "linkStakingUser",
        "multiSig",
        "perpDeploy",
        "registerReferrer",
        "reserveRequestWeight",
        "sendToEvmWithData",
        "setDisplayName",
        "spotDeploy",
        "spotUser",
        "stakingLinkDisableTradingUser",
        "tokenDelegate",
        "userDexAbstraction",
        "userOutcome",
        "userPortfolioMargin",
        "userSetAbstraction",
        "validatorL1Stream",
    }
)
