"""TWAPs as an account has them: what was asked for, how far it is, and what became of it.

What carries them out is in `slicing`.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

# Wire rule 108 gives 2000 for slice fills; for the history the same is taken. UNVERIFIED.
TWAP_ROWS: Final = 2000


class TwapTrigger(NamedTuple):
    """The mark, in 1e-8, at which a TWAP is activated: once it is there or above, or there or below."""

    px: int
    above: bool

    def is_met(self, mark: int) -> bool:
        """Say whether the mark has reached the price."""
        return mark >= self.px if self.above else mark <= self.px


@dataclass(slots=True)
class Twap:
    """One TWAP; sizes and prices in 1e-8, `executed_ntl` in 1e-6 USD.

    One with a trigger `waits` until that is met. The mark at `stop_px` ends it: the highest for one that
    buys, the lowest for one that sells.
    """

    twap_id: int
    owner: str
    asset: int
    coin: str
    is_buy: bool
    sz: int
    minutes: int
    reduce_only: bool
    randomize: bool
    timestamp_ms: int
    trigger: TwapTrigger | None = None
    stop_px: int | None = None
    executed_sz: int = 0
    executed_ntl: int = 0
    waits: bool = False

    def is_stopped(self, mark: int) -> bool:
        """Say whether the mark has reached the price that ends it."""
        if self.stop_px is None:
            return False
        return mark >= self.stop_px if self.is_buy else mark <= self.stop_px


class TwapRow(NamedTuple):
    """One change of a TWAP, as `twapHistory` keeps it; `description` is there for an error only."""

    twap: Twap
    status: str
    description: str | None
    time_ms: int


@dataclass(slots=True)
class Twaps:
    """The TWAPs of one account: those that run, by id, and the history of all, newest first."""

    running: dict[int, Twap] = field(default_factory=dict)
    history: deque[TwapRow] = field(default_factory=lambda: deque(maxlen=TWAP_ROWS))
