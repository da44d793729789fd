"""Which signed actions may leave for testnet: trading may; what moves money out or binds the account may not.

A scenario that is about such an action names it in its `moves_money` marker. An action that nobody here knows
is refused like one that is known to cost something.
"""

from collections.abc import Mapping
from typing import Any, Final

from harness.errors import GuardError

# What a trader does; the sweep, or a further action, takes it back.
TRADES: Final = frozenset(
    {
        "order",
        "cancel",
        "cancelByCloid",
        "scheduleCancel",
        "modify",
        "batchModify",
        "updateLeverage",
        "updateIsolatedMargin",
        "topUpIsolatedOnlyMargin",
        "twapOrder",
        "twapCancel",
        "noop",
        "usdClassTransfer",
        "subAccountTransfer",
        "subAccountSpotTransfer",
        "subAccountModify",
        "approveAgent",
        "setDisplayName",
        "claimRewards",
        "evmUserModify",
    }
)
# Moves between own addresses take nothing away.
_SENDS: Final = frozenset({"usdSend", "spotSend", "sendAsset", "agentSendAsset"})
_OUT = "moves money out of the account"
_LOCKS = "locks money up"
_BINDS = "binds the account for good"
_MODE = "changes how the account works"
_SPENDS = "spends money that does not come back"

GUARDED: Final[Mapping[str, str]] = {
    **dict.fromkeys(_SENDS, _OUT),
    "withdraw3": _OUT,
    "sendToEvmWithData": _OUT,
    "hip3LiquidatorTransfer": _OUT,
    "vaultDistribute": _OUT,
    "vaultTransfer": _LOCKS,
    "createVault": _LOCKS,
    "borrowLend": _LOCKS,
    "cDeposit": _LOCKS,
    "cWithdraw": _LOCKS,
    "tokenDelegate": _LOCKS,
    "vaultModify": _MODE,
    "convertToMultiSigUser": _BINDS,
    "approveBuilderFee": _BINDS,
    "createSubAccount": _BINDS,
    "setReferrer": _BINDS,
    "registerReferrer": _BINDS,
    "linkStakingUser": _BINDS,
    "stakingLinkDisableTradingUser": _BINDS,
    "authorizeAqav2Role": _BINDS,
    "spotUser": _MODE,
    "userSetAbstraction": _MODE,
    "agentSetAbstraction": _MODE,
    "userDexAbstraction": _MODE,
    "agentEnableDexAbstraction": _MODE,
    "userPortfolioMargin": _MODE,
    "spotDeploy": _SPENDS,
    "perpDeploy": _SPENDS,
    "finalizeEvmContract": _BINDS,
    "activateOutcomeDeployer": _SPENDS,
    "outcomeDeploy": _SPENDS,
    "userOutcome": _SPENDS,
    "gossipPriorityBid": _SPENDS,
    "reserveRequestWeight": _SPENDS,
    "CSignerAction": "is a validator's",
    "CValidatorAction": "is a validator's",
    "validatorL1Stream": "is a validator's",
    "validatorL1Vote": "is a validator's",
}


def check_action(payload: Any, own: frozenset[str], permitted: frozenset[str]) -> None:
    """Let no action pass that moves money out or binds the account, unless the scenario is marked for it.

    Args:
        payload: the body of a request, decoded.
        own: the run's addresses in lower case: money may be sent between them.
        permitted: the action types that the scenario's `moves_money` marker names.

    Raises:
        GuardError: it may not pass.
    """
    action = payload.get("action") if isinstance(payload, dict) else None
    if action is None:
        return
    _check_chain(action)
    named = action.get("type") if isinstance(action, dict) else None
    kind = named if isinstance(named, str) else ""
    if kind == "multiSig":
        inner = action.get("payload")
        check_action(inner if isinstance(inner, dict) else {"action": inner}, own, permitted)
        return
    if kind in TRADES | permitted or (kind in _SENDS and _stays(action, own)):
        return
    what = GUARDED.get(kind, "is not known to this harness")
    raise GuardError(
        f"Refusing to send {kind or 'an action without a type'}: it {what}.",
        needed="Actions that trade; the others only in scenarios that are marked for them.",
        do=f'If this scenario is meant to do it on testnet: @pytest.mark.moves_money("{kind}").',
    )


def _stays(action: dict[str, Any], own: frozenset[str]) -> bool:
    destination = action.get("destination")
    return isinstance(destination, str) and destination.lower() in own


def _check_chain(action: Any) -> None:
    """Let no message pass that is signed for mainnet: whoever sees it can have it carried out there.

    Raises:
        GuardError: it is.
    """
    chain = action.get("hyperliquidChain", "Testnet") if isinstance(action, dict) else "Testnet"
    if chain != "Testnet":
        raise GuardError(
            f"Refusing to send an action that is signed for the chain {str(chain)[:20]!r}.",
            needed="hyperliquidChain Testnet: signed for mainnet it could be carried out there.",
            do="Build SDK objects through the `trader` fixture.",
        )
