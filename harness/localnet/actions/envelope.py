"""The way of an action: read the envelope, find who signed, check nonce and limits, carry it out.

Source: wire rules 67 to 76, 106, 136, 157. That weight is checked before the nonce, and the vault before
the expiry, is UNVERIFIED.
"""

from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.auth import recover_l1, recover_user_signed
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.actions import ACTIONS, KNOWN, Action, Call
from harness.localnet.actions.modes import count_unified, refuse_unknown
from harness.localnet.actions.multi_sig import MultiSigAction, Signed, account_of
from harness.localnet.answers import BadShape, NotCovered, Refused
from harness.localnet.events import Acted
from harness.localnet.numbers import LARGEST, MICRO, cents
from harness.localnet.parsing import U256, Address, Repeated, Unrepeated, convert
from harness.signing import USER_SIGNED, Signature

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_HEAVIEST: Final = 200
_FREE_REQUESTS: Final = 10_000
_OVER_BUDGET_MS: Final = 10_000
_EXPIRED_COSTS: Final = 5
# What a vault or sub-account can do; that it is this is UNVERIFIED but for orders, cancels and transfers.
_FOR_VAULTS: Final = frozenset(
    {
        # The SDK signs these two with the vault.
        "agentEnableDexAbstraction",
        "agentSetAbstraction",
        "batchModify",
        # NK sends these two with a vault.
        "borrowLend",
        "cancel",
        "cancelByCloid",
        "modify",
        "noop",
        "order",
        "scheduleCancel",
        "topUpIsolatedOnlyMargin",
        "twapCancel",
        "twapOrder",
        "updateIsolatedMargin",
        "updateLeverage",
    }
)
# The keys of an order; a repeated key that is none of them is ignored there, as unknown keys are (wire rule
# 7).
_ORDER_KEYS: Final = frozenset("abpsrtc")
_NotNegative = Annotated[int, msgspec.Meta(ge=0)]


class SignatureForm(msgspec.Struct):
    """`r`, `s` and `v`."""

    r: U256
    s: U256
    v: _NotNegative


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /exchange`."""

    action: Any
    nonce: _NotNegative
    signature: SignatureForm
    vaultAddress: Address | None = None
    expiresAfter: _NotNegative | None = None

    def __post_init__(self) -> None:
        # Here at once, not by three conversions to `U64`: every action comes this way.
        if not isinstance(self.action, dict):
            raise TypeError("the action is no object")
        if self.nonce > LARGEST or self.signature.v > LARGEST or (self.expiresAfter or 0) > LARGEST:
            raise ValueError("a number of more than 64 bits")

    @property
    def rsv(self) -> Signature:
        """The signature as `signing` takes it."""
        signature = self.signature
        return Signature(int(signature.r, 16), int(signature.s, 16), signature.v)


def execute(exchange: "Exchange", body: object) -> dict[str, object]:
    """Carry out one request and return what is printed.

    Raises:
        BadShape: the body does not deserialize.
        NotCovered: localnet does not serve this; nothing has changed.
    """
    if not isinstance(body, Unrepeated):
        _refuse_repeated(body)
    envelope = convert(body, Envelope)
    kind = envelope.action.get("type")
    if not isinstance(kind, str):
        raise BadShape("no action type")
    entry = ACTIONS.get(kind)
    if entry is None:
        if kind in KNOWN:
            raise NotCovered(f"action {kind}")
        raise BadShape("unknown action type")
    sent = convert(envelope.action, entry.form)
    asked = sent.inner() if isinstance(sent, MultiSigAction) else sent
    if exchange.rules.lower_case_destinations:
        asked.spell_lower()
    try:
        call = _authorise(exchange, envelope, sent, asked)
    except Refused as refused:
        return {"status": "err", "response": refused.text}
    error: str | None = None
    try:
        answer: dict[str, object] = {"status": "ok", "response": ACTIONS[asked.type].handler(call, asked)}
    except Refused as refused:
        error = refused.text
        answer = {"status": "err", "response": error}
    if exchange.is_heard:
        who, now_ms = call.account.address, exchange.now_ms()
        exchange.tell(Acted(who, envelope.action, error, now_ms, exchange.blocks, exchange.tx_hash))
    return answer


def _authorise(exchange: "Exchange", envelope: Envelope, sent: Action, asked: Action) -> Call:
    """Return what an action acts on, with nonce and request budget used up.

    Args:
        exchange: where.
        envelope: the body.
        sent: its action.
        asked: the same, or what is in it when several have signed.

    Raises:
        Refused: not signed by anybody who may, out of time, or out of budget.
        NotCovered: see `execute`.
    """
    now_ms = exchange.now_ms()
    if asked.user_signed:
        _check_message(envelope, asked)
    if isinstance(sent, MultiSigAction):
        signed = Signed(envelope.nonce, envelope.vaultAddress, envelope.expiresAfter)
        signer, account = account_of(exchange, sent, asked, signed, envelope.rsv)
    else:
        signer = _signer(envelope, asked)
        account = _account(exchange, signer, asked)
    if account.address in exchange.staking_links.disabled:
        raise NotCovered("an account that its staking account has locked")
    if envelope.vaultAddress is not None:
        account = _in_the_name_of(exchange, account, envelope.vaultAddress, asked)
    if asked.user_signed and envelope.expiresAfter is not None:
        raise Refused(messages.NO_EXPIRY)
    entries = asked.entries()
    if entries > _HEAVIEST:
        raise Refused(messages.OVERWEIGHT)
    call = Call(exchange, account, envelope.nonce)
    is_unified = account.is_unified
    if is_unified:
        refuse_unknown(exchange, account, asked)
    asked.refuse_uncovered(call)
    exchange.signers.use_nonce(signer, call.nonce, now_ms)
    account.has_sent = True
    if is_unified:
        count_unified(account, now_ms)
    if envelope.expiresAfter is not None and envelope.expiresAfter < now_ms:
        account.requests_used += _EXPIRED_COSTS
        raise Refused(messages.EXPIRED)
    if account.requests_used >= _FREE_REQUESTS and exchange.rules.address_limits:
        _refuse_spent(account, asked, now_ms)
    account.requests_used += entries
    return call


def _signer(envelope: Envelope, asked: Action) -> str:
    """Return the address that signed."""
    rebuilt = asked.signed()
    if asked.user_signed:
        return recover_user_signed(rebuilt, envelope.rsv)
    return recover_l1(rebuilt, envelope.nonce, envelope.vaultAddress, envelope.expiresAfter, envelope.rsv)


def _check_message(envelope: Envelope, asked: Action) -> None:
    """Refuse a user-signed action whose own nonce or network is another, before its signer (wire rule 70)."""
    rebuilt = asked.signed()
    if rebuilt[USER_SIGNED[asked.type].nonce_field] != envelope.nonce:
        raise Refused(messages.NONCE_MISMATCH)
    if rebuilt["hyperliquidChain"] != "Testnet":
        raise Refused(messages.WRONG_CHAIN)


def _account(exchange: "Exchange", signer: str, asked: Action) -> Ledger:
    """Return the signer's account, or for an L1 action the account of its master.

    A user-signed action applies to the signer itself, so an agent acts as its own empty account. That an
    agent of a multi-sig account acts for it alone is UNVERIFIED.
    """
    account = exchange.ledger(signer)
    if account is not None:
        if signer in exchange.multi_sigs:
            raise Refused(messages.MULTI_SIG_REQUIRED)
        return account
    if asked.user_signed or asked.needs_own_key:
        raise Refused(messages.must_deposit(signer))
    master = exchange.signers.master_of(signer)
    if master is None:
        # A removed agent is for some seconds taken for its master's (wire rule 79).
        former = exchange.signers.removed_from(signer, exchange.now_ms())
        raise Refused(messages.unknown_wallet(signer) if former is None else messages.must_deposit(former))
    return exchange.ledgers[master]


def _in_the_name_of(exchange: "Exchange", account: Ledger, address: str, asked: Action) -> Ledger:
    """Return the sub-account or vault that an account, or its agent, acts for (wire rules 76 and 155).

    Raises:
        Refused: there is none at this address, or it cannot do this.
        NotCovered: it is somebody else's.
    """
    sub, vault = exchange.sub_accounts.get(address), exchange.vaults.get(address)
    if sub is None and vault is None:
        raise Refused(messages.vault_unknown(address))
    leader = sub.master if sub is not None else "" if vault is None else vault.leader
    if leader != account.address:
        raise NotCovered("acting for somebody else's vault or sub-account")
    if asked.type not in _FOR_VAULTS:
        raise Refused(messages.not_for_vaults())
    return exchange.ledgers[address]


def _refuse_spent(account: Ledger, asked: Action, now_ms: int) -> None:
    """Hold an account to its address budget (wire rules 106 and 157).

    Raises:
        Refused: the budget is used up, and the last request beyond it is less than ten seconds ago.
    """
    spent = account.requests_used - account.requests_reserved
    if spent < _FREE_REQUESTS:
        return
    cap = _FREE_REQUESTS + account.volume // MICRO
    limit = min(cap + 100_000, 2 * cap) if asked.type in ("cancel", "cancelByCloid") else cap
    if spent >= limit:
        if now_ms < account.last_over_budget_ms + _OVER_BUDGET_MS:
            raise Refused(messages.budget_spent(account.requests_used + 1, limit, cents(account.volume)))
        account.last_over_budget_ms = now_ms


def _refuse_repeated(value: object, *, in_order: bool = False) -> None:
    """Refuse a repeated key, but for one that an order would ignore.

    Raises:
        BadShape: a known key is there twice (wire rule 7).
    """
    if isinstance(value, list):
        for element in value:
            _refuse_repeated(element, in_order=in_order)
    elif isinstance(value, dict):
        if isinstance(value, Repeated) and (not in_order or value.repeated & _ORDER_KEYS):
            raise BadShape("a key is there twice")
        for key, element in value.items():
            if isinstance(element, (dict, list)):
                _refuse_repeated(element, in_order=key in ("orders", "order"))
