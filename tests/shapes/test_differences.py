"""Whatever is removed, retyped or added, one finding names the place."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.shapes import check
from harness.shapes.differences import below, shown
from tests.shapes.answers import ANSWERS
from tests.shapes.test_registry import request_of

KINDS = sorted(ANSWERS)

# Keys that the exchange leaves out at times.
_STATUS = r"\$\.response\.data\.statuses\[\d\]\.(resting|filled)\.cloid"
_FILL = r"\$\[0\]\.(cloid|builderFee|liquidation(\.liquidatedUser)?)"
_MODES = r"onlyIsolated|isDelisted|marginMode|growthMode|lastGrowth\w+|deployerFee\w+|lastFee\w+"
_PERP = rf"\$(\[0\])?\.universe\[1\]\.({_MODES})"
_TOKEN = r"\$(\[0\])?\.tokens\[\d\]\.(deployerTradingFeeShare|deployerLabel)"
_SPOT = r"\$(\[0\]\.spotState)?\.(portfolioMarginEnabled|tokenToAvailable\w+|balances\[0\]\.ltv)"
OPTIONAL = {
    "spotDeploy": r".*response\.data",
    "order": _STATUS,
    "batchModify": _STATUS,
    "allMids": r".*",
    "allPerpMetas": _PERP,
    "meta": _PERP,
    "metaAndAssetCtxs": _PERP,
    "openOrders": r"\$\[0\]\.(cloid|reduceOnly)",
    "perpDexs": r"\$\[1\]\.(subDeployers|deployerFeeScale|lastDeployer\w+|assetToFunding(Int\w+|Clamp))",
    "spotClearinghouseState": _SPOT,
    "spotMeta": _TOKEN,
    "spotMetaAndAssetCtxs": _TOKEN,
    "subAccounts": _SPOT,
    "subAccounts2": rf"{_SPOT}|\$\[0\]\.abstraction",
    "twapHistory": r"\$\[0\]\.twapId",
    "userFills": _FILL,
    "userFillsByTime": _FILL,
    "userRateLimit": r"\$\.nRequestsSurplus",
    "userVaultEquities": r"\$\[0\]\.lockedUntilTimestamp",
}


def places(value: Any, path: str = "$") -> list[tuple[str, tuple[Any, ...]]]:
    """Return the path of each node below the root, and the keys that lead there."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    if isinstance(value, dict):
        for key, element in value.items():
            place = below(path, key)
            found.append((place, (key,)))
            found += [(deeper, (key, *keys)) for deeper, keys in places(element, place)]
    elif isinstance(value, list):
        for index, element in enumerate(value):
            place = f"{path}[{index}]"
            found.append((place, (index,)))
            found += [(deeper, (index, *keys)) for deeper, keys in places(element, place)]
    return found


def fresh(endpoint: str, kind: str) -> Any:
    """Return the kind's answer, no part of it shared."""
    return json.loads(json.dumps(ANSWERS[endpoint, kind]))


def node(value: Any, keys: tuple[Any, ...]) -> Any:
    for key in keys:
        value = value[key]
    return value


def findings(endpoint: str, kind: str, answer: Any, *, strict: bool = True):
    body = json.dumps(answer).encode()
    return check(f"/{endpoint}", request_of(endpoint, kind), 200, body, strict=strict)


@pytest.mark.parametrize(("endpoint", "kind"), KINDS)
def test_a_removed_field_is_found(endpoint, kind):
    """But for the keys that the exchange itself leaves out."""
    for path, keys in places(ANSWERS[endpoint, kind]):
        answer = fresh(endpoint, kind)
        around = node(answer, keys[:-1])
        if isinstance(around, list):
            continue
        del around[keys[-1]]

        found = findings(endpoint, kind, answer)

        if re.fullmatch(OPTIONAL.get(kind, "never"), path):
            assert found == (), path
        else:
            # a union of keys is named itself, when its only key is gone
            parent = path.rpartition(".")[0]
            assert [one.path for one in found] in ([path], [parent]), path
            assert all(one.found in ("nothing", "none of them") for one in found)


@pytest.mark.parametrize(("endpoint", "kind"), KINDS)
def test_an_added_field_is_found(endpoint, kind):
    for path, keys in [("$", ()), *places(ANSWERS[endpoint, kind])]:
        answer = fresh(endpoint, kind)
        around = node(answer, keys)
        if not isinstance(around, dict):
            continue
        around["newField"] = {"a": 1}

        (found,) = findings(endpoint, kind, answer)

        assert found.path == f"{path}.newField"
        assert found.found == '{"a": 1}'
        if kind != "allMids":
            assert (found.kind, found.severity) == ("unknown-field", "error")
            (noticed,) = findings(endpoint, kind, answer, strict=False)
            assert noticed == found._replace(severity="notice")


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)


def json_type(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


# Fields that are a text or null and take any text; trial was never seen filled.
FREE_TEXTS = ("fullName", "specialStatuses")
FREE_OBJECTS = ("trial",)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_retyped_field_is_found(data):
    """A value of another JSON type is found, unless the field may be null and was or is."""
    endpoint, kind = data.draw(st.sampled_from(KINDS), label="kind")
    answer = fresh(endpoint, kind)
    path, keys = data.draw(st.sampled_from([("$", ()), *places(answer)]), label="place")
    old = node(answer, keys)
    new = data.draw(JSON_VALUES.filter(lambda value: json_type(value) != json_type(old)), label="value")
    if keys:
        node(answer, keys[:-1])[keys[-1]] = new
    else:
        answer = new

    found = findings(endpoint, kind, answer)

    if found:
        assert any(one.path == path or one.path.startswith((f"{path}.", f"{path}[")) for one in found)
        assert all(one.expected and one.shape for one in found)
    elif old is None:
        nullable = isinstance(new, int) and not isinstance(new, bool)
        assert nullable or keys[-1] in (*FREE_TEXTS, *FREE_OBJECTS)
    else:
        assert new is None, path


def test_all_differences_are_reported_at_once():
    answer = [*fresh("info", "openOrders"), *fresh("info", "openOrders")]
    answer[0]["sz"] = 0.02
    answer[0]["side"] = "C"
    answer[1]["newField"] = None
    del answer[1]["oid"]

    found = findings("info", "openOrders", answer)

    assert [(one.path, one.kind, one.found) for one in found] == [
        ("$[0].side", "value", '"C"'),
        ("$[0].sz", "type", "0.02"),
        ("$[1].newField", "unknown-field", "null"),
        ("$[1].oid", "missing-field", "nothing"),
    ]
    assert str(found[0]) == 'OpenOrders $[0].side: found "C", expected "A" or "B"'


@pytest.mark.parametrize(
    ("kind", "keys", "value", "expected"),
    [
        ("openOrders", (0, "sz"), "0.020", "a decimal in a text, not below zero"),
        ("openOrders", (0, "sz"), "5", "a decimal in a text, not below zero"),
        ("openOrders", (0, "sz"), "-5.0", "a decimal in a text, not below zero"),
        ("openOrders", (0, "sz"), "1e3", "a decimal in a text, not below zero"),
        ("openOrders", (0, "oid"), -1, "a whole number, at least 0"),
        ("openOrders", (0, "oid"), True, "a whole number"),
        ("openOrders", (0, "oid"), 1.0, "a whole number"),
        ("openOrders", (0, "cloid"), "0x12", "a cloid"),
        ("openOrders", (0, "cloid"), None, "a cloid"),
        ("openOrders", (0, "reduceOnly"), False, "true, or no such key"),
        ("frontendOpenOrders", (0, "orderType"), "Iceberg", '"Limit"'),
        ("frontendOpenOrders", (0, "triggerCondition"), "Price above 71.0", '"Price above X"'),
        ("frontendOpenOrders", (0, "children", 0, "tif"), "GTC", "or null"),
        ("orderStatus", ("status",), "unknown", '"order" or "unknownOid"'),
        ("orderStatus", ("order", "status"), "cancelled", '"canceled"'),
        ("userRole", ("role",), "admin", '"user"'),
        ("userRole", ("role",), 5, '"user"'),
        ("userFills", (0, "dir"), "Opened", '"Open Long"'),
        ("userFills", (0, "hash"), "0x00", "a hash"),
        ("clearinghouseState", ("assetPositions", 1, "position", "leverage", "rawUsd"), "1.0", "no such key"),
        ("clearinghouseState", ("assetPositions", 0, "type"), "hedge", '"oneWay"'),
        (
            "clearinghouseState",
            ("assetPositions", 0, "position", "maxTradeSzs"),
            ["1.0", "2.0"],
            "no such key",
        ),
        ("metaAndAssetCtxs", (1, 0, "impactPxs"), ["1.0"], "2 elements"),
        ("meta", ("universe", 1, "isDelisted"), False, "true, or no such key"),
        ("meta", ("universe", 1, "onlyIsolated"), False, "true, or no such key"),
        ("spotMeta", ("tokens", 1, "tokenId"), "0x" + "5B" * 16, "a token id"),
        ("spotMeta", ("tokens", 1, "tokenId"), "0x5b", "a token id"),
        ("spotMeta", ("tokens", 1, "evmContract", "address"), "0X" + "5b" * 20, "an address"),
        ("spotMeta", ("tokens", 1, "deployerTradingFeeShare"), "1", "a decimal in a text"),
        ("userAbstraction", (), "cross", '"unifiedAccount"'),
        ("maxBuilderFee", (), "1", "a whole number"),
        ("userFees", ("stakingLink", "tradingUser"), "0x" + "1f" * 20, "no such key"),
        ("twapHistory", (0, "status", "status"), "activated", "a text for an error only"),
        ("referral", ("referrerState", "stage"), "idle", '"ready"'),
    ],
)
def test_values_are_closed(kind, keys, value, expected):
    answer = fresh("info", kind)
    path = "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    if keys:
        node(answer, keys[:-1])[keys[-1]] = value
    else:
        answer = value

    found = findings("info", kind, answer)

    assert len(found) == 1
    assert found[0].path == path or found[0].path.startswith(path.rpartition(".")[0])
    assert expected in found[0].expected


def test_a_staking_link_names_who_did_not_ask():
    answer = fresh("info", "userFees")
    answer["stakingLink"]["type"] = "stakingUser"

    (found,) = findings("info", "userFees", answer)

    assert (found.path, found.kind) == ("$.stakingLink.tradingUser", "missing-field")


def test_a_status_element_has_exactly_one_key():
    answer = fresh("exchange", "order")
    answer["response"]["data"]["statuses"] = [{"resting": {"oid": 1}, "error": "but no"}, {}]

    found = findings("exchange", "order", answer)

    assert [(one.path, one.found) for one in found] == [
        ("$.response.data.statuses[0]", "the keys resting and error together"),
        ("$.response.data.statuses[1]", "none of them"),
    ]


def test_a_long_value_is_cut():
    assert len(shown("x" * 500)) == 120
    assert shown({1, 2}) == "{1, 2}"
