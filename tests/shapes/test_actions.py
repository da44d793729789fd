"""No reading passes over an error, wherever the exchange put it."""

import copy
import json
from decimal import Decimal

import pytest

from harness.errors import ShapeError, UnexpectedAnswer
from harness.shapes import (
    BatchModifyResponse,
    CancelResponse,
    CreateSubAccountResponse,
    CreateVaultResponse,
    DefaultResponse,
    Filled,
    ModifyResponse,
    OrderResponse,
    Rejected,
    Resting,
    SpotDeployResponse,
    TwapCancelResponse,
    TwapOrderResponse,
    Waiting,
)
from tests.shapes.answers import (
    CANCEL_ERROR,
    CLOID,
    DEFAULT,
    FILLED,
    OTHER,
    REFUSED,
    REJECTED,
    RESTING,
    cancel_answer,
    ok,
    order_answer,
)

STATUSES = {
    "resting": RESTING,
    "filled": FILLED,
    "waiting": "waitingForTrigger",
    "rejected": REJECTED,
}
ORDER_READINGS = tuple(STATUSES)
ORDER_SHAPES = (OrderResponse, BatchModifyResponse)
# A modified order never waits (wire rule 130).
MEMBERS = {OrderResponse: tuple(STATUSES), BatchModifyResponse: ("resting", "filled", "rejected")}
ONE = [(shape, member) for shape in ORDER_SHAPES for member in MEMBERS[shape]]
TWO = [(shape, first, second) for shape, first in ONE for second in MEMBERS[shape]]


@pytest.mark.parametrize(("shape", "member"), ONE)
@pytest.mark.parametrize("reading", ORDER_READINGS)
def test_a_reading_takes_its_own_status_only(shape, reading, member):
    answer = shape.parse(order_answer(STATUSES[member]))

    if reading == member:
        assert getattr(answer, reading) == answer.statuses[0]
        return
    with pytest.raises(UnexpectedAnswer, match=f"expected a {reading} order, the exchange answered: "):
        getattr(answer, reading)


@pytest.mark.parametrize(("shape", "first", "second"), TWO)
@pytest.mark.parametrize("reading", ORDER_READINGS)
def test_a_reading_demands_exactly_one_status(shape, reading, first, second):
    answer = shape.parse(order_answer(STATUSES[first], STATUSES[second]))

    with pytest.raises(UnexpectedAnswer, match="the exchange answered: 2 statuses: "):
        getattr(answer, reading)


@pytest.mark.parametrize("word", ["waitingForFill", "waitingForTrigger"])
def test_a_modified_order_does_not_wait(word):
    with pytest.raises(ShapeError, match=r"statuses\[0\]"):
        BatchModifyResponse.parse(order_answer(word))


@pytest.mark.parametrize("reading", ORDER_READINGS)
def test_a_reading_demands_at_least_one_status(reading):
    with pytest.raises(UnexpectedAnswer, match="0 statuses: none"):
        getattr(OrderResponse.parse(order_answer()), reading)


REFUSED_READINGS = [
    *((shape, reading) for shape in ORDER_SHAPES for reading in (*ORDER_READINGS, "statuses")),
    (CancelResponse, "outcome"),
    (CancelResponse, "outcomes"),
    (DefaultResponse, "ok"),
    (ModifyResponse, "ok"),
    (CreateSubAccountResponse, "address"),
    (CreateVaultResponse, "address"),
    (TwapOrderResponse, "twap_id"),
    (TwapOrderResponse, "rejected"),
    (TwapCancelResponse, "outcome"),
]


@pytest.mark.parametrize(("shape", "reading"), REFUSED_READINGS)
def test_no_reading_passes_over_a_refused_action(shape, reading):
    answer = shape.parse(REFUSED)

    assert answer.is_refused
    assert answer.refusal == "Invalid leverage value"
    with pytest.raises(UnexpectedAnswer, match="the action was refused: 'Invalid leverage value'"):
        getattr(answer, reading)


@pytest.mark.parametrize(
    ("shape", "answer", "told"),
    [
        (OrderResponse, order_answer(RESTING), "resting, oid 60000000001"),
        (OrderResponse, order_answer(REJECTED, REJECTED), "2 statuses: error 'Order must"),
        (CancelResponse, cancel_answer("success"), "'success'"),
        (CancelResponse, cancel_answer("success", "success"), "2 outcomes"),
        (DefaultResponse, DEFAULT, "ok, type default"),
        (ModifyResponse, DEFAULT, "ok, type default"),
        (CreateVaultResponse, ok({"type": "createVault", "data": OTHER}), "ok, type createVault"),
        (
            TwapOrderResponse,
            ok({"type": "twapOrder", "data": {"status": {"running": {"twapId": 7}}}}),
            "running, twapId 7",
        ),
    ],
)
def test_an_accepted_action_is_no_refusal(shape, answer, told):
    answer = shape.parse(answer)

    assert not answer.is_refused
    with pytest.raises(UnexpectedAnswer, match="expected the whole action to be refused") as problem:
        _ = answer.refusal
    assert told in str(problem.value)


def test_the_message_shows_what_the_exchange_said():
    answer = OrderResponse.parse(order_answer(REJECTED))

    with pytest.raises(AssertionError) as problem:
        _ = answer.resting

    assert str(problem.value).splitlines()[0] == (
        "expected a resting order, the exchange answered: "
        "error 'Order must have minimum value of $10. asset=4'"
    )


def test_statuses_in_order():
    answer = OrderResponse.parse(
        order_answer(
            RESTING, FILLED, "waitingForFill", "waitingForTrigger", REJECTED, {"resting": {"oid": 5}}
        )
    )

    assert answer.statuses == (
        Resting(60_000_000_001, CLOID),
        Filled("0.02", "2500.5", 60_000_000_002, CLOID),
        Waiting("fill"),
        Waiting("trigger"),
        Rejected("Order must have minimum value of $10. asset=4"),
        Resting(5),
    )
    match answer.statuses[1]:
        case Filled(oid=oid, total_sz=total_sz, avg_px=avg_px):
            assert (oid, total_sz, avg_px) == (60_000_000_002, Decimal("0.02"), Decimal("2500.5"))
    assert [status.cloid for status in answer.statuses[:2]] == [CLOID, CLOID]
    assert answer.statuses[5].cloid is None


def test_a_filled_order_has_figures():
    filled = OrderResponse.parse(order_answer(FILLED)).filled

    assert (filled.oid, filled.total_sz, filled.avg_px) == (
        60_000_000_002,
        Decimal("0.02"),
        Decimal("2500.5"),
    )
    assert (filled.totalSz, filled.avgPx) == ("0.02", "2500.5")


def test_outcomes_of_cancels():
    assert CancelResponse.parse(cancel_answer("success")).outcome == "success"
    assert "already canceled" in CancelResponse.parse(cancel_answer(CANCEL_ERROR)).outcome
    assert CancelResponse.parse(cancel_answer("success", CANCEL_ERROR)).outcomes == (
        "success",
        "Order was never placed, already canceled, or filled. asset=4",
    )


@pytest.mark.parametrize("statuses", [(), ("success", "success"), ("success", CANCEL_ERROR)])
def test_the_outcome_demands_exactly_one(statuses):
    with pytest.raises(UnexpectedAnswer, match="expected the outcome of one cancel"):
        _ = CancelResponse.parse(cancel_answer(*statuses)).outcome


def test_plain_answers():
    assert DefaultResponse.parse(DEFAULT).ok is True
    assert ModifyResponse.parse(DEFAULT).ok is True
    sub = ok({"type": "createSubAccount", "data": OTHER})
    vault = ok({"type": "createVault", "data": OTHER})
    assert CreateSubAccountResponse.parse(sub).address == OTHER
    assert CreateVaultResponse.parse(vault).address == OTHER


def test_registrations_have_a_number_and_other_steps_of_a_deployment_none():
    assert SpotDeployResponse.parse(ok({"type": "spotDeploy", "data": 1280})).number == 1280
    with pytest.raises(UnexpectedAnswer, match="no number"):
        _ = SpotDeployResponse.parse(DEFAULT).number


def test_twaps():
    def twap(kind, status):
        return ok({"type": kind, "data": {"status": status}})

    running = TwapOrderResponse.parse(twap("twapOrder", {"running": {"twapId": 7}}))
    assert running.twap_id == 7
    with pytest.raises(UnexpectedAnswer, match=r"expected a rejected TWAP, .* running, twapId 7"):
        _ = running.rejected

    rejected = TwapOrderResponse.parse(twap("twapOrder", {"error": "too small"}))
    assert rejected.rejected.reason == "too small"
    with pytest.raises(UnexpectedAnswer, match=r"expected a running TWAP, .* error 'too small'"):
        _ = rejected.twap_id
    with pytest.raises(UnexpectedAnswer, match="to be refused"):
        _ = rejected.refusal

    assert TwapCancelResponse.parse(twap("twapCancel", "success")).outcome == "success"
    assert TwapCancelResponse.parse(twap("twapCancel", {"error": "never placed"})).outcome == "never placed"


@pytest.mark.parametrize(
    ("shape", "answer", "path"),
    [
        (OrderResponse, order_answer({"resting": {"oid": 1}, "error": "x"}), "$.response.data.statuses[0]"),
        (OrderResponse, order_answer({"error": ""}), "$.response.data.statuses[0].error"),
        (OrderResponse, order_answer({"error": None}), "$.response.data.statuses[0].error"),
        (OrderResponse, order_answer({"rejected": {}}), "$.response.data.statuses[0].rejected"),
        (OrderResponse, order_answer("success"), "$.response.data.statuses[0]"),
        (OrderResponse, order_answer(None), "$.response.data.statuses[0]"),
        (OrderResponse, DEFAULT, "$.response.type"),
        (OrderResponse, cancel_answer("success"), "$.response.type"),
        (OrderResponse, {"status": "err", "response": {"type": "default"}}, "$.response"),
        (OrderResponse, {"status": "ok", "response": "User does not exist."}, "$.response"),
        (OrderResponse, {"response": "x"}, "$.status"),
        (OrderResponse, {"status": "maybe", "response": "x"}, "$.status"),
        (OrderResponse, {"error": "Could not parse JSON: Service Unavailable"}, "$.status"),
        (OrderResponse, None, "$"),
        (CancelResponse, cancel_answer("successful"), "$.response.data.statuses[0]"),
        (CancelResponse, order_answer(RESTING), "$.response.type"),
        (DefaultResponse, order_answer(REJECTED), "$.response.type"),
        (DefaultResponse, ok({"type": "default", "data": {"error": "x"}}), "$.response.data"),
    ],
)
def test_what_is_no_such_answer_is_a_shape_error(shape, answer, path):
    for form in (answer, json.dumps(answer).encode()):
        with pytest.raises(ShapeError) as problem:
            shape.parse(form)
        assert f"  {path}: found " in str(problem.value)


def test_answers_are_values():
    answer = OrderResponse.parse(order_answer(RESTING))

    assert answer == OrderResponse.parse(copy.deepcopy(order_answer(RESTING)))
    assert answer != OrderResponse.parse(order_answer(FILLED))
    assert "60000000001" in repr(answer)
    with pytest.raises(AttributeError):
        answer.wire = None
