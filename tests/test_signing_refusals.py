"""What our signing refuses: values that the wire cannot carry, and signatures of nobody."""

import pytest
from eth_account import Account

from harness import signing
from harness.errors import HarnessError
from harness.signing import SigningError, UnrecoverableSignature

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
PUBLISHED_KEY = bytes.fromhex("0123456789" * 6 + "0123")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"r": 0}, id="r-zero"),
        pytest.param({"s": 0}, id="s-zero"),
        pytest.param({"r": CURVE_ORDER}, id="r-curve-order"),
        pytest.param({"s": CURVE_ORDER}, id="s-curve-order"),
        pytest.param({"r": 2**256}, id="r-too-long"),
        pytest.param({"s": -1}, id="s-negative"),
        pytest.param({"r": 5}, id="r-no-point"),
        pytest.param({"v": 2}, id="v-2"),
        pytest.param({"v": 26}, id="v-26"),
        pytest.param({"v": 29}, id="v-29"),
        pytest.param({"v": 37}, id="v-with-a-chain-id"),
    ],
)
def test_a_signature_of_nobody_is_refused(broken):
    digest = b"\x11" * 32
    signature = signing.sign_digest(digest, PUBLISHED_KEY)._replace(**broken)
    with pytest.raises(UnrecoverableSignature):
        signing.recover(digest, *signature)


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, "\ud800", object()])
def test_what_msgpack_cannot_carry_is_refused(value):
    with pytest.raises(SigningError, match="cannot be packed"):
        signing.action_hash({"type": value}, 0, None, None)


def test_an_endless_action_is_refused():
    action: dict[str, object] = {}
    action["inner"] = action
    with pytest.raises(SigningError, match="cannot be packed"):
        signing.action_hash(action, 0, None, None)


@pytest.mark.parametrize("nonce", [-1, 2**64, True, "5"])
def test_a_nonce_of_more_or_less_than_64_bits_is_refused(nonce):
    with pytest.raises(SigningError, match="nonce is"):
        signing.action_hash({}, nonce, None, None)
    with pytest.raises(SigningError, match="expiresAfter is"):
        signing.action_hash({}, 0, None, nonce)


@pytest.mark.parametrize(
    "address", ["", "0x", "0x" + "ab" * 19, "0x" + "ab" * 21, "0X" + "ab" * 20, "0x" + "zz" * 20, " " * 40, 5]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(SigningError, match="vaultAddress is"):
        signing.action_hash({}, 0, address, None)


def test_an_address_may_be_checksummed_lower_or_bare():
    vault = Account.from_key(PUBLISHED_KEY).address
    hashes = {signing.action_hash({}, 0, text, None) for text in (vault, vault.lower(), vault[2:])}
    assert len(hashes) == 1


@pytest.mark.parametrize(
    ("solidity", "value"),
    [
        ("string", 5),
        ("string", None),
        ("string", "\ud800"),
        ("address", "0x5"),
        ("bool", "true"),
        ("bool", 1),
        ("uint32", 2**32),
        ("uint64", 2**64),
        ("uint64", -1),
        ("uint64", "5"),
        ("uint64", True),
        ("uint256", 2**256),
        ("bytes", "0x5"),
        ("bytes", "5a"),
        ("bytes32", b"\0" * 31),
        ("bytes32", "0x" + "00" * 33),
        ("bytes32", None),
    ],
)
def test_a_value_of_another_type_is_refused(solidity, value):
    with pytest.raises(SigningError, match="field "):
        signing.user_signed_digest("Test", [("field", solidity)], {"field": value}, 1)


@pytest.mark.parametrize("chain_id", [-1, 2**256])
def test_a_chain_id_out_of_range_is_refused(chain_id):
    with pytest.raises(SigningError, match="chainId is"):
        signing.user_signed_digest("Test", [], {}, chain_id)


def test_a_type_that_solidity_has_and_the_wire_has_not_is_refused():
    with pytest.raises(SigningError, match=r"\['int8'\]"):
        signing.user_signed_digest("Test", [("field", "int8")], {"field": 1}, 1)


def test_a_field_that_is_signed_must_be_there():
    action = {"type": "usdSend", "signatureChainId": "0x66eee", "destination": "0x" + "1a" * 20, "time": 5}
    with pytest.raises(SigningError, match="UsdSend is signed over amount, which is absent"):
        signing.sign_user_signed_action(action, PUBLISHED_KEY)


@pytest.mark.parametrize("chain", [None, 421614, "421614", "0x", "0xzz", "0x" + "f" * 65])
def test_a_signature_chain_id_is_hex(chain):
    with pytest.raises(SigningError, match="signatureChainId is"):
        signing.sign_user_signed_action({"type": "cDeposit", "signatureChainId": chain}, PUBLISHED_KEY)


@pytest.mark.parametrize("kind", ["order", None, 5])
def test_only_user_signed_actions_are_signed_as_such(kind):
    with pytest.raises(SigningError, match="is no user-signed action"):
        signing.sign_user_signed_action({"type": kind, "signatureChainId": "0x1"}, PUBLISHED_KEY)


def test_an_action_for_another_network_is_not_signed():
    action = {
        "type": "cDeposit",
        "signatureChainId": "0x1",
        "hyperliquidChain": "Mainnet",
        "wei": 1,
        "nonce": 1,
    }
    with pytest.raises(SigningError, match="hyperliquidChain 'Mainnet'"):
        signing.sign_user_signed_action(action, PUBLISHED_KEY)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_wrong_lengths_are_refused(length):
    raw = b"\x01" * length
    with pytest.raises(HarnessError, match=f"connectionId has {length} bytes"):
        signing.l1_digest(raw)
    with pytest.raises(HarnessError, match=f"digest of {length} bytes"):
        signing.sign_digest(raw, PUBLISHED_KEY)
    with pytest.raises(HarnessError, match=f"digest of {length} bytes"):
        signing.recover(raw, 1, 1, 27)
    with pytest.raises(HarnessError, match=f"private key of {length} bytes"):
        signing.address_of(raw)


@pytest.mark.parametrize("number", [0, CURVE_ORDER, 2**256 - 1])
def test_a_key_off_the_curve_is_refused_and_not_shown(number):
    key = number.to_bytes(32, "big")
    with pytest.raises(HarnessError, match="not on the curve") as refusal:
        signing.sign_digest(b"\x11" * 32, key)
    assert key.hex() not in str(refusal.value)
