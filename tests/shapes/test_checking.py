"""The check at the door: it never raises, and it is cheap."""

import json
import random
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.shapes import Finding, check
from tests.shapes.answers import ANSWERS, CLOID, INFO, RESTING, order_answer
from tests.shapes.test_registry import KINDS, request_of

ORDER = {"action": {"type": "order"}}


def test_a_good_answer_has_no_findings():
    assert check("/exchange", ORDER, 200, json.dumps(order_answer(RESTING)).encode()) == ()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b"Failed to parse the request body as JSON"),
        (415, b"Expected request with `Content-Type: application/json`"),
        (422, b"Failed to deserialize the JSON body into the target type"),
        (429, b"null"),
        (500, b"null"),
        (500, b"null\n"),
    ],
)
def test_the_front_end_has_known_bodies(status, body):
    assert check("/info", {"type": "meta"}, status, body) == ()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b"Bad Request"),
        (415, b"null"),
        (422, b'"Failed to deserialize the JSON body into the target type"'),
        (429, b"Too Many Requests"),
        (500, b"{}"),
        (502, b"<html>"),
        (503, b""),
        (201, b"{}"),
        (204, b"\xff"),
    ],
)
def test_other_statuses_and_bodies_are_findings(status, body):
    (found,) = check("/info", {"type": "meta"}, status, body)

    assert (found.kind, found.path, found.shape, found.severity) == ("http", "$", f"HTTP {status}", "error")


@pytest.mark.parametrize(
    ("path", "request_"),
    [
        ("/info", {"type": "somethingNew"}),
        ("/exchange", {"action": {"type": "newAction"}}),
        ("/info", {}),
        ("/explorer", {"type": "blockDetails"}),
        ("/info", ["meta"]),
    ],
)
def test_a_kind_without_a_shape_is_told_apart(path, request_):
    (found,) = check(path, request_, 200, b"{}")

    assert (found.kind, found.severity) == ("no-shape", "notice")


@pytest.mark.parametrize("body", [b"", b"nul", b"<html>", b'{"status":', b'"\xff"', b"\x00"])
def test_what_is_no_json_is_a_finding(body):
    (found,) = check("/exchange", ORDER, 200, body)

    assert (found.kind, found.shape) == ("not-json", "OrderResponse")


def test_the_action_tells_the_shape():
    """The same body is right for one action and wrong for another."""
    body = json.dumps(ANSWERS["exchange", "cancel"]).encode()

    assert check("/exchange", {"action": {"type": "cancelByCloid"}}, 200, body) == ()
    (found,) = check("/exchange", ORDER, 200, body)[:1]
    assert found == Finding("$.response.type", '"cancel"', '"order"', "OrderResponse", "value")


def test_null_is_an_answer_of_l2book_only():
    assert check("/info", {"type": "l2Book"}, 200, b"null") == ()
    assert check("/info", {"type": "openOrders"}, 200, b"null")
    assert check("/exchange", ORDER, 200, b"null")


def test_an_answer_nested_too_deeply_is_a_finding():
    body = b'[{"children":' * 100_000

    (found,) = check("/info", {"type": "frontendOpenOrders"}, 200, body)

    assert found.kind in ("value", "not-json")


@given(
    st.sampled_from(KINDS),
    st.integers(100, 599),
    st.binary(max_size=20) | st.text(max_size=20).map(str.encode),
)
def test_the_check_never_raises(kind, status, body):
    assert isinstance(check(f"/{kind[0]}", request_of(*kind), status, body), tuple)


@pytest.mark.parametrize(
    ("kind", "row", "key", "expected"),
    [
        ("openOrders", INFO["openOrders"][0], "origSz", "missing-field"),
        ("frontendOpenOrders", INFO["frontendOpenOrders"][0], "cloid", "missing-field"),
        ("userFills", INFO["userFills"][0], "twapId", "missing-field"),
        ("userFills", INFO["userFills"][0], "tid", "missing-field"),
        ("userFills", INFO["userFills"][0], "feeToken", "missing-field"),
    ],
)
def test_older_forms_are_read_in_older_answers_only(kind, row, key, expected):
    """A key that came later may be missing from rows of that time, and from no row of today."""
    time = "time" if "time" in row else "timestamp"
    cut = {name: value for name, value in row.items() if name not in (key, "children")}
    cut |= {"children": []} if "children" in row else {}
    older = {**cut, time: 1_680_000_000_000}

    (found,) = check("/info", {"type": kind}, 200, json.dumps([cut]).encode())

    assert (found.path, found.kind) == (f"$[0].{key}", expected)
    assert check("/info", {"type": kind}, 200, json.dumps([older]).encode()) == ()


def test_all_missing_keys_of_a_row_are_named():
    row = {key: value for key, value in INFO["userFills"][0].items() if key not in ("tid", "feeToken")}

    found = check("/info", {"type": "userFills"}, 200, json.dumps([row]).encode())

    assert [one.path for one in found] == ["$[0].tid", "$[0].feeToken"]


def test_a_trial_of_fees_may_hold_anything():
    fees = {**INFO["userFees"], "trial": {"until": [1, None]}}

    assert check("/info", {"type": "userFees"}, 200, json.dumps(fees).encode()) == ()
    (found,) = check("/info", {"type": "userFees"}, 200, json.dumps({**fees, "userAddRate": 1}).encode())
    assert found.path == "$.userAddRate"


def test_older_forms_of_a_position():
    state = json.loads(json.dumps(INFO["clearinghouseState"]))
    del state["time"], state["crossMaintenanceMarginUsed"]
    for row in state["assetPositions"]:
        del row["position"]["maxLeverage"], row["position"]["cumFunding"]
        row["position"]["maxTradeSzs"] = ["1.0", "2.0"]
    assert check("/info", {"type": "clearinghouseState"}, 200, json.dumps(state).encode()) == ()

    found = check(
        "/info", {"type": "clearinghouseState"}, 200, json.dumps(state | {"assetPositions": []}).encode()
    )
    assert [(one.path, one.kind) for one in found] == [
        ("$.time", "missing-field"),
        ("$.crossMaintenanceMarginUsed", "missing-field"),
    ]


def test_older_forms_of_meta():
    rows = [{"maxLeverage": 50, "name": "BTC", "szDecimals": 5}]
    assert check("/info", {"type": "meta"}, 200, json.dumps({"universe": rows}).encode()) == ()

    mixed = {"universe": rows, "marginTables": [], "collateralToken": 0}
    (found,) = check("/info", {"type": "meta"}, 200, json.dumps(mixed).encode())
    assert (found.path, found.kind) == ("$.universe[0].marginTableId", "missing-field")


def big_spot_meta() -> bytes:
    """Return a spotMeta as large as testnet's: 1508 tokens, 1193 pairs."""
    dice = random.Random(1)

    def digits(count: int) -> str:
        return "0x" + "".join(dice.choice("0123456789abcdef") for _ in range(count))

    tokens = [
        {
            "name": f"TOKEN{index}",
            "szDecimals": 2,
            "weiDecimals": 8,
            "index": index,
            "tokenId": digits(32),
            "isCanonical": False,
            "evmContract": None if index % 3 else {"address": digits(40), "evm_extra_wei_decimals": 10},
            "fullName": f"Token {index}" if index % 2 else None,
            "deployerTradingFeeShare": "0.0",
        }
        for index in range(1508)
    ]
    pairs = [
        {"tokens": [index + 1, 0], "name": f"@{index}", "index": index, "isCanonical": False}
        for index in range(1193)
    ]
    return json.dumps({"universe": pairs, "tokens": tokens}, separators=(",", ":")).encode()


def test_checking_a_large_answer_costs_less_than_reading_it():
    """Measured at 0.3 of `json.loads`; twice that is left to a busy machine."""
    body = big_spot_meta()
    request = {"type": "spotMeta"}
    assert check("/info", request, 200, body) == ()

    read = min(timeit.repeat(lambda: json.loads(body), number=3, repeat=7))
    checked = min(timeit.repeat(lambda: check("/info", request, 200, body), number=3, repeat=7))

    assert checked < 0.6 * read


def test_checking_a_small_answer_takes_microseconds():
    """Measured at 2 µs; the bound is wide for a busy machine."""
    body = json.dumps(
        {"status": "ok", "response": {"type": "order", "data": {"statuses": [RESTING]}}}
    ).encode()
    assert CLOID.encode() in body

    seconds = min(timeit.repeat(lambda: check("/exchange", ORDER, 200, body), number=1000, repeat=5)) / 1000

    assert seconds < 30e-6
