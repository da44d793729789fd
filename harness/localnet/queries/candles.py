"""`candleSnapshot`: the candles of one coin."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.numbers import wire
from harness.localnet.parsing import U64
from harness.localnet.queries.books import L2Book, l2_book
from harness.localnet.queries.registry import Query, query
from harness.localnet.tape import INTERVALS, Candle

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class Wanted(msgspec.Struct):
    """Coin, interval and span, in milliseconds. Without an end it is now (JKorf)."""

    coin: str
    interval: str
    startTime: U64
    endTime: U64 | None = None


class CandleSnapshot(Query):
    """Which candles."""

    req: Wanted = msgspec.field()


@query("candleSnapshot", CandleSnapshot)
def candle_snapshot(exchange: "Exchange", asked: CandleSnapshot) -> list[dict[str, object]]:
    """Return the candles that the span touches, oldest first, of the last 5000 (wire rule 108).

    A recorded span that began within an hour had that hour's candle in it (SDK cassette).
    """
    wanted = asked.req
    if wanted.interval not in INTERVALS:
        raise NotCovered("a candle interval that is not documented")
    asset = exchange.universe.asset_of(wanted.coin)
    if asset is None or l2_book(exchange, L2Book(coin=wanted.coin)) is None:
        raise NotCovered("candles of an unknown coin")
    end = exchange.now_ms() if wanted.endTime is None else wanted.endTime
    return [
        candle_row(wanted.coin, wanted.interval, candle)
        for candle in exchange.tapes[asset].candles(wanted.interval)
        if candle.end_ms >= wanted.startTime and candle.start_ms <= end
    ]


def candle_row(coin: str, interval: str, candle: Candle) -> dict[str, object]:
    """Return a candle as answers and the feed print it."""
    return {
        "t": candle.start_ms,
        "T": candle.end_ms,
        "s": coin,
        "i": interval,
        "o": wire(candle.open),
        "c": wire(candle.close),
        "h": wire(candle.high),
        "l": wire(candle.low),
        "v": wire(candle.volume),
        "n": candle.trades,
    }
