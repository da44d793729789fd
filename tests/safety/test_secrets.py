"""Keys in every form and signatures that were sent are hidden; what only looks alike is not."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.safety.secrets import HIDDEN, Secrets
from harness.settings import Key

RAW = hashlib.sha256(b"nobody's key").digest()
KEY = Key("0x" + RAW.hex())
HASH = "0x" + "5a" * 32
R, S = "0x" + "1b" * 32, "0x" + "2c" * 31


@pytest.mark.parametrize(
    "form",
    [
        RAW.hex(),
        "0x" + RAW.hex(),
        RAW.hex().upper(),
        str(int.from_bytes(RAW)),
        repr(RAW),
        repr(bytearray(RAW)),
        str(list(RAW)),
        base64.b64encode(RAW).decode(),
        base64.urlsafe_b64encode(RAW).decode(),
    ],
)
@pytest.mark.parametrize("around", ["{}", "key={}, next", "({})", "'{}'"])
def test_key_is_hidden_in_every_form(form, around):
    clean = Secrets([KEY]).scrub(around.format(form))

    assert HIDDEN in clean
    assert form not in clean


def test_signature_that_was_sent_is_hidden_wherever_it_stands():
    known = Secrets()
    known.add_signatures({"action": {"type": "multiSig", "signatures": [{"r": R, "s": S, "v": 27}]}})

    assert known.scrub(f"{R} {S[2:].upper()} {int(R, 16)}") == f"{HIDDEN} {HIDDEN} {HIDDEN}"


def test_signature_that_was_not_sent_is_hidden_by_its_form():
    text = f"{{'r': '{R}', 's': '{S}', 'v': 27}} SignedMessage(r={int(R, 16)}, s={int(S, 16)})"
    clean = Secrets().scrub(text)

    assert clean.count(HIDDEN) == 4
    assert R not in clean


@pytest.mark.parametrize("text", [HASH, f"hash={HASH}", "0x" + "ab" * 20, "1788773946", "orders=5", ""])
def test_what_is_no_secret_stays(text):
    known = Secrets([KEY])
    known.add_signatures({"signature": {"r": R, "s": S, "v": 27}})

    assert known.scrub(text) == text


@pytest.mark.parametrize("payload", [None, [], "x", {"r": 5, "s": None}, {"r": "zz", "s": "0x1"}])
def test_what_holds_no_signature_is_passed_over(payload):
    Secrets().add_signatures(payload)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=20), st.text(max_size=20))
def test_any_key_is_hidden_between_any_texts(raw, before, after):
    if not 0 < int.from_bytes(raw) < 2**252:
        return
    shown = f"{before} {raw.hex()} {after}"

    assert raw.hex() not in Secrets([Key(raw.hex())]).scrub(shown)
