"""Every kind with a shape has a valid answer in these tests, and its shape takes it."""

import json
from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect

import harness.shapes
from harness.shapes import KNOWN, Answer, Shape, check, check_body, kind_of
from harness.shapes.actions import DefaultResponse
from harness.shapes.differences import bare, said
from tests.shapes.every import EVERY

KINDS = sorted(EVERY)


def request_of(endpoint: str, kind: str) -> dict[str, object]:
    return {"type": kind} if endpoint == "info" else {"action": {"type": kind}, "nonce": 1}


def test_every_kind_has_an_answer_here():
    """Plain actions share one shape; updateLeverage and noop stand for them."""
    plain = {key for key, known in KNOWN.items() if known.shape is DefaultResponse}

    assert set(KNOWN) - plain == set(EVERY) - plain


@pytest.mark.parametrize(("endpoint", "kind"), KINDS)
def test_a_valid_answer_has_no_findings(endpoint, kind):
    body = json.dumps(EVERY[endpoint, kind]).encode()

    assert check_body(endpoint, kind, body) == ()
    if endpoint != "ws":
        assert check(f"/{endpoint}", request_of(endpoint, kind), 200, body) == ()


@pytest.mark.parametrize(("endpoint", "kind"), KINDS)
def test_object_and_bytes_are_read_alike(endpoint, kind):
    answer = EVERY[endpoint, kind]
    shape = KNOWN[endpoint, kind].shape

    assert shape.parse(answer) == shape.parse(json.dumps(answer).encode())
    assert issubclass(shape, Answer | Shape)


@pytest.mark.parametrize(("endpoint", "kind"), KINDS)
def test_what_was_read_is_written_the_same(endpoint, kind):
    """Nothing is lost or renamed on the way in."""
    answer = EVERY[endpoint, kind]

    decoded = msgspec.json.decode(json.dumps(answer).encode(), type=KNOWN[endpoint, kind].wire)

    assert json.loads(msgspec.json.encode(decoded)) == answer


@pytest.mark.parametrize(
    ("path", "request_", "expected"),
    [
        ("/info", {"type": "meta"}, ("info", "meta")),
        ("https://api.hyperliquid-testnet.xyz/info/", {"type": "meta"}, ("info", "meta")),
        ("/exchange", {"action": {"type": "order"}}, ("exchange", "order")),
        ("/exchange", {"type": "order"}, ("exchange", "order")),
        (
            "/exchange",
            {"action": {"type": "multiSig", "payload": {"action": {"type": "order"}}}},
            ("exchange", "order"),
        ),
        ("/exchange", {"action": {"type": "multiSig"}}, ("exchange", "")),
        ("/exchange", {"action": "order"}, ("exchange", "")),
        ("/info", ["meta"], ("info", "")),
        ("/info", {"type": 5}, ("info", "")),
        ("/info", None, ("info", "")),
    ],
)
def test_kind_of_a_request(path, request_, expected):
    assert kind_of(path, request_) == expected


def _optional_fields(info: inspect.Type, seen: set[type]) -> Iterator[tuple[type, inspect.Field]]:
    """Yield the optional fields of all structs in a type."""
    info = bare(info)
    match info:
        case inspect.StructType(cls=cls, fields=fields) if cls not in seen:
            seen.add(cls)
            yield from ((cls, field) for field in fields if not field.required)
            inner = [field.type for field in fields]
        case inspect.UnionType(types=types) | inspect.TupleType(item_types=types):
            inner = list(types)
        case inspect.VarTupleType(item_type=item) | inspect.DictType(value_type=item):
            inner = [item]
        case _:
            inner = []
    for one in inner:
        yield from _optional_fields(one, seen)


def test_every_optional_field_says_since_or_until_when_or_only_when():
    seen: set[type] = set()
    fields = [
        (cls.__name__, field)
        for known in KNOWN.values()
        for cls, field in _optional_fields(inspect.type_info(known.wire), seen)
    ]

    words = ("since", "until", "only")
    silent = [f"{name}.{field.name}" for name, field in fields if not any(said(field.type, w) for w in words)]

    assert silent == []
    assert len(fields) > 60


def test_every_shape_is_to_be_had_from_the_package():
    assert {known.shape.__name__ for known in KNOWN.values()} <= set(harness.shapes.__all__)
