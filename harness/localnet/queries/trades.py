"""`recentTrades`: the last trades of a market."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.events import Traded
from harness.localnet.markets.universe import Universe
from harness.localnet.numbers import wire
from harness.localnet.queries.registry import Query, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class RecentTrades(Query):
    """A coin."""

    coin: str = msgspec.field()


@query("recentTrades", RecentTrades)
def recent_trades(exchange: "Exchange", asked: RecentTrades) -> list[dict[str, object]]:
    """Return the last trades, in the form of NK. UNVERIFIED: newest first, and at most 30 as on the feed.

    Raises:
        NotCovered: the answer for an unknown coin is not known.
    """
    universe = exchange.universe
    asset = universe.asset_of(asked.coin)
    if asset is None or (asset not in universe.perps and asset not in universe.pairs):
        raise NotCovered("trades of a coin that does not exist")
    tape = exchange.tapes.get(asset)
    return [] if tape is None else [trade_row(universe, trade) for trade in reversed(tape.trades())]


def trade_row(universe: Universe, trade: Traded) -> dict[str, object]:
    """Return one trade, as the feed prints it too."""
    return {
        "coin": universe.coin_of(trade.asset),
        "side": "B" if trade.is_buy else "A",
        "px": wire(trade.px),
        "sz": wire(trade.sz),
        "time": trade.time_ms,
        "hash": trade.tx_hash,
        "tid": trade.tid,
        "users": [trade.buyer, trade.seller],
    }
