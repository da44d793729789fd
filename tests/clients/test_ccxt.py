"""ccxt: it signs by itself, approves a builder fee and sets a referrer before its first order."""

from typing import Any

import pytest

ccxt = pytest.importorskip("ccxt", reason="needs ccxt: python -m pip install -e '.[test]'")

ETH = "ETH/USDC:USDC"


@pytest.fixture
def exchange(served: dict[str, Any]) -> Any:
    """ccxt's hyperliquid as account 0, in sandbox mode, with its URL turned to the localnet."""
    account = served["accounts"][0]
    made = ccxt.hyperliquid({"walletAddress": account["address"], "privateKey": account["private_key"]})
    made.set_sandbox_mode(True)
    made.urls["api"] = dict.fromkeys(made.urls["api"], served["url"])
    made.load_markets()
    return made


def test_an_order_lives_from_placing_to_cancelling(exchange: Any) -> None:
    placed = exchange.create_order(ETH, "limit", "buy", 0.01, 2500)
    assert exchange.fetch_order(placed["id"], ETH)["status"] == "open"

    edited = exchange.edit_order(placed["id"], ETH, "limit", "buy", 0.01, 2600)
    (open_order,) = exchange.fetch_open_orders(ETH)
    assert (open_order["id"], open_order["price"]) == (edited["id"], 2600)

    exchange.cancel_order(edited["id"], ETH)
    assert exchange.fetch_open_orders(ETH) == []
    assert exchange.fetch_order(edited["id"], ETH)["status"] == "canceled"


def test_a_position_is_opened_seen_and_closed(exchange: Any) -> None:
    exchange.set_leverage(5, ETH)
    exchange.create_order(ETH, "market", "buy", 0.01, 3102)
    (position,) = exchange.fetch_positions()
    assert (position["symbol"], position["contracts"], position["leverage"]) == (ETH, 0.01, 5)

    exchange.create_order(ETH, "market", "sell", 0.01, 3102, {"reduceOnly": True})
    assert exchange.fetch_positions() == []
    assert [trade["side"] for trade in exchange.fetch_my_trades(ETH)] == ["buy", "sell"]


def test_a_stop_waits(exchange: Any) -> None:
    exchange.create_order(ETH, "market", "buy", 0.01, 3102)
    exchange.create_order(ETH, "limit", "sell", 0.01, 2900, {"stopLossPrice": 2950, "reduceOnly": True})

    (waiting,) = exchange.fetch_open_orders(ETH)
    assert waiting["triggerPrice"] == 2950


def test_spot_and_transfers(exchange: Any) -> None:
    before = exchange.fetch_balance()["USDC"]["total"]
    exchange.transfer("USDC", 10, "swap", "spot")
    assert exchange.fetch_balance()["USDC"]["total"] == before - 10

    bought = exchange.create_order("PURR/USDC", "limit", "buy", 300, 0.07)
    assert exchange.fetch_order(bought["id"], "PURR/USDC")["status"] == "closed"


def test_market_data(exchange: Any) -> None:
    book = exchange.fetch_order_book(ETH)
    assert book["bids"][0][0] < exchange.fetch_ticker(ETH)["last"] < book["asks"][0][0]

    exchange.create_order(ETH, "market", "buy", 0.01, 3102)
    assert exchange.fetch_ohlcv(ETH, "1m")[-1][5] == 0.01
