"""Reading an answer: objects and bytes, what an error says, and unknown fields when they are allowed."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ShapeError
from harness.shapes import (
    ClearinghouseState,
    FrontendOpenOrders,
    OpenOrder,
    OpenOrders,
    OrderStatus,
    Position,
    UserFills,
    check_body,
    unknown_fields_allowed,
)
from harness.shapes.base import NUMBER_PATTERN
from harness.shapes.orders import FoundOrder
from tests.shapes.answers import INFO, OPEN_ORDER


def test_an_error_says_where_what_and_what_to_do():
    with pytest.raises(ShapeError) as problem:
        OpenOrders.parse([{**OPEN_ORDER, "sz": 0.5, "side": "Buy"}])

    assert str(problem.value).splitlines() == [
        'OpenOrders: the answer differs from its shape in 2 places, first at $[0].side: found "Buy".',
        "Expected, place by place:",
        '  $[0].side: found "Buy", expected "A" or "B"',
        '  $[0].sz: found 0.5, expected a decimal in a text, not below zero, such as "0.5" or "100.0"',
        "If the exchange has changed, its shape in harness/shapes/ follows, with the recording as source.",
    ]
    assert problem.value.found
    assert problem.value.needed
    assert problem.value.do


def test_a_long_list_of_differences_is_cut():
    with pytest.raises(ShapeError, match="in 12 places") as problem:
        OpenOrders.parse([{**OPEN_ORDER, "sz": 1}] * 12)

    assert "  and 4 more" in str(problem.value)


@pytest.mark.parametrize(
    "body", [b"", b"<html>502 Bad Gateway</html>", b'{"status": "unkn', b"[] []", b'"\xff"']
)
def test_bytes_that_are_no_json_are_a_shape_error(body):
    with pytest.raises(ShapeError, match="OrderStatus: the answer is not JSON"):
        OrderStatus.parse(body)


def test_unknown_fields_are_refused_unless_allowed():
    newer = {**INFO["orderStatus"], "newField": [1, 2]}
    newer["order"] = {**newer["order"], "newer": "x"}

    with pytest.raises(ShapeError, match="newField"):
        OrderStatus.parse(newer)

    with unknown_fields_allowed():
        assert OrderStatus.parse(newer) == OrderStatus.parse(INFO["orderStatus"])
        assert OrderStatus.parse(json.dumps(newer).encode()).state == "open"
        rows = [{**OPEN_ORDER, "newField": 1}, OPEN_ORDER]
        assert OpenOrders.parse(rows) == OpenOrders.parse([OPEN_ORDER] * 2)
        with pytest.raises(ShapeError, match=re.escape("$[0].oid")):
            OpenOrders.parse([{**OPEN_ORDER, "newField": 1, "oid": "1"}])

    with pytest.raises(ShapeError, match="newField"):
        OrderStatus.parse(newer)


def test_an_unknown_field_hides_no_broken_rule():
    """A fill of today without its twapId is refused, whatever else is new in it or below it."""
    (fill,) = INFO["userFills"]
    newer = {**fill, "newField": 1, "liquidation": {**fill["liquidation"], "newer": [1]}}
    cut = {key: value for key, value in newer.items() if key != "twapId"}

    with unknown_fields_allowed():
        assert UserFills.parse([newer]) == UserFills.parse([fill])
        with pytest.raises(ShapeError, match=re.escape("$[0].twapId")):
            UserFills.parse([cut])

    found = check_body("info", "userFills", json.dumps([cut]).encode(), strict=False)
    assert [(one.path, one.severity) for one in found] == [
        ("$[0].liquidation.newer", "notice"),
        ("$[0].newField", "notice"),
        ("$[0].twapId", "error"),
    ]


def test_parts_of_answers_are_shapes_too():
    assert OpenOrder.parse(OPEN_ORDER) == OpenOrders.parse([OPEN_ORDER])[0]
    assert OpenOrder.parse(json.dumps(OPEN_ORDER).encode()).oid == OPEN_ORDER["oid"]


def test_figures_are_decimals_and_the_wire_keeps_its_text():
    order = OpenOrder.parse(OPEN_ORDER)

    assert (order.limitPx, order.limit_px) == ("2500.5", Decimal("2500.5"))
    assert (order.sz_, order.sz) == ("0.02", Decimal("0.02"))
    assert isinstance(order.sz, Decimal)
    assert ClearinghouseState.parse(INFO["clearinghouseState"]).positions[0].liquidation_px is None


def test_a_reading_can_be_looked_up_on_its_class():
    assert [reading.field for reading in (OpenOrder.limit_px, OpenOrder.cloid, Position.liquidation_px)] == [
        "limitPx",
        "cloid_",
        "liquidationPx",
    ]


def test_an_answer_nested_too_deeply_is_a_shape_error():
    with pytest.raises(ShapeError, match="FrontendOpenOrders: the answer is n"):
        FrontendOpenOrders.parse(b'[{"children":' * 100_000)


def test_a_member_of_a_union_knows_its_tag():
    with pytest.raises(ShapeError, match=re.escape('$.status: found "unknownOid", expected "order"')):
        FoundOrder.parse({**INFO["orderStatus"], "status": "unknownOid"})


def test_rows_read_like_a_tuple():
    orders = OpenOrders.parse([OPEN_ORDER] * 2)

    assert (len(orders), list(orders), orders[1]) == (2, [orders[0]] * 2, orders[0])
    assert not OpenOrders.parse([])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9))
def test_a_figure_as_the_exchange_prints_it_fits(value):
    """A whole number keeps one zero, otherwise trailing zeros are dropped."""
    whole, _, places = f"{value:f}".partition(".")
    text = f"{whole}.{places.rstrip('0') or '0'}"

    assert re.match(NUMBER_PATTERN, text)
    assert not re.match(NUMBER_PATTERN, f"{text}0")
    assert not re.match(NUMBER_PATTERN, f"{text}\n")
    assert not re.match(NUMBER_PATTERN, whole)
    assert not re.match(NUMBER_PATTERN, f"0{text.lstrip('-')}")
