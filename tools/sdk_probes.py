"""The SDK's methods as probes: each asks an `Answering` in place of the exchange."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import types
from collections.abc import Callable, Iterator
from typing import Any

from sdk_calls import ACTIONS, MOMENT_MS, QUERIES

from harness.localnet import ACCOUNTS
from harness.mutants import Answering

URL = "http://127.0.0.1:3001"
META, SPOT_META = ("info", "meta"), ("info", "spotMeta")

# What is built: the tables that name every asset in an order.
BUILDS: dict[str, Callable[[Any, Any], Any]] = {
    "Info()": lambda info, exchange: _tables(info(URL, skip_ws=True)),
    'Info(perp_dexs=["", "test"])': lambda info, exchange: _tables(
        info(URL, skip_ws=True, perp_dexs=["", "test"])
    ),
}


def probes() -> dict[str, Callable[[Answering], Any]]:
    """Return every method that the installed SDK has, as a probe, by what a user would write."""
    info = importlib.import_module("hyperliquid.info").Info
    exchange = importlib.import_module("hyperliquid.exchange").Exchange
    takes = inspect.signature(info.__init__).parameters
    found = {
        name: _build(build)
        for name, build in BUILDS.items()
        if "perp_dexs" in takes or "perp_dexs" not in name
    }
    found |= {f"info.{name}": _query(QUERIES[name]) for name in QUERIES if hasattr(info, name)}
    found |= {f"exchange.{name}": _action(ACTIONS[name]) for name in ACTIONS if hasattr(exchange, name)}
    return found


def _build(build: Callable[[Any, Any], Any]) -> Callable[[Answering], Any]:
    def probe(answering: Answering) -> Any:
        with sdk_on(answering) as (info, exchange):
            return build(info, exchange)

    return probe


def _query(ask: Callable[[Any], Any]) -> Callable[[Answering], Any]:
    def probe(answering: Answering) -> Any:
        with sdk_on(answering) as (info, _):
            return ask(_ready(info, answering))

    return probe


def _action(act: Callable[[Any], Any]) -> Callable[[Answering], Any]:
    def probe(answering: Answering) -> Any:
        with sdk_on(answering) as (info, exchange):
            account = importlib.import_module("eth_account").Account
            made = exchange(account.from_key(ACCOUNTS[0].private_key), URL, **_metadata(exchange, answering))
            made.info = _ready(info, answering)
            answering.asked.clear()
            return act(made)

    return probe


def _ready(info: Any, answering: Answering) -> Any:
    """Return an `Info` that was built on the recorded metadata, so that only its next answer is changed."""
    made = info(URL, skip_ws=True, **_metadata(info, answering))
    answering.asked.clear()
    return made


def _metadata(of: Any, answering: Answering) -> dict[str, Any]:
    takes = inspect.signature(of.__init__).parameters
    given = {"meta": META, "spot_meta": SPOT_META}
    return {name: json.loads(answering.recorded(kind)) for name, kind in given.items() if name in takes}


def _tables(info: Any) -> Any:
    tables = ("coin_to_asset", "name_to_coin", "asset_to_sz_decimals")
    return {name: getattr(info, name, None) for name in tables}


@contextlib.contextmanager
def sdk_on(answering: Answering) -> Iterator[tuple[Any, Any]]:
    """Let the SDK ask an `Answering`; its clock and its chance stand still."""
    api = importlib.import_module("hyperliquid.api")
    exchange = importlib.import_module("hyperliquid.exchange")
    requests = importlib.import_module("requests")

    class Session(requests.Session):  # type: ignore[misc, name-defined]
        def post(self, url: str, json: Any = None, **_: Any) -> Any:
            status, body = answering.answer("/" + url.rpartition("/")[2], json)
            response = requests.Response()
            response.status_code, response._content, response.encoding = status, body.encode(), "utf-8"
            return response

    stand = types.ModuleType("requests")
    stand.__dict__.update(requests.__dict__)
    stand.__dict__["Session"] = Session
    replaced = {(api, "requests"): stand, (exchange, "get_timestamp_ms"): lambda: MOMENT_MS}
    if hasattr(exchange, "secrets"):
        replaced[exchange, "secrets"] = types.SimpleNamespace(token_hex=lambda count: "11" * count)
    real = {place: getattr(*place) for place in replaced}
    for (module, name), stood in replaced.items():
        setattr(module, name, stood)
    try:
        yield importlib.import_module("hyperliquid.info").Info, exchange.Exchange
    finally:
        for (module, name), own in real.items():
            setattr(module, name, own)
