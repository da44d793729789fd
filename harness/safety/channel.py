"""The harness's own way to the exchange: journalled like everything, taped never, made without the SDK.

An SDK that is broken must not keep an order alive.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.errors import TargetUnavailable
from harness.journal import Entry, Journal
from harness.recording.tape import TESTNET_URL, Reply, Request
from harness.safety.guard import check_host
from harness.settings import Key
from harness.signing import address_of, sign_l1_action

Send = Callable[[Request], Reply]

_HEADERS = (("content-type", "application/json"),)


@dataclass(frozen=True)
class Owner:
    """A master account and the key at hand that may act for it: its own, or an agent's."""

    key: Key
    master: str

    @property
    def signer(self) -> str:
        """The key's own address."""
        return address_of(self.key.raw)


def signed(action: dict[str, Any], key: Key, nonce: int, vault: str | None = None) -> str:
    """Return the body of a signed request.

    Args:
        action: what is to be done.
        key: signs it.
        nonce: in ms.
        vault: the vault or sub-account that it is done for.
    """
    signature = sign_l1_action(action, key.raw, nonce, vault).as_wire()
    return json.dumps({"action": action, "nonce": nonce, "signature": signature, "vaultAddress": vault})


class Channel:
    """Asks and acts.

    Args:
        send: carries one request to the exchange.
        journal: what is sent is noted there first.
        now_ms: the wall clock.
        nonce_ms: gives a nonce that was never used.
    """

    def __init__(
        self,
        send: Send,
        journal: Journal,
        now_ms: Callable[[], int],
        nonce_ms: Callable[[], int],
    ) -> None:
        self._send = send
        self.journal = journal
        self.now_ms = now_ms
        self._nonce_ms = nonce_ms

    def ask(self, kind: str, **fields: Any) -> Any:
        """Return what the exchange answers to a query.

        Raises:
            TargetUnavailable: there is no whole answer.
        """
        body = json.dumps({"type": kind, **fields})
        reply = self._carry(Entry("/info", body, "sweep", self.now_ms()), kind)
        if reply.status != 200:
            raise TargetUnavailable(
                f"The harness asked for {kind} and was answered HTTP {reply.status}.",
                needed="To know what the account has.",
                do="hl-harness sweep, once the exchange answers again.",
            )
        try:
            return json.loads(reply.body)
        except ValueError:
            raise TargetUnavailable(
                f"The harness asked for {kind} and was answered what is no JSON.",
                needed="To know what the account has.",
                do="hl-harness sweep, once the exchange answers again.",
            ) from None

    def act(self, action: dict[str, Any], owner: Owner, account: str, *, nonce: int | None = None) -> Reply:
        """Send a signed action for an account.

        Raises:
            TargetUnavailable: no answer came; the action may have been accepted.
        """
        vault = None if account == owner.master else account
        nonce = self._nonce_ms() if nonce is None else nonce
        body = signed(action, owner.key, nonce, vault)
        entry = Entry("/exchange", body, "sweep", self.now_ms())
        entry.signer, entry.account, entry.master = owner.signer, account, owner.master
        return self._carry(entry, str(action.get("type")))

    def _carry(self, entry: Entry, kind: str) -> Reply:
        request = Request("POST", f"{TESTNET_URL}{entry.path}", _HEADERS, entry.body).as_taped()
        check_host(request.uri)
        self.journal.sent(entry)
        try:
            reply = self._send(request)
        except OSError as error:
            raise TargetUnavailable(
                f"{request.uri} did not answer the harness's {kind} ({type(error).__name__}).",
                needed="The target within reach of this machine.",
                do="hl-harness sweep, once the exchange answers again.",
            ) from None
        self.journal.answered(entry, reply.status, reply.body)
        return reply
