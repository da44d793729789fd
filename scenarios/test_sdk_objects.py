"""What the SDK's objects keep of what they are given, and the corners of how they use it. Nothing is sent.

Covers: hyperliquid.api, hyperliquid.info, hyperliquid.exchange, hyperliquid.utils.types without a target.
"""

import logging
from types import SimpleNamespace

import pytest

TESTNET = "https://api.hyperliquid-testnet.xyz"
CHECKSUMMED = "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B"
MASTER = "0xD8DA6BF26964aF9D7eEd9e03E53415D37aA96045"
META = {"universe": [{"name": "BTC", "szDecimals": 5}, {"name": "ETH", "szDecimals": 4}]}
SPOT_META = {
    "universe": [{"name": "@7", "index": 7, "tokens": [1, 0]}],
    "tokens": [
        {"name": "USDC", "index": 0, "szDecimals": 8},
        {"name": "HYPE", "index": 1, "szDecimals": 2},
    ],
}
DEX_META = {"universe": [{"name": "two:ABC", "szDecimals": 3}]}
LIMIT = {"limit": {"tif": "Gtc"}}


@pytest.fixture(scope="module")
def wallet():
    import eth_account

    return eth_account.Account.from_key(b"\x11" * 32)


@pytest.fixture
def dexes(monkeypatch):
    """Two builder dexes, whose metadata need no request."""
    from hyperliquid.info import Info

    monkeypatch.setattr(Info, "perp_dexs", lambda self: [None, {"name": "one"}, {"name": "two"}])
    monkeypatch.setattr(Info, "meta", lambda self, dex="": DEX_META)
    monkeypatch.setattr(
        Info, "all_mids", lambda self, dex="": {"two:ABC": "3.0"} if dex == "two" else {"ETH": "3.0"}
    )


def exchange(wallet, base_url=TESTNET, **options):
    from hyperliquid import exchange

    options = {"meta": META, "spot_meta": SPOT_META, **options}
    return getattr(exchange, "Exchange")(wallet, base_url, **options)  # noqa: B009


def info(base_url=TESTNET, skip_ws=True, meta=META, spot_meta=SPOT_META, **options):
    from hyperliquid import info

    return info.Info(base_url, skip_ws, meta, spot_meta, **options)


def cloid_type():
    from hyperliquid.utils.types import Cloid

    return Cloid


def test_addresses_and_url_are_kept_as_they_were_given(wallet):
    """Their case too: the account is what reads name, the vault what the envelope names."""
    url = "http://LOCALHOST:3001"
    sdk = exchange(wallet, url, vault_address=CHECKSUMMED, account_address=MASTER)

    assert (sdk.base_url, sdk.info.base_url, info(url).base_url) == (url, url, url)
    assert (sdk.wallet, sdk.vault_address, sdk.account_address) == (wallet, CHECKSUMMED, MASTER)
    assert sdk.expires_after is None


def test_path_is_added_to_the_url_as_it_is(wallet, monkeypatch):
    """Nothing is joined, escaped or lower-cased; an absent payload is an empty object."""
    sdk, posted = info(timeout=4.5), []
    answer = SimpleNamespace(status_code=200, json=lambda: {"read": True})
    monkeypatch.setattr(
        sdk.session, "post", lambda *call, **options: posted.append((call, options)) or answer
    )

    assert sdk.post("/Some/Path") == {"read": True}

    assert posted == [((TESTNET + "/Some/Path",), {"json": {}, "timeout": 4.5})]


def test_logger_bears_the_name_of_the_module():
    """Whoever quietens or raises the SDK's log does it by this name."""
    assert info()._logger.name == "hyperliquid.api"


@pytest.mark.targets("replay", "localnet", reason="signatures are kept out of logs on testnet")
def test_what_is_sent_is_logged_for_debugging(wallet, monkeypatch, caplog):
    """The payload, whole, at level DEBUG."""
    sdk, posted = exchange(wallet), []
    monkeypatch.setattr(sdk, "post", lambda path, payload: posted.append(payload))

    with caplog.at_level(logging.DEBUG):
        sdk.noop(7)

    assert [record.getMessage() for record in caplog.records if record.name == "root"] == [str(posted[0])]


@pytest.mark.parametrize("given", [{"meta": {}}, {"spot_meta": {}}], ids=["meta", "spot-meta"])
def test_empty_metadata_is_taken_as_given(given):
    """Only None is fetched; an empty dictionary lacks its keys."""
    with pytest.raises(KeyError, match=r"universe|tokens"):
        info(**given)


def test_no_dexes_are_no_coins(dexes):
    """An empty list of dexes is not the same as none given: not even the first dex is loaded."""
    assert info(perp_dexs=[]).coin_to_asset == {"@7": 10_007}
    assert "ETH" in info().coin_to_asset


def test_later_entries_of_one_name_count(monkeypatch):
    """Tokens of one index, dexes of one name, coins of one name on two dexes: the last stands."""
    from hyperliquid.info import Info

    metas = {
        "one": [{"name": "ABC", "szDecimals": 1}, {"name": "ABC", "szDecimals": 3}],
        "two": [{"name": "ABC", "szDecimals": 2}],
    }
    names = [None, {"name": "one"}, {"name": "two"}, {"name": "one"}]
    monkeypatch.setattr(Info, "perp_dexs", lambda self: names)
    monkeypatch.setattr(Info, "meta", lambda self, dex="": {"universe": metas[dex]})
    tokens = [{"name": "OLD", "index": 1, "szDecimals": 0}, *SPOT_META["tokens"]]

    sdk = info(spot_meta={**SPOT_META, "tokens": tokens}, perp_dexs=["two", "one"])

    assert sdk.name_to_coin["HYPE/USDC"] == "@7"
    assert sdk.asset_to_sz_decimals[10_007] == 2
    assert sdk.coin_to_asset["ABC"] == 130_001


def test_exchange_hands_the_dexes_to_its_info(wallet, dexes):
    """So that orders on their coins get their numbers."""
    assert exchange(wallet, perp_dexs=["", "two"]).info.name_to_asset("two:ABC") == 120_000


def test_slippage_starts_from_the_mid_of_the_coins_own_dex(wallet, dexes):
    """Without a price the mid is read from the dex before the colon."""
    sdk = exchange(wallet, perp_dexs=["", "two"])

    assert sdk._slippage_price("two:ABC", True, 0.01) == 3.03
    assert sdk._slippage_price("ETH", False, 0.01) == 2.97


@pytest.mark.parametrize(
    ("asset", "px", "limit"),
    [
        pytest.param(1, 3.10275, 3.26, id="a-perpetual-has-6-decimals"),
        pytest.param(9_999, 3.10275, 3.26, id="the-last-number-of-a-perpetual"),
        pytest.param(10_000, 3.10275, 3.2579, id="the-first-number-of-a-pair-has-8"),
    ],
)
def test_decimals_of_a_slippage_price_depend_on_the_assets_number(wallet, asset, px, limit):
    """Numbers from 10000 are pairs; with 4 decimals of size a perpetual's price has 2, a pair's 4."""
    sdk = exchange(wallet)
    sdk.info.coin_to_asset["ETH"] = asset
    sdk.info.asset_to_sz_decimals[asset] = 4

    assert sdk._slippage_price("ETH", True, 0.05, px) == limit


def test_inner_action_of_a_multi_sig_is_not_changed(wallet, monkeypatch):
    """Its signers signed it as it is; the short form of the abstraction goes into a copy."""
    sdk = exchange(wallet)
    monkeypatch.setattr(sdk, "post", lambda path, payload: payload)
    inner = {"type": "userSetAbstraction", "user": MASTER, "abstraction": "disabled"}

    sent = sdk.multi_sig(CHECKSUMMED, inner, [], 7)

    assert sent["action"]["payload"]["action"]["abstraction"] == "i"
    assert inner["abstraction"] == "disabled"


def test_sides_are_ask_and_bid():
    """As fills and books name them."""
    from hyperliquid.utils.types import SIDES

    assert SIDES == ["A", "B"]


def test_cloid_makes_cloids():
    """From a class or from a cloid at hand; the text is plain whatever text it came from."""
    cloid = cloid_type().from_int(7)

    class Text(str):
        """A text of another type."""

    again = cloid_type()(Text(cloid.to_raw()))

    assert cloid.from_int(8).to_raw() == cloid.from_str("0x" + "0" * 31 + "8").to_raw()
    assert (type(str(again)), type(repr(again))) == (str, str)


@pytest.fixture
def closing(wallet, dexes, monkeypatch):
    """Build an Exchange whose market_close finds these positions; what it reads and orders is noted."""

    def build(*positions, **options):
        sdk = exchange(wallet, perp_dexs=["", "two"], **options)
        state = {"assetPositions": [{"position": {"coin": coin, "szi": szi}} for coin, szi in positions]}
        read, ordered = [], []
        monkeypatch.setattr(sdk.info, "user_state", lambda *asked: read.append(asked) or state)
        monkeypatch.setattr(sdk, "order", lambda *order, **more: ordered.append((order, more)) or "ordered")
        return SimpleNamespace(sdk=sdk, read=read, ordered=ordered)

    return build


@pytest.mark.parametrize(
    ("options", "address"),
    [
        pytest.param({}, None, id="of-the-key"),
        pytest.param({"account_address": MASTER}, MASTER, id="of-the-master"),
        pytest.param({"vault_address": CHECKSUMMED}, CHECKSUMMED, id="of-the-vault"),
        pytest.param(
            {"account_address": MASTER, "vault_address": CHECKSUMMED}, CHECKSUMMED, id="vault-before-master"
        ),
    ],
)
def test_market_close_reads_the_positions_of_the_account_it_trades_for(closing, wallet, options, address):
    """The vault's before the master's before the key's own, each in the case it was given."""
    at = closing(**options)

    assert at.sdk.market_close("two:ABC") is None

    assert (at.read, at.ordered) == ([(address or wallet.address, "two")], [])


def test_market_close_orders_the_opposite_of_the_first_position_of_its_coin(closing):
    """Reduce-only and IOC, for the whole size, around the mid of its dex."""
    at = closing(("ETH", "9"), ("two:ABC", "-0.5"), ("two:ABC", "7"))

    assert at.sdk.market_close("two:ABC", slippage=0.01, cloid="cloid", builder="builder") == "ordered"

    options = {
        "order_type": {"limit": {"tif": "Ioc"}},
        "reduce_only": True,
        "cloid": "cloid",
        "builder": "builder",
    }
    assert at.ordered == [(("two:ABC", True, 0.5, 3.03), options)]


def test_market_close_of_a_position_of_nothing_sells(closing):
    """Only a short is bought back."""
    at = closing(("two:ABC", "0"))

    at.sdk.market_close("two:ABC", 2.5, slippage=0.01)

    assert at.ordered[0][0] == ("two:ABC", False, 2.5, 2.97)


def test_market_open_orders_with_what_it_was_given(closing):
    """Not reduce-only, IOC, with cloid and builder."""
    at = closing()

    at.sdk.market_open("two:ABC", True, 2.5, None, 0.01, "cloid", "builder")

    options = {
        "order_type": {"limit": {"tif": "Ioc"}},
        "reduce_only": False,
        "cloid": "cloid",
        "builder": "builder",
    }
    assert at.ordered == [(("two:ABC", True, 2.5, 3.03), options)]


@pytest.mark.parametrize(("given", "more"), [(None, {}), ("", {}), ("0x7", {"cloid": "0x7"})])
def test_order_is_a_batch_of_one(wallet, monkeypatch, given, more):
    """An empty cloid is no cloid; the request then lacks the key."""
    sdk, batches = exchange(wallet), []
    monkeypatch.setattr(sdk, "bulk_orders", lambda *batch: batches.append(batch))

    sdk.order("ETH", True, 0.01, 2500, LIMIT, True, given, "builder")

    request = {"coin": "ETH", "is_buy": True, "sz": 0.01, "limit_px": 2500, "order_type": LIMIT}
    assert batches == [([{**request, "reduce_only": True, **more}], "builder")]


@pytest.mark.parametrize(
    ("name", "named"), [("Desk", {"agentName": "Desk"}), ("", {"agentName": ""}), (None, {})]
)
def test_agent_key_has_32_random_bytes_and_is_returned(wallet, monkeypatch, name, named):
    """As hex with its prefix; the agent's address is that key's. Without a name the key is not sent."""
    from hyperliquid import exchange as module

    sdk, asked = exchange(wallet), []
    monkeypatch.setattr(sdk, "post", lambda path, payload: payload["action"])
    monkeypatch.setattr(
        module, "secrets", SimpleNamespace(token_hex=lambda n_bytes: asked.append(n_bytes) or "22" * 32)
    )

    action, key = sdk.approve_agent(name)

    assert (asked, key) == ([32], "0x" + "22" * 32)
    assert action["agentAddress"] == "0x1563915e194D8CfBA1943570603F7606A3115508"
    assert {field: text for field, text in action.items() if field == "agentName"} == named


def register_perp(sdk, schema):
    return sdk.perp_deploy_register_asset("test", None, "test:ABC", 2, "10.0", 10, False, schema)


def test_only_none_is_no_schema_and_no_updater(wallet, monkeypatch):
    """An empty schema lacks its keys; an empty updater is sent as it is."""
    sdk = exchange(wallet)
    monkeypatch.setattr(sdk, "post", lambda path, payload: payload["action"]["registerAsset"]["schema"])
    schema = {"fullName": "Test", "collateralToken": 0, "oracleUpdater": ""}

    assert register_perp(sdk, schema) == schema
    with pytest.raises(KeyError, match="fullName"):
        register_perp(sdk, {})


def test_only_none_is_no_address_of_a_validator(wallet, monkeypatch):
    """An empty address is sent as an address."""
    sdk = exchange(wallet)
    monkeypatch.setattr(sdk, "post", lambda path, payload: payload["action"]["changeProfile"]["node_ip"])

    assert sdk.c_validator_change_profile("", None, None, True, None, None, None) == {"Ip": ""}
    assert sdk.c_validator_change_profile(None, None, None, True, None, None, None) is None
