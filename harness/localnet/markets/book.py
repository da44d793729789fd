"""The order book of one coin: price, then time (wire rule 47)."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Trigger:
    """When an order becomes live: at a mark of `px` (1e-8), as a market or a limit order (wire rule 52)."""

    is_market: bool
    px: int
    is_tp: bool

    def is_above(self, *, is_buy: bool) -> bool:
        """Say whether the mark must rise to `px`: for a stop that buys, or a take profit that sells."""
        return is_buy != self.is_tp

    def is_met(self, mark: int, *, is_buy: bool) -> bool:
        """Say whether `mark` has reached the price."""
        return mark >= self.px if self.is_above(is_buy=is_buy) else mark <= self.px


class Builder(NamedTuple):
    """Who placed an order for its owner, and the fee they take, in tenths of a bp."""

    address: str
    fee: int


class Order:
    """One order from placement to its end; `owner` is an address, prices and sizes are in 1e-8.

    A trigger order `waits`, off the book, until its price is reached; a child until its parent is filled as
    well. One for the whole position has the size 0 until then.
    """

    __slots__ = (
        "asset",
        "builder",
        "children",
        "cloid",
        "is_buy",
        "is_position_tpsl",
        "oid",
        "orig_sz",
        "owner",
        "parent",
        "px",
        "reduce_only",
        "shown_sz",
        "status",
        "status_ms",
        "sz",
        "tif",
        "timestamp_ms",
        "trigger",
        "twap_id",
        "waits",
    )

    def __init__(
        self,
        oid: int,
        owner: str,
        asset: int,
        *,
        is_buy: bool,
        px: int,
        sz: int,
        tif: str,
        reduce_only: bool,
        cloid: str | None,
        timestamp_ms: int,
        trigger: Trigger | None = None,
        is_position_tpsl: bool = False,
        twap_id: int | None = None,
        builder: Builder | None = None,
    ) -> None:
        self.oid = oid
        self.owner = owner
        self.asset = asset
        self.is_buy = is_buy
        self.px = px
        self.sz = sz
        self.orig_sz = sz
        self.tif = tif
        self.reduce_only = reduce_only
        self.cloid = cloid
        self.timestamp_ms = timestamp_ms
        self.status = "open"
        self.status_ms = timestamp_ms
        # orderStatus shows the size as of the last change of status, not the rest (wire rule 141).
        self.shown_sz = sz
        self.trigger = trigger
        self.waits = trigger is not None
        self.is_position_tpsl = is_position_tpsl
        self.twap_id = twap_id
        self.builder = builder
        self.parent: Order | None = None
        self.children: list[Order] = []

    @property
    def side(self) -> str:
        """`B` for a bid, `A` for an ask."""
        return "B" if self.is_buy else "A"

    def is_met(self, mark: int) -> bool:
        """Say whether `mark` has reached the price that the order waits for."""
        return self.trigger is not None and self.trigger.is_met(mark, is_buy=self.is_buy)


class _Side:
    """One side; the best price has the largest key.

    A list of keys is quicker than a tree for as many prices as accounts may order at: what comes and goes is
    mostly near its end.
    """

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._keys: list[int] = []
        self._levels: dict[int, dict[int, Order]] = {}
        # Each arriving order asks for it several times.
        self.best: Order | None = None

    def add(self, order: Order) -> None:
        key = self._sign * order.px
        level = self._levels.get(key)
        if level is None:
            level = self._levels[key] = {}
            insort(self._keys, key)
        level[order.oid] = order
        if self.best is None or key > self._sign * self.best.px:
            self.best = order

    def remove(self, order: Order) -> None:
        key = self._sign * order.px
        level = self._levels[key]
        del level[order.oid]
        if not level:
            del self._levels[key], self._keys[bisect_left(self._keys, key)]
        if order is self.best:
            self.best = next(iter(self._levels[self._keys[-1]].values())) if self._keys else None

    def levels(self) -> Iterator[tuple[int, list[Order]]]:
        for key in reversed(self._keys):
            yield self._sign * key, list(self._levels[key].values())


class Book:
    """Resting orders of one coin."""

    def __init__(self) -> None:
        self._bids = _Side(1)
        self._asks = _Side(-1)

    def add(self, order: Order) -> None:
        """Let `order` rest behind what already rests at its price."""
        (self._bids if order.is_buy else self._asks).add(order)

    def remove(self, order: Order) -> None:
        """Take a resting order out."""
        (self._bids if order.is_buy else self._asks).remove(order)

    def best(self, *, is_buy: bool) -> Order | None:
        """Return the order that is next to be matched on one side."""
        return self._side(is_buy).best

    def best_px(self, *, is_buy: bool) -> int | None:
        """Return the best price of one side."""
        order = self._side(is_buy).best
        return None if order is None else order.px

    def px_of(self, order: Order) -> int:
        """Return an order's price on this coin."""
        return order.px

    def opposite(self, *, is_buy: bool, px: int) -> Order | None:
        """Return the resting order that one arriving at `px` would meet first."""
        resting = (self._asks if is_buy else self._bids).best
        if resting is None or (resting.px > px if is_buy else resting.px < px):
            return None
        return resting

    def levels(self, *, is_buy: bool) -> Iterator[tuple[int, list[Order]]]:
        """Return price and orders of each level, best first."""
        return self._side(is_buy).levels()

    def _side(self, is_buy: bool) -> _Side:
        return self._bids if is_buy else self._asks
