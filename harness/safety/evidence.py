"""What a journal proves: which orders, triggers and TWAPs its run asked for, and what became of the asking.

The same lines are read in a living run, as they are written, and after it was killed, from its file. An
unreadable line is one that was not whole when the power went: what it announced has not left.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

# `asked`: no answer is known. `answered`: the exchange's word is known. `over`: its word is lost, and what
# has not arrived by now will not any more. `never`: it has not arrived, and will not any more.
Fate = Literal["asked", "answered", "over", "never"]


@dataclass(slots=True)
class Wish:
    """One order that was asked for; `oid` once the exchange has told it."""

    asset: int
    is_buy: bool
    px: Decimal
    sz: Decimal
    cloid: str | None = None
    oid: int | None = None
    is_refused: bool = False


@dataclass(slots=True)
class TwapWish:
    """One TWAP that was asked for."""

    asset: int
    is_buy: bool
    sz: Decimal
    minutes: int
    twap_id: int | None = None
    is_refused: bool = False


@dataclass(slots=True)
class Sent:
    """One signed request.

    It was journalled at `at_ms`, and left later when it had to wait for its turn. By `known_ms` it had
    arrived, or would not any more; without an answer nobody knows that yet.
    """

    number: int
    at_ms: int
    account: str
    master: str
    signer: str
    nonce: int
    kind: str
    is_of_sweep: bool
    fate: Fate = "asked"
    is_refused: bool = False
    orders: list[Wish] = field(default_factory=list)
    twap: TwapWish | None = None
    known_ms: int | None = None

    @property
    def last_ms(self) -> int:
        """When something was last known of it."""
        return self.at_ms if self.known_ms is None else max(self.at_ms, self.known_ms)

    @property
    def is_unknown(self) -> bool:
        """True as long as it is not known whether the exchange took it in."""
        return self.fate == "asked"


@dataclass(slots=True)
class Before:
    """What an account had before the first order of the run, on the perp dexes that it has traded on.

    `skew_ms` is how far the exchange's clock was ahead of this machine's, `time_ms` what it said then: what
    the run asked for came later.
    """

    skew_ms: int = 0
    time_ms: int = 0
    dexes: set[str] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    positions: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Account:
    """What a run did to one account since it was last known to be clean; `ended` are its orders of before."""

    address: str
    master: str
    before: Before = field(default_factory=Before)
    twaps_before: set[int] | None = None
    sent: list[Sent] = field(default_factory=list)
    is_scheduled: bool = False
    ended: set[int] = field(default_factory=set)

    @property
    def is_touched(self) -> bool:
        """True when there may be something to sweep."""
        return bool(self.is_scheduled or self.wishes or self.twaps)

    @property
    def wishes(self) -> list[tuple[Sent, Wish]]:
        """The orders that were asked for and may have come to be."""
        return [
            (sent, wish)
            for sent in self.sent
            if sent.fate != "never"
            for wish in sent.orders
            if not wish.is_refused
        ]

    @property
    def told_oids(self) -> set[int]:
        """The orders whose oid the exchange has told."""
        return {wish.oid for _, wish in self.wishes if wish.oid is not None}

    @property
    def twaps(self) -> list[tuple[Sent, TwapWish]]:
        """The TWAPs that were asked for and may have come to be."""
        return [
            (sent, sent.twap)
            for sent in self.sent
            if sent.twap and sent.fate != "never" and not sent.twap.is_refused
        ]

    @property
    def unknown(self) -> list[Sent]:
        """The requests for orders of which it is not known whether the exchange took them in."""
        return [sent for sent in self.sent if sent.is_unknown and (sent.orders or sent.twap)]

    @property
    def last_sent_ms(self) -> int:
        """By when the last signed request had arrived, as far as that is known."""
        return max((sent.last_ms for sent in self.sent), default=0)


class Evidence:
    """What the lines of one journal say."""

    def __init__(self, lines: Iterable[dict[str, Any]] = ()) -> None:
        self.accounts: dict[str, Account] = {}
        self.is_done = False
        self.is_kept = False
        self.last_number = 0
        self._sent: dict[int, Sent] = {}
        self._ended: dict[str, set[int]] = defaultdict(set)
        for line in lines:
            self.take(line)

    def take(self, line: dict[str, Any]) -> None:
        """Learn from the next line."""
        if "sent" in line:
            self._take_sent(line)
        elif "status" in line:
            sent = self._sent.get(line.get("n", 0))
            if sent is not None:
                sent.known_ms = line.get("at")
                answered(sent, int(line["status"]), str(line["answer"]))
                if sent.is_refused and sent.kind == "scheduleCancel":
                    self.account(sent.account, sent.master).is_scheduled = False
        elif "fate" in line:
            sent = self._sent.get(line["n"])
            if sent is not None:
                sent.fate, sent.known_ms = line["fate"], line.get("at")
        elif "before" in line:
            _learn(self.account(line["before"], line["master"]).before, line)
        elif "twapsBefore" in line:
            account = self.account(line["twapsBefore"], line["master"])
            account.twaps_before = {int(one) for one in line["ids"]}
        elif "clean" in line:
            self.accounts.pop(line["clean"], None)
            self._ended[line["clean"]].update(line.get("oids", ()))
        elif "run" in line:
            self.is_kept = bool(line["run"].get("keepOrders"))
        elif "done" in line:
            self.is_done = True

    def account(self, address: str, master: str) -> Account:
        """Return what is known of an account; nothing yet, if it is met for the first time."""
        if address not in self.accounts:
            self.accounts[address] = Account(address, master, ended=set(self._ended[address]))
        return self.accounts[address]

    def _take_sent(self, line: dict[str, Any]) -> None:
        self.last_number = max(self.last_number, int(line.get("n", 0)))
        body, address = line["sent"], line.get("account")
        if not address or not isinstance(body, dict) or not isinstance(body.get("action"), dict):
            return
        action = body["action"]
        account = self.account(address, line["master"])
        sent = Sent(
            line["n"],
            line["at"],
            address,
            line["master"],
            line["signer"],
            _nonce(body.get("nonce")),
            str(action.get("type")),
            line.get("by") == "sweep",
        )
        sent.orders, sent.twap = wished(action)
        if sent.kind == "scheduleCancel":
            account.is_scheduled = action.get("time") is not None
        self._sent[sent.number] = sent
        account.sent.append(sent)


def read_lines(text: str) -> list[dict[str, Any]]:
    """Return the whole lines of a journal."""
    found = []
    for line in text.splitlines():
        try:
            made = json.loads(line)
        except ValueError:
            continue
        if isinstance(made, dict):
            found.append(made)
    return found


def inner_action(action: Any) -> Any:
    """Return the action itself, out of its multi-sig wrapping."""
    if isinstance(action, dict) and action.get("type") == "multiSig":
        payload = action.get("payload")
        return payload.get("action") if isinstance(payload, dict) else None
    return action


def wished(action: Any) -> tuple[list[Wish], TwapWish | None]:
    """Return the orders and the TWAP that an action asks for; none where its form is not an order's."""
    action = inner_action(action)
    if not isinstance(action, dict):
        return [], None
    kind = action.get("type")
    try:
        if kind == "order":
            return [_wish(order) for order in action["orders"]], None
        if kind == "batchModify":
            return [_wish(one["order"]) for one in action["modifies"]], None
        if kind == "modify":
            return [_wish(action["order"])], None
        if kind == "twapOrder":
            twap = action["twap"]
            return [], TwapWish(int(twap["a"]), bool(twap["b"]), Decimal(str(twap["s"])), int(twap["m"]))
    # The exchange refuses what has no order's form (wire rule 2), so nothing comes of it.
    except (KeyError, TypeError, ValueError, InvalidOperation):
        return [], None
    return [], None


def _wish(order: dict[str, Any]) -> Wish:
    cloid = order.get("c")
    return Wish(
        int(order["a"]),
        bool(order["b"]),
        Decimal(str(order["p"])),
        Decimal(str(order["s"])),
        None if cloid is None else str(cloid).lower(),
    )


def _nonce(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _learn(before: Before, line: dict[str, Any]) -> None:
    before.skew_ms = line["time"] - line["at"]
    # Of several dexes the first: orders on it may have come before the others were looked at.
    before.time_ms = before.time_ms or line["time"]
    before.dexes.add(line["dex"])
    before.orders.update(int(one) for one in line["orders"])
    before.positions.update((coin, Decimal(szi)) for coin, szi in line["positions"].items())


def is_whole(status: int, answer: str) -> bool:
    """Say whether an answer tells the outcome of the signed request before it.

    429 says that it has not arrived, 4xx that it was not understood (wire rules 1 to 3), 3xx that somebody
    else answered, and no redirect is followed; 5xx and what is no JSON object say nothing.
    """
    if status != 200:
        return 300 <= status < 500
    try:
        made = json.loads(answer)
    except ValueError:
        return False
    return isinstance(made, dict) and made.get("status") in ("ok", "err")


def answered(sent: Sent, status: int, answer: str) -> None:
    """Learn from the answer to a signed request; nothing from one that says nothing."""
    if not is_whole(status, answer):
        return
    made = json.loads(answer) if status == 200 else {"status": "err"}
    sent.fate = "answered"
    if made["status"] == "err":
        _refuse_all(sent)
        return
    response = made.get("response")
    data = response.get("data") if isinstance(response, dict) else None
    if not isinstance(data, dict):
        return
    statuses = data.get("statuses")
    if isinstance(statuses, list):
        _told(sent, statuses)
    if sent.twap is not None and isinstance(data.get("status"), dict):
        running = data["status"].get("running")
        sent.twap.twap_id = running["twapId"] if isinstance(running, dict) else None
        sent.twap.is_refused = "error" in data["status"]


def _told(sent: Sent, statuses: list[Any]) -> None:
    # One error for the whole batch: none of it was carried out (wire rule 34).
    if len(statuses) < len(sent.orders):
        if all(isinstance(one, dict) and "error" in one for one in statuses):
            _refuse_all(sent)
        return
    for wish, told in zip(sent.orders, statuses, strict=False):
        if not isinstance(told, dict):
            continue
        wish.is_refused = "error" in told
        for kind in ("resting", "filled"):
            if isinstance(told.get(kind), dict):
                wish.oid = told[kind]["oid"]


def _refuse_all(sent: Sent) -> None:
    sent.is_refused = True
    for wish in sent.orders:
        wish.is_refused = True
    if sent.twap is not None:
        sent.twap.is_refused = True
