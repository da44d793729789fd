"""The last look: whatever must not stand on a tape is found in every spelling, and nothing else is."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import signing
from harness.errors import RecordingError
from harness.recording.leaks import Leaks
from harness.recording.parts import Part
from harness.recording.spelling import checksummed

WHAT = "an address of yours"
SECRETS = st.binary(max_size=8).map(lambda seed: signing.keccak256(seed)[:20])
SPELLINGS = {
    "lower case": lambda raw: raw.hex(),
    "upper case": lambda raw: raw.hex().upper(),
    "checksummed": lambda raw: "0x" + checksummed(raw.hex()),
    "without its end": lambda raw: raw.hex()[:-3],
    "without its beginning": lambda raw: raw.hex()[7:],
    "padded": lambda raw: raw.hex().zfill(64),
    "decimal": lambda raw: str(int.from_bytes(raw, "big")),
    "base64": lambda raw: base64.b64encode(raw).decode(),
    "base64 for URLs": lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
    "base64 of its text": lambda raw: base64.b64encode(b"0x" + raw.hex().encode()).decode(),
    "base64 of something around it": lambda raw: base64.b64encode(b"a" + raw + b"b").decode(),
    "list of bytes": lambda raw: json.dumps(list(raw)),
    "the bytes of its text": lambda raw: raw.hex().encode().hex(),
    "capitals at random": lambda raw: "".join(c.upper() if n % 3 else c for n, c in enumerate(raw.hex())),
}


def leaks(raw, names=None):
    return Leaks({raw.hex(): WHAT}, names or {})


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(
    raw=SECRETS,
    before=st.sampled_from(["", "x", "User: ", "0x", "=="]),
    after=st.sampled_from(["", ".", " x", "_"]),
)
def test_every_spelling_is_found_within_a_text(spelling, raw, before, after):
    if spelling == "list of bytes" or (before == "==" and after == "_"):
        before = after = ""
    found = leaks(raw).found_in(before + SPELLINGS[spelling](raw) + after)

    assert found is not None
    assert found.startswith(WHAT)


@given(raw=SECRETS, other=SECRETS, number=st.integers(0, 2**256))
def test_other_values_are_no_leak(raw, other, number):
    if raw == other:
        return
    for spelling in SPELLINGS.values():
        assert leaks(raw).found_in(f"{spelling(other)} {number}") is None


def test_long_zeros_are_no_part_of_anything():
    raw = bytes(12) + b"\x12\x34\x56\x78\x9a\xbc\xde\xf0"

    assert Leaks({raw.hex(): WHAT}, {}).found_in("0x" + "00" * 20) is None
    assert Leaks({raw.hex(): WHAT}, {}).found_in(raw.hex()) == WHAT


def test_place_is_told_and_the_secret_is_not():
    raw = signing.keccak256(b"mine")[:20]
    body = json.dumps({"action": {"type": "x", "to": [1, {"who": "me " + raw.hex()}]}})
    with pytest.raises(RecordingError) as caught:
        leaks(raw).refuse(
            [Part("step 1, the request", "sent", "{}"), Part("step 2, the request", "sent", body)]
        )

    assert str(caught.value).startswith(f"Step 2, the request, $.action.to[1].who: {WHAT} still stands there")
    assert raw.hex()[:8] not in str(caught.value)


def test_escapes_do_not_hide_it():
    raw = signing.keccak256(b"mine")[:20]
    escaped = "".join(f"\\u{ord(digit):04x}" for digit in raw.hex())

    with pytest.raises(RecordingError, match=r"Step 1, the answer, \$\.a"):
        leaks(raw).refuse([Part("step 1, the answer", "received", f'{{"a":"{escaped}"}}')])


def test_key_of_an_object_counts_too():
    raw = signing.keccak256(b"mine")[:20]

    with pytest.raises(RecordingError, match="Step 1, the answer"):
        leaks(raw).refuse([Part("step 1, the answer", "received", f'{{"0x{raw.hex()}":1}}')])


def test_names_are_found_within_texts():
    found = leaks(bytes(range(20)), {"living room": "a name of yours"})

    assert found.found_in('the agent "living room" was removed') == "a name of yours"
    assert found.found_in("living rooms are") == "a name of yours"
    assert found.found_in("the living") is None
