"""TWAPs as an account has them: what was asked for, how far it is, and what became of it.

What carries them out is in `slicing`.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

# Wire rule 108 gives 2000 for slice fills; for the history the same is taken. UNVERIFIED.
TWAP_ROWS: Final = 2000


@dataclass(slots=True)
class Twap:
    """One TWAP; sizes in 1e-8, `executed_ntl` in 1e-6 USD."""

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
    executed_sz: int = 0
    executed_ntl: int = 0


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
