"""The SDK's methods as probes: each asks an `Answering` in place of the exchange."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import types
from collections.abc import Callable, Iterator
from typing import Any

from harness.localnet.accounts.development import ACCOUNTS
from harness.mutants import Answering

MINE, OTHER = (account.address.lower() for account in ACCOUNTS[:2])
URL = "http://127.0.0.1:3001"
GTC = {"limit": {"tif": "Gtc"}}
META, SPOT_META = ("info", "meta"), ("info", "spotMeta")
REQUEST = {
    "coin": "ETH",
    "is_buy": True,
    "sz": 0.01,
    "limit_px": 3000,
    "order_type": GTC,
    "reduce_only": False,
}
MOMENT_MS = 1_700_000_000_000


def _cloid() -> Any:
    return importlib.import_module("hyperliquid.utils.types").Cloid.from_int(7)


# What is built: the tables that name every asset in an order.
BUILDS: dict[str, Callable[[Any, Any], Any]] = {
    "Info()": lambda info, exchange: _tables(info(URL, skip_ws=True)),
    'Info(perp_dexs=["", "test"])': lambda info, exchange: _tables(
        info(URL, skip_ws=True, perp_dexs=["", "test"])
    ),
}
ACTIONS: dict[str, Callable[[Any], Any]] = {
    "order": lambda x: x.order("ETH", True, 0.01, 3000, GTC),
    "bulk_orders": lambda x: x.bulk_orders([REQUEST, REQUEST]),
    "modify_order": lambda x: x.modify_order(1, "ETH", True, 0.01, 2999, GTC),
    "market_open": lambda x: x.market_open("ETH", True, 0.01),
    "market_close": lambda x: x.market_close("ETH"),
    "cancel": lambda x: x.cancel("ETH", 1),
    "cancel_by_cloid": lambda x: x.cancel_by_cloid("ETH", _cloid()),
    "update_leverage": lambda x: x.update_leverage(5, "ETH"),
    "update_isolated_margin": lambda x: x.update_isolated_margin(1, "ETH"),
    "schedule_cancel": lambda x: x.schedule_cancel(None),
    "usd_transfer": lambda x: x.usd_transfer(1, OTHER),
    "usd_class_transfer": lambda x: x.usd_class_transfer(1, True),
    "spot_transfer": lambda x: x.spot_transfer(1, OTHER, "USDC"),
    "send_asset": lambda x: x.send_asset(OTHER, "", "spot", "USDC", 1),
    "withdraw_from_bridge": lambda x: x.withdraw_from_bridge(5, OTHER),
    "approve_agent": lambda x: x.approve_agent("bot")[0],
    "approve_builder_fee": lambda x: x.approve_builder_fee(OTHER, "0.001%"),
    "create_sub_account": lambda x: x.create_sub_account("one"),
    "set_referrer": lambda x: x.set_referrer("NOPE"),
}
QUERIES: dict[str, tuple[Any, ...]] = {
    "user_state": (MINE,),
    "spot_user_state": (MINE,),
    "open_orders": (MINE,),
    "frontend_open_orders": (MINE,),
    "all_mids": (),
    "user_fills": (MINE,),
    "user_fills_by_time": (MINE, 0),
    "meta": (),
    "meta_and_asset_ctxs": (),
    "perp_dexs": (),
    "spot_meta": (),
    "spot_meta_and_asset_ctxs": (),
    "funding_history": ("ETH", 0),
    "user_funding_history": (MINE, 0),
    "l2_snapshot": ("ETH",),
    "candles_snapshot": ("ETH", "1h", 0, 1_800_000_000_000),
    "user_fees": (MINE,),
    "user_staking_summary": (MINE,),
    "user_staking_delegations": (MINE,),
    "user_staking_rewards": (MINE,),
    "delegator_history": (MINE,),
    "query_order_by_oid": (MINE, 1),
    "query_referral_state": (MINE,),
    "query_sub_accounts": (MINE,),
    "query_user_to_multi_sig_signers": (MINE,),
    "query_perp_deploy_auction_status": (),
    "query_user_dex_abstraction_state": (MINE,),
    "query_user_abstraction_state": (MINE,),
    "historical_orders": (MINE,),
    "user_non_funding_ledger_updates": (MINE, 0),
    "portfolio": (MINE,),
    "user_twap_slice_fills": (MINE,),
    "user_vault_equities": (MINE,),
    "user_role": (MINE,),
    "user_rate_limit": (MINE,),
    "query_spot_deploy_auction_status": (MINE,),
    "extra_agents": (MINE,),
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
    found |= {f"info.{name}": _query(name, QUERIES[name]) for name in QUERIES if hasattr(info, name)}
    found |= {f"exchange.{name}": _action(ACTIONS[name]) for name in ACTIONS if hasattr(exchange, name)}
    return found


def _build(build: Callable[[Any, Any], Any]) -> Callable[[Answering], Any]:
    def probe(answering: Answering) -> Any:
        with sdk_on(answering) as (info, exchange):
            return build(info, exchange)

    return probe


def _query(name: str, arguments: tuple[Any, ...]) -> Callable[[Answering], Any]:
    def probe(answering: Answering) -> Any:
        with sdk_on(answering) as (info, _):
            return getattr(_ready(info, answering), name)(*arguments)

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
