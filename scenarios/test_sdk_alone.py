"""What the SDK does before anything is sent, and with answers that no exchange here gives. Nothing is sent.

Covers: hyperliquid.api, hyperliquid.info and hyperliquid.exchange without a target.
"""

import pytest
import requests

from harness.errors import GuardError

META = {"universe": [{"name": "BTC", "szDecimals": 5}, {"name": "ETH", "szDecimals": 4}]}
SPOT_META = {
    "universe": [
        {"name": "PURR/USDC", "index": 0, "tokens": [1, 0]},
        {"name": "@7", "index": 7, "tokens": [2, 0]},
        {"name": "@8", "index": 8, "tokens": [2, 0]},
    ],
    "tokens": [
        {"name": "USDC", "index": 0, "szDecimals": 8},
        {"name": "PURR", "index": 1, "szDecimals": 0},
        {"name": "HYPE", "index": 2, "szDecimals": 2},
    ],
}
TESTNET = "https://api.hyperliquid-testnet.xyz"


@pytest.fixture
def info():
    """The SDK's Info, built from metadata at hand."""
    from hyperliquid.info import Info

    return Info(TESTNET, True, META, SPOT_META)


class Socket:
    """Stands where the SDK keeps its websocket manager, and notes what it is asked."""

    def __init__(self):
        self.asked = []

    def subscribe(self, subscription, callback):
        self.asked.append(("subscribe", subscription, callback))
        return 41

    def unsubscribe(self, subscription, subscription_id):
        self.asked.append(("unsubscribe", subscription, subscription_id))
        return True

    def stop(self):
        self.asked.append(("stop",))


def response(status, text, content_type="application/json"):
    made = requests.Response()
    made.status_code = status
    made._content = text.encode()
    made.headers["Content-Type"] = content_type
    return made


def test_asset_numbers_names_and_decimals(info):
    """Perpetuals count from 0, pairs from 10000; the first pair of two tokens gets their joint name."""
    assert info.coin_to_asset == {"BTC": 0, "ETH": 1, "PURR/USDC": 10_000, "@7": 10_007, "@8": 10_008}
    assert info.asset_to_sz_decimals == {0: 5, 1: 4, 10_000: 0, 10_007: 2, 10_008: 2}
    assert info.name_to_coin["HYPE/USDC"] == "@7"
    assert info.name_to_coin["PURR/USDC"] == "PURR/USDC"


def test_builder_dexes_count_from_110000(monkeypatch):
    """Each builder dex has 10000 numbers of its own, in the order of perpDexs, whose first entry is null."""
    from hyperliquid.info import Info

    monkeypatch.setattr(Info, "perp_dexs", lambda self: [None, {"name": "one"}, {"name": "two"}])
    rows = {dex: [{"name": f"{dex}:A", "szDecimals": 3}] for dex in ("one", "two")}
    monkeypatch.setattr(Info, "meta", lambda self, dex="": {"universe": rows[dex]})
    info = Info(TESTNET, True, META, SPOT_META, perp_dexs=["", "two", "one"])

    assert (info.name_to_asset("ETH"), info.name_to_asset("one:A"), info.name_to_asset("two:A")) == (
        1,
        110_000,
        120_000,
    )


def test_metadata_of_the_first_dex_is_fetched_only_if_it_is_not_given(monkeypatch):
    """Given metadata is used for the first dex alone."""
    from hyperliquid.info import Info

    fetched = []
    monkeypatch.setattr(Info, "perp_dexs", lambda self: [None, {"name": "one"}])
    monkeypatch.setattr(Info, "meta", lambda self, dex="": fetched.append(dex) or META)
    Info(TESTNET, True, META, SPOT_META, perp_dexs=["", "one"])
    assert fetched == ["one"]

    Info(TESTNET, True, None, SPOT_META)
    assert fetched == ["one", ""]


@pytest.mark.parametrize("kind", ["l2Book", "trades", "candle", "bbo", "activeAssetCtx"])
def test_subscriptions_to_a_coin_use_the_exchanges_name(info, kind):
    """A pair's joint name becomes its number before it is subscribed or unsubscribed."""
    info.ws_manager = Socket()

    assert info.subscribe({"type": kind, "coin": "HYPE/USDC"}, print) == 41
    assert info.unsubscribe({"type": kind, "coin": "HYPE/USDC"}, 41) is True

    coin = {"type": kind, "coin": "@7"}
    assert info.ws_manager.asked == [("subscribe", coin, print), ("unsubscribe", coin, 41)]


def test_other_subscriptions_are_left_as_they_are(info):
    """activeAssetData is not translated by this SDK."""
    info.ws_manager = Socket()

    info.subscribe({"type": "activeAssetData", "coin": "HYPE/USDC", "user": "0x1"}, print)

    assert info.ws_manager.asked[0][1]["coin"] == "HYPE/USDC"


def test_disconnecting_stops_the_websocket(info):
    """The manager is told to stop."""
    info.ws_manager = Socket()

    info.disconnect_websocket()

    assert info.ws_manager.asked == [("stop",)]


def test_without_a_websocket_its_methods_refuse(info):
    """skip_ws leaves no manager, and each method that needs one says so."""
    assert info.ws_manager is None
    with pytest.raises(RuntimeError, match=r"^Cannot call subscribe since skip_ws was used$"):
        info.subscribe({"type": "allMids"}, print)
    with pytest.raises(RuntimeError, match=r"^Cannot call unsubscribe since skip_ws was used$"):
        info.unsubscribe({"type": "allMids"}, 1)
    with pytest.raises(RuntimeError, match=r"^Cannot call disconnect_websocket since skip_ws was used$"):
        info.disconnect_websocket()


def test_websocket_is_started_unless_it_is_skipped(monkeypatch):
    """Info starts its manager for its own URL."""
    from hyperliquid import info

    started = []

    class Manager:
        def __init__(self, base_url):
            started.append(base_url)

        def start(self):
            started.append("started")

    monkeypatch.setattr(info, "WebsocketManager", Manager)
    info.Info(TESTNET, meta=META, spot_meta=SPOT_META)
    info.Info(TESTNET, skip_ws=True, meta=META, spot_meta=SPOT_META)

    assert started == [TESTNET, "started"]


def test_without_a_url_the_sdk_goes_to_mainnet_and_is_stopped():
    """The default is mainnet, so an Info built by hand is refused before it reads a byte."""
    from hyperliquid.info import Info

    with pytest.raises(GuardError, match=r"api\.hyperliquid\.xyz is mainnet"):
        Info(skip_ws=True)


def test_urls_of_the_networks():
    """The three constants."""
    from hyperliquid.utils import constants

    assert getattr(constants, "MAINNET_API_URL") == "https://api.hyperliquid.xyz"  # noqa: B009
    assert constants.TESTNET_API_URL == TESTNET
    assert constants.LOCAL_API_URL == "http://localhost:3001"


@pytest.mark.parametrize("status", [200, 204, 302, 399])
def test_statuses_below_400_are_no_errors(info, status):
    """They are left to the JSON reader."""
    assert info._handle_exception(response(status, "{}")) is None


@pytest.mark.parametrize("status", [400, 429, 499])
def test_client_error_with_a_body_of_the_older_kind(info, status):
    """A JSON body with code, msg and data is taken apart; data may be missing."""
    from hyperliquid.utils.error import ClientError

    with pytest.raises(ClientError) as caught:
        info._handle_exception(response(status, '{"code": 7, "msg": "no", "data": [1]}'))
    error = caught.value
    assert (error.status_code, error.error_code, error.error_message) == (status, 7, "no")
    assert error.header["Content-Type"] == "application/json"
    assert error.error_data == [1]


@pytest.mark.parametrize("text", ["null", "not JSON", ""])
def test_client_error_with_another_body(info, text):
    """null, which is what 429 brings, and text are passed on as they are."""
    from hyperliquid.utils.error import ClientError

    with pytest.raises(ClientError) as caught:
        info._handle_exception(response(429, text))
    error = caught.value
    assert (error.status_code, error.error_code, error.error_message) == (429, None, text)
    assert (error.header, error.error_data["Content-Type"]) == (None, "application/json")


def test_client_error_without_code_is_a_key_error(info):
    """Observed in SDK 0.24.0: it insists on code and msg in any object, be it empty."""
    with pytest.raises(KeyError, match="code"):
        info._handle_exception(response(400, "{}"))


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_error_carries_status_and_text(info, status):
    """Nothing is read from the body of a 5xx."""
    from hyperliquid.utils.error import ServerError

    with pytest.raises(ServerError) as caught:
        info._handle_exception(response(status, "<html>"))
    assert (caught.value.status_code, caught.value.message) == (status, "<html>")


def test_answer_that_is_not_json_is_told_as_an_error(info, monkeypatch):
    """A 200 with text becomes a dictionary with an error, not an exception."""
    monkeypatch.setattr(info.session, "post", lambda *_, **__: response(200, "hello", "text/plain"))

    assert info.post("/info", {}) == {"error": "Could not parse JSON: hello"}


@pytest.mark.parametrize(
    ("name", "is_buy", "slippage", "px", "limit"),
    [
        ("ETH", True, 0.05, 3102.75, 3257.9),
        ("ETH", False, 0.05, 3102.75, 2947.6),
        ("BTC", True, 0.001, 89926.5, 90016.0),
        ("PURR/USDC", True, 0.01, 0.0012345678, 0.0012469),
        ("@7", False, 0.01, 0.00123456, 0.001222),
    ],
)
def test_slippage_price_has_five_figures_and_the_coins_decimals(name, is_buy, slippage, px, limit):
    """Perpetuals have 6 decimals less the size's, pairs 8 less the size's."""
    import eth_account
    from hyperliquid import exchange

    wallet = eth_account.Account.from_key(b"\x11" * 32)
    sdk = getattr(exchange, "Exchange")(wallet, TESTNET, META, spot_meta=SPOT_META)  # noqa: B009

    assert sdk._slippage_price(name, is_buy, slippage, px) == limit
    assert sdk.DEFAULT_SLIPPAGE == 0.05


@pytest.mark.parametrize(("coin", "dex"), [("ETH", ""), ("test:ABC", "test"), ("a:b:c", "a")])
def test_dex_of_a_coin_stands_before_its_colon(coin, dex):
    """Coins of the first dex have none."""
    from hyperliquid.exchange import _get_dex

    assert _get_dex(coin) == dex
