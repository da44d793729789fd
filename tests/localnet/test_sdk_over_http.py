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
