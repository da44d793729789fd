"""Prices and books: allMids, l2Book, metaAndAssetCtxs, spotMetaAndAssetCtxs, candles, funding.

Source: wire rules 3, 12, 14 and 164; API docs, "Info endpoint".
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.errors import UnexpectedAnswer
from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    Count,
    Figure,
    IsoTime,
    MaybeFigure,
    Millis,
    Number,
    Rows,
    Shape,
    only,
    since,
)
from harness.shapes.metadata import Meta, SpotMeta


@dataclass(frozen=True, slots=True)
class AllMids(Answer):
    """The answer to allMids: the middle of each book, by coin. Coins without a book side are left out."""

    WIRE: ClassVar[Any] = dict[str, Amount]

    wire: dict[str, str]

    @property
    def coins(self) -> tuple[str, ...]:
        """All coins, in the order of the answer."""
        return tuple(self.wire)

    def __contains__(self, coin: str) -> bool:
        return coin in self.wire

    def __len__(self) -> int:
        return len(self.wire)

    def mid(self, coin: str) -> Decimal:
        """Return a coin's mid, in its quote token.

        Raises:
            UnexpectedAnswer: the answer has no mid for it.
        """
        if coin not in self.wire:
            raise UnexpectedAnswer(
                f"expected a mid of {coin}, the exchange answered with {len(self.wire)} other coins"
            )
        return Decimal(self.wire[coin])


class Level(Shape, frozen=True):
    """One price of a book: `px`, the whole `sz` there in coins, and `n`, the number of orders."""

    px_: Amount
    sz_: Amount
    n: Count

    px = Figure("px_")
    sz = Figure("sz_")


class Book(Shape, frozen=True):
    """A book that exists. `spread` is there only when the request aggregates with nSigFigs."""

    coin: str
    time: Millis
    levels: tuple[tuple[Level, ...], tuple[Level, ...]]
    spread_: Annotated[Amount | UnsetType, only("when the request aggregates")] = UNSET

    spread = MaybeFigure("spread_")


@dataclass(frozen=True, slots=True)
class L2Book(Answer):
    """The answer to l2Book: at most 20 levels a side, best first; null for an unknown coin (wire rule 3)."""

    WIRE: ClassVar[Any] = Book | None

    wire: Book | None

    @property
    def is_unknown(self) -> bool:
        """Whether the exchange does not know the coin."""
        return self.wire is None

    @property
    def book(self) -> Book:
        """The book.

        Raises:
            UnexpectedAnswer: the exchange does not know the coin.
        """
        if self.wire is None:
            raise UnexpectedAnswer(
                "expected a book, the exchange answered: null, which means an unknown coin"
            )
        return self.wire

    @property
    def coin(self) -> str:
        """The coin."""
        return self.book.coin

    @property
    def time(self) -> int:
        """The time of the snapshot in milliseconds."""
        return self.book.time

    @property
    def bids(self) -> tuple[Level, ...]:
        """Bids, the highest first."""
        return self.book.levels[0]

    @property
    def asks(self) -> tuple[Level, ...]:
        """Asks, the lowest first."""
        return self.book.levels[1]

    @property
    def best_bid(self) -> Level:
        """The highest bid.

        Raises:
            UnexpectedAnswer: there is none, or no book.
        """
        return self._best(self.bids, "bid")

    @property
    def best_ask(self) -> Level:
        """The lowest ask.

        Raises:
            UnexpectedAnswer: there is none, or no book.
        """
        return self._best(self.asks, "ask")

    def _best(self, side: tuple[Level, ...], name: str) -> Level:
        if not side:
            raise UnexpectedAnswer(
                f"expected a {name} for {self.coin}, the exchange answered with an empty side"
            )
        return side[0]


class PerpContext(Shape, frozen=True):
    """The state of one perpetual.

    Prices in USDC a coin; `funding` is the rate of the coming hour; `openInterest` and `dayBaseVlm` in coins,
    `dayNtlVlm` in USDC. A delisted coin or one without a book has null in `premium`, `midPx` and `impactPxs`.
    """

    funding_: Number
    openInterest: Amount
    prevDayPx: Amount
    dayNtlVlm: Amount
    premium_: Number | None
    oraclePx: Amount
    markPx: Amount
    midPx: Amount | None
    impactPxs: tuple[Amount, Amount] | None
    dayBaseVlm: Amount

    funding = Figure("funding_")
    open_interest = Figure("openInterest")
    premium = MaybeFigure("premium_")
    oracle_px = Figure("oraclePx")
    mark_px = Figure("markPx")
    mid_px = MaybeFigure("midPx")


@dataclass(frozen=True, slots=True)
class MetaAndAssetCtxs(Answer):
    """The answer to metaAndAssetCtxs: the universe of a dex and the state of each coin, side by side."""

    WIRE: ClassVar[Any] = tuple[Meta, tuple[PerpContext, ...]]

    wire: tuple[Meta, tuple[PerpContext, ...]]

    @property
    def meta(self) -> Meta:
        """The universe."""
        return self.wire[0]

    @property
    def contexts(self) -> tuple[PerpContext, ...]:
        """The states, in the order of the universe."""
        return self.wire[1]

    def context(self, coin: str) -> PerpContext:
        """Return the state of a coin.

        Raises:
            UnexpectedAnswer: the coin is not listed, or its state is not.
        """
        index = self.meta.asset(coin)
        if index >= len(self.contexts):
            raise UnexpectedAnswer(
                f"expected a state of {coin}, the exchange answered with {len(self.contexts)} states"
            )
        return self.contexts[index]


class SpotContext(Shape, frozen=True):
    """The state of one pair. Their list is not parallel to the pairs: join by `coin` (wire rule 164)."""

    prevDayPx: Amount
    dayNtlVlm: Amount
    markPx: Amount
    midPx: Amount | None
    circulatingSupply: Amount
    coin: str
    totalSupply: Amount
    dayBaseVlm: Amount

    mark_px = Figure("markPx")
    mid_px = MaybeFigure("midPx")


@dataclass(frozen=True, slots=True)
class SpotMetaAndAssetCtxs(Answer):
    """The answer to spotMetaAndAssetCtxs."""

    WIRE: ClassVar[Any] = tuple[SpotMeta, tuple[SpotContext, ...]]

    wire: tuple[SpotMeta, tuple[SpotContext, ...]]

    @property
    def meta(self) -> SpotMeta:
        """Pairs and tokens."""
        return self.wire[0]

    @property
    def contexts(self) -> tuple[SpotContext, ...]:
        """The states, in the order of the answer."""
        return self.wire[1]

    def context(self, coin: str) -> SpotContext:
        """Return the state of a pair, found by the exchange's name for it.

        Raises:
            UnexpectedAnswer: there is none.
        """
        for row in self.contexts:
            if row.coin == coin:
                return row
        raise UnexpectedAnswer(
            f"expected a state of {coin}, the exchange answered with {len(self.contexts)} others"
        )


Interval = Literal["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "12h", "1d", "3d", "1w", "1M"]
"""The intervals of candles; source: API docs, "Candle snapshot"."""


class Candle(Shape, frozen=True):
    """One candle: from `t` to `T` (ms), coin `s`, interval `i`, open, close, high, low, volume, trades.

    Prices in the quote token, the volume `v` in coins.
    """

    t: Millis
    T: Millis
    s: str
    i: Interval
    o: Amount
    c: Amount
    h: Amount
    l: Amount  # noqa: E741
    v: Amount
    n: Count


class CandleSnapshot(Rows[Candle]):
    """The answer to candleSnapshot, oldest first."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Candle, ...]


class FundingRate(Shape, frozen=True):
    """The funding of one hour."""

    coin: str
    fundingRate: Number
    premium_: Number
    time: Millis

    funding_rate = Figure("fundingRate")
    premium = Figure("premium_")


class FundingHistory(Rows[FundingRate]):
    """The answer to fundingHistory, oldest first, at most 500 rows."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[FundingRate, ...]


class PredictedFunding(Shape, frozen=True):
    """The next funding on one venue. The API page leaves out `fundingIntervalHours`."""

    fundingRate: Number
    nextFundingTime: Millis
    fundingIntervalHours: Annotated[Count | UnsetType, only("for some venues")] = UNSET


class PredictedFundings(Rows[tuple[str, tuple[tuple[str, PredictedFunding | None], ...]]]):
    """The answer to predictedFundings: coins with their venues. Source: text-index 69623212216, 2026-07."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[tuple[str, tuple[tuple[str, PredictedFunding | None], ...]], ...]


class TokenGenesis(Shape, frozen=True):
    """Who got a token at its start. The API page leaves out `blacklistUsers`."""

    userBalances: tuple[tuple[Address, Amount], ...]
    existingTokenBalances: tuple[tuple[Count, Amount], ...]
    blacklistUsers: Annotated[tuple[Address, ...] | UnsetType, since("2026")] = UNSET


class TokenDetails(Shape, frozen=True):
    """The answer to tokenDetails: supplies in tokens, prices in USDC."""

    name: str
    maxSupply: Amount
    totalSupply: Amount
    circulatingSupply: Amount
    szDecimals: Count
    weiDecimals: Count
    midPx: Amount | None
    markPx: Amount
    prevDayPx: Amount
    genesis: TokenGenesis | None
    deployer: Address | None
    deployGas: Amount | None
    deployTime: IsoTime | None
    seededUsdc: Amount
    nonCirculatingUserBalances: tuple[tuple[Address, Amount], ...]
    futureEmissions: Amount

    mid_px = MaybeFigure("midPx")
    mark_px = Figure("markPx")


class ExchangeStatus(Shape, frozen=True):
    """The answer to exchangeStatus: the exchange's clock; `specialStatuses` is null in quiet times."""

    time: Millis
    specialStatuses: str | None
