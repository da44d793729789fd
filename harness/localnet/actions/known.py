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
        "createSubAccount",
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
        "scheduleCancel",
        "sendAsset",
        "sendToEvmWithData",
        "setDisplayName",
        "setReferrer",
        "spotDeploy",
        "spotSend",
        "spotUser",
        "stakingLinkDisableTradingUser",
        "subAccountModify",
        "subAccountSpotTransfer",
        "subAccountTransfer",
        "tokenDelegate",
        "twapCancel",
        "twapOrder",
        "updateIsolatedMargin",
        "usdClassTransfer",
        "usdSend",
        "userDexAbstraction",
        "userOutcome",
        "userPortfolioMargin",
        "userSetAbstraction",
        "validatorL1Stream",
        "vaultDistribute",
        "vaultModify",
        "vaultTransfer",
        "withdraw3",
    }
)
