"""Our signing against the SDK's, byte for byte, and against vectors that the SDK's authors publish.

`harness.signing` was written from the wire rules. The SDK is another reading of them, whose signatures the
exchange is known to accept; so the two have to agree on everything that both can express.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_keys.exceptions import BadSignature, ValidationError
from hyperliquid.utils import signing as sdk
from hyperliquid.utils.types import Cloid
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness import signing
from harness.signing import USER_SIGNED, UnrecoverableSignature

# eth_account warms up in its first call, which would trip Hypothesis' deadline.
differential = settings(deadline=None, max_examples=150)

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
PUBLISHED_KEY = bytes.fromhex("0123456789" * 6 + "0123")

uint64s = st.integers(0, 2**64 - 1)
keys = st.integers(1, CURVE_ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
digests = st.binary(min_size=32, max_size=32)
addresses = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
checksummed = keys.map(lambda key: Account.from_key(key).address)
amounts = st.decimals(0, 10**9, places=8).map(str)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.floats(allow_nan=False),
    lambda values: st.lists(values, max_size=20) | st.dictionaries(st.text(), values, max_size=20),
    max_leaves=30,
)

floats_on_the_wire = st.decimals("0.00000001", 10**6, places=5).map(float)
order_wires = st.builds(
    sdk.order_request_to_order_wire,
    st.fixed_dictionaries(
        {
            "coin": st.just("ETH"),
            "is_buy": st.booleans(),
            "sz": floats_on_the_wire,
            "limit_px": floats_on_the_wire,
            "reduce_only": st.booleans(),
            "order_type": st.sampled_from(["Gtc", "Alo", "Ioc"]).map(lambda tif: {"limit": {"tif": tif}})
            | st.builds(
                lambda px, is_market, tpsl: {
                    "trigger": {"triggerPx": px, "isMarket": is_market, "tpsl": tpsl}
                },
                floats_on_the_wire,
                st.booleans(),
                st.sampled_from(["tp", "sl"]),
            ),
            "cloid": st.none() | st.integers(0, 2**128 - 1).map(Cloid.from_int),
        }
    ),
    st.integers(0, 200_000),
)
builders = st.none() | st.fixed_dictionaries({"b": addresses, "f": st.integers(0, 1000)})
groupings = st.sampled_from(["na", "normalTpsl", "positionTpsl", {"p": 10}])
oids = st.integers(0, 2**40)
sdk_actions = (
    st.builds(sdk.order_wires_to_order_action, st.lists(order_wires, max_size=5), builders, groupings)
    | st.fixed_dictionaries(
        {
            "type": st.just("cancel"),
            "cancels": st.lists(st.fixed_dictionaries({"a": st.integers(0, 200_000), "o": oids})),
        }
    )
    | st.fixed_dictionaries(
        {
            "type": st.just("batchModify"),
            "modifies": st.lists(st.fixed_dictionaries({"oid": oids, "order": order_wires}), max_size=3),
        }
    )
    | st.fixed_dictionaries(
        {
            "type": st.just("updateLeverage"),
            "asset": st.integers(0, 200_000),
            "isCross": st.booleans(),
            "leverage": st.integers(1, 50),
        }
    )
    | st.fixed_dictionaries(
        {
            "type": st.just("updateIsolatedMargin"),
            "asset": st.integers(0, 200_000),
            "isBuy": st.booleans(),
            "ntli": st.integers(-(2**40), 2**40),
        }
    )
    | st.fixed_dictionaries({"type": st.just("scheduleCancel")}, optional={"time": uint64s})
)


def sdk_wallet(key: bytes) -> Any:
    return Account.from_key(key)


@differential
@given(
    action=json_values | sdk_actions,
    nonce=uint64s,
    vault=st.none() | addresses | checksummed,
    expires_after=st.none() | uint64s,
)
@example(action={"type": "noop"}, nonce=0, vault=None, expires_after=0)
@example(action={"name": "x" * 70_000, "list": [0] * 70_000}, nonce=2**64 - 1, vault=None, expires_after=None)
def test_an_action_hashes_as_the_sdk_hashes_it(action, nonce, vault, expires_after):
    ours = signing.action_hash(action, nonce, vault, expires_after)
    assert ours == sdk.action_hash(action, vault, nonce, expires_after)


@differential
@given(
    action=sdk_actions,
    key=keys,
    nonce=uint64s,
    vault=st.none() | addresses | checksummed,
    expires_after=st.none() | uint64s,
    is_mainnet=st.booleans(),
)
def test_an_l1_action_is_signed_as_the_sdk_signs_it(action, key, nonce, vault, expires_after, is_mainnet):
    ours = signing.sign_l1_action(action, key, nonce, vault, expires_after, is_mainnet=is_mainnet)
    theirs = sdk.sign_l1_action(sdk_wallet(key), action, vault, nonce, expires_after, is_mainnet)
    assert ours.as_wire() == theirs

    digest = signing.l1_digest(
        signing.action_hash(action, nonce, vault, expires_after), is_mainnet=is_mainnet
    )
    signer = sdk.recover_agent_or_user_from_l1_action(action, theirs, vault, nonce, expires_after, is_mainnet)
    assert signing.recover(digest, *ours) == signer.lower() == signing.address_of(key)


def test_a_struct_hashes_as_the_dict_it_stands_for():
    class Cancel(msgspec.Struct, omit_defaults=True):
        a: int
        o: int
        f: bool = False

    class Name(str):
        def __str__(self) -> str:
            return "another"

    class Number(int):
        pass

    as_dict = signing.action_hash({"type": "cancel", "cancels": [{"a": 1, "o": 2}]}, 3, None, None)
    as_struct = signing.action_hash(
        {Name("type"): Name("cancel"), "cancels": [Cancel(Number(1), 2)]}, 3, None, None
    )
    assert as_struct == as_dict


def test_the_order_of_keys_is_signed():
    forth = signing.action_hash({"a": 1, "b": 2}, 0, None, None)
    back = signing.action_hash({"b": 2, "a": 1}, 0, None, None)
    assert forth != back


SDK_SIGNERS: Mapping[str, Any] = {
    "usdSend": sdk.sign_usd_transfer_action,
    "spotSend": sdk.sign_spot_transfer_action,
    "withdraw3": sdk.sign_withdraw_from_bridge_action,
    "usdClassTransfer": sdk.sign_usd_class_transfer_action,
    "sendAsset": sdk.sign_send_asset_action,
    "approveAgent": sdk.sign_agent,
    "approveBuilderFee": sdk.sign_approve_builder_fee,
    "userDexAbstraction": sdk.sign_user_dex_abstraction_action,
    "userSetAbstraction": sdk.sign_user_set_abstraction_action,
    "tokenDelegate": sdk.sign_token_delegate_action,
    "convertToMultiSigUser": sdk.sign_convert_to_multi_sig_user_action,
}
UNKNOWN_TO_THE_SDK = {
    "cDeposit",
    "cWithdraw",
    "linkStakingUser",
    "stakingLinkDisableTradingUser",
    "userPortfolioMargin",
    "sendToEvmWithData",
}

VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "string": st.text() | amounts | addresses,
    "address": addresses | checksummed,
    "bool": st.booleans(),
    "uint32": st.integers(0, 2**32 - 1),
    "uint64": uint64s,
    "bytes": st.binary(max_size=200) | st.binary(max_size=200).map(lambda raw: "0x" + raw.hex()),
    "bytes32": digests | digests.map(lambda raw: "0x" + raw.hex()),
}


def messages(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: VALUES[solidity] for name, solidity in USER_SIGNED[kind].fields}
    return st.fixed_dictionaries({"type": st.just(kind), **fields, "unsigned": st.text()})


def solidity_types(fields: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "type": solidity} for name, solidity in fields]


def test_each_user_signed_type_is_tested_here():
    assert {*SDK_SIGNERS, *UNKNOWN_TO_THE_SDK, "multiSig"} == USER_SIGNED.keys()


@pytest.mark.parametrize("kind", SDK_SIGNERS)
@settings(differential, max_examples=40)
@given(data=st.data(), key=keys, is_mainnet=st.booleans())
def test_a_user_signed_action_is_signed_as_the_sdk_signs_it(kind, data, key, is_mainnet):
    action = data.draw(messages(kind))

    theirs = SDK_SIGNERS[kind](sdk_wallet(key), action, is_mainnet)

    # The SDK has by now written the chain into the action, as it sends it.
    ours = signing.sign_user_signed_action(action, key, is_mainnet=is_mainnet)
    assert ours.as_wire() == theirs

    digest = signing.user_signed_action_digest(action, is_mainnet=is_mainnet)
    assert signing.recover(digest, *ours) == signing.address_of(key)


@pytest.mark.parametrize("kind", USER_SIGNED)
@settings(differential, max_examples=40)
@given(data=st.data(), chain_id=st.integers(0, 2**256 - 1))
def test_a_digest_is_that_of_eth_account_on_any_chain(kind, data, chain_id):
    form = USER_SIGNED[kind]
    message = data.draw(messages(kind)) | {"signatureChainId": hex(chain_id)}

    ours = signing.user_signed_digest(form.primary_type, form.fields, message, chain_id)

    payload = sdk.user_signed_payload(form.primary_type, solidity_types(form.fields), message)
    assert ours == signable_hash(payload)


def signable_hash(payload: dict[str, Any]) -> bytes:
    signable = encode_typed_data(full_message=payload)
    return signing.keccak256(b"\x19" + signable.version + signable.header + signable.body)


@pytest.mark.parametrize("kind", USER_SIGNED)
def test_the_nonce_field_is_signed(kind):
    form = USER_SIGNED[kind]
    assert (form.nonce_field, "uint64") in form.fields


def test_an_unnamed_agent_is_signed_with_an_empty_name():
    """The SDK signs `agentName: ""` and deletes the key before it sends."""
    action = {"type": "approveAgent", "agentAddress": "0x" + "1a" * 20, "agentName": "", "nonce": 5}
    theirs = sdk.sign_agent(sdk_wallet(PUBLISHED_KEY), action, False)
    del action["agentName"]

    assert signing.sign_user_signed_action(action, PUBLISHED_KEY).as_wire() == theirs


@differential
@given(
    inner=sdk_actions,
    user=checksummed,
    key=keys,
    nonce=uint64s,
    vault=st.none() | addresses,
    expires_after=st.none() | uint64s,
    is_mainnet=st.booleans(),
)
def test_a_multi_sig_envelope_is_signed_as_the_sdk_signs_it(
    inner, user, key, nonce, vault, expires_after, is_mainnet
):
    wallet = sdk_wallet(key)
    outer_signer = wallet.address
    theirs = sdk.sign_multi_sig_l1_action_payload(
        wallet, inner, is_mainnet, vault, nonce, expires_after, user, outer_signer
    )
    payload = [user.lower(), outer_signer.lower(), inner]
    ours = signing.sign_l1_action(payload, key, nonce, vault, expires_after, is_mainnet=is_mainnet)
    assert ours.as_wire() == theirs

    action = {
        "type": "multiSig",
        "signatureChainId": "0x66eee",
        "signatures": [ours.as_wire()],
        "payload": {"multiSigUser": user.lower(), "outerSigner": outer_signer.lower(), "action": inner},
    }
    theirs = sdk.sign_multi_sig_action(wallet, action, is_mainnet, vault, nonce, expires_after)
    digest = signing.multi_sig_digest(action, nonce, vault, expires_after, is_mainnet=is_mainnet)
    assert signing.sign_digest(digest, key).as_wire() == theirs


@pytest.mark.parametrize("kind", SDK_SIGNERS)
@settings(differential, max_examples=20)
@given(data=st.data(), user=checksummed, key=keys, is_mainnet=st.booleans())
def test_a_user_signed_payload_names_account_and_outer_signer(kind, data, user, key, is_mainnet):
    form = USER_SIGNED[kind]
    action = data.draw(messages(kind)) | {"signatureChainId": "0x66eee"}
    action["hyperliquidChain"] = "Mainnet" if is_mainnet else "Testnet"
    wallet = sdk_wallet(key)
    theirs = sdk.sign_multi_sig_user_signed_action_payload(
        wallet, action, is_mainnet, solidity_types(form.fields), form.primary_type, user, wallet.address
    )

    enriched = action | {"payloadMultiSigUser": user.lower(), "outerSigner": wallet.address.lower()}
    digest = signing.user_signed_action_digest(enriched, is_mainnet=is_mainnet, multi_sig=True)
    assert signing.sign_digest(digest, key).as_wire() == theirs


ORDER = {"a": 1, "b": True, "p": "100", "s": "100", "r": False, "t": {"limit": {"tif": "Gtc"}}}
DUMMY = {"type": "dummy", "num": 100000000000}
VAULT = "0x1719884eb866cb12b2287399b15f7db5e7d775ea"


def test_phantom_agent_of_a_production_order():
    """Source: hyperliquid-python-sdk, tests/signing_test.py, as are all vectors below."""
    order = {"a": 4, "b": True, "p": "1670.1", "s": "0.0147", "r": False, "t": {"limit": {"tif": "Ioc"}}}
    action = {"type": "order", "orders": [order], "grouping": "na"}

    connection_id = signing.action_hash(action, 1677777606040, None, None)

    assert connection_id.hex() == "0fcbeda5ae3c4950a548021552a4fea2226858c4453571bf3f24ba017eac2908"


@pytest.mark.parametrize(
    ("action", "vault", "is_mainnet", "r", "s", "v"),
    [
        pytest.param(
            {"type": "order", "orders": [ORDER], "grouping": "na"},
            None,
            True,
            "0xd65369825a9df5d80099e513cce430311d7d26ddf477f5b3a33d2806b100d78e",
            "0x2b54116ff64054968aa237c20ca9ff68000f977c93289157748a3162b6ea940e",
            28,
            id="order-mainnet",
        ),
        pytest.param(
            {"type": "order", "orders": [ORDER], "grouping": "na"},
            None,
            False,
            "0x82b2ba28e76b3d761093aaded1b1cdad4960b3af30212b343fb2e6cdfa4e3d54",
            "0x6b53878fc99d26047f4d7e8c90eb98955a109f44209163f52d8dc4278cbbd9f5",
            27,
            id="order-testnet",
        ),
        pytest.param(
            {
                "type": "order",
                "orders": [{**ORDER, "c": "0x00000000000000000000000000000001"}],
                "grouping": "na",
            },
            None,
            True,
            "0x41ae18e8239a56cacbc5dad94d45d0b747e5da11ad564077fcac71277a946e3",
            "0x3c61f667e747404fe7eea8f90ab0e76cc12ce60270438b2058324681a00116da",
            27,
            id="cloid-mainnet-r-with-a-leading-zero",
        ),
        pytest.param(
            DUMMY,
            VAULT,
            True,
            "0x3c548db75e479f8012acf3000ca3a6b05606bc2ec0c29c50c515066a326239",
            "0x4d402be7396ce74fbba3795769cda45aec00dc3125a984f2a9f23177b190da2c",
            28,
            id="vault-mainnet-r-with-two-leading-zeros",
        ),
        pytest.param(
            DUMMY,
            VAULT,
            False,
            "0xe281d2fb5c6e25ca01601f878e4d69c965bb598b88fac58e475dd1f5e56c362b",
            "0x7ddad27e9a238d045c035bc606349d075d5c5cd00a6cd1da23ab5c39d4ef0f60",
            27,
            id="vault-testnet",
        ),
        pytest.param(
            {"type": "scheduleCancel", "time": 123456789},
            None,
            False,
            "0x4e4f2dbd4107c69783e251b7e1057d9f2b9d11cee213441ccfa2be63516dc5bc",
            "0x706c656b23428c8ba356d68db207e11139ede1670481a9e01ae2dfcdb0e1a678",
            27,
            id="schedule-cancel-testnet",
        ),
    ],
)
def test_published_l1_signatures_reproduce(action, vault, is_mainnet, r, s, v):
    signature = signing.sign_l1_action(action, PUBLISHED_KEY, 0, vault, is_mainnet=is_mainnet)
    assert signature.as_wire() == {"r": r, "s": s, "v": v}


@pytest.mark.parametrize(
    ("kind", "r", "s", "v"),
    [
        (
            "usdSend",
            "0x637b37dd731507cdd24f46532ca8ba6eec616952c56218baeff04144e4a77073",
            "0x11a6a24900e6e314136d2592e2f8d502cd89b7c15b198e1bee043c9589f9fad7",
            27,
        ),
        (
            "withdraw3",
            "0x8363524c799e90ce9bc41022f7c39b4e9bdba786e5f9c72b20e43e1462c37cf9",
            "0x58b1411a775938b83e29182e8ef74975f9054c8e97ebf5ec2dc8d51bfc893881",
            28,
        ),
    ],
)
def test_published_user_signatures_reproduce(kind, r, s, v):
    action = {
        "type": kind,
        "signatureChainId": "0x66eee",
        "destination": "0x5e9ee1089755c3435139848e47e6635505d5a13a",
        "amount": "1",
        "time": 1687816341423,
    }
    assert signing.sign_user_signed_action(action, PUBLISHED_KEY).as_wire() == {"r": r, "s": s, "v": v}


def test_the_first_account_of_every_dev_node():
    key = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
    assert signing.address_of(key) == "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"


@differential
@given(digest=digests, key=keys)
def test_a_signature_recovers_to_its_signer(digest, key):
    r, s, v = signing.sign_digest(digest, key)

    signer = signing.recover(digest, r, s, v)

    assert signer == signing.address_of(key) == sdk_wallet(key).address.lower()
    assert signing.recover(digest, r, s, v - 27) == signer
    assert signing.recover(digest, r, CURVE_ORDER - s, 55 - v) == signer
    assert s <= CURVE_ORDER // 2
    assert signing.sign_digest(digest, key) == (r, s, v)


@differential
@given(
    digest=digests, r=st.integers(1, 2**256 - 1), s=st.integers(1, 2**256 - 1), v=st.sampled_from([27, 28])
)
@example(digest=b"\0" * 32, r=5, s=1, v=27)
@example(digest=b"\1" * 32, r=CURVE_ORDER - 1, s=1, v=28)
@example(digest=b"\1" * 32, r=CURVE_ORDER + 1, s=1, v=28)
def test_any_signature_recovers_as_eth_account_recovers_it(digest, r, s, v):
    try:
        theirs = Account._recover_hash(digest, vrs=(v, r, s)).lower()
    except (BadSignature, ValidationError, ValueError, TypeError):
        theirs = None
    try:
        ours = signing.recover(digest, r, s, v)
    except UnrecoverableSignature:
        ours = None
    assert ours == theirs


@given(digest=digests, key=keys, bit=st.integers(0, 255))
def test_another_digest_recovers_to_another_signer(digest, key, bit):
    """Nothing else tells a wrong hash: that is why the exchange answers that the wallet does not exist."""
    signature = signing.sign_digest(digest, key)
    flipped = (int.from_bytes(digest, "big") ^ (1 << bit)).to_bytes(32, "big")
    assert signing.recover(flipped, *signature) != signing.address_of(key)
