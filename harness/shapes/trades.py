"""Trades of everybody: recentTrades, and the websocket's channel trades.

Source: recordings of the channel; wire rules 119 and 166; nktkas/hyperliquid for recentTrades.
"""

from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from harness.shapes.base import Address, Amount, Count, Figure, Hash, Millis, Rows, Shape, since
from harness.shapes.orders import Side


class Trade(Shape, frozen=True):
    """One trade: `px` in the quote token per coin, `sz` in coins, `side` that of the taker.

    `users` are buyer and seller. `hash` is all zeros for a trade that no action made, such as a TWAP's slice.
    """

    coin: str
    side: Side
    px_: Amount
    sz_: Amount
    time: Millis
    hash: Hash
    tid: Count
    users: Annotated[tuple[Address, Address] | UnsetType, since("2025")] = UNSET

    px = Figure("px_")
    sz = Figure("sz_")


class Trades(Rows[Trade]):
    """A message of trades; the first after subscribing repeats the last 30 (wire rules 119 and 166)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Trade, ...]


class RecentTrades(Trades):
    """The answer to recentTrades: the last trades of a coin."""

    __slots__ = ()
