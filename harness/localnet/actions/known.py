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
        "agentSendAsset",
        "agentSetAbstraction",
        "approveBuilderFee",
        "authorizeAqav2Role",
        "borrowLend",
        "cDeposit",
        "cWithdraw",
        "claimRewards",
        "convertToMultiSigUser",
        "createVault",
        "evmUserModify",
        "finalizeEvmContract",
        "gossipPriorityBid",
        "hip3LiquidatorTransfer",
        "linkStakingUser",
        "multiSig",
        "perpDeploy",
        "registerReferrer",
        "reserveRequestWeight",
        "sendAsset",
        "sendToEvmWithData",
        "setDisplayName",
        "spotDeploy",
        "spotSend",
        "spotUser",
        "stakingLinkDisableTradingUser",
        "subAccountModify",
        "subAccountSpotTransfer",
        "tokenDelegate",
        "twapCancel",
        "twapOrder",
        "usdClassTransfer",
        "usdSend",
        "userDexAbstraction",
        "userOutcome",
        "userPortfolioMargin",
        "userSetAbstraction",
        "validatorL1Stream",
        "vaultDistribute",
        "vaultModify",
        "withdraw3",
    }
)
