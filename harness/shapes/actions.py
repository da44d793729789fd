"""Answers of POST /exchange: orders, cancels, modifications, and the plain yes or no of everything else.

Every answer is either `{"status": "ok", "response": {...}}` or `{"status": "err", "response": text}`, both
with HTTP 200. An `ok` may still hold errors, one a status; so each reading here says what it demands and
fails with the exchange's own words when the answer is something else.

Source: rules 31 to 37 of the collected wire facts; API docs, "Exchange endpoint".
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from msgspec import UNSET, Meta, UnsetType

from harness.errors import UnexpectedAnswer
from harness.shapes.base import Address, Amount, Answer, Cloid, Count, Figure, MaybeText, Oid, Shape
from harness.shapes.differences import RuleError

Words = Annotated[str, Meta(min_length=1, extra={"expected": "a text that is not empty"})]


class Resting(Shape, frozen=True):
    """An order that stands in the book.

    `oid`: its id. `cloid`: None when the order carried none.
    """

    oid: Oid
    cloid_: Cloid | UnsetType = UNSET

    __match_args__ = ("oid", "cloid")
    cloid = MaybeText("cloid_")


class Filled(Shape, frozen=True):
    """An order that found its match at once, wholly or, for an Ioc, in part.

    `total_sz`: what was filled, in coins. `avg_px`: cut to the price decimals of the asset (rule 44).
    """

    totalSz: Amount
    avgPx: Amount
    oid: Oid
    cloid_: Cloid | UnsetType = UNSET

    __match_args__ = ("oid", "total_sz", "avg_px", "cloid")
    total_sz = Figure("totalSz")
    avg_px = Figure("avgPx")
    cloid = MaybeText("cloid_")


class Waiting(Shape, frozen=True):
    """A TP/SL order that waits: `for_` is `fill` (its parent is unfilled) or `trigger` (rules 55 and 56)."""

    for_: Literal["fill", "trigger"]


class Rejected(Shape, frozen=True):
    """An order that was refused: `reason` is the exchange's text. An error never carries an oid (rule 37)."""

    reason: str


Status = Resting | Filled | Waiting | Rejected
"""What became of one order; there is no fifth way."""

OneStatus = TypeVar("OneStatus", Resting, Filled, Waiting, Rejected)

WaitingWord = Literal["waitingForFill", "waitingForTrigger"]


class OrderStatusElement(Shape, frozen=True):
    """One element of `statuses`, as an object: exactly one of its keys."""

    resting: Resting | UnsetType = UNSET
    filled: Filled | UnsetType = UNSET
    error: Words | UnsetType = UNSET

    def __post_init__(self) -> None:
        _demand_one(self, ("resting", "filled", "error"))


class ErrorElement(Shape, frozen=True):
    """`{"error": text}`."""

    error: Words


class OrderData(Shape, frozen=True):
    """`data` of an order answer."""

    statuses: tuple[WaitingWord | OrderStatusElement, ...]


class OrderDone(Shape, frozen=True):
    """`response` of an order answer; batchModify answers with the type `order` too (rule 127)."""

    type: Literal["order"]
    data: OrderData


class CancelData(Shape, frozen=True):
    """`data` of a cancel answer."""

    statuses: tuple[Literal["success"] | ErrorElement, ...]


class CancelDone(Shape, frozen=True):
    """`response` of a cancel answer, by oid or by cloid."""

    type: Literal["cancel"]
    data: CancelData


class DefaultDone(Shape, frozen=True):
    """`response` of an action without an answer of its own (rule 32)."""

    type: Literal["default"]


class CreatedSubAccount(Shape, frozen=True):
    """`response` of createSubAccount: the new address."""

    type: Literal["createSubAccount"]
    data: Address


class CreatedVault(Shape, frozen=True):
    """`response` of createVault: the new address."""

    type: Literal["createVault"]
    data: Address


class RunningTwap(Shape, frozen=True):
    """A TWAP that was accepted."""

    twapId: Count


class TwapOrderElement(Shape, frozen=True):
    """What became of a TWAP order: exactly one of its keys."""

    running: RunningTwap | UnsetType = UNSET
    error: Words | UnsetType = UNSET

    def __post_init__(self) -> None:
        _demand_one(self, ("running", "error"))


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
    """A refusal before the order level: `{"status": "err", "response": text}` (rule 33)."""

    response: Words


class OkOrder(Shape, frozen=True, tag_field="status", tag="ok"):
    """An order answer with one status an order."""

    response: OrderDone


class OkCancel(Shape, frozen=True, tag_field="status", tag="ok"):
    """A cancel answer with one status an order."""

    response: CancelDone


class OkDefault(Shape, frozen=True, tag_field="status", tag="ok"):
    """A plain yes."""

    response: DefaultDone


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


def _demand_one(element: Shape, names: tuple[str, ...]) -> None:
    present = [name for name in names if getattr(element, name) is not UNSET]
    if len(present) != 1:
        found = f"the keys {' and '.join(present)} together" if present else "none of them"
        raise RuleError("", found, f"exactly one of {', '.join(names)}")


def told(status: Status | str) -> str:
    """Return one status in words, for an error message."""
    match status:
        case Resting():
            return f"resting, oid {status.oid}" + (f", cloid {status.cloid}" if status.cloid else "")
        case Filled():
            return f"filled, oid {status.oid}, totalSz {status.totalSz}, avgPx {status.avgPx}"
        case Waiting():
            return f"waiting for its {status.for_}"
        case Rejected():
            return f"error {status.reason!r}"
        case _:
            return status


@dataclass(frozen=True, slots=True)
class ExchangeAnswer(Answer):
    """What all answers of POST /exchange share: they are a yes with content, or a refusal with a text."""

    wire: Any

    @property
    def is_refused(self) -> bool:
        """Whether the whole action was refused with `{"status": "err"}`; a yes may still hold errors."""
        return isinstance(self.wire, Refused)

    @property
    def refusal(self) -> str:
        """The text of `{"status": "err", "response": text}`.

        Raises:
            UnexpectedAnswer: the action as a whole was not refused.
        """
        if isinstance(self.wire, Refused):
            return self.wire.response
        raise self._surprise("the whole action to be refused")

    def _accepted(self, wanted: str) -> Any:
        """Return the `response` of an accepted action; a refusal is shown and raised."""
        if isinstance(self.wire, Refused):
            raise self._surprise(wanted)
        return self.wire.response

    def _surprise(self, wanted: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(
            f"expected {wanted}, the exchange answered: {self._told()}",
            do="If the scenario is about this, read it with .refusal, .rejected, .outcome or .statuses.",
        )

    def _told(self) -> str:
        if isinstance(self.wire, Refused):
            return f"the action was refused: {self.wire.response!r}"
        return f"ok, type {self.wire.response.type}"


class OrderResponse(ExchangeAnswer):
    """The answer to an `order` action: one status an order.

    Static checks look at the whole batch first, and then one error stands for all of it (rule 34). Each of
    `resting`, `filled`, `waiting` and `rejected` demands exactly one status, of that kind.
    """

    __slots__ = ()
    WIRE: ClassVar[Any] = OkOrder | Refused

    @property
    def statuses(self) -> tuple[Status, ...]:
        """What became of each order, in the order they were sent.

        Raises:
            UnexpectedAnswer: the whole action was refused.
        """
        return tuple(_status(element) for element in self._accepted("order statuses").data.statuses)

    @property
    def resting(self) -> Resting:
        """The one order, resting.

        Raises:
            UnexpectedAnswer: it does not rest, there are several, or the action was refused; the message
            shows which.
        """
        return self._one(Resting, "a resting order")

    @property
    def filled(self) -> Filled:
        """The one order, filled.

        Raises:
            UnexpectedAnswer: it was not filled, there are several, or the action was refused.
        """
        return self._one(Filled, "a filled order")

    @property
    def waiting(self) -> Waiting:
        """The one order, waiting for its parent's fill or for its trigger.

        Raises:
            UnexpectedAnswer: it does not wait, there are several, or the action was refused.
        """
        return self._one(Waiting, "a waiting order")

    @property
    def rejected(self) -> Rejected:
        """The one order, refused on its own (inside `status: ok`).

        Raises:
            UnexpectedAnswer: it was accepted, there are several, or the action was refused as a whole.
        """
        return self._one(Rejected, "a rejected order")

    def _one(self, kind: type[OneStatus], wanted: str) -> OneStatus:
        statuses = () if self.is_refused else self.statuses
        match statuses:
            case (status,) if isinstance(status, kind):
                return status
            case _:
                raise self._surprise(wanted)

    def _told(self) -> str:
        if self.is_refused:
            return ExchangeAnswer._told(self)
        statuses = self.statuses
        if len(statuses) == 1:
            return told(statuses[0])
        return f"{len(statuses)} statuses: {'; '.join(told(status) for status in statuses) or 'none'}"


def _status(element: str | OrderStatusElement) -> Status:
    if isinstance(element, str):
        return Waiting(for_="fill" if element == "waitingForFill" else "trigger")
    if not isinstance(element.resting, UnsetType):
        return element.resting
    if not isinstance(element.filled, UnsetType):
        return element.filled
    return Rejected(reason=str(element.error))


class BatchModifyResponse(OrderResponse):
    """The answer to `batchModify`: order statuses, of type `order`, with the new oids (rules 62 and 127)."""

    __slots__ = ()


class CancelResponse(ExchangeAnswer):
    """The answer to `cancel` and `cancelByCloid`: one outcome an order."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkCancel | Refused

    @property
    def outcomes(self) -> tuple[str, ...]:
        """`success` or the error text of each order, in the order they were sent.

        Raises:
            UnexpectedAnswer: the whole action was refused.
        """
        statuses = self._accepted("cancel statuses").data.statuses
        return tuple(status if isinstance(status, str) else status.error for status in statuses)

    @property
    def outcome(self) -> str:
        """`success` or the error text of the one order.

        Raises:
            UnexpectedAnswer: there is not exactly one, or the action was refused as a whole.
        """
        outcomes = () if self.is_refused else self.outcomes
        match outcomes:
            case (outcome,):
                return outcome
            case _:
                raise self._surprise("the outcome of one cancel")

    def _told(self) -> str:
        if self.is_refused:
            return ExchangeAnswer._told(self)
        outcomes = self.outcomes
        if len(outcomes) == 1:
            return repr(outcomes[0])
        return f"{len(outcomes)} outcomes: {'; '.join(map(repr, outcomes)) or 'none'}"


class DefaultResponse(ExchangeAnswer):
    """A plain yes or no: the answer to updateLeverage, approveAgent, noop, transfers and others (rule 32)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkDefault | Refused

    @property
    def ok(self) -> Literal[True]:
        """True.

        Raises:
            UnexpectedAnswer: the action was refused; the message shows the text.
        """
        self._accepted("the action to be accepted")
        return True


class ModifyResponse(DefaultResponse):
    """The answer to `modify`: a plain yes without the new oid; look that up, say by cloid (rule 62)."""

    __slots__ = ()


class CreateSubAccountResponse(ExchangeAnswer):
    """The answer to `createSubAccount`."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkSubAccount | Refused

    @property
    def address(self) -> str:
        """The new sub-account's address.

        Raises:
            UnexpectedAnswer: the action was refused.
        """
        return str(self._accepted("a new sub-account").data)


class CreateVaultResponse(ExchangeAnswer):
    """The answer to `createVault`."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkVault | Refused

    @property
    def address(self) -> str:
        """The new vault's address.

        Raises:
            UnexpectedAnswer: the action was refused.
        """
        return str(self._accepted("a new vault").data)


class TwapOrderResponse(ExchangeAnswer):
    """The answer to `twapOrder`."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkTwapOrder | Refused

    @property
    def twap_id(self) -> int:
        """The id of the running TWAP.

        Raises:
            UnexpectedAnswer: it was refused, alone or with the whole action.
        """
        running = self._accepted("a running TWAP").data.status.running
        if isinstance(running, UnsetType):
            raise self._surprise("a running TWAP")
        return int(running.twapId)

    @property
    def rejected(self) -> Rejected:
        """The refusal of the TWAP itself (inside `status: ok`).

        Raises:
            UnexpectedAnswer: it runs, or the action was refused as a whole.
        """
        error = self._accepted("a rejected TWAP").data.status.error
        if isinstance(error, UnsetType):
            raise self._surprise("a rejected TWAP")
        return Rejected(reason=error)

    def _told(self) -> str:
        if self.is_refused:
            return ExchangeAnswer._told(self)
        status = self.wire.response.data.status
        return (
            f"error {status.error!r}"
            if status.running is UNSET
            else f"running, twapId {status.running.twapId}"
        )


class TwapCancelResponse(ExchangeAnswer):
    """The answer to `twapCancel`."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkTwapCancel | Refused

    @property
    def outcome(self) -> str:
        """`success` or the error text.

        Raises:
            UnexpectedAnswer: the action was refused as a whole.
        """
        status = self._accepted("the outcome of a TWAP cancel").data.status
        return status if isinstance(status, str) else str(status.error)
