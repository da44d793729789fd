"""Fills: userFills, userFillsByTime, userTwapSliceFills.

Source: wire rules 14, 86, 87, 108, 109 and 163; API docs, "Info endpoint".
"""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.base import (
    CURRENT_FORM_MS,
    Address,
    Amount,
    Cloid,
    Count,
    Figure,
    Hash,
    MaybeFigure,
    MaybeText,
    Millis,
    Number,
    Oid,
    Rows,
    Shape,
    demand_keys,
    only,
    since,
)
from harness.shapes.orders import Side

OrderDirection = Literal[
    "Open Long",
    "Open Short",
    "Close Long",
    "Close Short",
    "Long > Short",
    "Short > Long",
    "Buy",
    "Sell",
]
"""What a fill of an order did; all are recorded."""

OtherDirection = Literal[
    "Spot Dust Conversion",
    "Net Child Vaults",
    # one real fill of each, seen on mainnet in 2026-09; source: text-index 69047996634
    "Liquidated Isolated Long",
    "Liquidated Isolated Short",
    "Liquidated Cross Long",
    "Liquidated Cross Short",
    "Auto-Deleveraging",
    "Settlement",
    # collateral into outcomes and back, measured on testnet in 2026; source: text-index 69050350994
    "Split Outcome",
    "Merge Outcome",
    "Negate Outcome",
    "Merge Question",
    # in the exchange's own archive of fills; source: text-index 57371221605 and 59020194014
    "Partial Borrow Liquidation",
    "Backstop Borrow Liquidation",
]
"""For which reason a fill is there that no order made. The first two are recorded in full."""

Direction = OrderDirection | OtherDirection
"""What a fill did to the position, or for which reason it is there."""


class Liquidation(Shape, frozen=True):
    """A fill's part in a liquidation; it stands on the fills of both sides (wire rule 163).

    `markPx` in the quote token. Source of the words of `method`: API docs, "Subscriptions".
    """

    markPx: Amount
    method: Literal["market", "backstop"]
    liquidatedUser: Annotated[Address | UnsetType, only("when it is told (API docs)")] = UNSET

    mark_px = Figure("markPx")


class BaseFill(Shape, frozen=True):
    """What every fill tells, one of a TWAP's slice too.

    `px` in the quote token per coin, `sz` in coins, `start_position` signed, before the fill. `fee` in
    `feeToken`, below zero for a rebate, with `builder_fee` inside it; `closed_pnl` leaves the fee out (rule
    87). `crossed` means taker. `tid`, `feeToken` and `twapId` are absent in recordings of 2023.
    """

    coin: str
    px_: Amount
    sz_: Amount
    side: Side
    time: Millis
    startPosition: Number
    dir: Direction
    closedPnl: Number
    hash: Hash
    oid: Oid
    crossed: bool
    fee_: Number
    tid: Annotated[Count | UnsetType, since("2025")] = UNSET
    builderFee: Annotated[Amount | UnsetType, only("when a builder was paid")] = UNSET
    feeTrialEscrow: Annotated[Amount | UnsetType, only("during a fee trial")] = UNSET
    feeToken: Annotated[str | UnsetType, since("2025")] = UNSET
    twapId: Annotated[Count | UnsetType | None, since("2025")] = UNSET

    px = Figure("px_")
    sz = Figure("sz_")
    start_position = Figure("startPosition")
    closed_pnl = Figure("closedPnl")
    fee = Figure("fee_")
    builder_fee = MaybeFigure("builderFee")
    fee_token = MaybeText("feeToken")

    def __post_init__(self) -> None:
        if self.time >= CURRENT_FORM_MS:
            demand_keys(self, ("tid", "feeToken", "twapId"), "the key, which every fill since 2025 has")


class Fill(BaseFill, frozen=True):
    """One fill of an order, or of what the exchange did by itself."""

    cloid_: Annotated[Cloid | UnsetType, only("when the order had one")] = UNSET
    liquidation: Annotated[Liquidation | UnsetType, only("in a liquidation")] = UNSET

    cloid = MaybeText("cloid_")


class UserFills(Rows[Fill]):
    """The answer to userFills: at most 2000 fills, newest first."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Fill, ...]

    def of(self, oid: int) -> tuple[Fill, ...]:
        """Return the fills of one order, in the order of the answer."""
        return tuple(row for row in self.rows if row.oid == oid)


class UserFillsByTime(UserFills):
    """The answer to userFillsByTime: at most 2000, oldest first (newest first in 2023, wire rule 109)."""

    __slots__ = ()
