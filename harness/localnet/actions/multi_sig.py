"""`multiSig`: an action that several users sign for one account (wire rules 77 and 159).

Source: SDK `Exchange.multi_sig` and its signing; TI:70873832004, recorded on testnet. An L1 action is signed
by each as the list of account, outer signer and action; a user-signed one with both named in its message. The
order of the checks is UNVERIFIED.
"""

from typing import TYPE_CHECKING, Any, Final, NoReturn

import msgspec

from harness import signing
from harness.localnet import messages
from harness.localnet.accounts.auth import recover_with
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.actions.registry import ACTIONS, Action, Call, action
from harness.localnet.answers import BadShape, NotCovered, Refused
from harness.localnet.parsing import U64, U256, Address, ChainId, convert

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# How a payload spells modes; messages spell them out (SDK `_multi_sig_payload_action`).
_LETTERS: Final = {"disabled": "i", "unifiedAccount": "u", "portfolioMargin": "p"}


class SignatureForm(msgspec.Struct, forbid_unknown_fields=True):
    """`r`, `s` and `v`; leading zeros do not count."""

    r: U256
    s: U256
    v: U64

    @property
    def rsv(self) -> signing.Signature:
        """The signature as `signing` takes it."""
        return signing.Signature(int(self.r, 16), int(self.s, 16), int(self.v))


class Payload(msgspec.Struct, forbid_unknown_fields=True):
    """For whom, by whom, and what."""

    multiSigUser: Address
    outerSigner: Address
    action: dict[str, Any]


class Signed(msgspec.Struct, frozen=True):
    """What the envelope adds to an action before it is hashed."""

    nonce: int
    vault: str | None
    expires_after: int | None


class MultiSigAction(Action):
    """The action stands in the payload, the signatures of the account's users beside it."""

    signatureChainId: ChainId = msgspec.field()
    signatures: list[SignatureForm] = msgspec.field()
    payload: Payload = msgspec.field()

    def inner(self) -> Action:
        """Return what is to be done.

        Raises:
            BadShape: no action has this form.
            NotCovered: localnet does not serve it.
        """
        kind = self.payload.action.get("type")
        entry = ACTIONS.get(kind) if isinstance(kind, str) else None
        if kind == "multiSig":
            raise BadShape("a multi-sig action within another")
        if entry is None:
            raise NotCovered("this action of a multi-sig account")
        return convert(self.payload.action, entry.form)

    def outer_digest(self, inner: Action, signed: Signed) -> bytes:
        """Return what the outer signer signed."""
        rebuilt = {
            "type": self.type,
            "signatureChainId": str(self.signatureChainId),
            "signatures": [signature.rsv.as_wire() for signature in self.signatures],
            "payload": {**self._names(), "action": self._payload_action(inner)},
        }
        return signing.multi_sig_digest(rebuilt, signed.nonce, signed.vault, signed.expires_after)

    def inner_signers(self, inner: Action, signed: Signed) -> list[str]:
        """Return who signed the payload, in the order of the signatures."""
        if inner.user_signed:
            message = inner.signed() | {
                "payloadMultiSigUser": str(self.payload.multiSigUser),
                "outerSigner": str(self.payload.outerSigner),
            }
            digest = signing.user_signed_action_digest(message, multi_sig=True)
        else:
            whole = [*self._names().values(), inner.signed()]
            hashed = signing.action_hash(whole, signed.nonce, signed.vault, signed.expires_after)
            digest = signing.l1_digest(hashed)
        return [recover_with(digest, signature.rsv) for signature in self.signatures]

    def _names(self) -> dict[str, str]:
        return {
            "multiSigUser": str(self.payload.multiSigUser),
            "outerSigner": str(self.payload.outerSigner),
        }

    def _payload_action(self, inner: Action) -> dict[str, object]:
        """Return the action as the outer signature covers it: what was sent, rebuilt.

        UNVERIFIED: a user-signed one begins with type, chain id and network, as the SDK's examples do.
        """
        rebuilt = inner.signed()
        if not inner.user_signed:
            return rebuilt
        first = ("type", "signatureChainId", "hyperliquidChain")
        names = [*first, *(name for name in rebuilt if name not in first)]
        ordered = {name: rebuilt[name] for name in names if name in self.payload.action}
        mode = ordered.get("abstraction")
        if isinstance(mode, str):
            ordered["abstraction"] = _LETTERS.get(mode, mode)
        return ordered


def account_of(
    exchange: "Exchange", asked: MultiSigAction, inner: Action, signed: Signed, outer: signing.Signature
) -> tuple[str, Ledger]:
    """Return the leader, whose nonces count, and the account that is acted for.

    An agent of one of the users may lead, if it has an account of its own.

    Raises:
        Refused: it is no multi-sig account, or not enough of its users have signed.
    """
    user = str(asked.payload.multiSigUser)
    multi_sig = exchange.multi_sigs.get(user)
    if multi_sig is None:
        raise Refused(messages.MULTI_SIG_USER)
    leader = recover_with(asked.outer_digest(inner, signed), outer)
    is_known = leader in multi_sig.users or exchange.signers.master_of(leader) in multi_sig.users
    if leader != asked.payload.outerSigner or not is_known:
        raise Refused(messages.MULTI_SIG_OUTER)
    if exchange.ledger(leader) is None:
        raise Refused(messages.MULTI_SIG_OUTER_UNKNOWN)
    signers = set(asked.inner_signers(inner, signed))
    if not signers <= set(multi_sig.users):
        raise Refused(messages.MULTI_SIG_INNER)
    if len(signers) < multi_sig.threshold:
        raise Refused(messages.MULTI_SIG_THRESHOLD)
    return leader, exchange.ledgers[user]


@action("multiSig", MultiSigAction)
def multi_sig(call: Call, asked: MultiSigAction) -> NoReturn:
    """Stand in the register; what is carried out is the payload's action (see `envelope`)."""
    raise NotCovered("a multi-sig action that was not opened")
