"""`l2Book`: the book of one coin, whole or aggregated."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.answers import Unservable
from harness.localnet.markets.markets import Quoted
from harness.localnet.numbers import wire
from harness.localnet.parsing import U64
from harness.localnet.queries.registry import Query, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_LEVELS: Final = 20


class L2Book(Query):
    """Coin, and how to aggregate."""

    coin: str = msgspec.field()
    nSigFigs: U64 | None = None
    mantissa: U64 | None = None


@query("l2Book", L2Book, weight=2)
def l2_book(exchange: "Exchange", asked: L2Book) -> dict[str, object] | None:
    """Return up to 20 levels a side; an unknown coin is 200 with null (wire rule 3)."""
    step = _Step(asked.nSigFigs, asked.mantissa)
    universe = exchange.universe
    perp, pair = universe.perp_of.get(asked.coin), universe.pair_of.get(asked.coin)
    market: Quoted | None = None
    if pair is not None:
        market = exchange.spot_market(pair)
    elif perp is None:
        return None
    elif not perp.delisted:
        market = exchange.market(perp)
    levels: list[list[dict[str, object]]] = [[], []]
    if market is not None:
        levels = [_levels(market, step, is_buy=True), _levels(market, step, is_buy=False)]
    book: dict[str, object] = {"coin": asked.coin, "time": exchange.now_ms(), "levels": levels}
    if asked.nSigFigs is not None and market is not None:
        spread = _spread(market)
        book |= {} if spread is None else {"spread": spread}
    return book


def _spread(market: Quoted) -> str | None:
    """Return the true spread, which an aggregated book tells beside its levels (NK, tests).

    That it is the true one was seen on the feed (TI:57395103147, TI:70146751433). UNVERIFIED: that it is left
    out when a side is empty.
    """
    bid, ask = (market.book.best(is_buy=is_buy) for is_buy in (True, False))
    return None if bid is None or ask is None else wire(ask.px - bid.px)


class _Step:
    """How prices are grouped: to n significant figures, with 5 figures in steps of 2 or 5 as well.

    Raises:
        Unservable: other values, and a mantissa without five figures (wire rule 3). Mantissa 1 is documented
        and
            was 500 when tried.
    """

    def __init__(self, sig_figs: int | None, mantissa: int | None) -> None:
        if sig_figs not in (None, 2, 3, 4, 5):
            raise Unservable(f"nSigFigs {sig_figs}")
        if mantissa is not None and (mantissa not in (2, 5) or sig_figs != 5):
            raise Unservable(f"mantissa {mantissa} with nSigFigs {sig_figs}")
        self._sig_figs = sig_figs
        self._mantissa = mantissa or 1

    def group(self, px: int, *, is_buy: bool) -> int:
        """Return the level of a price: bids go down, asks go up."""
        if self._sig_figs is None:
            return px
        step = int(10 ** max(len(str(px)) - self._sig_figs, 0)) * self._mantissa
        return px - px % step if is_buy else -(-px // step) * step


def _levels(market: Quoted, step: _Step, *, is_buy: bool) -> list[dict[str, object]]:
    grouped: dict[int, list[int]] = {}
    for px, orders in market.book.levels(is_buy=is_buy):
        level = step.group(px, is_buy=is_buy)
        if level not in grouped and len(grouped) == _LEVELS:
            break
        size_and_count = grouped.setdefault(level, [0, 0])
        size_and_count[0] += sum(order.sz for order in orders)
        size_and_count[1] += len(orders)
    return [{"px": wire(px), "sz": wire(sz), "n": count} for px, (sz, count) in grouped.items()]
