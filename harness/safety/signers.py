"""Who signed a request, for which account, and whose key may act for it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from harness.safety.channel import Owner
from harness.signing import (
    USER_SIGNED,
    SigningError,
    action_hash,
    l1_digest,
    multi_sig_digest,
    recover,
    user_signed_action_digest,
)


class Parties(NamedTuple):
    """The signer of a request, the account that it acts for, and the master account behind both."""

    signer: str
    account: str
    master: str


class Signers:
    """Knows the keys at hand, the agents that they approved, and asks about others.

    Args:
        ask: asks the exchange a query.
    """

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._masters: dict[str, str] = {}

    def add(self, owner: Owner) -> None:
        """Learn whose the key of an owner is."""
        self._masters[owner.signer] = owner.master

    def parties(self, payload: Mapping[str, Any], owners: Sequence[Owner]) -> Parties:
        """Return who is behind a signed request.

        A signature that recovers to nobody known counts as the first owner's: the exchange normalises an
        action before it recovers the signer (wire rule 6), so it may see another one.
        """
        signer = _signer(payload) or ""
        master = self._master(signer) or (owners[0].master if owners else signer)
        action = payload.get("action")
        if isinstance(action, dict) and action.get("type") == "approveAgent":
            self._masters[str(action.get("agentAddress")).lower()] = master
        return Parties(signer, _account(payload) or master, master)

    def _master(self, signer: str) -> str | None:
        if signer and signer not in self._masters:
            role = self._ask("userRole", user=signer)
            if role.get("role") == "missing":
                return None
            self._masters[signer] = role["data"]["user"] if role.get("role") == "agent" else signer
        return self._masters.get(signer)


def _account(payload: Mapping[str, Any]) -> str | None:
    action = payload.get("action")
    vault = payload.get("vaultAddress")
    if isinstance(action, dict) and action.get("type") == "multiSig":
        inner = action.get("payload")
        vault = inner.get("multiSigUser") if isinstance(inner, dict) else vault
    return vault.lower() if isinstance(vault, str) else None


def _signer(payload: Mapping[str, Any]) -> str | None:
    try:
        signature, action = payload["signature"], payload["action"]
        nonce, vault, expires = payload["nonce"], payload.get("vaultAddress"), payload.get("expiresAfter")
        kind = action.get("type")
        if kind == "multiSig":
            digest = multi_sig_digest(action, nonce, vault, expires)
        elif kind in USER_SIGNED:
            digest = user_signed_action_digest(action)
        else:
            digest = l1_digest(action_hash(action, nonce, vault, expires))
        return recover(digest, int(signature["r"], 16), int(signature["s"], 16), signature["v"]).lower()
    # A request of another form is refused by the exchange (wire rule 2).
    except (SigningError, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
