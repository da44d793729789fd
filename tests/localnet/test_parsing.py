"""The two decoders: the fast one takes what it is sure of, and then both read the same."""

import json
import os
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.localnet.parsing import Repeated, Unrepeated, first_value, slow_first_value
from tests.localnet.desk import order, orders

ENVELOPE: dict[str, Any] = {
    "action": orders(order(), order(c="0x" + "0" * 32)),
    "nonce": 1_760_000_000_000,
    "signature": {"r": "0x1", "s": "0x2", "v": 27},
    "vaultAddress": None,
    "expiresAfter": None,
}
# Pieces of bodies, put together at random: repeated keys, odd figures, escapes, spaces, what is no JSON.
PIECES = st.lists(
    st.sampled_from(
        [
            *['{"a":', '"a":', '"b":', '{"a":1', '"a"', "{}", "[]", "{", "}", "[", "]", ",", ":", " ", "\t"],
            *["1", "-1", "0", "-0", "01", "1.0", "1.50", "1e5", "1E400", "18446744073709551616", "NaN"],
            *["true", "null", '"a b"', '"\\u0061"', '"\\ud800"', '"\u00e9"', '"\\/"', "nul", "\ufeff", '"'],
        ]
    ),
    max_size=14,
).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,", " :"), (",\n", ":\t")])


def read(decode: Any, body: bytes) -> str:
    try:
        return json.dumps(shown(decode(body)))
    except ValueError:
        return "no JSON"


def shown(value: Any) -> Any:
    """Return a value with the types of its figures and what was repeated in it."""
    if isinstance(value, dict):
        repeated = sorted(value.repeated) if isinstance(value, Repeated) else []
        return ["object", repeated, *([key, shown(element)] for key, element in value.items())]
    if isinstance(value, list):
        return [shown(element) for element in value]
    return [type(value).__name__, repr(value)]


def agree(body: bytes) -> None:
    assert read(first_value, body) == read(slow_first_value, body)


@settings(max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "1500")), deadline=None)
@example('{"a":1,"a":1}')
@example('{"a":{"b":1,"b":1}}')
@example('{"a":1}{')
@example('{"a":' + "1" * 5_000 + "}")
@example('{"a":' + "[" * 5_000)
@example('{"a":' + "[" * 290 + "]" * 290 + "}")
@given(PIECES | PIECES.map(lambda text: '{"a":' + text + "}"))
def test_both_decoders_agree_on_odd_bodies(text: str) -> None:
    agree(text.encode())


@settings(max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "1500")), deadline=None)
@given(
    st.dictionaries(st.text(max_size=6), VALUES, max_size=5),
    SEPARATORS,
    st.booleans(),
    st.sampled_from(["", "x", " ", "{}"]),
)
def test_both_decoders_agree_on_objects(
    value: dict[str, Any], separators: tuple[str, str], ascii_only: bool, after: str
) -> None:
    text = json.dumps(value, separators=separators, ensure_ascii=ascii_only) + after
    agree(text.encode(errors="replace"))


@settings(max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "1500")), deadline=None)
@given(st.data())
def test_both_decoders_agree_on_changed_requests(data: st.DataObject) -> None:
    body = bytearray(json.dumps(ENVELOPE).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 12))] = data.draw(
            st.sampled_from(
                [b"", b" ", b'"nonce": 1, ', b'"a": 4,', b"{", b"]", b"\xff", b"\\u0041", b"0", b"-"]
            )
        )
    agree(bytes(body))


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_what_clients_send_is_read_fast(separators: tuple[str, str]) -> None:
    body = json.dumps(ENVELOPE, separators=separators).encode()
    assert type(first_value(body)) is Unrepeated


def test_many_repeated_keys_are_found_in_a_moment() -> None:
    started = time.perf_counter()
    value = first_value(
        b'{"type":"meta"' + b"".join(b',"k%d":1' % (n % 90_000) for n in range(180_000)) + b"}"
    )
    assert isinstance(value, Repeated)
    assert len(value.repeated) == 90_000
    assert time.perf_counter() - started < 5
