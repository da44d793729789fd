"""A market that moves by itself: every coin takes a step each second, drawn from the seed.

The walk is localnet's own, made for screens and bots that want something to happen; it says nothing about
how the exchange's prices move. When much time passes at once, steps become longer and wider.
"""

from dataclasses import dataclass
from hashlib import blake2b
from math import isqrt
from typing import TYPE_CHECKING, Final

from harness.localnet.world import house

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

STEP_MS: Final = 1_000
# How long steps are when the clock is further ahead than the first figure.
_LONGER: Final = ((21_600_000, 600_000), (3_600_000, 60_000), (60_000, 10_000))
# The widest move in one second, in hundredths of a bp.
_WIDEST: Final = 300
_WHOLE: Final = 1_000_000
# A price stays within this factor of where it began, up and down.
_FURTHEST: Final = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One step of all coins, and the next one; those whose quotes were set by hand stand still.

    Args:
        number: counts steps; with the seed it gives the moves.
        span_ms: the time since the last step.
    """

    number: int = 1
    span_ms: int = STEP_MS

    def __call__(self, exchange: "Exchange") -> None:
        """Take it."""
        digest = b""
        for position, market in enumerate(exchange.all_markets()):
            if not position % 32:
                digest = _draw(f"{exchange.seed} walk {self.number} {position}")
            drawn = int.from_bytes(digest[position % 32 * 2 :][:2], "big") - 32_768
            if market.house_is_manual:
                continue
            opening = market.listing.mid
            wide = _WIDEST * isqrt(self.span_ms // STEP_MS)
            mid = market.target_mid + market.target_mid * wide * drawn // (_WHOLE * 32_768)
            house.move(exchange, market, min(max(mid, opening // _FURTHEST), opening * _FURTHEST))
        behind = exchange.due_by_ms - exchange.now_ms()
        span_ms = next((span for far, span in _LONGER if behind > far), STEP_MS)
        exchange.at(exchange.now_ms() + span_ms, Step(self.number + 1, span_ms))


def begin(exchange: "Exchange") -> None:
    """Bring every coin to life and let the walk begin."""
    for perp in exchange.universe.live_perps:
        exchange.market(perp)
    for pair in exchange.universe.pairs.values():
        exchange.spot_market(pair)
    exchange.at(exchange.now_ms() + STEP_MS, Step())


def _draw(what: str) -> bytes:
    return blake2b(what.encode(), digest_size=64).digest()
