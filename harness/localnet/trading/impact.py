"""Impact prices and the premium: what trading a fixed notional would cost, against the oracle.

Source: API docs, "Funding": the impact price is the average price of trading 20,000 USD on BTC and ETH, 6,000
USD on others (wire rule 94); the premium is (max(bid - oracle, 0) - max(oracle - ask, 0)) / oracle, which
recorded contexts confirm (info_metaAndAssetCtxs__sonirico_main). UNVERIFIED: that a side with less than that
shows the average of all it has, how the average is rounded, and that an empty side leaves no premium.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from harness.localnet.markets.assets import Perp
from harness.localnet.markets.markets import Market
from harness.localnet.markets.quotes import prices, size
from harness.localnet.numbers import MICRO, notional

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_LARGE: Final = frozenset({"BTC", "ETH"})
_LARGE_MICRO: Final = 20_000 * MICRO
_MICRO: Final = 6_000 * MICRO
# The unit of premiums and rates.
E10: Final = 10**10


class Impact(NamedTuple):
    """Average prices in 1e-8."""

    bid: int
    ask: int


def impact(exchange: "Exchange", perp: Perp) -> Impact | None:
    """Return the impact prices of a coin, or None when a side is empty; no market comes to life."""
    bid, ask = (_average(perp, _levels(exchange, perp, is_buy=is_buy)) for is_buy in (True, False))
    return None if bid is None or ask is None else Impact(bid, ask)


def premium(exchange: "Exchange", market: Market) -> int:
    """Return how far impact prices are from the oracle, in 1e-10 of it."""
    bid, ask = market.book.best_px(is_buy=True), market.book.best_px(is_buy=False)
    oracle = market.oracle
    if bid is None or ask is None or bid <= oracle <= ask:
        return 0
    found = impact(exchange, market.perp)
    assert found is not None
    return round(Fraction((max(found.bid - oracle, 0) - max(oracle - found.ask, 0)) * E10, oracle))


def _levels(exchange: "Exchange", perp: Perp, *, is_buy: bool) -> Iterator[tuple[int, int]]:
    """Return price and size of each level, best first; of an untouched coin those it will come to have."""
    market = exchange.markets.get(perp.index)
    if market is None:
        for level, px in enumerate(prices(perp, perp.mid, is_buy=is_buy)):
            yield px, size(exchange.seed, perp, level, px)
        return
    for px, orders in market.book.levels(is_buy=is_buy):
        yield px, sum(order.sz for order in orders)


def _average(perp: Perp, levels: Iterator[tuple[int, int]]) -> int | None:
    wanted = _LARGE_MICRO if perp.name in _LARGE else _MICRO
    got = paid = 0
    left = wanted
    for px, sz in levels:
        value = notional(px, sz)
        taken = sz if value <= left else sz * left // value
        got += taken
        paid += px * taken
        left -= min(value, left)
        if not left:
            break
    if not got:
        return None
    return round(Fraction(paid, got * perp.px_step)) * perp.px_step
