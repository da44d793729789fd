"""The tape of one coin: its last trades, and candles of every interval. Both are bounded.

Only the minute that is under way is touched by a trade; it is folded into the longer intervals when the next
minute with a trade begins.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from harness.localnet.events import Traded

# Wire rules 108 and 166.
CANDLE_ROWS: Final = 5_000
TRADE_ROWS: Final = 30

_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 1_440 * _MINUTE_MS
_MONTH: Final = "1M"
# Source: API docs, "Subscriptions". Spans of fixed length begin at multiples of it since the epoch, as
# recorded ones of a minute, an hour and a day do. UNVERIFIED for 3d, 1w and 1M.
INTERVALS: Final[dict[str, int]] = {
    "1m": _MINUTE_MS,
    "3m": 3 * _MINUTE_MS,
    "5m": 5 * _MINUTE_MS,
    "15m": 15 * _MINUTE_MS,
    "30m": 30 * _MINUTE_MS,
    "1h": 60 * _MINUTE_MS,
    "2h": 120 * _MINUTE_MS,
    "4h": 240 * _MINUTE_MS,
    "8h": 480 * _MINUTE_MS,
    "12h": 720 * _MINUTE_MS,
    "1d": _DAY_MS,
    "3d": 3 * _DAY_MS,
    "1w": 7 * _DAY_MS,
    _MONTH: 0,
}


@dataclass(slots=True)
class Candle:
    """What was traded from `start_ms` to `end_ms`, both included; prices and volume in 1e-8."""

    start_ms: int
    end_ms: int
    open: int
    close: int
    high: int
    low: int
    volume: int
    trades: int

    def add(self, later: "Candle") -> None:
        """Take in a candle of the same span that follows what is in here."""
        self.close = later.close
        self.high = max(self.high, later.high)
        self.low = min(self.low, later.low)
        self.volume += later.volume
        self.trades += later.trades


class Tape:
    """What happened in one market. Spans without a trade have no candle (UNVERIFIED)."""

    def __init__(self) -> None:
        self._trades: deque[Traded] = deque(maxlen=TRADE_ROWS)
        self._minute: Candle | None = None
        self._closed: dict[str, deque[Candle]] = {}

    def add(self, trade: Traded) -> None:
        """Keep a trade."""
        self._trades.append(trade)
        minute = self._minute
        if minute is None or trade.time_ms > minute.end_ms:
            if minute is not None:
                self._fold(minute)
            start, end = span("1m", trade.time_ms)
            self._minute = Candle(start, end, trade.px, trade.px, trade.px, trade.px, trade.sz, 1)
            return
        minute.close = trade.px
        minute.high = max(minute.high, trade.px)
        minute.low = min(minute.low, trade.px)
        minute.volume += trade.sz
        minute.trades += 1

    def trades(self) -> list[Traded]:
        """Return the last trades, oldest first."""
        return list(self._trades)

    def last_candle(self, interval: str) -> Candle | None:
        """Return the candle of the last trade, or None before the first one."""
        return next(iter(self.candles(interval, rows=1)), None)

    def candles(self, interval: str, *, rows: int = CANDLE_ROWS) -> list[Candle]:
        """Return the last candles of an interval, oldest first."""
        closed = self._closed.get(interval, ())
        found = list(islice(closed, max(0, len(closed) - rows), None))
        if self._minute is not None:
            _append(found, interval, self._minute)
        return found[-rows:]

    def _fold(self, minute: Candle) -> None:
        for interval in INTERVALS:
            _append(self._closed.setdefault(interval, deque(maxlen=CANDLE_ROWS)), interval, minute)


def _append(candles: "list[Candle] | deque[Candle]", interval: str, minute: Candle) -> None:
    """Add a minute behind candles, or into the last of them; candles in there before are left as they are."""
    if candles and minute.start_ms <= candles[-1].end_ms:
        candles[-1] = replace(candles[-1])
        candles[-1].add(minute)
        return
    start, end = span(interval, minute.start_ms)
    candles.append(replace(minute, start_ms=start, end_ms=end))


def span(interval: str, time_ms: int) -> tuple[int, int]:
    """Return the first and the last millisecond of the candle that `time_ms` is in."""
    length = INTERVALS[interval]
    if length:
        start = time_ms - time_ms % length
        return start, start + length - 1
    first = datetime.fromtimestamp(time_ms / 1000, UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return int(first.timestamp()) * 1000, int(following.timestamp()) * 1000 - 1
