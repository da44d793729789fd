"""Answers of POST /exchange: orders, cancels, modifications, and the plain yes or no of everything else.

Every answer is either `{"status": "ok", "response": {...}}` or `{"status": "err", "response": text}`, both
with HTTP 200. An `ok` may still hold errors, one a status; so each reading here says what it demands and
fails with the exchange's own words when the answer is something else.

Source: wire rules 31 to 37; API docs, "Exchange endpoint".
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeVar

from msgspec import UNSET, UnsetType

from harness.errors import UnexpectedAnswer
from harness.shapes.base import Answer
from harness.shapes.statuses import (
    Filled,
    OkCancel,
    OkDefault,
    OkModified,
    OkOrder,
    OkSpotDeploy,
    OkSubAccount,
    OkTwapCancel,
    OkTwapOrder,
    OkVault,
    OrderStatusElement,
    Refused,
    Rejected,
    Resting,
    Status,
    Waiting,
    told,
)

OneStatus = TypeVar("OneStatus", Resting, Filled, Waiting, Rejected)


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

    Static checks look at the whole batch first; then one error stands for all of it (wire rule 34). Each of
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
    """The answer to `batchModify`: order statuses with the new oids (wire rules 62, 127 and 130)."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkModified | Refused


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
    """A plain yes or no: the answer to updateLeverage, approveAgent, transfers and others (wire rule 32)."""

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
    """The answer to `modify`: a plain yes without the new oid; look that up, say by cloid (wire rule 62)."""

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


class SpotDeployResponse(ExchangeAnswer):
    """The answer to `spotDeploy`."""

    __slots__ = ()
    WIRE: ClassVar[Any] = OkSpotDeploy | Refused

    @property
    def number(self) -> int:
        """The number of the token or pair that was registered.

        Raises:
            UnexpectedAnswer: the step was refused, or registered nothing.
        """
        number = self._accepted("a registration").data
        if number is UNSET:
            raise UnexpectedAnswer("spotDeploy was done and answered no number.", needed="A registration.")
        return int(number)


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
