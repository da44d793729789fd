"""From an HTTP request to an HTTP answer, without a network: content type, JSON, shape, then query or action.

Source: wire rules 1 to 3; the bodies of each status are recorded. What the exchange answers to other paths
and methods is UNVERIFIED.
"""

import re
from collections import deque
from functools import lru_cache
from typing import Final

import msgspec

from harness.localnet import answers, queries
from harness.localnet.actions.envelope import execute
from harness.localnet.answers import Answer, BadShape, NotCovered, Unservable
from harness.localnet.exchange import Exchange
from harness.localnet.parsing import first_value

_JSON_TYPE: Final = re.compile(r"application/(?:[\w.+-]*\+)?json", re.ASCII | re.IGNORECASE)
_MINUTE_MS: Final = 60_000
# So many entries of one action add one to its weight.
_A_WEIGHT: Final = 40
_print: Final = msgspec.json.Encoder().encode
PATHS: Final = frozenset({"/info", "/exchange"})


class Door:
    """The HTTP face of one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        # Time and weight of the requests of the last minute.
        self._weights: deque[tuple[int, int]] = deque()

    def answer(self, path: str, content_type: str | None, body: bytes, method: str) -> Answer:
        """Answer one request. Only a mistake in localnet itself raises."""
        path = path.partition("?")[0]
        if path not in PATHS:
            return Answer(404, b"", "text/plain; charset=utf-8")
        if method != "POST":
            return Answer(405, b"", "text/plain; charset=utf-8", {"allow": "POST"})
        if not _is_json(content_type):
            return answers.WRONG_CONTENT_TYPE
        try:
            value = first_value(body)
        except ValueError:
            return answers.NOT_JSON
        return self.serve(path, value)

    def serve(self, path: str, value: object) -> Answer:
        """Answer one request to `/info` or `/exchange` that is parsed already."""
        exchange = self._exchange
        exchange.begin_block()
        try:
            limit = exchange.rules.ip_weight_a_minute
            if limit is not None and self._is_over(limit, path, value):
                return answers.RATE_LIMITED
            if path == "/info":
                return Answer(200, queries.answer(exchange, value))
            return Answer(200, _print(execute(exchange, value)))
        except BadShape:
            return answers.WRONG_SHAPE
        except NotCovered as missing:
            return answers.not_implemented(missing.what)
        except Unservable:
            return answers.UNSERVABLE

    def repeat(self, body: bytes) -> Answer:
        """Carry out an action again that came through once, whatever the IP limit says."""
        self._exchange.begin_block()
        try:
            return Answer(200, _print(execute(self._exchange, first_value(body))))
        except (BadShape, NotCovered):
            return answers.WRONG_SHAPE

    def _is_over(self, limit: int, path: str, value: object) -> bool:
        """Count a request against the IP limit (wire rule 105)."""
        now_ms = self._exchange.now_ms()
        while self._weights and self._weights[0][0] <= now_ms - _MINUTE_MS:
            self._weights.popleft()
        # What the rows of long answers weigh on top is not counted.
        weight = queries.read(value)[0].weight if path == "/info" else 1 + _entries(value) // _A_WEIGHT
        if sum(spent for _, spent in self._weights) + weight > limit:
            return True
        self._weights.append((now_ms, weight))
        return False


def _entries(value: object) -> int:
    """Return how many orders, cancels or modifies an action holds."""
    action = value.get("action") if isinstance(value, dict) else None
    lists = action.values() if isinstance(action, dict) else ()
    return max((len(found) for found in lists if isinstance(found, list)), default=1)


# Clients choose what they send, so the cache is bounded.
@lru_cache(maxsize=64)
def _is_json(content_type: str | None) -> bool:
    return content_type is not None and bool(_JSON_TYPE.fullmatch(content_type.partition(";")[0].strip()))
