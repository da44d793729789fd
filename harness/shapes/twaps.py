"""TWAPs: twapHistory, userTwapSliceFills.

Source: wire rule 162; API docs, "Info endpoint"; nktkas/hyperliquid.
"""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.base import Address, Amount, Count, Figure, MaybeFigure, Millis, Rows, Shape, only, since
from harness.shapes.differences import RuleError, shown
from harness.shapes.fills import BaseFill, OrderDirection
from harness.shapes.orders import Side


class TwapTrigger(Shape, frozen=True):
    """The price that starts a TWAP, when the mark is above or below it."""

    px_: Amount
    above: bool

    px = Figure("px_")


class TwapState(Shape, frozen=True):
    """A TWAP: sizes in coins, `executedNtl` in USDC, `timestamp` in milliseconds."""

    coin: str
    user: Address
    side: Side
    sz_: Amount
    executedSz: Amount
    executedNtl: Amount
    minutes: Count
    reduceOnly: bool
    randomize: bool
    timestamp: Millis
    trigger: TwapTrigger | None
    stopPx: Amount | None

    sz = Figure("sz_")
    executed_sz = Figure("executedSz")
    executed_ntl = Figure("executedNtl")
    stop_px = MaybeFigure("stopPx")


class TwapStatus(Shape, frozen=True):
    """What became of a TWAP; `description` is there for an error only."""

    status: Literal["activated", "terminated", "waitingForTrigger", "stopped", "finished", "error"]
    description: Annotated[str | UnsetType, only("of an error")] = UNSET

    def __post_init__(self) -> None:
        if (self.status == "error") != (self.description is not UNSET):
            expected = f"a text for an error only, and this is {self.status}"
            if self.description is UNSET:
                raise RuleError("description", "nothing", expected, "missing-field")
            raise RuleError("description", shown(self.description), expected, "unknown-field")


class TwapRow(Shape, frozen=True):
    """A change of a TWAP; `time` is in seconds here. `twapId` is absent in older rows."""

    time: Count
    state: TwapState
    status: TwapStatus
    twapId: Annotated[Count | UnsetType, since("2025")] = UNSET


class TwapHistory(Rows[TwapRow]):
    """The answer to twapHistory."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[TwapRow, ...]


class SliceFill(BaseFill, frozen=True):
    """A fill of an order that has no cloid, which no TWAP can name, and is never forced.

    Source: nktkas/hyperliquid, whose schema of these rows has neither `cloid` nor `liquidation` and takes no
    other key. Its own `twapId` is null: their tests against testnet meet no other, and no builder's fee.
    """

    dir: OrderDirection


class TwapSliceFill(Shape, frozen=True):
    """A fill of one slice of a TWAP."""

    fill: SliceFill
    twapId: Count


class UserTwapSliceFills(Rows[TwapSliceFill]):
    """The answer to userTwapSliceFills."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[TwapSliceFill, ...]
