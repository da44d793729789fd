"""The examples of the official documentation pass where that is allowed, and nothing passes with them."""

import json
import threading
from typing import Any

import pytest

from harness.errors import ShapeError
from harness.shapes import (
    KNOWN,
    FrontendOpenOrders,
    UserFees,
    UserFills,
    check_body,
    documented_forms_allowed,
    unknown_fields_allowed,
)
from harness.shapes.documented import DOCUMENTED
from tests.shapes.answers import ANSWERS, HASH, INFO, SLICE_FILL
from tests.shapes.test_differences import node, places

KINDS = sorted(ANSWERS)

TABLES = [[50, {"description": "", "marginTiers": [{"lowerBound": "0.0", "maxLeverage": 50}]}]]

CONTEXT = {
    "dayNtlVlm": "1169046.29406",
    "funding": "0.0000125",
    "impactPxs": ["14.3047", "14.3444"],
    "markPx": "14.3161",
    "midPx": "14.314",
    "openInterest": "688.11",
    "oraclePx": "14.32",
    "premium": "0.00031774",
    "prevDayPx": "15.322",
}

FILL = {
    "coin": "xyz:XYZ100",
    "px": "25372.0",
    "sz": "0.0353",
    "side": "B",
    "time": 1767651180109,
    "startPosition": "0.7045",
    "dir": "Open Long",
    "closedPnl": "0.0",
    "hash": HASH,
    "oid": 287286372177,
    "crossed": False,
    "fee": "0.026868",
    "tid": 164087028129848,
    "feeToken": " USDC",
}

FEES = {
    **{key: value for key, value in INFO["userFees"].items() if key != "feeTrialEscrow"},
    "feeTrialReward": "0.0",
}

# The examples as the pages print them, and the places where they differ from their shapes.
EXAMPLES: dict[str, tuple[Any, set[str]]] = {
    "frontendOpenOrders": (
        [
            {
                "coin": "BTC",
                "isPositionTpsl": False,
                "isTrigger": False,
                "limitPx": "29792.0",
                "oid": 91490942,
                "orderType": "Limit",
                "origSz": "5.0",
                "reduceOnly": False,
                "side": "A",
                "sz": "5.0",
                "timestamp": 1681247412573,
                "triggerCondition": "N/A",
                "triggerPx": "0.0",
            }
        ],
        {"$[0].children", "$[0].tif"},
    ),
    "metaAndAssetCtxs": (
        [
            {
                "universe": [
                    {"name": "BTC", "szDecimals": 5, "maxLeverage": 50},
                    {"name": "HPOS", "szDecimals": 0, "maxLeverage": 3, "onlyIsolated": True},
                ],
                "marginTables": TABLES,
                "collateralToken": 0,
            },
            [CONTEXT, CONTEXT],
        ],
        {f"$[0].universe[{row}].marginTableId" for row in range(2)}
        | {f"$[1][{row}].dayBaseVlm" for row in range(2)},
    ),
    "referral": (
        {**INFO["referral"], "tokenToState": INFO["referral"]["tokenToState"][0]},
        {"$.tokenToState[0]", "$.tokenToState[1]"},
    ),
    "spotClearinghouseState": (
        {
            "balances": [
                {"coin": "USDC", "token": 0, "hold": "0.0", "total": "14.625485", "entryNtl": "0.0"},
                {"coin": "PURR", "token": 1, "hold": "0", "total": "2000", "entryNtl": "1234.56"},
            ]
        },
        {"$.balances[1].hold", "$.balances[1].total"},
    ),
    "userFees": (FEES, {"$.feeTrialReward", "$.feeTrialEscrow"}),
    "userFills": ([{**FILL, "time": 1681222254710, "builderFee": "0.01"}, FILL], {"$[1].twapId"}),
    "userFillsByTime": ([FILL], {"$[0].twapId"}),
    "userFunding": (
        [
            {
                "delta": {
                    "coin": "ETH",
                    "fundingRate": "0.0000417",
                    "szi": "49.1477",
                    "type": "funding",
                    "usdc": " -3.625312",
                    "nSamples": None,
                },
                "hash": HASH,
                "time": 1681222254710,
            }
        ],
        {"$[0].delta.usdc"},
    ),
    "userRole": ({"role": "agent", "data": {"user": "0x..."}}, {"$.data.user"}),
}
SUB_ACCOUNT = {"role": "subAccount", "data": {"master": "0x..."}}

# Keys of the examples that may be left out, as from a recording.
OPTIONAL = {"$[0].universe[1].onlyIsolated", "$[0].builderFee"}

LISTS = {"universe", "marginTables", "marginTiers", "balances", "dailyUserVlm", "vip", "mm", 1}
LISTS |= {"stakingDiscountTiers", "referralStates", "rewardHistory", "tokenToState"}

VALUES = (None, True, 1.5, "text", [], {})
"""One of each JSON type; a number that is no whole one."""


def copy(answer: Any) -> Any:
    return json.loads(json.dumps(answer))


def paths(kind: str, answer: Any, *, endpoint: str = "info", strict: bool = True) -> list[str]:
    return [one.path for one in check_body(endpoint, kind, json.dumps(answer).encode(), strict=strict)]


def test_each_documented_form_has_an_example_here():
    assert {str(KNOWN["info", kind].wire) for kind in EXAMPLES} == {str(wire) for wire in DOCUMENTED}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_example_is_a_finding_at_the_door(kind):
    example, known = EXAMPLES[kind]

    assert set(paths(kind, example)) == known
    with pytest.raises(ShapeError):
        KNOWN["info", kind].shape.parse(example)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_example_parses_where_documented_forms_are_allowed(kind):
    example, _ = EXAMPLES[kind]
    shape = KNOWN["info", kind].shape

    with documented_forms_allowed():
        assert paths(kind, example) == []
        parsed = shape.parse(example)
        assert parsed == shape.parse(json.dumps(example).encode())

    assert isinstance(parsed, shape)


def test_the_page_shows_a_sub_account_in_the_same_way():
    assert paths("userRole", SUB_ACCOUNT) == ["$.data.master"]
    with documented_forms_allowed():
        assert paths("userRole", SUB_ACCOUNT) == []
        assert paths("userRole", {"role": "user", "data": {"user": "0x..."}}) == ["$.data"]
        assert paths("userRole", {"role": "agent", "data": {"user": "0x"}}) == ["$.data.user"]


def test_an_example_reads_as_far_as_it_goes():
    with documented_forms_allowed():
        orders = FrontendOpenOrders.parse(EXAMPLES["frontendOpenOrders"][0])
        fills = UserFills.parse(EXAMPLES["userFills"][0])
        fees = UserFees.parse(FEES)

    assert (str(orders.order(91490942).limit_px), orders[0].cloid) == ("29792.0", None)
    assert str(fills.of(287286372177)[0].start_position) == "0.7045"
    assert fees.cross_rate == UserFees.parse(INFO["userFees"]).cross_rate


@pytest.mark.parametrize("kind", EXAMPLES)
def test_any_other_removed_field_of_an_example_is_found(kind):
    example, known = EXAMPLES[kind]
    for path, keys in places(example):
        answer = copy(example)
        around = node(answer, keys[:-1])
        if isinstance(around, list) or path in known or path in OPTIONAL:
            continue
        del around[keys[-1]]

        with documented_forms_allowed():
            found = paths(kind, answer)

        # a fill of 2023 may lack tid in the current form, which then is as near and named first
        assert path in found or found == sorted(known), path


@pytest.mark.parametrize("kind", EXAMPLES)
def test_any_other_added_field_of_an_example_is_found(kind):
    example, _ = EXAMPLES[kind]
    for path, keys in [("$", ()), *places(example)]:
        answer = copy(example)
        around = node(answer, keys)
        if not isinstance(around, dict):
            continue
        around["newField"] = None

        with documented_forms_allowed():
            assert paths(kind, answer) == [f"{path}.newField"]
            assert check_body("info", kind, json.dumps(answer).encode(), strict=False)[0].severity == "notice"
            with unknown_fields_allowed():
                shape = KNOWN["info", kind].shape
                assert shape.parse(answer) == shape.parse(example)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_any_other_retyped_field_of_an_example_is_found(kind):
    """Null is found too, but in the fields that may be null in a recording."""
    nullable = {"premium", "midPx", "impactPxs", "nSamples", "trial", "stakingLink", "referredBy"}
    nullable |= {"nextTrialAvailableTimestamp"}
    free = {"trial": {}, "coin": "text", "name": "text", "description": "text", "feeToken": "text"}
    free |= {"code": "text"}
    example, _ = EXAMPLES[kind]
    for path, keys in places(example):
        for value in VALUES:
            if (value is None and keys[-1] in nullable) or (keys[-1] in free and value == free[keys[-1]]):
                continue
            answer = copy(example)
            around = node(answer, keys[:-1])
            old = around[keys[-1]]
            # a claim may be true as well as false, and a list of any length may be empty
            may_be = value is True if isinstance(old, bool) else value == [] and keys[-1] in LISTS
            if old == value or may_be:
                continue
            around[keys[-1]] = value

            with documented_forms_allowed():
                found = paths(kind, answer)

            assert any(one.startswith((path, path.rpartition(".")[0])) for one in found), (path, value)


@pytest.mark.parametrize(
    ("kind", "keys", "value"),
    [
        ("frontendOpenOrders", (0, "children"), []),
        ("frontendOpenOrders", (0, "tif"), "Gtc"),
        ("frontendOpenOrders", (0, "tif"), {}),
        ("frontendOpenOrders", (0, "cloid"), None),
        ("frontendOpenOrders", (0, "timestamp"), 1_790_000_000_000),
        ("frontendOpenOrders", (0, "sz"), "5"),
        ("metaAndAssetCtxs", (0, "universe", 0, "marginTableId"), 50),
        ("metaAndAssetCtxs", (1, 1, "dayBaseVlm"), "0.0"),
        ("metaAndAssetCtxs", (1, 1, "markPx"), "14"),
        ("referral", ("tokenToState",), [0]),
        ("referral", ("tokenToState",), [0, INFO["referral"]["tokenToState"][0][1], 1]),
        ("spotClearinghouseState", ("balances", 1, "entryNtl"), "1234"),
        ("spotClearinghouseState", ("balances", 1, "total"), "02000"),
        ("spotClearinghouseState", ("balances", 1, "total"), "2000."),
        ("spotClearinghouseState", ("balances", 1, "total"), "2000\n"),
        ("spotClearinghouseState", ("balances", 1, "total"), "0.50"),
        ("userFees", ("feeTrialEscrow",), "0.0"),
        ("userFees", ("feeTrialReward",), "0"),
        ("userFills", (1, "twapId"), {}),
        ("userFills", (0, "twapId"), None),
        ("userFills", (1, "px"), "25372"),
        ("userFunding", (0, "delta", "usdc"), "  -3.625312"),
        ("userFunding", (0, "delta", "szi"), " 49.1477"),
    ],
)
def test_the_documented_forms_are_closed(kind, keys, value):
    """A deviation holds in its own place, in all rows or none, and in no other spelling."""
    answer = copy(EXAMPLES[kind][0])
    node(answer, keys[:-1])[keys[-1]] = value

    with documented_forms_allowed():
        assert paths(kind, answer)
        with pytest.raises(ShapeError):
            KNOWN["info", kind].shape.parse(answer)


@pytest.mark.parametrize(("endpoint", "kind"), KINDS)
def test_current_answers_are_held_to_their_shapes_as_before(endpoint, kind):
    """But for one key: the only fill of an answer, without its twapId, has the documented form."""
    answer = ANSWERS[endpoint, kind]
    for path, keys in places(answer):
        around = node(answer, keys[:-1])
        if isinstance(around, list):
            continue
        removed, retyped = copy(answer), copy(answer)
        del node(removed, keys[:-1])[keys[-1]]
        node(retyped, keys[:-1])[keys[-1]] = [[True]]
        for changed in (removed, retyped):
            outside = paths(kind, changed, endpoint=endpoint)
            with documented_forms_allowed():
                inside = paths(kind, changed, endpoint=endpoint)
            if changed is removed and kind in ("userFills", "userFillsByTime") and path == "$[0].twapId":
                assert (outside, inside) == (["$[0].twapId"], [])
            else:
                assert bool(inside) == bool(outside), path


def test_one_fill_without_a_twap_id_among_others_is_found():
    (fill,) = INFO["userFills"]
    cut = {key: value for key, value in fill.items() if key != "twapId"}
    slice_cut = {key: value for key, value in SLICE_FILL.items() if key != "twapId"}

    with documented_forms_allowed():
        assert paths("userFills", [fill, cut]) == ["$[1].twapId"]
        assert paths("userTwapSliceFills", [{"fill": slice_cut, "twapId": 1}]) == ["$[0].fill.twapId"]


def test_the_leniency_ends_with_its_block():
    example, known = EXAMPLES["userFillsByTime"]

    with documented_forms_allowed():
        with documented_forms_allowed():
            assert paths("userFillsByTime", example) == []
        assert paths("userFillsByTime", example) == []
    assert set(paths("userFillsByTime", example)) == known

    with pytest.raises(ZeroDivisionError), documented_forms_allowed():
        _ = 1 / 0
    assert set(paths("userFillsByTime", example)) == known


def test_another_thread_is_as_strict_as_before():
    """The door of a trader that runs elsewhere is not opened by a test that reads an example."""
    example, known = EXAMPLES["userFees"]
    found: list[str] = []

    with documented_forms_allowed():
        thread = threading.Thread(target=lambda: found.extend(paths("userFees", example)))
        thread.start()
        thread.join()

    assert set(found) == known
