"""The market on the websocket: allMids, l2Book, bbo, trades, candle, the states of coins, the explorer.

`parse` takes the `data` of a message; `harness.shapes.frames` takes whole frames. All figures are texts, as
over HTTP, although the API page says numbers.

Source: recordings; wire rules 111 to 119; API docs, "Subscriptions"; text-index 68955515377, measured on
mainnet in 2026-08; nktkas/hyperliquid for assetCtxs, spotAssetCtxs and the explorer.
"""

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from msgspec import UNSET, UnsetType

from harness.errors import ShapeError
from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    Count,
    Hash,
    Millis,
    Rows,
    Shape,
    demand_true,
    only,
)
from harness.shapes.market import Book, Level, PerpContext, SpotContext


class AllMidsMessage(Shape, frozen=True):
    """A message of the channel allMids: the middle of each book, by coin, in its quote token."""

    mids: dict[str, Amount]
    dex: Annotated[str | UnsetType, only("for a builder's dex")] = UNSET


class BookMessage(Book, frozen=True, kw_only=True):
    """A message of the channel l2Book: the whole book, 20 levels a side, or 5 when it is `fast`."""

    fast: Annotated[bool | UnsetType, only("when it is the fast one")] = UNSET

    def __post_init__(self) -> None:
        demand_true(self, "fast")


class BboMessage(Shape, frozen=True):
    """A message of the channel bbo: the best bid and the best ask, null for an empty side."""

    coin: str
    time: Millis
    bbo: tuple[Level | None, Level | None]

    @property
    def bid(self) -> Level | None:
        """The highest bid."""
        return self.bbo[0]

    @property
    def ask(self) -> Level | None:
        """The lowest ask."""
        return self.bbo[1]


class AssetCtxMessage(Shape, frozen=True):
    """A message of the channel activeAssetCtx."""

    coin: str
    ctx: PerpContext


class SpotAssetCtxMessage(Shape, frozen=True):
    """A message of the channel activeSpotAssetCtx, which answers activeAssetCtx of a pair."""

    coin: str
    ctx: SpotContext


class AssetCtxsMessage(Shape, frozen=True):
    """A message of the channel assetCtxs: a dex's coins, in the order of its universe."""

    dex: str
    ctxs: tuple[PerpContext, ...]


class AllDexsAssetCtxsMessage(Shape, frozen=True):
    """A message of the channel allDexsAssetCtxs: each dex's coins; "" is the first dex."""

    ctxs: tuple[tuple[str, tuple[PerpContext, ...]], ...]


class SpotAssetCtxs(Rows[SpotContext]):
    """A message of the channel spotAssetCtxs."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[SpotContext, ...]


class FastPrices(Shape, frozen=True):
    """What changed of a coin; `midPx` is null when a side of its book is empty."""

    markPx: Annotated[Amount | UnsetType, only("when it changed")] = UNSET
    midPx: Annotated[Amount | UnsetType | None, only("when it changed")] = UNSET


@dataclass(frozen=True, slots=True)
class FastAssetCtxs(Answer):
    """A message of the channel fastAssetCtxs: prices by coin, all at first, then those that changed.

    On the wire it is a text: JSON, deflated without a header, in base64.
    """

    WIRE: ClassVar[Any] = dict[str, FastPrices]

    wire: dict[str, FastPrices]

    @classmethod
    def parse(cls, answer: object) -> Self:
        """Return a message as this shape, from its text, or from what was inflated from it.

        Raises:
            ShapeError: it cannot be inflated, or a price differs from its shape.
        """
        return super(FastAssetCtxs, cls).parse(inflated(answer) if isinstance(answer, str) else answer)


def inflated(text: str) -> bytes:
    """Return the JSON that a message of fastAssetCtxs holds.

    Raises:
        ShapeError: it is not base64, or not deflated.
    """
    try:
        return zlib.decompress(base64.b64decode(text, validate=True), wbits=-zlib.MAX_WBITS)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise ShapeError(
            f"FastAssetCtxs: the message cannot be inflated: {error}.",
            needed="Expected JSON, deflated without a header, in base64.",
        ) from None


class ExplorerBlock(Shape, frozen=True):
    """One block; `blockTime` in milliseconds."""

    blockTime: Millis
    hash: Hash
    height: Count
    numTxs: Count
    proposer: Address


class ExplorerBlocks(Rows[ExplorerBlock]):
    """A message of the explorer's explorerBlock: a bare list, on the host of the explorer."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[ExplorerBlock, ...]


class ExplorerTx(Shape, frozen=True):
    """One action with what became of it; `error` is its refusal, or null."""

    action: dict[str, Any]
    block: Count
    error: str | None
    hash: Hash
    time: Millis
    user: Address


class ExplorerTxs(Rows[ExplorerTx]):
    """A message of the explorer's explorerTxs: a bare list, on the host of the explorer."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[ExplorerTx, ...]
