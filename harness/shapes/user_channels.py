"""A user on the websocket: events, orders, fills, funding, ledger, TWAPs, states, notifications.

`parse` takes the `data` of a message; `harness.shapes.frames` takes whole frames. Rows are those of the
answers to POST /info.

Source: recordings; wire rules 115, 116, 125 to 133; API docs, "Subscriptions"; text-index 68955515377,
measured on mainnet in 2026-08; nktkas/hyperliquid for userHistoricalOrders and the variants of TWAPs.
"""

from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from harness.shapes.account import ClearinghouseState, SpotClearinghouseState
from harness.shapes.base import (
    Address,
    Amount,
    Count,
    Figure,
    Millis,
    Number,
    Oid,
    Rows,
    Shape,
    demand_one,
    demand_true,
    only,
)
from harness.shapes.fills import Fill
from harness.shapes.ledger import LedgerRow
from harness.shapes.orders import FrontendOrder, OpenOrder, OrderRecord, State
from harness.shapes.twaps import TwapRow, TwapSliceFill, TwapState


class OrderUpdate(Shape, frozen=True):
    """A change of an order; `sz` of the order is what is left, `statusTimestamp` the time of the change."""

    order: OpenOrder
    status: State
    statusTimestamp: Millis


class OrderUpdates(Rows[OrderUpdate]):
    """A message of the channel orderUpdates: the changes of one block."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[OrderUpdate, ...]

    def of(self, oid: int) -> tuple[OrderUpdate, ...]:
        """Return the changes of one order, in the order of the message."""
        return tuple(row for row in self.rows if row.order.oid == oid)


class FundingEvent(Shape, frozen=True):
    """One funding payment: `usdc` above zero was received, `szi` is the signed position in coins."""

    time: Millis
    coin: str
    usdc_: Number
    szi_: Number
    fundingRate: Number
    nSamples: Count | None

    usdc = Figure("usdc_")
    szi = Figure("szi_")
    funding_rate = Figure("fundingRate")


class LiquidationEvent(Shape, frozen=True):
    """A liquidation; figures in USD."""

    lid: Count
    liquidator: Address
    liquidated_user: Address
    liquidated_ntl_pos: Amount
    liquidated_account_value: Number


class CancelEvent(Shape, frozen=True):
    """An order that the exchange took away."""

    coin: str
    oid: Oid


class UserEvent(Shape, frozen=True):
    """A message of the channel user, which answers userEvents: exactly one of the keys."""

    fills: Annotated[tuple[Fill, ...] | UnsetType, only("of fills")] = UNSET
    funding: Annotated[FundingEvent | UnsetType, only("of funding")] = UNSET
    liquidation: Annotated[LiquidationEvent | UnsetType, only("of a liquidation")] = UNSET
    nonUserCancel: Annotated[tuple[CancelEvent, ...] | UnsetType, only("of the exchange's cancels")] = UNSET
    twapHistory: Annotated[tuple[TwapRow, ...] | UnsetType, only("of TWAPs that changed")] = UNSET
    twapSliceFills: Annotated[tuple[TwapSliceFill, ...] | UnsetType, only("of TWAPs' fills")] = UNSET

    def __post_init__(self) -> None:
        demand_one(
            self, ("fills", "funding", "liquidation", "nonUserCancel", "twapHistory", "twapSliceFills")
        )


class Feed(Shape, frozen=True, kw_only=True):
    """What feeds with a history share: the first message holds what was before it."""

    user: Address
    isSnapshot: Annotated[bool | UnsetType, only("of the first message")] = UNSET

    def __post_init__(self) -> None:
        demand_true(self, "isSnapshot")

    @property
    def is_snapshot(self) -> bool:
        """Whether the message holds the past."""
        return self.isSnapshot is True


class UserFillsMessage(Feed, frozen=True, kw_only=True):
    """A message of the channel userFills; the snapshot is oldest first (wire rule 109)."""

    fills: tuple[Fill, ...]


class UserFundingsMessage(Feed, frozen=True, kw_only=True):
    """A message of the channel userFundings."""

    fundings: tuple[FundingEvent, ...]


class LedgerMessage(Feed, frozen=True, kw_only=True):
    """A message of the channel userNonFundingLedgerUpdates."""

    nonFundingLedgerUpdates: tuple[LedgerRow, ...]


class HistoricalOrdersMessage(Feed, frozen=True, kw_only=True):
    """A message of the channel userHistoricalOrders."""

    orderHistory: tuple[OrderRecord, ...]


class TwapSliceFillsMessage(Feed, frozen=True, kw_only=True):
    """A message of the channel userTwapSliceFills."""

    twapSliceFills: tuple[TwapSliceFill, ...]


class TwapHistoryMessage(Feed, frozen=True, kw_only=True):
    """A message of the channel userTwapHistory."""

    history: tuple[TwapRow, ...]


class TwapStatesMessage(Shape, frozen=True):
    """A message of the channel twapStates: running TWAPs by number; "" is the first dex."""

    dex: str
    user: Address
    states: tuple[tuple[Count, TwapState], ...]


class StateMessage(Shape, frozen=True):
    """A message of the channel clearinghouseState; "" is the first dex."""

    dex: str
    user: Address
    clearinghouseState: ClearinghouseState


class AllDexsStateMessage(Shape, frozen=True):
    """A message of the channel allDexsClearinghouseState: a state a dex."""

    user: Address
    clearinghouseStates: tuple[tuple[str, ClearinghouseState], ...]


class OpenOrdersMessage(Shape, frozen=True):
    """A message of the channel openOrders; "" is the first dex."""

    dex: str
    user: Address
    orders: tuple[FrontendOrder, ...]


class SpotStateMessage(Shape, frozen=True):
    """A message of the channel spotState."""

    user: Address
    spotState: SpotClearinghouseState


class Notification(Shape, frozen=True):
    """A message of the channel notification: a text for people."""

    notification: str
