"""Brings accounts back to what they were before a run: what the run made ends, what its fills moved returns.

All is decided anew from the journal and from what the exchange says now, so it may be stopped at any point
and done again. What it sends is journalled in the same journal, as the run's own.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final, Literal

from harness.errors import HarnessError, TargetUnavailable
from harness.recording.tape import Reply
from harness.recording.universe import Universe
from harness.safety.channel import Channel, Owner
from harness.safety.closing import only_reduces, order_at_once
from harness.safety.evidence import Account, Sent
from harness.safety.names import Names
from harness.safety.owning import Owned, look

_NONE: Final = Decimal(0)
_ROUNDS: Final = 4
# A look-up may not know yet what was acknowledged 0.4 to 1.1 s ago (wire rule 30).
LAG_MS: Final = 1_200
# How long a request that nobody can fence may still be on its way. UNVERIFIED: no source names a time.
ON_ITS_WAY_MS: Final = 10_000
_CANCELS: Final = 100
# The least that an order may be worth at its limit price, unless it closes a whole position (wire rule 134),
# and what a part that is too small to be closed is made larger by.
_LEAST_USD: Final = Decimal(10)
_MORE_USD: Final = Decimal(12)
# The first wait after a round in which the exchange could not be read; each later one is twice as long.
AGAIN_S: Final = 1.0


@dataclass
class Swept:
    """What was done for one account, what is left, and what somebody else has a part in.

    `is_unreadable`: the exchange did not say what there is.
    """

    account: str
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_unreadable: bool = False


class Cleaner:
    """Cleans what one journal's run left.

    Args:
        channel: asks and acts, and journals it.
        owners: the keys at hand.
        universe: the metadata of the first dex and of spot.
    """

    def __init__(
        self,
        channel: Channel,
        owners: Iterable[Owner],
        universe: Callable[[], Universe],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._channel = channel
        self._owners = list(owners)
        self.names = Names(universe, channel.ask)
        self._sleep = sleep

    def owner_of(self, account: Account) -> Owner | None:
        """Return the key that may act for an account, None if it is not at hand."""
        return next((owner for owner in self._owners if owner.master == account.master), None)

    def look(self, account: Account) -> Swept:
        """Say what would be swept, and send nothing signed."""
        owned = look(account, self.names, self._channel.ask)
        return Swept(account.address, left=self._left(account, owned), notes=owned.doubtful)

    def clean(self, account: Account, *, is_newest: bool = True) -> Swept:
        """Sweep one account, as far as it can be; note in the journal when it is clean.

        Args:
            account: what the run did there.
            is_newest: whether nothing is left there of newer runs. As long as there is, positions stay as
                they are: what came last is taken back first.
        """
        swept = Swept(account.address)
        if not account.is_touched:
            return swept
        owner = self.owner_of(account)
        if owner is None:
            swept.left.append(f"it belongs to {account.master}, whose key is not at hand")
            return swept
        failed: list[str] = []
        put_off: list[str] = []
        for number in range(_ROUNDS + 1):
            try:
                self._settle(account)
                owned = look(account, self.names, self._channel.ask)
            # What cannot be read now may be a moment later.
            except (HarnessError, OSError) as error:
                swept.left, swept.is_unreadable = [f"not known what: {_first_line(error)}"], True
                if number < _ROUNDS:
                    self._sleep(AGAIN_S * 2**number)
                continue
            put_off = [] if is_newest else self._put_off(owned)
            swept.left, swept.notes, swept.is_unreadable = self._left(account, owned), owned.doubtful, False
            if not swept.left:
                break
            if number < _ROUNDS:
                failed = self._end(account, owner, owned, swept, is_first=number == 0)
        if swept.left:
            swept.left += failed
        swept.left += put_off + swept.notes
        if not swept.left:
            ended = {"oids": sorted(owned.oids)}
            self._channel.journal.note({"clean": account.address, "at": self._channel.now_ms(), **ended})
        return swept

    def _settle(self, account: Account) -> None:
        """Wait until the exchange knows what was sent, and let nothing arrive any more that has not."""
        for sent in account.unknown:
            self.fence(sent)
        self.wait_for_lookups(account)

    def wait_for_lookups(self, account: Account) -> None:
        """Wait until look-ups know what was sent last."""
        self._wait_until(account.last_sent_ms + LAG_MS)

    def _wait_until(self, ms: int) -> None:
        wait_ms = ms - self._channel.now_ms()
        if wait_ms > 0:
            # The bound is for a clock that was set back.
            self._sleep(min(wait_ms, ON_ITS_WAY_MS) / 1000)

    def fence(self, sent: Sent) -> None:
        """Use up the nonce of a request whose answer never came, so that it cannot arrive any more.

        Without its key (an agent's, made by a run that is no more) nobody can; then time passes instead.
        If the noop is accepted the request was not, and will not be. If it is refused the request came
        first, or its nonce is too old for either. Source: "Invalidate pending nonce (noop)" in the exchange's
        API documentation; wire rules 67 and 69.

        Raises:
            TargetUnavailable: no answer came to this either.
        """
        owner = next((one for one in self._owners if one.signer == sent.signer), None)
        if owner is None:
            self._wait_until(sent.at_ms + ON_ITS_WAY_MS)
            self._note_fate(sent, "over")
            return
        reply = self._channel.act({"type": "noop"}, owner, owner.master, nonce=sent.nonce)
        try:
            answer = json.loads(reply.body) if reply.status == 200 else None
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TargetUnavailable(
                f"Whether {sent.kind} (nonce {sent.nonce}) was accepted is not known: HTTP {reply.status}.",
                needed="An answer of the exchange.",
                do="hl-harness sweep, once the exchange answers again.",
            )
        self._note_fate(sent, "never" if answer.get("status") == "ok" else "over")

    def _note_fate(self, sent: Sent, fate: Literal["over", "never"]) -> None:
        self._channel.journal.note({"n": sent.number, "at": self._channel.now_ms(), "fate": fate})

    def _put_off(self, owned: Owned) -> list[str]:
        """Let positions be for now; return what is put off."""
        deltas = {coin: delta for coin, delta in owned.deltas.items() if delta}
        owned.deltas = {}
        return [
            f"position {delta} {coin}, until what a newer run left there is gone"
            for coin, delta in deltas.items()
            if self.names.sz_decimals(coin) is not None
        ]

    def _left(self, account: Account, owned: Owned) -> list[str]:
        lines = [f"order {oid} on {coin}" for oid, coin in sorted(owned.orders.items())]
        lines += [f"TWAP {twap_id}" for twap_id in sorted(owned.twaps)]
        lines += [f"position {szi} {coin}" for coin, szi in self._to_undo(account, owned).items()]
        return lines + (["a scheduled cancel of all orders"] if account.is_scheduled else [])

    def _to_undo(self, account: Account, owned: Owned) -> dict[str, Decimal]:
        """Return by how much positions are to be changed back, by coin.

        Never beyond what they were before: a position that somebody else has closed meanwhile, or that was
        liquidated, is not opened on the other side.
        """
        found = {}
        for coin, delta in owned.deltas.items():
            if self.names.sz_decimals(coin) is None:
                continue
            now, was = owned.positions.get(coin, _NONE), account.before.positions.get(coin, _NONE)
            target = min(max(now - delta, min(now, was)), max(now, was))
            if target != now:
                found[coin] = now - target
        return found

    def _end(
        self, account: Account, owner: Owner, owned: Owned, swept: Swept, *, is_first: bool
    ) -> list[str]:
        """Cancel and close; return what went wrong: one request that fails must not keep the others alive."""
        failed: list[str] = []

        def act(action: dict[str, Any], done: list[str]) -> None:
            try:
                reply = self._channel.act(action, owner, account.address)
            except (HarnessError, OSError) as error:
                failed.append(_first_line(error))
            else:
                refused = _refusal(reply)
                if refused is None:
                    swept.done += done
                else:
                    failed.append(refused)

        cancels = [
            {"a": asset, "o": oid}
            for oid, coin in sorted(owned.orders.items())
            if (asset := self.names.asset(coin)) is not None
        ]
        for start in range(0, len(cancels), _CANCELS):
            part = cancels[start : start + _CANCELS]
            done = [f"cancelled order {one['o']} on {owned.orders[one['o']]}" for one in part]
            act({"type": "cancel", "cancels": part}, done)
        for twap_id, asset in sorted(owned.twaps.items()):
            act({"type": "twapCancel", "a": asset, "t": twap_id}, [f"cancelled TWAP {twap_id}"])
        if account.is_scheduled:
            act({"type": "scheduleCancel"}, ["took back the scheduled cancel of all orders"])
        if is_first and (owned.orders or owned.twaps):
            # They may have been filled until now; the next round knows by how much.
            return failed
        for coin, excess in self._to_undo(account, owned).items():
            try:
                order = self._closing(coin, owned.positions.get(coin, _NONE), excess)
            except (HarnessError, OSError) as error:
                failed.append(_first_line(error))
                continue
            if order is None:
                failed.append(f"the book of {coin} is empty")
            else:
                side = "bought" if order["b"] else "sold"
                act({"type": "order", "orders": [order], "grouping": "na"}, [f"{side} {order['s']} {coin}"])
        return failed

    def _closing(self, coin: str, now: Decimal, excess: Decimal) -> dict[str, Any] | None:
        """Return the order that takes `excess` off a position; None when nobody would fill it.

        An excess that is too small for an order is made larger, to be taken off in the next round.
        """
        asset, decimals = self.names.asset(coin), self.names.sz_decimals(coin)
        book = self._channel.ask("l2Book", coin=coin)
        if asset is None or decimals is None or not book:
            return None
        then = now - excess
        order = order_at_once(asset, decimals, book, -excess, reduce_only=only_reduces(now, then))
        if order is not None and then and Decimal(order["p"]) * abs(excess) < _LEAST_USD:
            more = (_MORE_USD / Decimal(order["p"])).quantize(Decimal(1).scaleb(-decimals), ROUND_CEILING)
            order = order_at_once(asset, decimals, book, more.copy_sign(excess), reduce_only=False)
        return order and {**order, "c": "0x" + secrets.token_hex(16)}


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _refusal(reply: Reply) -> str | None:
    """Return why an action was refused, as a whole or its first entry; None if it was not."""
    try:
        answer = json.loads(reply.body) if reply.status == 200 else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return f"HTTP {reply.status}"
    response = answer.get("response")
    if answer.get("status") != "ok" or not isinstance(response, dict):
        return str(response)
    data = response.get("data")
    data = data if isinstance(data, dict) else {}
    for told in [*(data.get("statuses") or ()), data.get("status")]:
        if isinstance(told, dict) and "error" in told:
            return str(told["error"])
    return None
