"""Feeds of the market: mids, books, best bid and ask, trades, candles, asset contexts.

Source: API docs, "Subscriptions"; recorded frames (wire facts, ws_*); WSP and TI:68955515377 for what comes
first.
"""

import base64
import zlib
from typing import Any, ClassVar, Final

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.events import Traded
from harness.localnet.feed.streams import HangUp, StateStream, Stream, Subscription, View, frame, stream
from harness.localnet.markets.coins import pair_asset
from harness.localnet.parsing import U64
from harness.localnet.queries.candles import candle_row
from harness.localnet.queries.trades import trade_row
from harness.localnet.queries.universe import context
from harness.localnet.tape import INTERVALS

_FAST_LEVELS: Final = 5
_SPOT_CONTEXTS: Final = "spotMetaAndAssetCtxs"


class AllMids(Subscription, frozen=True):
    """All mids of one perp dex; that the echo leaves out a dex nobody named is UNVERIFIED."""

    kind: ClassVar[str] = "allMids"
    silent: ClassVar[frozenset[str]] = frozenset({"dex"})
    dex: str | None = None


class OfCoin(Subscription, frozen=True):
    """A feed of one coin."""

    coin: str


class L2Book(OfCoin, frozen=True):
    """A book, whole or aggregated; `fast` shows five levels more often."""

    kind: ClassVar[str] = "l2Book"
    nSigFigs: U64 | None = None
    mantissa: U64 | None = None
    fast: bool = False


class Bbo(OfCoin, frozen=True):
    """Best bid and ask."""

    kind: ClassVar[str] = "bbo"


class Trades(OfCoin, frozen=True):
    """Every trade."""

    kind: ClassVar[str] = "trades"


class Candle(Subscription, frozen=True):
    """The candle under way. The order of the echo is that of a recorded one (JKorf)."""

    kind: ClassVar[str] = "candle"
    interval: str
    coin: str


class ActiveAssetCtx(OfCoin, frozen=True):
    """The context of one coin."""

    kind: ClassVar[str] = "activeAssetCtx"
    channels: ClassVar[tuple[str, ...]] = ("activeAssetCtx", "activeSpotAssetCtx")


class AllDexsAssetCtxs(Subscription, frozen=True):
    """The contexts of all perpetuals."""

    kind: ClassVar[str] = "allDexsAssetCtxs"


class FastAssetCtxs(Subscription, frozen=True):
    """Mark and mid of all coins, compressed."""

    kind: ClassVar[str] = "fastAssetCtxs"


@stream(AllMids)
class AllMidsStream(StateStream):
    """All mids, each time in whole. What the name of no dex does is not known."""

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.all_mids_ms

    def state(self, view: View) -> dict[str, Any]:
        """Return the mids; the first dex is not named, another one is, as recorded."""
        name = self.asked.dex
        if not name:
            return {"mids": view.ask("allMids")}
        if view.exchange.universe.dex_named(name) is None:
            raise NotCovered("allMids of a dex that localnet does not have")
        return {"dex": name, "mids": view.ask("allMids", dex=name)}


@stream(L2Book)
class L2BookStream(StateStream):
    """A book; a fast one says so (TI:57395103147, TI:70146751433). Which key comes first is UNVERIFIED."""

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.fast_l2_book_ms if self.asked.fast else self.cadence.l2_book_ms

    def state(self, view: View) -> dict[str, Any]:
        """Return the levels."""
        asked = self.asked
        fields = {"nSigFigs": asked.nSigFigs, "mantissa": asked.mantissa}
        given = {name: value for name, value in fields.items() if value is not None}
        book: dict[str, Any] = dict(_book(view, asked.coin, **given))
        if asked.fast:
            book["levels"] = [side[:_FAST_LEVELS] for side in book["levels"]]
            book["fast"] = True
        return book


@stream(Bbo)
class BboStream(Stream):
    """Best bid and ask: at first, and after each block that changed them. A delisted coin is silent (WSP)."""

    _shown: list[Any] | None = None

    def first(self, view: View) -> list[str]:
        """Return both, unless there are none."""
        touch = _touch(view, self.asked.coin)
        if self._shown is None:
            self._shown = touch
        return [] if touch == [None, None] else self._frames(view, touch)

    def later(self, view: View) -> list[str]:
        """Return both if they have changed."""
        touch = _touch(view, self.asked.coin)
        if touch == self._shown:
            return []
        self._shown = touch
        return self._frames(view, touch)

    def _frames(self, view: View, touch: list[Any]) -> list[str]:
        return [frame("bbo", {"coin": self.asked.coin, "time": view.now_ms, "bbo": touch})]


@stream(Trades)
class TradesStream(Stream):
    """Trades, block by block; at first the last 30 (wire rule 166).

    UNVERIFIED: that without any there is no first frame.
    """

    def first(self, view: View) -> list[str]:
        """Return the last trades, oldest first."""
        trades = view.exchange.tapes[_asset(view, self.asked.coin)].trades()
        return self._frames(view, trades)

    def later(self, view: View) -> list[str]:
        """Return a frame for each block with trades."""
        asset = view.exchange.universe.asset_of(self.asked.coin)
        return [
            text
            for block in view.blocks
            for text in self._frames(
                view, [event for event in block if isinstance(event, Traded) and event.asset == asset]
            )
        ]

    @staticmethod
    def _frames(view: View, trades: list[Traded]) -> list[str]:
        rows = [trade_row(view.exchange.universe, trade) for trade in trades]
        return [frame("trades", rows)] if rows else []


@stream(Candle)
class CandleStream(Stream):
    """The candle under way, after each block with a trade; at first too, if there is a trade in it."""

    def first(self, view: View) -> list[str]:
        """Return the candle of this moment. An unknown interval's answer is not known."""
        if self.asked.interval not in INTERVALS:
            raise NotCovered("a candle interval that is not documented")
        asset = _asset(view, self.asked.coin)
        candle = view.exchange.tapes[asset].last_candle(self.asked.interval)
        return [] if candle is None or candle.end_ms < view.now_ms else self._frames([candle])

    def later(self, view: View) -> list[str]:
        """Return the candles that new trades have touched."""
        asset = view.exchange.universe.asset_of(self.asked.coin)
        trades = [event for block in view.blocks for event in block if isinstance(event, Traded)]
        times = [trade.time_ms for trade in trades if trade.asset == asset]
        if asset is None or not times:
            return []
        candles = view.exchange.tapes[asset].candles(self.asked.interval)
        return self._frames([candle for candle in candles if candle.end_ms >= times[0]])

    def _frames(self, candles: list[Any]) -> list[str]:
        asked = self.asked
        return [frame("candle", candle_row(asked.coin, asked.interval, candle)) for candle in candles]


@stream(ActiveAssetCtx)
class ActiveAssetCtxStream(StateStream):
    """One coin's context; that of a spot pair has a channel of its own (TI:68955515377)."""

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.asset_ctx_ms

    def channel(self) -> str:
        """Return the channel's name."""
        return "activeAssetCtx" if pair_asset(self.asked.coin) is None else "activeSpotAssetCtx"

    def state(self, view: View) -> dict[str, Any]:
        """Return the context."""
        coin = self.asked.coin
        _asset(view, coin)
        perp = view.exchange.universe.perp_of.get(coin)
        if perp is not None:
            interest = view.exchange.open_interest().get(perp.index, 0)
            return {"coin": coin, "ctx": context(view.exchange, perp, interest)}
        of_pair = next((one for one in view.ask(_SPOT_CONTEXTS)[1] if one["coin"] == coin), None)
        if of_pair is None:
            raise NotCovered("the context of a pair that has none")
        return {"coin": coin, "ctx": of_pair}


@stream(AllDexsAssetCtxs)
class AllDexsAssetCtxsStream(StateStream):
    """The contexts of all perpetuals, in the order of `meta`; the first dex has an empty name."""

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.all_dexs_asset_ctxs_ms

    def state(self, view: View) -> dict[str, Any]:
        """Return all contexts."""
        return {"ctxs": [[dex.name, _contexts(view, dex=dex.name)] for dex in view.exchange.universe.dexes]}


@stream(FastAssetCtxs)
class FastAssetCtxsStream(StateStream):
    """Mark and mid by coin, in whole at first, then what changed: JSON, raw DEFLATE, base64 (API docs).

    A figure that is left out has not changed, and a mid is null where the book has none (TI:70208928171).
    UNVERIFIED: that the first message has such nulls, and that nothing is sent when nothing changed.
    """

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.asset_ctx_ms

    def first(self, view: View) -> list[str]:
        """Return all coins."""
        found = self.state(view)
        if self._shown is None:
            self._is_due(view)
            self._shown = found
        return [_compressed(found)]

    def later(self, view: View) -> list[str]:
        """Return what changed since the last push."""
        if self.interval_ms() and not self._is_due(view):
            return []
        before, found = self._shown, self.state(view)
        assert isinstance(before, dict)
        self._shown = found
        changed = {coin: _news(prices, before.get(coin, {})) for coin, prices in found.items()}
        told = {coin: prices for coin, prices in changed.items() if prices}
        return [_compressed(told)] if told else []

    def state(self, view: View) -> dict[str, Any]:
        """Return mark and mid of all coins, those of builders' dexes too (the docs' example has one)."""
        named = [
            (perp.name, one)
            for dex in view.exchange.universe.dexes
            for perp, one in zip(dex.perps, _contexts(view, dex=dex.name), strict=True)
        ]
        named += [(one["coin"], one) for one in view.ask(_SPOT_CONTEXTS)[1]]
        return {coin: {key: one[key] for key in ("markPx", "midPx")} for coin, one in named}


def _news(prices: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return {key: px for key, px in prices.items() if key not in before or px != before[key]}


def _compressed(prices: dict[str, Any]) -> str:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(msgspec.json.encode(prices)) + packer.flush()
    return frame("fastAssetCtxs", base64.b64encode(packed).decode())


def _book(view: View, coin: str, **fields: object) -> dict[str, Any]:
    """Return what `l2Book` answers.

    Raises:
        HangUp: there is no such coin.
        Unservable: no such aggregation.
        NotCovered: localnet does not serve this book.
    """
    book: dict[str, Any] | None = view.ask("l2Book", coin=coin, **fields)
    if book is None:
        raise HangUp(coin)
    return book


def _touch(view: View, coin: str) -> list[Any]:
    """Return the best level of each side, None for an empty one."""
    return [side[0] if side else None for side in _book(view, coin)["levels"]]


def _asset(view: View, coin: str) -> int:
    """Return the number of a coin that there is.

    Raises:
        HangUp: there is no such coin.
        NotCovered: localnet does not serve it.
    """
    _book(view, coin)
    asset = view.exchange.universe.asset_of(coin)
    if asset is None:
        raise HangUp(coin)
    return asset


def _contexts(view: View, **fields: object) -> list[dict[str, Any]]:
    contexts: list[dict[str, Any]] = view.ask("metaAndAssetCtxs", **fields)[1]
    return contexts
