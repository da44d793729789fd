"""Trouble on the way: what a network, a proxy or a busy exchange does to requests and answers.

Faults are chosen by rules, never by chance that cannot be repeated: what a rule's `probability` decides
depends on the script's seed and on how often the rule has been asked. They change no state of the exchange.
Sources: 429 and 500 with `null` are measured (wire rule 3), and that a look-up is behind an acknowledgement
for up to 1.1 s (wire rule 30). The body of 502 is the usual one of the server that recordings name, nginx
1.22.1; no recording of it was found (UNVERIFIED).
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Literal, Protocol

import msgspec
from msgspec.structs import replace

from harness.localnet.answers import RATE_LIMITED, UNSERVABLE, Answer
from harness.localnet.asks import LocalnetError

Kind = Literal[
    "delay",
    "rateLimited",
    "serverError",
    "badGateway",
    "reset",
    "lost",
    "truncated",
    "sparseSpotMeta",
    "stale",
    "wsDrop",
    "wsGap",
]

_BAD_GATEWAY: Final = Answer(
    502,
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n"
    b"</body>\r\n</html>\r\n",
    "text/html",
)
# Instead of an answer: the exchange has not seen the request.
_INSTEAD: Final = {"rateLimited": RATE_LIMITED, "serverError": UNSERVABLE, "badGateway": _BAD_GATEWAY}
_SPOT_META: Final = frozenset({"spotMeta", "spotMetaAndAssetCtxs"})
_ON_FEED: Final = frozenset({"wsDrop", "wsGap"})
_READS: Final = frozenset({"sparseSpotMeta", "stale"})
_STALE_S: Final = 1.0
_LONGEST_S: Final = 3_600.0


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When which fault happens; a rule without conditions meets everything.

    Args:
        fault: what happens.
        path: only to this path, such as `/exchange`.
        action: only to this action type.
        info: only to this query type.
        channel: only to frames of this channel, for `wsDrop` and `wsGap`.
        calls: only to these of the requests (or frames) that meet the conditions above, counted from 1.
        probability: how often, from 0 to 1.
        times: at most so often.
        seconds: how long, for `delay` (needed) and `stale` (1 unless given).
    """

    fault: Kind
    path: str | None = None
    action: str | None = None
    info: str | None = None
    channel: str | None = None
    calls: frozenset[int] | None = None
    probability: float = 1.0
    times: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability is {self.probability}, which is not within 0 and 1")
        if self.seconds is not None and not 0 <= self.seconds <= _LONGEST_S:
            raise ValueError(f"seconds is {self.seconds}, which is not within 0 and {_LONGEST_S:g}")
        if self.fault == "delay" and self.seconds is None:
            raise ValueError("a delay needs seconds")
        if (self.fault in _ON_FEED) and (self.path or self.action or self.info):
            raise ValueError(f"{self.fault} goes by channel, not by path, action or info")
        if self.channel is not None and self.fault not in _ON_FEED:
            raise ValueError("channel is for wsDrop and wsGap")
        if self.calls is not None and min(self.calls, default=1) < 1:
            raise ValueError("calls are counted from 1")
        if self.times is not None and self.times < 0:
            raise ValueError(f"times is {self.times}, which is not zero or more")
        if self.fault in _READS and (self.action is not None or self.path == "/exchange"):
            raise ValueError(f"{self.fault} is for reads")
        if self.action is not None and self.info is not None:
            raise ValueError("an action is no query")
        if self.action is not None and self.path == "/info":
            raise ValueError("an action goes to /exchange")
        if self.info is not None and self.path == "/exchange":
            raise ValueError("a query goes to /info")
        if self.fault == "sparseSpotMeta" and self.info is not None and self.info not in _SPOT_META:
            raise ValueError(f"sparseSpotMeta is for {' and '.join(sorted(_SPOT_META))}")

    def __str__(self) -> str:
        told = ((name, getattr(self, name)) for name in ("path", "action", "info", "channel", "times"))
        conditions = [f"{name} {value}" for name, value in told if value is not None]
        if self.calls is not None:
            conditions.append(f"calls {', '.join(map(str, sorted(self.calls)))}")
        return f"{self.fault} ({', '.join(conditions)})" if conditions else self.fault

    def meets(self, path: str, kind: str | None) -> bool:
        """Say whether a request is one that the rule is about."""
        if self.fault in _ON_FEED:
            return False
        if self.path not in (None, path):
            return False
        if self.fault == "sparseSpotMeta" and not (path == "/info" and kind in _SPOT_META):
            return False
        if self.fault == "stale" and path != "/info":
            return False
        if self.action is not None and not (path == "/exchange" and kind == self.action):
            return False
        return self.info is None or (path == "/info" and kind == self.info)


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules, of which the first that fires is the one; `seed` decides what their probabilities leave open."""

    rules: list[Rule] = []
    seed: int = 0


def read_script(value: object) -> Script:
    """Read a script from JSON values: an object with `rules` and `seed`, or the list of rules alone.

    Raises:
        LocalnetError: it is none.
    """
    try:
        return msgspec.convert({"rules": value} if isinstance(value, list) else value, Script)
    except msgspec.ValidationError as error:
        raise LocalnetError(
            f"This is no fault script: {error}.",
            needed="A list of rules such as {fault: delay, seconds: 2, path: /exchange, calls: [1]}.",
            do="The rules are in docs/localnet.md, section Faults.",
        ) from None


class Delivery(msgspec.Struct, frozen=True):
    """What reaches the client.

    Args:
        answer: None when the connection is reset instead.
        delay_s: how late.
        is_spoiled: the answer has a form that the exchange does not give.
    """

    answer: Answer | None
    delay_s: float = 0.0
    is_spoiled: bool = False


class Served(Protocol):
    """What faults ask of a localnet."""

    def handle(self, path: str, content_type: str | None, body: bytes, method: str = "POST") -> Answer:
        """Answer one request."""
        ...

    def past(self) -> Callable[[str, str | None, bytes, str], Answer]:
        """Return what answers requests as if nothing more had happened."""
        ...

    def now_ms(self) -> int:
        """Return the exchange's time."""
        ...

    def tick(self) -> None:
        """Let a request pass that the exchange has not seen."""
        ...


@dataclass(slots=True)
class _Count:
    asked: int = 0
    fired: int = 0


class Faults:
    """A running script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._counts = [_Count() for _ in script.rules]
        self._past: tuple[Callable[[str, str | None, bytes, str], Answer], int] | None = None

    def fired(self) -> dict[str, int]:
        """Return how often each fault has happened."""
        sums: dict[str, int] = {}
        for rule, count in zip(self.script.rules, self._counts, strict=True):
            sums[rule.fault] = sums.get(rule.fault, 0) + count.fired
        return sums

    def idle(self) -> list[Rule]:
        """Return the rules that have not happened, but for those that were left to chance."""
        rules = zip(self.script.rules, self._counts, strict=True)
        return [
            rule for rule, count in rules if rule.probability == 1 and rule.times != 0 and not count.fired
        ]

    def deliver(self, net: Served, path: str, content_type: str | None, body: bytes, method: str) -> Delivery:
        """Answer one request, with what happens to it on the way."""
        path = path.partition("?")[0]
        kind = _kind(path, body)
        rule = self._choose(
            lambda one: one.meets(path, kind) and (one.fault != "stale" or self._is_stale(net))
        )
        if rule is not None and rule.fault in _INSTEAD:
            net.tick()
            return Delivery(_INSTEAD[rule.fault], is_spoiled=rule.fault == "badGateway")
        if rule is not None and rule.fault == "reset":
            net.tick()
            return Delivery(None)
        if rule is not None and rule.fault == "stale" and self._past is not None:
            net.tick()
            return Delivery(self._past[0](path, content_type, body, method))
        answer = self._asked(net, path, content_type, body, method)
        return Delivery(answer) if rule is None else _spoiled(rule, answer)

    def _asked(self, net: Served, path: str, content_type: str | None, body: bytes, method: str) -> Answer:
        """Let the exchange answer; before an action, keep what stale reads will show."""
        stale = next((rule for rule in self.script.rules if rule.fault == "stale"), None)
        if stale is None or path != "/exchange":
            return net.handle(path, content_type, body, method)
        past, now_ms = net.past(), net.now_ms()
        answer = net.handle(path, content_type, body, method)
        if answer.body.startswith(b'{"status":"ok"'):
            seconds = _STALE_S if stale.seconds is None else stale.seconds
            self._past = (past, now_ms + round(seconds * 1000))
        return answer

    def _is_stale(self, net: Served) -> bool:
        return self._past is not None and net.now_ms() < self._past[1]

    def of_frame(self, frame: str) -> Literal["wsDrop", "wsGap"] | None:
        """Return what happens to a frame that the feed is about to push, None if nothing does."""
        channel = frame.partition('"channel":"')[2].partition('"')[0]
        rule = self._choose(lambda one: one.fault in _ON_FEED and one.channel in (None, channel))
        if rule is None:
            return None
        return "wsDrop" if rule.fault == "wsDrop" else "wsGap"

    def _choose(self, meets: Callable[[Rule], bool]) -> Rule | None:
        """Return the first rule that fires; every rule that is met counts."""
        chosen: Rule | None = None
        for number, (rule, count) in enumerate(zip(self.script.rules, self._counts, strict=True)):
            if not meets(rule):
                continue
            count.asked += 1
            if chosen is None and self._fires(number, rule, count):
                count.fired += 1
                chosen = rule
        return chosen

    def _fires(self, number: int, rule: Rule, count: _Count) -> bool:
        if rule.calls is not None and count.asked not in rule.calls:
            return False
        if rule.times is not None and count.fired >= rule.times:
            return False
        drawn = blake2b(f"{self.script.seed} {number} {count.asked}".encode(), digest_size=8).digest()
        return int.from_bytes(drawn, "big") < rule.probability * 2**64


def _spoiled(rule: Rule, answer: Answer) -> Delivery:
    if rule.fault == "delay":
        return Delivery(answer, rule.seconds or 0.0)
    if rule.fault == "lost":
        return Delivery(None)
    if rule.fault == "truncated":
        return Delivery(replace(answer, body=answer.body[: len(answer.body) // 2]), is_spoiled=True)
    if rule.fault == "sparseSpotMeta":
        return Delivery(replace(answer, body=_without_a_token(answer.body)), is_spoiled=True)
    return Delivery(answer)


def _without_a_token(body: bytes) -> bytes:
    """Return spot metadata whose last pair trades a token that is not listed."""
    answer = msgspec.json.decode(body)
    meta: dict[str, Any] = answer[0] if isinstance(answer, list) else answer
    missing = meta["universe"][-1]["tokens"][0]
    meta["tokens"] = [token for token in meta["tokens"] if token["index"] != missing]
    return msgspec.json.encode(answer)


def _kind(path: str, body: bytes) -> str | None:
    """Return the type of an action or a query, None when that cannot be read."""
    try:
        value = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
    if path == "/exchange" and isinstance(value, dict):
        value = value.get("action")
    kind = (
        value.get("type")
        if isinstance(value, dict)
        else value[0]
        if isinstance(value, list) and value
        else None
    )
    return kind if isinstance(kind, str) else None
