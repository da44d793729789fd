"""The door is laid under the SDK: its clock, its chance, its websockets, and its own names given back."""

import subprocess
import sys
import types
from pathlib import Path

import pytest
import requests

from harness.errors import GuardError, UnsupportedError
from harness.sdk import Underlay
from tests.doors import closed_door, door

# Websockets


@pytest.mark.parametrize("opener", ["WebSocketApp", "create_connection", "WebSocket"])
def test_websocket_to_another_machine_is_refused_without_a_scenario(under, opener):
    from hyperliquid import websocket_manager

    under(closed_door())

    with pytest.raises(UnsupportedError, match="skip_ws=True"):
        getattr(websocket_manager.websocket, opener)("wss://api.hyperliquid-testnet.xyz/ws")


@pytest.mark.parametrize("opener", ["create_connection", "WebSocket"])
def test_what_the_sdk_does_not_use_is_refused_in_a_scenario(under, opener):
    from hyperliquid import websocket_manager

    wire, _ = door()
    under(wire)

    with pytest.raises(UnsupportedError, match=r"websocket\.WebSocketApp"):
        getattr(websocket_manager.websocket, opener)("wss://api.hyperliquid-testnet.xyz/ws")
    assert len(wire.episode.problems) == 1


def test_websocket_of_the_sdk_is_carried_by_the_door(under):
    from hyperliquid.info import Info

    wire, target = door()
    under(wire)
    info = Info(
        "https://api.hyperliquid-testnet.xyz",
        meta={"universe": []},
        spot_meta={"universe": [], "tokens": []},
    )
    info.subscribe({"type": "allMids"}, print)
    assert target.lines == []

    info.all_mids()
    assert [line.url for line in target.lines] == ["wss://api.hyperliquid-testnet.xyz/ws"]
    assert target.lines[0].sent == ['{"method": "subscribe", "subscription": {"type": "allMids"}}']

    wire.end()
    assert not info.ws_manager.is_alive()
    assert not info.ws_manager.ping_sender.is_alive()


def test_websocket_that_was_never_opened_leaves_no_thread(under):
    from hyperliquid.info import Info

    wire, target = door()
    under(wire)
    info = Info(
        "https://api.hyperliquid-testnet.xyz",
        meta={"universe": []},
        spot_meta={"universe": [], "tokens": []},
    )
    wire.end()

    assert target.lines == []
    assert not info.ws_manager.is_alive()
    assert not info.ws_manager.ping_sender.is_alive()


def test_websocket_on_loopback_is_open_outside_a_scenario(under):
    from hyperliquid import websocket_manager

    real = websocket_manager.websocket.WebSocketApp
    under(closed_door())
    app = websocket_manager.websocket.WebSocketApp("ws://127.0.0.1:3001/ws", on_open=print)

    assert app.url == "ws://127.0.0.1:3001/ws"
    assert app.on_open is print
    assert websocket_manager.websocket.WebSocketApp is not real


def test_connection_on_loopback_is_a_connection(under):
    from hyperliquid import websocket_manager

    under(closed_door())

    with pytest.raises(ConnectionRefusedError):
        websocket_manager.websocket.create_connection("ws://127.0.0.1:9/ws", timeout=1)


# Clock and chance


def test_clock_of_the_sdk_is_the_targets(under):
    from hyperliquid.utils import signing

    under(door()[0])

    assert signing.get_timestamp_ms() == 1_767_225_600_123
    assert signing.time.time_ns() // 1_000_000 == 1_767_225_600_123


def test_sdk_that_rounds_its_clock_reads_another_instant(under):
    from hyperliquid.utils import signing

    under(door()[0])

    assert round(signing.time.time() * 1000) == 1_767_225_600_124


def test_clock_outside_a_scenario_is_the_real_one(under):
    import time

    from hyperliquid.utils import signing

    under(closed_door())

    assert abs(signing.time.time() - time.time()) < 60
    assert signing.time.monotonic is not None


def test_chance_of_the_sdk_is_the_targets(under):
    from hyperliquid import exchange

    wire, target = door()
    under(wire)

    assert exchange.secrets.token_hex(4) == "07070707"
    assert exchange.secrets.token_hex(nbytes=2) == "0707"
    assert exchange.secrets.token_bytes() == b"\x07" * 32
    assert exchange.secrets.token_bytes(None) == b"\x07" * 32
    assert [n for _, n in target.drawn] == [4, 2, 32, 32]


def test_chance_outside_a_scenario_is_real(under):
    from hyperliquid import exchange

    under(closed_door())

    assert len({exchange.secrets.token_hex(16) for _ in range(9)}) == 9


# The names


def names_of_the_sdk():
    from hyperliquid import api, exchange, websocket_manager
    from hyperliquid.utils import signing

    return api.requests, websocket_manager.websocket, signing.time, exchange.secrets


def test_names_are_given_back():
    before = names_of_the_sdk()
    underlay = Underlay(closed_door())
    underlay.lay()
    assert not any(one is two for one, two in zip(names_of_the_sdk(), before, strict=True))

    underlay.lift()

    assert names_of_the_sdk() == before


def test_laying_twice_is_laying_once(under):
    before = names_of_the_sdk()
    underlay = Underlay(closed_door())
    underlay.lay()
    underlay.lay()
    underlay.lift()

    assert names_of_the_sdk() == before


def test_names_that_are_not_replaced_are_the_librarys_own(under, api):
    under(closed_door())

    assert api.requests.exceptions is requests.exceptions
    assert api.requests.Response is requests.Response


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("hyperliquid.api", "requests"),
        ("hyperliquid.websocket_manager", "websocket"),
        ("hyperliquid.utils.signing", "time"),
        ("hyperliquid.exchange", "secrets"),
    ],
)
@pytest.mark.parametrize("lack", ["name", "module", "another thing"])
def test_sdk_that_lacks_a_name_is_refused(monkeypatch, module, name, lack):
    names_of_the_sdk()
    if lack == "name":
        monkeypatch.delattr(sys.modules[module], name)
    elif lack == "module":
        monkeypatch.setitem(sys.modules, module, None)
    else:
        monkeypatch.setattr(sys.modules[module], name, object())
    underlay = Underlay(closed_door())

    with pytest.raises(GuardError, match=rf"This SDK's {module} does not use `{name}`"):
        underlay.lay()
    underlay.lift()


LATE = """
import sys
from harness.errors import GuardError
from harness.sdk import Underlay
from tests.doors import closed_door

underlay = Underlay(closed_door())
underlay.watch()
assert not any(name.startswith("hyperliquid") for name in sys.modules)

from hyperliquid.info import Info

try:
    Info(skip_ws=True)
except GuardError as error:
    print(error.found)
underlay.lift()

from hyperliquid import api

print(api.requests.__class__.__name__, api.__spec__.loader.__class__.__name__)
"""


def test_a_module_that_is_imported_later_is_laid_then():
    done = subprocess.run(
        [sys.executable, "-c", LATE],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )

    assert done.stderr == ""
    refused, after = done.stdout.splitlines()
    assert "api.hyperliquid.xyz is mainnet" in refused
    assert after == "module SourceFileLoader"


def test_sdk_whose_own_import_fails_tells_its_own_error(monkeypatch):
    broken = types.ModuleType("hyperliquid")
    broken.__path__ = []
    monkeypatch.setitem(sys.modules, "eth_account_of_old", None)
    monkeypatch.delitem(sys.modules, "hyperliquid.exchange", raising=False)

    class Finder:
        def find_spec(self, name, path=None, target=None):
            if name == "hyperliquid.exchange":
                raise ModuleNotFoundError("No module named 'eth_account_of_old'", name="eth_account_of_old")

    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    underlay = Underlay(closed_door())

    with pytest.raises(ModuleNotFoundError, match="eth_account_of_old"):
        underlay.lay()
    underlay.lift()
