"""Pacing: what a machine asks of the exchange stays below the documented weight, whichever process asks.

Source: wire rule 105 (1200 a minute per IP; the weight of each kind of request). The address budget (rule
106) is not paced: it depends on the volume that an account has traded.
"""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from harness.safety.machine import Shared

WEIGHT: Final = 1_200
# A request is counted when it leaves and by the exchange when it arrives: the window is a little longer
# than a minute and the limit a little lower, so that what is on its way does not count against us.
_SHARE: Final = 0.96
_WINDOW_S: Final = 62.0
_LIGHT: Final = frozenset(
    {"l2Book", "allMids", "clearinghouseState", "orderStatus", "spotClearinghouseState", "exchangeStatus"}
)
_ACTIONS_A_WEIGHT: Final = 40
_ROWS_A_WEIGHT: Final = 20
_CANDLES_A_WEIGHT: Final = 60
_HISTORIES: Final = frozenset(
    {
        "recentTrades",
        "historicalOrders",
        "userFills",
        "userFillsByTime",
        "fundingHistory",
        "userFunding",
        "nonUserFundingUpdates",
        "twapHistory",
        "userTwapSliceFills",
        "userTwapSliceFillsByTime",
        "delegatorHistory",
        "delegatorRewards",
        "validatorStats",
    }
)
_FIRST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 30.0


def weight_of(payload: Any) -> int:
    """Return what a request weighs before its answer is known."""
    if not isinstance(payload, dict):
        return 20
    if "action" in payload:
        action = payload["action"]
        lists = action.values() if isinstance(action, dict) else ()
        entries = max((len(one) for one in lists if isinstance(one, list)), default=1)
        return 1 + entries // _ACTIONS_A_WEIGHT
    kind = payload.get("type")
    return 2 if kind in _LIGHT else 60 if kind == "userRole" else 20


def weight_of_rows(payload: Any, answer: str) -> int:
    """Return what the rows of an answer weigh on top."""
    kind = payload.get("type") if isinstance(payload, dict) else None
    rows_a_weight = _CANDLES_A_WEIGHT if kind == "candleSnapshot" else _ROWS_A_WEIGHT
    if kind not in _HISTORIES and kind != "candleSnapshot":
        return 0
    try:
        rows = json.loads(answer)
    except ValueError:
        return 0
    return len(rows) // rows_a_weight if isinstance(rows, list) else 0


class Pacer:
    """Lets requests go when there is room for them.

    Args:
        folder: where the processes of this machine keep what they share.
        limit: the weight that may be asked in a minute.
        now_s: the wall clock.
        sleep: waits.
    """

    def __init__(
        self,
        folder: Path,
        limit: int = WEIGHT,
        *,
        now_s: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._shared = Shared(folder / "weight.json")
        self._limit = int(limit * _SHARE)
        self._now_s = now_s
        self._sleep = sleep
        self.waited_s = 0.0

    def take(self, weight: int) -> None:
        """Wait until there is room for a request, and count it.

        Raises:
            HarnessError: the shared file cannot be used.
        """
        while (wait_s := self._try(weight)) > 0:
            self.waited_s += wait_s
            self._sleep(wait_s)

    def add(self, weight: int) -> None:
        """Count what an answer weighed on top of its request."""
        if weight > 0:
            self._try(weight, at_once=True)

    def _try(self, weight: int, *, at_once: bool = False) -> float:
        with self._shared.turn() as turn:
            now_s = self._now_s()
            # An entry from the future is of a clock that was set back; it would never leave.
            spent: list[tuple[float, int]] = [
                (at, one) for at, one in turn.read(_entries, []) if now_s - _WINDOW_S < at <= now_s + 1
            ]
            over = sum(one for _, one in spent) + min(weight, self._limit) - self._limit
            if over <= 0 or at_once:
                turn.write([*spent, (round(now_s, 3), weight)])
                return 0.0
        for at, one in spent:
            over -= one
            if over <= 0:
                return max(at + _WINDOW_S - now_s, 0.01)
        return _WINDOW_S


def _entries(value: Any) -> list[tuple[float, int]]:
    return [(float(at), int(weight)) for at, weight in value]


class Backoff:
    """How long to wait after a 429: twice as long each time, with a chance that is the same in each run.

    Args:
        bound_s: how long all waits for one request may take together. Once they have, later requests are sent
            once each, until one is not refused: patience is spent once, not by every request.
    """

    def __init__(self, bound_s: float = 60.0, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._bound_s = bound_s
        self._sleep = sleep
        self._random = random.Random(0)
        self._is_spent = False

    def waits(self) -> "Waits":
        """Return the waits of one request."""
        return Waits(0.0 if self._is_spent else self._bound_s, self._random, self._sleep)

    def ended(self, *, is_refused: bool) -> None:
        """Learn whether a request was refused in spite of all waits."""
        self._is_spent = is_refused


class Waits:
    """The waits of one request."""

    def __init__(self, bound_s: float, chance: random.Random, sleep: Callable[[float], None]) -> None:
        self._left_s = bound_s
        self._next_s = _FIRST_WAIT_S
        self._chance = chance
        self._sleep = sleep

    def wait(self) -> bool:
        """Wait once more; False when the bound does not allow it."""
        wait_s = self._next_s * (0.5 + self._chance.random())
        if wait_s > self._left_s:
            return False
        self._left_s -= wait_s
        self._next_s = min(2 * self._next_s, _LONGEST_WAIT_S)
        self._sleep(wait_s)
        return True
