"""What an answer of POST /exchange is made of: the status of each order, and the envelopes around them.

Source: wire rules 31 to 37, 127 and 130; API docs, "Exchange endpoint".
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from harness.shapes.base import Address, Amount, Cloid, Count, Figure, MaybeText, Oid, Shape, demand_one, only

Words = Annotated[str, Meta(min_length=1, extra={"expected": "a text that is not empty"})]


class Resting(Shape, frozen=True):
    """An order that stands in the book.

    `oid`: its id. `cloid`: None when the order carried none.
    """

    oid: Oid
    cloid_: Annotated[Cloid | UnsetType, only("when the order has one")] = UNSET

    __match_args__ = ("oid", "cloid")
    cloid = MaybeText("cloid_")


class Filled(Shape, frozen=True):
    """An order that found its match at once, wholly or, for an Ioc, in part.

    `total_sz`: what was filled, in coins. `avg_px`: cut to the price decimals of the asset (wire rule 44).
    """

    totalSz: Amount
    avgPx: Amount
    oid: Oid
    cloid_: Annotated[Cloid | UnsetType, only("when the order has one")] = UNSET

    __match_args__ = ("oid", "total_sz", "avg_px", "cloid")
    total_sz = Figure("totalSz")
    avg_px = Figure("avgPx")
    cloid = MaybeText("cloid_")


class Waiting(Shape, frozen=True):
    """A TP/SL order that waits: for the `fill` of its parent or for its `trigger` (wire rules 55 and 56)."""

    for_: Literal["fill", "trigger"]


class Rejected(Shape, frozen=True):
    """An order that was refused: `reason` is the exchange's text; there is never an oid (wire rule 37)."""

    reason: str


Status = Resting | Filled | Waiting | Rejected
"""What became of one order; there is no fifth way."""

WaitingWord = Literal["waitingForFill", "waitingForTrigger"]


class OrderStatusElement(Shape, frozen=True):
    """One element of `statuses`, as an object: exactly one of its keys."""

    resting: Annotated[Resting | UnsetType, only("of a resting order")] = UNSET
    filled: Annotated[Filled | UnsetType, only("of a filled order")] = UNSET
    error: Annotated[Words | UnsetType, only("of a refusal")] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("resting", "filled", "error"))


class ErrorElement(Shape, frozen=True):
    """`{"error": text}`."""

    error: Words


class OrderData(Shape, frozen=True):
    """`data` of an order answer."""

    statuses: tuple[WaitingWord | OrderStatusElement, ...]


class OrderDone(Shape, frozen=True):
    """`response` of an order answer."""

    type: Literal["order"]
    data: OrderData


class ModifiedData(Shape, frozen=True):
    """`data` of a batchModify answer. No order of it waits: a trigger order on its own rests (rule 130)."""

    statuses: tuple[OrderStatusElement, ...]


class ModifiedDone(Shape, frozen=True):
    """`response` of a batchModify answer, with the type of orders (wire rule 127)."""

    type: Literal["order"]
    data: ModifiedData


class CancelData(Shape, frozen=True):
    """`data` of a cancel answer."""

    statuses: tuple[Literal["success"] | ErrorElement, ...]


class CancelDone(Shape, frozen=True):
    """`response` of a cancel answer, by oid or by cloid."""

    type: Literal["cancel"]
    data: CancelData


class DefaultDone(Shape, frozen=True):
    """`response` of an action without an answer of its own (wire rule 32)."""

    type: Literal["default"]


class CreatedSubAccount(Shape, frozen=True):
    """`response` of createSubAccount: the new address."""

    type: Literal["createSubAccount"]
    data: Address


class CreatedVault(Shape, frozen=True):
    """`response` of createVault: the new address."""

    type: Literal["createVault"]
    data: Address


class SpotDeployed(Shape, frozen=True):
    """`response` of spotDeploy; of registrations `data` is the number (SDK `examples/spot_deploy.py`).

    What their `type` says was not found.
    """

    type: Words
    data: Annotated[Count | UnsetType, only("of a registration: the number of the token or pair")] = UNSET


class RunningTwap(Shape, frozen=True):
    """A TWAP that was accepted."""

    twapId: Count


class TwapOrderElement(Shape, frozen=True):
    """What became of a TWAP order: exactly one of its keys."""

    running: Annotated[RunningTwap | UnsetType, only("of an accepted TWAP")] = UNSET
    error: Annotated[Words | UnsetType, only("of a refusal")] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("running", "error"))


class TwapOrderData(Shape, frozen=True):
    """`data` of a twapOrder answer."""

    status: TwapOrderElement


class TwapOrderDone(Shape, frozen=True):
    """`response` of a twapOrder answer."""

    type: Literal["twapOrder"]
    data: TwapOrderData


class TwapCancelData(Shape, frozen=True):
    """`data` of a twapCancel answer."""

    status: Literal["success"] | ErrorElement


class TwapCancelDone(Shape, frozen=True):
    """`response` of a twapCancel answer."""

    type: Literal["twapCancel"]
    data: TwapCancelData


class Refused(Shape, frozen=True, tag_field="status", tag="err"):
    """A refusal before the order level: `{"status": "err", "response": text}` (wire rule 33)."""

    response: Words


class OkOrder(Shape, frozen=True, tag_field="status", tag="ok"):
    """An order answer with one status an order."""

    response: OrderDone


class OkModified(Shape, frozen=True, tag_field="status", tag="ok"):
    """A batchModify answer with one status an order."""

    response: ModifiedDone


class OkCancel(Shape, frozen=True, tag_field="status", tag="ok"):
    """A cancel answer with one status an order."""

    response: CancelDone


class OkDefault(Shape, frozen=True, tag_field="status", tag="ok"):
    """A plain yes."""

    response: DefaultDone


class OkSpotDeploy(Shape, frozen=True, tag_field="status", tag="ok"):
    """A step of a spot deployment that was done."""

    response: SpotDeployed


class OkSubAccount(Shape, frozen=True, tag_field="status", tag="ok"):
    """A new sub-account."""

    response: CreatedSubAccount


class OkVault(Shape, frozen=True, tag_field="status", tag="ok"):
    """A new vault."""

    response: CreatedVault


class OkTwapOrder(Shape, frozen=True, tag_field="status", tag="ok"):
    """A TWAP order answer."""

    response: TwapOrderDone


class OkTwapCancel(Shape, frozen=True, tag_field="status", tag="ok"):
    """A TWAP cancel answer."""

    response: TwapCancelDone


def told(status: Status) -> str:
    """Return one status in words, for an error message."""
    match status:
        case Resting():
            return f"resting, oid {status.oid}" + (f", cloid {status.cloid}" if status.cloid else "")
        case Filled():
            return f"filled, oid {status.oid}, totalSz {status.totalSz}, avgPx {status.avgPx}"
        case Waiting():
            return f"waiting for its {status.for_}"
        case _:
            return f"error {status.reason!r}"
