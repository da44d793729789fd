"""Keeps the accounts of a run on testnet as they were: hears of each signed request before it leaves.

Before the first order on an account it notes what is there; after an answer that did not come it finds out
what became of the request, before anything else is sent for that account; and it sweeps.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import NewConnectionError

from harness.errors import HarnessError, TargetUnavailable, UnknownOutcome
from harness.journal import Entry, Journal
from harness.recording.universe import Universe
from harness.safety.channel import Channel, Owner, Send
from harness.safety.cleaner import Cleaner, Swept
from harness.safety.evidence import Account, Evidence, Sent, is_whole, wished
from harness.safety.owning import look
from harness.safety.signers import Signers


class Keeper:
    """The keeper of one run.

    Args:
        journal: the run's.
        send: carries a request to the exchange.
        nonce_ms: gives a nonce that was never used.
        universe: the metadata.
        owners: the keys at hand.
    """

    def __init__(
        self,
        journal: Journal,
        send: Send,
        nonce_ms: Callable[[], int],
        universe: Callable[[], Universe],
        owners: Sequence[Owner],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.evidence = Evidence()
        journal.heard = self.evidence.take
        self._journal = journal
        self._owners = owners
        self._channel = Channel(send, journal, lambda: int(time.time() * 1000), nonce_ms)
        self._cleaner = Cleaner(self._channel, owners, universe, sleep=sleep)
        self._signers = Signers(self._channel.ask)
        for owner in owners:
            self._signers.add(owner)
        self.unknown: list[str] = []
        self.has_acted = False

    def prepare(self, entry: Entry, payload: Any) -> None:
        """Make ready for a request that is about to leave: a read of an account waits until it can be true.

        Raises:
            TargetUnavailable: the account cannot be read, or what became of an earlier request is not known.
        """
        if not isinstance(payload, dict):
            return
        if not entry.path.endswith("/exchange"):
            if "user" in payload:
                # An action may have changed any of them: who takes fills the other's order.
                for account in self.evidence.accounts.values():
                    self._cleaner.wait_for_lookups(account)
            return
        self.has_acted = True
        entry.signer, entry.account, entry.master = self._signers.parties(payload, self._owners)
        account = self._account(entry)
        for sent in [one for one in account.sent if one.is_unknown and not one.is_of_sweep]:
            self._cleaner.fence(sent)
        orders, twap = wished(payload.get("action"))
        assets = [wish.asset for wish in orders] + ([twap.asset] if twap else [])
        if assets:
            for dex in sorted(self._cleaner.names.dexes_of(assets) - account.before.dexes):
                self._note_before(account, dex)
        if twap and account.twaps_before is None:
            ids = sorted({row["twapId"] for row in self._channel.ask("twapHistory", user=account.address)})
            self._journal.note({"twapsBefore": account.address, "master": account.master, "ids": ids})

    def mid_of(self, asset: int) -> Decimal | None:
        """Return the mid of an asset now, None where there is none.

        Raises:
            TargetUnavailable: its book cannot be read.
        """
        coin = self._cleaner.names.coin(asset)
        book = None if coin is None else self._channel.ask("l2Book", coin=coin)
        bids, asks = book["levels"] if book else ([], [])
        return (Decimal(bids[0]["px"]) + Decimal(asks[0]["px"])) / 2 if bids and asks else None

    def _account(self, entry: Entry) -> Account:
        assert entry.account is not None
        assert entry.master is not None
        return self.evidence.account(entry.account, entry.master)

    def _note_before(self, account: Account, dex: str) -> None:
        where = {"dex": dex} if dex else {}
        orders = self._channel.ask("openOrders", user=account.address, **where)
        state = self._channel.ask("clearinghouseState", user=account.address, **where)
        rows = (row["position"] for row in state["assetPositions"])
        self._journal.note(
            {
                "before": account.address,
                "master": account.master,
                "dex": dex,
                "at": self._channel.now_ms(),
                "time": state["time"],
                "orders": [row["oid"] for row in orders],
                "positions": {row["coin"]: row["szi"] for row in rows},
            }
        )

    @staticmethod
    def is_whole(entry: Entry, status: int, answer: str) -> bool:
        """Say whether an answer tells what became of a request; a read's always does."""
        return entry.account is None or is_whole(status, answer)

    def has_not_left(self, entry: Entry, lost: RequestException) -> bool:
        """Say whether a signed request cannot have left, because there never was a connection; journal it."""
        reason = getattr(lost.args[0], "reason", None) if lost.args else None
        if not isinstance(lost, ConnectTimeout) and not isinstance(reason, NewConnectionError):
            return False
        self._journal.note({"n": entry.number, "fate": "never"})
        return True

    def reconcile(self, entry: Entry, why: str) -> UnknownOutcome:
        """Find out what became of a signed request without an answer, and return the error that tells it.

        Args:
            entry: the request.
            why: what came instead of an answer.
        """
        account = self._account(entry)
        sent = next(one for one in account.sent if one.number == entry.number)
        what = f"{sent.kind} for {account.address} (nonce {sent.nonce}) was sent, and {why}"
        try:
            if sent.is_unknown:
                self._cleaner.fence(sent)
            found = self._found(account, sent)
        except (HarnessError, OSError) as error:
            found = f"what became of it is not known yet ({str(error).splitlines()[0]})"
        self._journal.note({"n": sent.number, "found": found}, synced=False)
        self.unknown.append(f"{what}: {found}")
        return UnknownOutcome(
            f"{what}. Looked for it: {found}.",
            needed="An answer: without one it may have been accepted, so it is not sent again.",
            do="Nothing, if the sweep succeeds; else `hl-harness sweep`, once the exchange answers again.",
        )

    def _found(self, account: Account, sent: Sent) -> str:
        if sent.fate == "never":
            return "it was never seen, and its nonce is used up, so it cannot arrive any more"
        if not sent.orders and sent.twap is None:
            return "it has arrived, and may have been carried out"
        self._cleaner.wait_for_lookups(account)
        alone = replace(account, sent=[sent], ended=account.ended | account.told_oids)
        owned = look(alone, self._cleaner.names, self._channel.ask)
        parts = [f"order {oid} on {coin} rests" for oid, coin in sorted(owned.orders.items())]
        parts += [f"filled: {delta:+f} {coin}" for coin, delta in sorted(owned.deltas.items())]
        parts += [f"TWAP {twap_id} runs" for twap_id in sorted(owned.twaps)]
        parts += owned.doubtful
        return ", ".join(parts) or "it has arrived, and nothing of it is there: refused, or ended again"

    def touched(self) -> list[Account]:
        """Return the accounts on which there may be something of this run."""
        return [account for account in self.evidence.accounts.values() if account.is_touched]

    def sweep(self, master: str) -> None:
        """Bring the accounts back that the key of `master` acts for.

        Raises:
            TargetUnavailable: the exchange does not say what there is.
            HarnessError: something is left; names it.
        """
        _raise_if_left(self._sweep(account for account in self.touched() if account.master == master))

    def sweep_all(self) -> list[str]:
        """Bring all accounts back, and return what is left."""
        return [f"{one.account}: {what}" for one in self._sweep(self.touched()) for what in one.left]

    def _sweep(self, accounts: Iterable[Account]) -> list[Swept]:
        return [self._cleaner.clean(account) for account in list(accounts)]

    def holdings(self, master: str) -> list[str]:
        """Return what of this run is on the accounts of `master` now."""
        return [
            f"{account.address}: {what}"
            for account in self.touched()
            if account.master == master
            for what in self._cleaner.look(account).left
        ]

    def end(self, *, is_kept: bool) -> None:
        """Note that the run is over, if nothing of it is left or what is left is wanted."""
        if is_kept or not self.touched():
            self._journal.note({"done": self._channel.now_ms()})


def _raise_if_left(swept: list[Swept]) -> None:
    left = [one for one in swept if one.left]
    if left:
        kind = TargetUnavailable if any(one.is_unreadable for one in left) else HarnessError
        raise kind(
            "\n".join(f"The sweep of {one.account} left {', '.join(one.left)}." for one in left),
            needed="An account as it was before the scenario.",
            do="hl-harness sweep; else cancel and close by hand.",
        )
