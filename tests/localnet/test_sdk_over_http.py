"""The SDK's own first example, `examples/basic_order.py`, against `hl-harness localnet` on loopback."""

from typing import Any

LIMIT = {"limit": {"tif": "Gtc"}}


def test_basic_order_example_lives_its_life(served: dict[str, Any]) -> None:
    import eth_account
    from hyperliquid.exchange import Exchange
    from hyperliquid.info import Info

    account = eth_account.Account.from_key(served["accounts"][0]["private_key"])
    info = Info(served["url"], skip_ws=True)
    exchange = Exchange(account, served["url"], account_address=account.address)

    user_state = info.user_state(account.address)
    assert float(user_state["marginSummary"]["accountValue"]) > 0
    assert user_state["assetPositions"] == []

    result = exchange.order("ETH", True, 0.2, 1100, LIMIT)
    (status,) = result["response"]["data"]["statuses"]
    oid = status["resting"]["oid"]

    placed = info.query_order_by_oid(account.address, oid)
    assert (placed["order"]["status"], placed["order"]["order"]["limitPx"]) == ("open", "1100.0")

    cancelled = exchange.cancel("ETH", oid)
    assert cancelled["response"]["data"]["statuses"] == ["success"]
    assert info.query_order_by_oid(account.address, oid)["order"]["status"] == "canceled"


def test_market_orders_open_and_close_a_position(served: dict[str, Any]) -> None:
    import eth_account
    from hyperliquid.exchange import Exchange

    account = eth_account.Account.from_key(served["accounts"][1]["private_key"])
    exchange = Exchange(account, served["url"])

    opened = exchange.market_open("ETH", True, 0.05)["response"]["data"]["statuses"][0]["filled"]
    closed = exchange.market_close("ETH")["response"]["data"]["statuses"][0]["filled"]

    assert opened["totalSz"] == closed["totalSz"] == "0.05"
    assert exchange.info.user_state(account.address)["assetPositions"] == []


def test_the_builder_deployed_dex_example_lives_its_life(served: dict[str, Any]) -> None:
    """`examples/basic_order_with_builder_deployed_dex.py`, after money has come to the dex."""
    import eth_account
    from hyperliquid.exchange import Exchange

    account = eth_account.Account.from_key(served["accounts"][0]["private_key"])
    address = account.address.lower()
    exchange = Exchange(account, served["url"], account_address=address, perp_dexs=["", "test"])
    info = exchange.info
    assert info.name_to_asset("test:ABC") == 110_000
    assert exchange.send_asset(address, "", "test", "USDC", 100.0)["status"] == "ok"

    (status,) = exchange.order("test:ABC", True, 20, 0.9, LIMIT)["response"]["data"]["statuses"]
    oid = status["resting"]["oid"]
    assert info.query_order_by_oid(address, oid)["order"]["order"]["coin"] == "test:ABC"
    assert exchange.cancel("test:ABC", oid)["response"]["data"]["statuses"] == ["success"]

    (opened,) = exchange.market_open("test:ABC", True, 100)["response"]["data"]["statuses"]
    (closed,) = exchange.market_close("test:ABC")["response"]["data"]["statuses"]
    assert opened["filled"]["totalSz"] == closed["filled"]["totalSz"] == "100.0"
    assert info.user_state(address, "test")["assetPositions"] == []
