"""What the SDK signs, pinned to literal values; nothing is sent.

A tape covers what it recorded. This file covers what no tape may exercise: mainnet, withdrawals, agents,
multi-sig, refusals. A change of a constant, a key, an order of keys or a type in the SDK's signing fails
here.

The signatures at the end of this file were computed by `harness.signing`, which knows nothing of the SDK; the
SDK gives the same. Those marked *published* also stand in the SDK's own `tests/signing_test.py`, whose key,
known to everybody, is used for all.

Covers: hyperliquid.utils.signing.
"""

import copy
from typing import Any, NamedTuple

import pytest

KEY = "0x0123456789012345678901234567890123456789012345678901234567890123"
SIGNER = "0x14791697260E4c9A71f18484C9f997B308e59325"

VAULT = "0x1719884eb866cb12b2287399b15f7db5e7d775ea"
CHECKSUMMED_VAULT = "0x1719884eb866cB12b2287399b15f7Db5E7D775EA"
FRIEND = "0x5e9ee1089755c3435139848e47e6635505d5a13a"
MULTI_SIG_USER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
OUTER_SIGNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
NONCE = 1677777606040
EXPIRY = 1677777666040

NETWORKS = [pytest.param(True, id="mainnet"), pytest.param(False, id="testnet")]

LIMIT = {"a": 1, "b": True, "p": "100", "s": "100", "r": False, "t": {"limit": {"tif": "Gtc"}}}
STOP = {**LIMIT, "t": {"trigger": {"isMarket": True, "triggerPx": "103", "tpsl": "sl"}}}
CLOID = "0x00000000000000000000000000000001"


@pytest.fixture(scope="module")
def sdk():
    """The SDK's signing module; imported late, since it takes eth_account half a second to load."""
    import hyperliquid.utils.signing

    return hyperliquid.utils.signing


@pytest.fixture(scope="module")
def wallet():
    from eth_account import Account

    return Account.from_key(KEY)


@pytest.fixture
def cloid_type():
    from hyperliquid.utils.types import Cloid

    return Cloid


def pinned(name: str, is_mainnet: bool) -> dict[str, Any]:
    return SIGNATURES[name, "mainnet" if is_mainnet else "testnet"]


class L1(NamedTuple):
    """An L1 action with what its envelope adds to the hash."""

    action: Any
    nonce: int = NONCE
    vault: str | None = None
    expires_after: int | None = None


def order(*wires: dict[str, Any], grouping: Any = "na", **more: Any) -> dict[str, Any]:
    return {"type": "order", "orders": list(wires), "grouping": grouping, **more}


L1_ACTIONS = {
    "published-order": L1(order(LIMIT), nonce=0),
    "published-order-with-cloid": L1(order({**LIMIT, "c": CLOID}), nonce=0),
    "published-stop-order": L1(order(STOP), nonce=0),
    "published-dummy-for-a-vault": L1({"type": "dummy", "num": 100_000_000_000}, nonce=0, vault=VAULT),
    "order-with-builder": L1(order(LIMIT, builder={"b": FRIEND, "f": 10})),
    "order-with-its-stop": L1(order(LIMIT, STOP, grouping="normalTpsl")),
    "order-with-priority": L1(order(LIMIT, grouping={"p": 10_000})),
    "order-for-a-vault": L1(order(LIMIT), vault=CHECKSUMMED_VAULT),
    "order-with-expiry": L1(order(LIMIT), expires_after=EXPIRY),
    "order-with-expiry-zero": L1(order(LIMIT), expires_after=0),
    "order-for-a-vault-with-expiry": L1(order(LIMIT), vault=VAULT, expires_after=EXPIRY),
    "cancel": L1({"type": "cancel", "cancels": [{"a": 1, "o": 77_738_308}]}),
    "cancel-by-cloid": L1({"type": "cancelByCloid", "cancels": [{"asset": 1, "cloid": CLOID}]}),
    "modify": L1({"type": "batchModify", "modifies": [{"oid": 77_738_308, "order": LIMIT}]}),
    "leverage": L1({"type": "updateLeverage", "asset": 1, "isCross": False, "leverage": 21}),
    "margin-taken-out": L1({"type": "updateIsolatedMargin", "asset": 1, "isBuy": True, "ntli": -1_000_000}),
    "schedule-cancel-cleared": L1({"type": "scheduleCancel"}),
    "noop-with-the-largest-nonce": L1({"type": "noop"}, nonce=2**64 - 1),
}


@pytest.mark.parametrize("is_mainnet", NETWORKS)
@pytest.mark.parametrize("name", L1_ACTIONS)
def test_an_l1_action_has_its_pinned_signature(sdk, wallet, name, is_mainnet):
    """The signature covers action, nonce, vault, expiry, and the network as source `a` or `b`."""
    action, nonce, vault, expires_after = L1_ACTIONS[name]

    signature = sdk.sign_l1_action(wallet, action, vault, nonce, expires_after, is_mainnet)

    assert signature == pinned(name, is_mainnet)


@pytest.mark.parametrize("is_mainnet", NETWORKS)
@pytest.mark.parametrize("name", L1_ACTIONS)
def test_an_l1_action_recovers_to_its_signer(sdk, name, is_mainnet):
    action, nonce, vault, expires_after = L1_ACTIONS[name]
    signature = pinned(name, is_mainnet)

    signer = sdk.recover_agent_or_user_from_l1_action(
        action, signature, vault, nonce, expires_after, is_mainnet
    )

    assert signer == SIGNER


def test_a_signature_is_spelled_r_s_v(sdk, wallet):
    """The order counts for a replay, which compares bodies as text."""
    assert list(sdk.sign_l1_action(wallet, {"type": "noop"}, None, NONCE, None, False)) == ["r", "s", "v"]


def test_a_production_order_has_the_published_hash(sdk):
    """Source: the SDK's tests/signing_test.py, of an order on mainnet."""
    wire = {**LIMIT, "a": 4, "p": "1670.1", "s": "0.0147", "t": {"limit": {"tif": "Ioc"}}}

    connection_id = sdk.action_hash(order(wire), None, NONCE, None)

    assert connection_id.hex() == "0fcbeda5ae3c4950a548021552a4fea2226858c4453571bf3f24ba017eac2908"


def test_an_empty_vault_is_not_no_vault(sdk):
    """Only None means the signer's own account; an empty address is hashed as a vault of no bytes."""
    connection_id = sdk.action_hash({"type": "noop"}, "", NONCE, None)

    assert connection_id.hex() == "8fcc8e487718f10efd7547c8bdcb3c6e41ab3129ef38172b735fe8518b04a8be"


@pytest.mark.parametrize("address", [VAULT, VAULT.removeprefix("0x"), CHECKSUMMED_VAULT])
def test_an_address_is_read_with_and_without_its_prefix(sdk, address):
    assert sdk.address_to_bytes(address).hex() == "1719884eb866cb12b2287399b15f7db5e7d775ea"


@pytest.mark.parametrize(("is_mainnet", "source"), [(True, "a"), (False, "b")], ids=["mainnet", "testnet"])
def test_the_phantom_agent_names_the_network(sdk, is_mainnet, source):
    agent = sdk.construct_phantom_agent(b"\x11" * 32, is_mainnet)

    assert agent == {"source": source, "connectionId": b"\x11" * 32}


DOMAIN_TYPE = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]


def test_an_l1_payload_is_an_agent_on_chain_1337(sdk):
    """A wallet that shows typed data shows exactly this."""
    agent = {"source": "b", "connectionId": b"\x11" * 32}

    assert sdk.l1_payload(agent) == {
        "domain": {
            "name": "Exchange",
            "version": "1",
            "chainId": 1337,
            "verifyingContract": "0x0000000000000000000000000000000000000000",
        },
        "types": {
            "Agent": [{"name": "source", "type": "string"}, {"name": "connectionId", "type": "bytes32"}],
            "EIP712Domain": DOMAIN_TYPE,
        },
        "primaryType": "Agent",
        "message": agent,
    }


def test_a_user_signed_payload_is_on_the_chain_that_the_action_names(sdk):
    action = {"signatureChainId": "0xa4b1", "amount": "1"}
    fields = [{"name": "amount", "type": "string"}]

    assert sdk.user_signed_payload("HyperliquidTransaction:Test", fields, action) == {
        "domain": {
            "name": "HyperliquidSignTransaction",
            "version": "1",
            "chainId": 42161,
            "verifyingContract": "0x0000000000000000000000000000000000000000",
        },
        "types": {"HyperliquidTransaction:Test": fields, "EIP712Domain": DOMAIN_TYPE},
        "primaryType": "HyperliquidTransaction:Test",
        "message": action,
    }


class UserSigned(NamedTuple):
    """A user-signed action as `Exchange` builds it, and the SDK's function that signs it."""

    function: str
    action: dict[str, Any]


USER_SIGNED = {
    "published-usdSend": UserSigned(
        "sign_usd_transfer_action",
        {"destination": FRIEND, "amount": "1", "time": 1687816341423, "type": "usdSend"},
    ),
    "spotSend": UserSigned(
        "sign_spot_transfer_action",
        {
            "destination": FRIEND,
            "amount": "1.5",
            "token": "PURR:0xc4bf3f870c0e9465323c0b6ed28096c2",
            "time": NONCE,
            "type": "spotSend",
        },
    ),
    "published-withdraw3": UserSigned(
        "sign_withdraw_from_bridge_action",
        {"destination": FRIEND, "amount": "1", "time": 1687816341423, "type": "withdraw3"},
    ),
    "usdClassTransfer": UserSigned(
        "sign_usd_class_transfer_action",
        {"type": "usdClassTransfer", "amount": "10.5", "toPerp": True, "nonce": NONCE},
    ),
    "sendAsset": UserSigned(
        "sign_send_asset_action",
        {
            "type": "sendAsset",
            "destination": FRIEND,
            "sourceDex": "",
            "destinationDex": "spot",
            "token": "USDC",
            "amount": "2.25",
            "fromSubAccount": VAULT,
            "nonce": NONCE,
        },
    ),
    "approveAgent": UserSigned(
        "sign_agent",
        {"type": "approveAgent", "agentAddress": OUTER_SIGNER, "agentName": "night desk", "nonce": NONCE},
    ),
    "approveAgent-unnamed": UserSigned(
        "sign_agent",
        {"type": "approveAgent", "agentAddress": OUTER_SIGNER, "agentName": "", "nonce": NONCE},
    ),
    "approveBuilderFee": UserSigned(
        "sign_approve_builder_fee",
        {"maxFeeRate": "0.05%", "builder": FRIEND, "nonce": NONCE, "type": "approveBuilderFee"},
    ),
    "userDexAbstraction": UserSigned(
        "sign_user_dex_abstraction_action",
        {"type": "userDexAbstraction", "user": FRIEND, "enabled": True, "nonce": NONCE},
    ),
    "userSetAbstraction": UserSigned(
        "sign_user_set_abstraction_action",
        {"type": "userSetAbstraction", "user": FRIEND, "abstraction": "unifiedAccount", "nonce": NONCE},
    ),
    "tokenDelegate": UserSigned(
        "sign_token_delegate_action",
        {"validator": FRIEND, "wei": 10**8, "isUndelegate": True, "nonce": NONCE, "type": "tokenDelegate"},
    ),
    "convertToMultiSigUser": UserSigned(
        "sign_convert_to_multi_sig_user_action",
        {
            "type": "convertToMultiSigUser",
            "signers": '{"authorizedUsers": ["' + FRIEND + '"], "threshold": 1}',
            "nonce": NONCE,
        },
    ),
}


@pytest.mark.parametrize("is_mainnet", NETWORKS)
@pytest.mark.parametrize("name", USER_SIGNED)
def test_a_user_signed_action_has_its_pinned_signature(sdk, wallet, name, is_mainnet):
    """The SDK writes chain id and network into the action before it signs, since both are sent."""
    function, action = copy.deepcopy(USER_SIGNED[name])
    sent = {
        **action,
        "signatureChainId": "0x66eee",
        "hyperliquidChain": "Mainnet" if is_mainnet else "Testnet",
    }

    signature = getattr(sdk, function)(wallet, action, is_mainnet)

    assert signature == pinned(name, is_mainnet)
    assert list(action.items()) == list(sent.items())


@pytest.mark.parametrize("is_mainnet", NETWORKS)
def test_a_user_signed_action_recovers_to_its_signer(sdk, is_mainnet):
    action = {**USER_SIGNED["published-usdSend"].action, "signatureChainId": "0x66eee"}
    signature = pinned("published-usdSend", is_mainnet)

    signer = sdk.recover_user_from_user_signed_action(
        action, signature, sdk.USD_SEND_SIGN_TYPES, "HyperliquidTransaction:UsdSend", is_mainnet
    )

    assert signer == SIGNER


MULTI_SIG = {
    "type": "multiSig",
    "signatureChainId": "0x66eee",
    "signatures": [{"r": "0x1", "s": "0x2", "v": 27}],
    "payload": {
        "multiSigUser": MULTI_SIG_USER.lower(),
        "outerSigner": OUTER_SIGNER.lower(),
        "action": order(LIMIT),
    },
}


@pytest.mark.parametrize("is_mainnet", NETWORKS)
def test_a_multi_sig_l1_payload_has_its_pinned_signature(sdk, wallet, is_mainnet):
    """Each authorised user signs account, outer signer (both in lower case) and action as one list."""
    signature = sdk.sign_multi_sig_l1_action_payload(
        wallet, order(LIMIT), is_mainnet, VAULT, NONCE, EXPIRY, MULTI_SIG_USER, OUTER_SIGNER
    )

    assert signature == pinned("multi-sig-l1-payload", is_mainnet)


@pytest.mark.parametrize("is_mainnet", NETWORKS)
def test_a_multi_sig_user_signed_payload_has_its_pinned_signature(sdk, wallet, is_mainnet):
    """Each authorised user signs the action with account and outer signer in it, which are not sent."""
    action = copy.deepcopy(USER_SIGNED["published-usdSend"].action)

    signature = sdk.sign_multi_sig_user_signed_action_payload(
        wallet,
        action,
        is_mainnet,
        sdk.USD_SEND_SIGN_TYPES,
        "HyperliquidTransaction:UsdSend",
        MULTI_SIG_USER,
        OUTER_SIGNER,
    )

    assert signature == pinned("multi-sig-user-signed-payload", is_mainnet)
    assert action == USER_SIGNED["published-usdSend"].action


@pytest.mark.parametrize("is_mainnet", NETWORKS)
@pytest.mark.parametrize(
    ("name", "vault", "expires_after"),
    [("multi-sig-envelope", None, None), ("multi-sig-envelope-for-a-vault-with-expiry", VAULT, EXPIRY)],
)
def test_a_multi_sig_envelope_has_its_pinned_signature(sdk, wallet, name, vault, expires_after, is_mainnet):
    """The outer signer signs the hash of the whole action without its type, inner signatures included."""
    action = copy.deepcopy(MULTI_SIG)

    signature = sdk.sign_multi_sig_action(wallet, action, is_mainnet, vault, NONCE, expires_after)

    assert signature == pinned(name, is_mainnet)
    assert action == MULTI_SIG


def test_multi_sig_types_follow_the_network(sdk):
    enriched = sdk.add_multi_sig_types(
        [{"name": "hyperliquidChain", "type": "string"}, {"name": "nonce", "type": "uint64"}]
    )

    assert enriched == [
        {"name": "hyperliquidChain", "type": "string"},
        {"name": "payloadMultiSigUser", "type": "address"},
        {"name": "outerSigner", "type": "address"},
        {"name": "nonce", "type": "uint64"},
    ]


def test_multi_sig_types_without_a_network_stay_and_are_complained_of(sdk, capsys):
    types = [{"name": "nonce", "type": "uint64"}]

    assert sdk.add_multi_sig_types(types) == types

    assert capsys.readouterr().out == (
        '"hyperliquidChain" missing from sign_types.'
        " sign_types was not enriched with multi-sig signing types\n"
    )


def test_multi_sig_types_with_a_network_are_not_complained_of(sdk, capsys):
    sdk.add_multi_sig_types([{"name": "hyperliquidChain", "type": "string"}])

    assert capsys.readouterr().out == ""


def test_multi_sig_fields_are_added_to_a_copy(sdk):
    action = {"type": "usdSend"}

    enriched = sdk.add_multi_sig_fields(action, MULTI_SIG_USER, OUTER_SIGNER)

    assert enriched == {
        "type": "usdSend",
        "payloadMultiSigUser": "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc",
        "outerSigner": "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
    }
    assert action == {"type": "usdSend"}


# One stanza a signature: name, network, v; then r and s, printed as the SDK prints them.
_TABLE = """
published-order mainnet 28
  0xd65369825a9df5d80099e513cce430311d7d26ddf477f5b3a33d2806b100d78e
  0x2b54116ff64054968aa237c20ca9ff68000f977c93289157748a3162b6ea940e
published-order testnet 27
  0x82b2ba28e76b3d761093aaded1b1cdad4960b3af30212b343fb2e6cdfa4e3d54
  0x6b53878fc99d26047f4d7e8c90eb98955a109f44209163f52d8dc4278cbbd9f5
published-order-with-cloid mainnet 27
  0x41ae18e8239a56cacbc5dad94d45d0b747e5da11ad564077fcac71277a946e3
  0x3c61f667e747404fe7eea8f90ab0e76cc12ce60270438b2058324681a00116da
published-order-with-cloid testnet 28
  0xeba0664bed2676fc4e5a743bf89e5c7501aa6d870bdb9446e122c9466c5cd16d
  0x7f3e74825c9114bc59086f1eebea2928c190fdfbfde144827cb02b85bbe90988
published-stop-order mainnet 27
  0x98343f2b5ae8e26bb2587daad3863bc70d8792b09af1841b6fdd530a2065a3f9
  0x6b5bb6bb0633b710aa22b721dd9dee6d083646a5f8e581a20b545be6c1feb405
published-stop-order testnet 28
  0x971c554d917c44e0e1b6cc45d8f9404f32172a9d3b3566262347d0302896a2e4
  0x206257b104788f80450f8e786c329daa589aa0b32ba96948201ae556d5637eac
published-dummy-for-a-vault mainnet 28
  0x3c548db75e479f8012acf3000ca3a6b05606bc2ec0c29c50c515066a326239
  0x4d402be7396ce74fbba3795769cda45aec00dc3125a984f2a9f23177b190da2c
published-dummy-for-a-vault testnet 27
  0xe281d2fb5c6e25ca01601f878e4d69c965bb598b88fac58e475dd1f5e56c362b
  0x7ddad27e9a238d045c035bc606349d075d5c5cd00a6cd1da23ab5c39d4ef0f60
order-with-builder mainnet 28
  0x6595f5550dd8a8686dd2f509ea85adc657441c6ac501c50bbab652c6ed3c7a1b
  0x79f387f111c4393982f653fe1dbe96853edfcf78b36c42055f015cb8b9745c0e
order-with-builder testnet 27
  0x9a6518c378407d3bbb8c55f8d4bd01b4f32f419691cca5ce69b03df5bd7f64c6
  0x157921f4e2212447fa2abb033c737ed7235b7526b65f73633d30751fd350e332
order-with-its-stop mainnet 28
  0xf03fc9352f5fc7da2e16225f9a6d8dc627242b54de35ad57585774cfac9f090d
  0x411693d8baaf9765026a856fb5d25316dd41bcdc8c9260f6887463c66a086173
order-with-its-stop testnet 28
  0xb33d444c292ae528c4aee91a8150d516df94d0b4c9c0651ec1e6a4479af62835
  0x38e295b2cb76771f3c0fbc06b2a7a42350924cfbaf028a0694667c296e8de384
order-with-priority mainnet 28
  0xa77b948422d5210b1b70ad47ffc30b0da55b97763cc16ead9a746e9ae7ca9453
  0x2c0e8724909ad11065b49b86bba51a5ef466c78b238fcb88fedce6e8c43ded3f
order-with-priority testnet 27
  0x791876c57f252c847c0805c7d4f225feabbbeb8724acf5f0002d4286adc08031
  0x2dde2dd7ece3e8d435e92d1208d3699fb76f2b4eee7c2ee2f49b724bfddd8233
order-for-a-vault mainnet 27
  0xadd9a5953648b18f1cc9625df5aef6113588607b4fbf2b0b2060b9efa7b6892f
  0x3e7a82b592b342b67f697a06dd2ca286f3a5bd5ed62198ed2bfc20385ca460d1
order-for-a-vault testnet 27
  0x8d45308d50ac25a5f7c1c5b9688ba02583fde4d2b22052b1efeb4ff90899d773
  0xb16893a195efb0ca76423acd60b8001cf0898ec5f904c49ddc59282425e1d11
order-with-expiry mainnet 28
  0xcf733a3015276b402a8a97ba1108a8983fdc632821158956cc1b3ddb674cec14
  0x1d0833dc38d6a38fed0d9dac0e7e70a67014fc23e181467a6298561912286458
order-with-expiry testnet 28
  0x8809b11c12fb460d26b63ba4eb462e08fa1ce3e5ef7a703b7fa0a683019e29ab
  0x6a9ff397e483987a49e928248192c3e52702ca99d249ed467866327dc9f05db7
order-with-expiry-zero mainnet 28
  0x24f539524fc13ec2a1cea5cff7f3a6ad1b3c71b217e66206dc08f64e5b624d62
  0x5816fa382e594728ee435183c4177b070b18ff34ea445a534bf36fbd153c4f00
order-with-expiry-zero testnet 27
  0xc46e7bdb42505ccebc8ad824fb02d3233bada4ec6c7a0092610f0b9be25823cb
  0x5c44d7ef490b61564129c184e33ef525247e91f06cb7c3475df36881741e6e70
order-for-a-vault-with-expiry mainnet 28
  0x20ced8c93c06f5476ccbf798e4a0f76b04ffba2ce3874af50bd38f130056e84e
  0xfc716058e0733fea9ef80ce78305b9d159d3d4f1face373089345a738902d3d
order-for-a-vault-with-expiry testnet 27
  0x8170dd9d03e7c2e7f550b794fb1fe6a4f08b87a9e0d51cba6b9858932bb87dd9
  0x2926fb31e5d9dd3138afc0946376d2e02a435776bd581e302896d84e65c63406
cancel mainnet 27
  0x161dac0c23f9144976ccddea651f8db42d718c1d81da6130afc136d502563b28
  0x23fa392e432549644c196a9b37c2e2b06804a6bba56486ddbf91d53d2e76fd6b
cancel testnet 28
  0x2bbbc2730efc4ec51c8c316089186ec00b3f85ef9b167e12ab3c036292a35411
  0x344766ee8f8504013ff0b7a86984c8586d37b674c3de2b5c67570b16471cf8e0
cancel-by-cloid mainnet 27
  0x7ab05cf4956c91c35a0ea5ec35a40a312a835d86d538b02e5a68bff3596c380b
  0x15b47d57797bbf49ecf54e192c7ca8177f42fa1597cf32d303bc822fae966c9a
cancel-by-cloid testnet 28
  0xe0a289c2e00e35d2eb1157560189ea42d681a0d0dc1b9544aaf929e411df53f2
  0x62b0e8ce5844d7962105736fd4c11351334723c31174e917b37050e409c870d7
modify mainnet 28
  0xdcf02e979fea9ee1565a688a6ddad1b9aea28456858c17b118a4a56e57a3435
  0x5ef60bf09703a87171db853253a97a36edda55e03253f6a482312081eb04e841
modify testnet 28
  0x4dc9bb248182eb3aab77dd93d4509c489821a1e9b49b782c62f84d9a6c5990fb
  0xc3aa096de2194891771b1ad2f803970dbf1cd5331b677b4cfdc9ec67d281b32
leverage mainnet 28
  0xbcf8920e681f57546fe192240bc6507f57c044533e5b399f0cb004589701f333
  0x660be6eac81e4bc9d43a3cd81afd783fd09cc90224d86953426cedd8695f99f8
leverage testnet 28
  0x574591f14c96744f97f395ae1ef4db9dbae8df0fe392bb27ed9ec1c7ac89d8ce
  0x4decfca42524ad53366ea3ff6f81f030187d2adf60d10d6017b86acb9d783ea5
margin-taken-out mainnet 27
  0x33a21f2baad8ab6995888087248c20891c5c7042d9c023391e42de374d917c17
  0xfe1c63a265d2d7aa58bbab1ece8f8275f9ef79ad014e73953fedd502aed903a
margin-taken-out testnet 27
  0xa54d9c7634a14266b0ff92035585951fc9968017b7d2e3d3936035ca9d2944e8
  0x23864313c9290c771e972d434e96ccc58d388c94fa3c3cb3d388b063415505e2
schedule-cancel-cleared mainnet 28
  0x53e90d35025a9d30e0e259b69beba5188c672b4f0418ab396631677916c66a3
  0x3932da2152b7f08015f4653d9b75840db7ed7041ee93b474a4822fac3813ff75
schedule-cancel-cleared testnet 28
  0x9fa6b2ac972171ad345104f485ee36752e6b2f3f6c2bc51173ca0178063566bc
  0x24feb3f0d4e724bd887a5a23bb4eed6b1d52702c1cd0c1ec9991994f33664c57
noop-with-the-largest-nonce mainnet 28
  0xd1b4fac6ee22d7c1ca017cc26a11adde419eb361a6cba247a75b2a047396b48f
  0x18148f4264b18f83cc3fb660579791d22615dc5c096f1765d609323343867868
noop-with-the-largest-nonce testnet 27
  0x5888e0de4b69399a9983f703047c564e8c4c942345bb18cb305da7138fb13591
  0x2bb46c82763b095345037715c4df7efaeaee50749e53c6573ee262805db252c7
published-usdSend mainnet 28
  0x9adbd066e8ae671f06b5d18e51fd2ec11b5443d64b13718028c7ff06905c71fb
  0x1eba4172075f8a8037481400ae86ed56c5e5f672e3db084528a8e3b2daeff976
published-usdSend testnet 27
  0x637b37dd731507cdd24f46532ca8ba6eec616952c56218baeff04144e4a77073
  0x11a6a24900e6e314136d2592e2f8d502cd89b7c15b198e1bee043c9589f9fad7
spotSend mainnet 28
  0xc3bd74f3217a515a035889eb1dfc000cb3ae883d298680695df708748d829598
  0x1909301d09458a2a5756044d63c78f69ef747be5e403370e3cc15001d9dafb96
spotSend testnet 28
  0x62c69d0d3615cfddf2cffa9edb5a05a0f5206fea2da9d75e2d50bb6639c0c259
  0x4e29cfeed8e4897ca233d62cbece3a38127c9b027a5e9197eadbbb8aee7fb6fd
published-withdraw3 mainnet 28
  0xa155eccb6deecc343d5ce1d69ca20a6b8959cc3f21ffff6b82790e2e9f7fe888
  0x6e78708de0806beceab552e1a97378fa80090d902bfffa8b6ee6b35d713f58c4
published-withdraw3 testnet 28
  0x8363524c799e90ce9bc41022f7c39b4e9bdba786e5f9c72b20e43e1462c37cf9
  0x58b1411a775938b83e29182e8ef74975f9054c8e97ebf5ec2dc8d51bfc893881
usdClassTransfer mainnet 28
  0x107a3e760afc1640dcdce3f93babe7a57a34627e1d851cff2af2d3c3dd4a1f3d
  0x18e9505a21a410f8b1cf64037531b9acf7f14aafede57d3fc5d556346f98e3b7
usdClassTransfer testnet 28
  0x2099a28ed67cdcf7bf0459d73f52fb403730e6a9cd9c39154379ccabc9c62273
  0x675a2c04e41aa562e3ce62fb6f73564fdd5b800b1c71ec50c76b58b183f8170a
sendAsset mainnet 27
  0x22c554e2e85d13afeea38de1314596d18737c305b074de80b702309c79108e45
  0x7b5e7c336a5369a6a979f85e33c5ae74de11efcea43b96368783877ffd7bf76b
sendAsset testnet 28
  0x30e8ea41d5314998c04407530fa81dd661bdc3106f7647c4e9a488220fa95e9
  0x1d3adea969c71cd1e8cf48a7cffa5793b69de1c94fc14b47754cbf4643de77eb
approveAgent mainnet 28
  0x84fe02dc091a80db0e8d09bb05df93b32569bcd4ee7dcb7646cc707457ccc5a6
  0x708dded8720672df1d2b3fe54f9983bc1dd85675a3f4621094b0e676d470f8bf
approveAgent testnet 28
  0xe919fab6a1642960bd5f53333e2ac6d572bac4b77505d39d94adfe6fbaf08243
  0x2d83f9086b890b25abb416ec90a089d0a3a3aab87ab99a8f1e28917ecd055c40
approveAgent-unnamed mainnet 27
  0x1fcb9821f3d0b885dad887508c06514c23fa39db1bf3517b2d9482cdad9ae1e9
  0x4428aa5ea6656b7c847124388a362ff3882f5c223024f808b4e833f032413cd7
approveAgent-unnamed testnet 27
  0xe8b2daf816f04e9e0ae4c61d04bcc2a9c3fb3eeeebd67b52080bba3e8685dfdd
  0x6d9fb96e5b9734f167b2a960470fc1297138ce212c364f92e49debd03bf553c3
approveBuilderFee mainnet 28
  0x17f831130f72914ff9ea12b2c6f1967913154c1fe919f19fb371d4ab6baa5642
  0x54a321d4d856f2ccd1014ed871ee104e69c3a442bcafa07fa0b7884bd190aade
approveBuilderFee testnet 27
  0x52b71e32c82b26abe2d6e88b56aeeee1c6e10eafdab99d33f14cef0ce193a1cd
  0x1c8bd203d9e63aa8359ec67818cf096eaafd13c356624cc9d0e77dc09cdfcefd
userDexAbstraction mainnet 28
  0x825f023cb78d9bcbf0f0cea8e66d1e6c88b19c8bb3226311adca8e4d7fddbc7e
  0x42567e3acbf2f2f362f1709b2ba1c5ac35311154fab563a417519a7853d3243a
userDexAbstraction testnet 27
  0xde67a295ab445630e1ffe975c65670e24c5d48edb9c03c20b44af87a5f843073
  0x77b93266f2fb3ec4a4b6a4c07ab3529523a2933263f753333367f77920bc1e5
userSetAbstraction mainnet 28
  0x5d822c6fd450ef5a9e94558c8759320271f5958dc71a9a407f940e9348f14fd1
  0x781edd8e8d01f678b5c228eca410fcba507ce54f09a3e40c9da7f9f453af8b42
userSetAbstraction testnet 28
  0x418146e8d92b4285cfdf02ee6d6676c128856237814135995936a832dde91fa8
  0x6c85b9cd69d0abe89cd6d7482cd6dba31f528a9bba6452c912682cb986cfe74e
tokenDelegate mainnet 27
  0x9ce89b2012d7f00bb53bd5dc90c59e29064b87751406cc2e30cee793f72932ab
  0x7190c8cd3c3ac3ea1f12160567816c5fd94de22ede10263cc737fb63a0a07fa1
tokenDelegate testnet 28
  0x2e619e6394040c1f233f46886207eb8c2cf975849e953bea776643fefec437a6
  0x4b39d4a18b84ee1d323e0200c2181ea1192636d72a7caa9dc116646fe2f52abb
convertToMultiSigUser mainnet 28
  0x596b3cb27c3358d15074f9136b1758debe49f2162cc8c738efc32428732e619f
  0x53c20a34f6f534840329275bc1cac357fa3abd72d53df24f617c14164b010cc
convertToMultiSigUser testnet 28
  0xc26e88783a0d0e02ba98d2de6dca4f4761fecfd33feb74ce510c510a36d8df03
  0x69c6d1b9288df3ade01a6eb03a0d61cb74f3472f007fd7f251c42452f46e68d8
multi-sig-l1-payload mainnet 27
  0x5db69dbada1591a4aa3c5fada523596afbaf041412ab1b55c2690a5c43fb8877
  0x2165b0a7d0678cf2e9052d0169642f730ab753b9eed21072224eb2448dfda0d2
multi-sig-l1-payload testnet 27
  0x7611d98eb0e493a1fca86648df654c008f34cccce33ef1d062f4aa0bb7b871ea
  0x506ea17b1256e3c339200dbfa06f5725fddffac2d68266f8d45a0a52a2ca5845
multi-sig-user-signed-payload mainnet 27
  0xab6cef0bc815d8285d91cd9b1b4f8e8db8bd500f89f1045606397ebee917d38c
  0x71b6c2f7c182b87defe98195e02308d02b1923e9e2d4f0e1bea098df475a839f
multi-sig-user-signed-payload testnet 27
  0x295e9fc6f04c052f16d506dd8d689231e7a93473561f2d38f409e1b965b9fd81
  0x163659ecce527b3cb6199ef741e36ff1915b7370e454508fa5e5a7b156812b2d
multi-sig-envelope mainnet 27
  0xa4751c268dfa4353b52f696fa2725176a8978e31857459cc8e5ad1ce44b5db9e
  0x7f9de5199b61d5d585c62c405c159fe26a42ca4923d68a1bc6d207faba245629
multi-sig-envelope testnet 28
  0x763094d72ca46eeee31703660593195abed0ba8868c768ee46861b68d55c5b05
  0x69fb8f9093232f7b84a7a2aab3a8aa2dde50c46641940d752c816eeff4d93c4b
multi-sig-envelope-for-a-vault-with-expiry mainnet 28
  0x1e335c5521fbbe70b7982cce21afb0f4f91cf5e5484fbd3c42df287376c7da9e
  0x52dcac06adfe3e339f9386eb65a2b6949710ee4e9be59115d4f68c143c4adff8
multi-sig-envelope-for-a-vault-with-expiry testnet 27
  0x48bfcbae95435514a68f040a3ee92d8ccf40a65752c186fbffe98c872d19ccd7
  0x7c08b0b71f946cd6e092baaef63477e0d8fbe0dede09c938481a3b22146f2ad1
"""


def _read(table: str) -> dict[tuple[str, str], dict[str, Any]]:
    words = iter(table.split())
    return {
        (name, network): {"r": r, "s": s, "v": int(v)}
        for name, network, v, r, s in zip(words, words, words, words, words, strict=True)
    }


SIGNATURES = _read(_TABLE)
