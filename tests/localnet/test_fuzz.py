"""Bodies of any kind: no unknown status, no lost dollar, no exception.

HL_FUZZ_EXAMPLES sets how many examples each test runs.
"""

import json
import os
from typing import Any

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from harness.localnet import Localnet
from harness.localnet.actions import ACTIONS
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from harness.localnet.answers import BadShape
from harness.localnet.parsing import convert
from harness.localnet.queries import QUERIES
from tests.localnet.desk import Desk, order, orders

FUZZED = settings(
    max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
STATUSES = {200, 400, 415, 422, 500}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
ADDRESSES = st.sampled_from(
    ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "f39fd6e51aad88f6f4ce6ab8827279cfffb92266", "0x12"]
) | st.from_regex(r"(0x|0X)?[0-9a-fA-F]{39,41}", fullmatch=True)
CLOIDS = st.from_regex(r"(0x)?[0-9a-fA-F]{31,33}", fullmatch=True)
FIGURES = st.from_regex(r"[0-9]{0,6}(\.[0-9]{0,10})?", fullmatch=True) | st.sampled_from(
    ["3000", "0.01", "3102.8", "1e5", "-1", "NaN", "99999999999999999999"]
)
KINDS = st.sampled_from(sorted(QUERIES)) | st.text(max_size=8)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "user": ADDRESSES | JSON,
    "coin": st.sampled_from(["ETH", "BTC", "UNLISTED5", "PURR/USDC", "nope"]) | JSON,
    "oid": st.integers() | CLOIDS | JSON,
    "dex": st.sampled_from(["", "nope", None]) | JSON,
    "nSigFigs": st.integers(0, 7) | JSON,
    "mantissa": st.integers(0, 6) | JSON,
    "startTime": st.integers() | JSON,
    "endTime": st.integers() | JSON,
    "aggregateByTime": st.booleans() | JSON,
}
QUERY_BODIES = st.fixed_dictionaries({"type": KINDS | JSON}, optional=VALUES)
POSITIONAL = st.tuples(KINDS, st.lists(ADDRESSES | JSON, max_size=4)).map(lambda drawn: [drawn[0], *drawn[1]])
KIND_OF_ORDER = (
    st.sampled_from(["Gtc", "Ioc", "Alo", "FrontendMarket", "Gtd"]).map(lambda tif: {"limit": {"tif": tif}})
    | JSON
)
ORDER = st.fixed_dictionaries(
    {
        "a": st.sampled_from([4, 3, 0, 5, 135, 10_000]) | st.integers(),
        "b": st.booleans(),
        "p": FIGURES,
        "s": FIGURES,
        "r": st.booleans(),
        "t": KIND_OF_ORDER,
    },
    optional={"c": CLOIDS | st.none(), "x": JSON},
)
WELL_FORMED_ORDER = st.fixed_dictionaries(
    {
        "a": st.sampled_from([4, 3, 0, 5, 135, 10_000]),
        "b": st.booleans(),
        "p": st.integers(0, 40_000).map(lambda px: f"{px / 10:.2f}")
        | st.sampled_from(["0.123456789", "1e5"]),
        "s": st.integers(0, 50_000).map(lambda sz: f"{sz / 10_000:.5f}"),
        "r": st.booleans(),
        "t": st.sampled_from(["Gtc", "Ioc", "Alo", "FrontendMarket"]).map(
            lambda tif: {"limit": {"tif": tif}}
        ),
    },
    optional={"c": st.integers(1, 30).map(lambda n: f"0x{n:032x}") | st.none()},
)
# Oids of the exchange below, and some that it never gave.
OIDS = st.integers(60_000_000_000, 60_000_003_000) | st.integers(0, 9)


def actions(
    orders_: st.SearchStrategy[Any], oids: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    """Return actions of each kind that localnet serves, made of these orders and oids."""
    modifies = st.fixed_dictionaries({"oid": oids, "order": orders_})
    cancels = st.fixed_dictionaries({"a": st.integers(0, 5), "o": oids})
    return st.one_of(
        st.fixed_dictionaries({"type": st.just("order"), "orders": st.lists(orders_, max_size=3)}),
        st.fixed_dictionaries({"type": st.just("cancel"), "cancels": st.lists(cancels, max_size=3)}),
        modifies.map(lambda drawn: {"type": "modify"} | drawn),
        st.fixed_dictionaries(
            {"type": st.just("batchModify"), "modifies": st.lists(modifies, max_size=2)},
            optional={"a": st.booleans()},
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("updateLeverage"),
                "asset": st.integers(0, 6),
                "isCross": st.booleans(),
                "leverage": st.integers(0, 50),
            }
        ),
        st.sampled_from(
            [
                {"type": "noop"},
                {"type": "scheduleCancel"},
                {"type": "createSubAccount", "name": "x"},
                {"type": "updateIsolatedMargin", "asset": 4, "isBuy": True, "ntli": 1},
            ]
        ),
    )


ACTION = (
    actions(ORDER, st.integers() | CLOIDS | JSON)
    | st.fixed_dictionaries(
        {"type": st.just("order"), "orders": st.lists(ORDER, max_size=2)},
        optional={"grouping": st.just("na") | JSON, "builder": st.none() | JSON, "x": JSON},
    )
    | st.fixed_dictionaries({"type": st.sampled_from(sorted({*ACTIONS, *KNOWN_ACTIONS})) | JSON})
)

# One exchange for all examples: what survives thousands of bodies is the point.
NET = Localnet()
TOTAL = NET.total_usd()


def answered(path: str, body: bytes, content_type: str = "application/json") -> int:
    answer = NET.handle(path, content_type, body)
    assert answer.status in STATUSES
    assert NET.total_usd() == TOTAL
    if answer.status in (200, 500):
        json.loads(answer.body)
    return answer.status


def encoded(body: object) -> bytes:
    return json.dumps(body, allow_nan=True).encode()


@FUZZED
@given(
    path=st.sampled_from(["/info", "/exchange"]),
    body=st.binary() | JSON.map(encoded),
    tail=st.binary(max_size=4),
)
def test_garbage_is_answered(path: str, body: bytes, tail: bytes) -> None:
    assert answered(path, body + tail) in {400, 422}


@FUZZED
@given(body=QUERY_BODIES | POSITIONAL)
def test_queries_of_any_kind_are_answered(body: object) -> None:
    answered("/info", encoded(body))


@FUZZED
@given(
    action=ACTION,
    nonce=st.integers(),
    signature=st.fixed_dictionaries(
        {
            "r": st.integers(0, 2**256).map(hex),
            "s": st.integers(0, 2**256).map(hex),
            "v": st.sampled_from([27, 28, 0]),
        }
    )
    | JSON,
    vault=st.none() | ADDRESSES | JSON,
)
def test_unsigned_actions_are_answered(action: object, nonce: int, signature: object, vault: object) -> None:
    body = {
        "action": action,
        "nonce": nonce,
        "signature": signature,
        "vaultAddress": vault,
        "expiresAfter": None,
    }
    answered("/exchange", encoded(body))


@FUZZED
@given(action=actions(WELL_FORMED_ORDER, OIDS))
def test_signed_actions_of_any_kind_are_answered(action: dict[str, Any]) -> None:
    try:
        signed = convert(action, ACTIONS[action["type"]].form).signed()
    except BadShape:
        reject()
    body = Desk(NET).envelope(action, signed=signed, nonce=NET.clock.now_ms())
    assert answered("/exchange", encoded(body)) in {200, 422}


@FUZZED
@given(
    drawn=st.lists(st.tuples(st.booleans(), st.integers(1, 700_000), st.integers(0, 200_000)), max_size=3),
    tif=st.sampled_from(["Gtc", "Ioc", "Alo", "FrontendMarket"]),
    r=st.booleans(),
    skip=st.integers(0, 20_000),
)
def test_signed_orders_at_any_price_are_answered(
    drawn: list[tuple[bool, int, int]], tif: str, r: bool, skip: int
) -> None:
    desk = Desk(NET)
    NET.clock.advance(skip)
    made = [
        order(
            b=b,
            p=f"{px / 10:.1f}".removesuffix(".0"),
            s=f"{sz / 10_000:.4f}".rstrip("0").rstrip("."),
            tif=tif,
            r=r,
        )
        for b, px, sz in drawn
    ]
    assert answered("/exchange", encoded(desk.envelope(orders(*made)))) == 200
