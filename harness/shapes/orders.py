"""Orders as POST /info shows them: openOrders, frontendOpenOrders, orderStatus, historicalOrders.

Source: wire rules 14, 38 to 41, 52 to 59 and 141 to 144; API docs, "Info endpoint".
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from msgspec import UNSET, Meta, UnsetType

from harness.errors import UnexpectedAnswer
from harness.shapes.base import (
    CURRENT_FORM_MS,
    Amount,
    Answer,
    Cloid,
    Figure,
    MaybeText,
    Millis,
    Oid,
    Rows,
    Shape,
    only,
    since,
)
from harness.shapes.differences import RuleError

Side = Literal["A", "B"]
"""B buys, A sells; source: API docs, "Notation"."""

Tif = Literal["Gtc", "Ioc", "Alo", "FrontendMarket", "LiquidationMarket"]
"""Time in force; null on most trigger orders, `FrontendMarket` on some (recorded on mainnet in 2026-10).

Source: wire rule 41; recordings show all but LiquidationMarket.
"""

OrderType = Literal[
    "Limit",
    "Market",
    "Stop Market",
    "Stop Limit",
    "Take Profit Market",
    "Take Profit Limit",
    "Vault Close",
    "Twap Slice",
    "Spot Dust Conversion",
]
"""What kind of order it is; source: wire rule 41, of the last two the schema of nktkas/hyperliquid."""

State = Literal[
    "open",
    "filled",
    "canceled",
    "triggered",
    "rejected",
    "marginCanceled",
    "vaultWithdrawalCanceled",
    "openInterestCapCanceled",
    "selfTradeCanceled",
    "reduceOnlyCanceled",
    "siblingFilledCanceled",
    "delistedCanceled",
    "liquidatedCanceled",
    "scheduledCancel",
    "tickRejected",
    "minTradeNtlRejected",
    "perpMarginRejected",
    "reduceOnlyRejected",
    "badAloPxRejected",
    "iocCancelRejected",
    "badTriggerPxRejected",
    "marketOrderNoLiquidityRejected",
    "positionIncreaseAtOpenInterestCapRejected",
    "positionFlipAtOpenInterestCapRejected",
    "tooAggressiveAtOpenInterestCapRejected",
    "openInterestIncreaseRejected",
    "insufficientSpotBalanceRejected",
    "oracleRejected",
    "perpMaxPositionRejected",
    # not on the API page; source: nktkas/hyperliquid, whose tests see the first and the third
    "outcomeSettledCanceled",
    "internalCancel",
    "tooManyOpenOrdersRejected",
    # neither there today nor recorded; source: wire rule 38, UNVERIFIED
    "outcomeSettledRejected",
    "perpMaxPositionCanceled",
]
"""What became of an order; source: wire rule 38 and API docs, "Order status"."""

TriggerCondition = Annotated[
    str,
    Meta(
        pattern=r"^(N/A|Price (above|below) (0|[1-9][0-9]*)(\.[0-9]*[1-9])?)\Z",
        extra={"expected": '"N/A", "Price above X" or "Price below X"'},
    ),
]
"""The figure is printed without the added zero: triggerPx "71.0" is `Price above 71` (wire rule 41)."""


class OpenOrder(Shape, frozen=True):
    """One row of openOrders: a resting order, or a waiting trigger order shown by its limit price only.

    `sz` is what is left, `orig_sz` what was placed, in coins. `cloid` is None when the order has none.
    `origSz` is absent in recordings of 2023.
    """

    coin: str
    side: Side
    limitPx: Amount
    sz_: Amount
    oid: Oid
    timestamp: Millis
    origSz: Annotated[Amount | UnsetType, since("2025")] = UNSET
    cloid_: Annotated[Cloid | UnsetType, only("when the order has one")] = UNSET
    reduceOnly: Annotated[bool | UnsetType, only("when true")] = UNSET

    limit_px = Figure("limitPx")
    sz = Figure("sz_")
    cloid = MaybeText("cloid_")

    def __post_init__(self) -> None:
        if self.reduceOnly is False:
            raise RuleError("reduceOnly", "false", "true, or no such key (wire rule 14)")
        if self.origSz is UNSET and self.timestamp >= CURRENT_FORM_MS:
            raise RuleError(
                "origSz", "nothing", "the size as placed; left out only before 2025", "missing-field"
            )

    @property
    def orig_sz(self) -> Decimal | None:
        """The size as placed; None in recordings of 2023, which lack it."""
        return None if isinstance(self.origSz, UnsetType) else Decimal(self.origSz)

    @property
    def reduce_only(self) -> bool:
        """Whether the order may only reduce a position."""
        return self.reduceOnly is True


class FrontendOrder(Shape, frozen=True):
    """An order with all that the exchange tells of it, as in orderStatus and historicalOrders.

    All keys are always there. `tif` and `cloid` may be null; `cloid` is absent before 2024. A whole-position
    TP/SL has `sz` and `orig_sz` zero (wire rule 55).
    """

    coin: str
    side: Side
    limitPx: Amount
    sz_: Amount
    oid: Oid
    timestamp: Millis
    triggerCondition: TriggerCondition
    isTrigger: bool
    triggerPx: Amount
    children: tuple["FrontendOrder", ...]
    isPositionTpsl: bool
    reduceOnly: bool
    orderType: OrderType
    origSz: Amount
    tif: Tif | None
    cloid_: Annotated[Cloid | UnsetType | None, since("2025")] = UNSET

    limit_px = Figure("limitPx")
    sz = Figure("sz_")
    orig_sz = Figure("origSz")
    trigger_px = Figure("triggerPx")
    cloid = MaybeText("cloid_")

    def __post_init__(self) -> None:
        if self.cloid_ is UNSET and self.timestamp >= CURRENT_FORM_MS:
            raise RuleError("cloid", "nothing", "a cloid or null; left out only before 2025", "missing-field")

    @property
    def reduce_only(self) -> bool:
        """Whether the order may only reduce a position."""
        return self.reduceOnly

    @property
    def order_type(self) -> str:
        """The exchange's name of the order's type, such as `Limit` or `Stop Market`."""
        return self.orderType

    @property
    def is_trigger(self) -> bool:
        """Whether the order waits for a trigger price."""
        return self.isTrigger


class OrderRecord(Shape, frozen=True):
    """An order with its last change: a row of historicalOrders, and what orderStatus finds.

    `statusTimestamp` is the time of the last change, `order.timestamp` that of the placement. A finished
    order keeps `orig_sz`; its `sz` is zero when filled and the rest when canceled (wire rules 39 and 40).
    """

    order: FrontendOrder
    status: State
    statusTimestamp: Millis

    @property
    def state(self) -> str:
        """What became of the order: `open`, `filled`, `canceled`, one of the `…Rejected`, …"""
        return self.status

    @property
    def oid(self) -> int:
        """The order's id."""
        return self.order.oid

    @property
    def cloid(self) -> str | None:
        """The order's cloid, or None."""
        return self.order.cloid


class FoundOrder(Shape, frozen=True, tag_field="status", tag="order"):
    """orderStatus of an order that the exchange knows."""

    order: OrderRecord


class UnknownOrder(Shape, frozen=True, tag_field="status", tag="unknownOid"):
    """orderStatus of an order that the exchange does not know, or no longer (wire rule 144)."""


@dataclass(frozen=True, slots=True)
class OrderStatus(Answer):
    """The answer to orderStatus, by oid or by cloid.

    All readings but `state` demand that the order is known. `sz` is that of the last change of status: while
    an order stays `open`, partial fills do not lower it here, they do in openOrders (wire rule 141).
    """

    WIRE: ClassVar[Any] = FoundOrder | UnknownOrder

    wire: FoundOrder | UnknownOrder

    @property
    def state(self) -> str:
        """`open`, `filled`, `canceled`, … or `unknownOid`."""
        return self.wire.order.status if isinstance(self.wire, FoundOrder) else "unknownOid"

    @property
    def record(self) -> OrderRecord:
        """The order and its last change.

        Raises:
            UnexpectedAnswer: the exchange does not know the order.
        """
        if isinstance(self.wire, UnknownOrder):
            raise UnexpectedAnswer(
                "expected a known order, the exchange answered: unknownOid",
                do="A static check leaves no record of an order; a new cloid may be unknown for a second.",
            )
        return self.wire.order

    @property
    def order(self) -> FrontendOrder:
        """The order with all its fields."""
        return self.record.order

    @property
    def oid(self) -> int:
        """The order's id."""
        return self.order.oid

    @property
    def cloid(self) -> str | None:
        """The order's cloid, or None."""
        return self.order.cloid

    @property
    def coin(self) -> str:
        """The order's coin."""
        return self.order.coin

    @property
    def side(self) -> str:
        """`B` buys, `A` sells."""
        return self.order.side

    @property
    def limit_px(self) -> Decimal:
        """The limit price."""
        return self.order.limit_px

    @property
    def sz(self) -> Decimal:
        """The size that is left, in coins."""
        return self.order.sz

    @property
    def orig_sz(self) -> Decimal:
        """The size as placed, in coins."""
        return self.order.orig_sz

    @property
    def tif(self) -> str | None:
        """The time in force; None on most trigger orders."""
        return self.order.tif

    @property
    def order_type(self) -> str:
        """The exchange's name of the order's type."""
        return self.order.orderType

    @property
    def reduce_only(self) -> bool:
        """Whether the order may only reduce a position."""
        return self.order.reduceOnly

    @property
    def trigger_px(self) -> Decimal:
        """The trigger price; zero when the order is no trigger order."""
        return self.order.trigger_px


class OpenOrders(Rows[OpenOrder]):
    """The answer to openOrders."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[OpenOrder, ...]

    @property
    def oids(self) -> tuple[int, ...]:
        """The ids of all open orders, in the order of the answer."""
        return tuple(row.oid for row in self.rows)

    def order(self, oid: int) -> OpenOrder:
        """Return the open order with this id.

        Raises:
            UnexpectedAnswer: it is not among them.
        """
        return _by_oid(self.rows, oid)


class FrontendOpenOrders(Rows[FrontendOrder]):
    """The answer to frontendOpenOrders. Children of a TP/SL group stand below their parent, and alone."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[FrontendOrder, ...]

    @property
    def oids(self) -> tuple[int, ...]:
        """The ids of all orders of the outer list, in the order of the answer."""
        return tuple(row.oid for row in self.rows)

    def order(self, oid: int) -> FrontendOrder:
        """Return the order of the outer list with this id.

        Raises:
            UnexpectedAnswer: it is not among them.
        """
        return _by_oid(self.rows, oid)


class HistoricalOrders(Rows[OrderRecord]):
    """The answer to historicalOrders: one row a change, newest first, so an oid may stand here twice."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[OrderRecord, ...]

    @property
    def oids(self) -> tuple[int, ...]:
        """The ids of all rows, in the order of the answer."""
        return tuple(row.oid for row in self.rows)

    def order(self, oid: int) -> OrderRecord:
        """Return the newest row with this id.

        Raises:
            UnexpectedAnswer: there is none.
        """
        return _by_oid(self.rows, oid)


Placed = TypeVar("Placed", OpenOrder, FrontendOrder, OrderRecord)


def _by_oid(rows: tuple[Placed, ...], oid: int) -> Placed:
    for row in rows:
        if row.oid == oid:
            return row
    listed = ", ".join(str(row.oid) for row in rows[:8]) or "none"
    more = f" and {len(rows) - 8} more" if len(rows) > 8 else ""
    raise UnexpectedAnswer(f"expected order {oid} among these, the exchange answered with: {listed}{more}")
