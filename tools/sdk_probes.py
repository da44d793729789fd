"""The SDK's methods, and its websocket, as probes."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

from sdk_calls import ACTIONS, QUERIES

from harness.mutants import Answering, Conversation
from harness.mutants.sdk import URL, built_exchange, built_info, sdk_on

# What is built: the tables that name every asset in an order.
BUILDS: dict[str, Callable[[Any], Any]] = {
    "Info()": lambda info: _tables(info(URL, skip_ws=True)),
    'Info(perp_dexs=["", "test"])': lambda info: _tables(info(URL, skip_ws=True, perp_dexs=["", "test"])),
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
    found |= {f"info.{name}": _call(QUERIES[name], built_info) for name in QUERIES if hasattr(info, name)}
    found |= {
        f"exchange.{name}": _call(ACTIONS[name], built_exchange)
        for name in ACTIONS
        if hasattr(exchange, name)
    }
    return found


def _build(build: Callable[[Any], Any]) -> Callable[[Answering], Any]:
    def probe(answering: Answering) -> Any:
        with sdk_on(answering):
            return build(importlib.import_module("hyperliquid.info").Info)

    return probe


def _call(call: Callable[[Any], Any], build: Callable[[Answering], Any]) -> Callable[[Answering], Any]:
    def probe(answering: Answering) -> Any:
        with sdk_on(answering):
            return call(build(answering))

    return probe


def _tables(info: Any) -> Any:
    tables = ("coin_to_asset", "name_to_coin", "asset_to_sz_decimals")
    return {name: getattr(info, name, None) for name in tables}


def follows(conversation: Conversation) -> Callable[[Any], Any]:
    """Return what subscribes to all that was recorded, and gives the messages of each subscription.

    A feed that the SDK refuses, or that its release does not know, stays without messages.
    """

    def listen(info: Any) -> Any:
        heard: list[list[Any]] = [[] for _ in conversation.subscriptions]
        for subscription, own in zip(conversation.subscriptions, heard, strict=True):
            try:
                info.ws_manager.subscribe(subscription, own.append)
            except NotImplementedError:
                continue
        return heard

    return listen
