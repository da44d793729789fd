"""The SDK's own subscriptions, over its own websocket, against `hl-harness localnet` on loopback."""

import threading
from collections import defaultdict
from typing import Any

from harness.localnet.queries import QUERIES

LIMIT = {"limit": {"tif": "Gtc"}}


class Heard:
    """What callbacks were called with, by kind."""

    def __init__(self) -> None:
        self.messages: dict[str, list[Any]] = defaultdict(list)
        self._changed = threading.Condition()

    def listen(self, info: Any, kind: str, **fields: Any) -> None:
        def keep(message: Any) -> None:
            with self._changed:
                self.messages[kind].append(message)
                self._changed.notify_all()

        info.subscribe({"type": kind, **fields}, keep)

    def until(self, *kinds: str) -> None:
        with self._changed:
            arrived = self._changed.wait_for(lambda: all(self.messages[kind] for kind in kinds), timeout=10)
        assert arrived, [kind for kind in kinds if not self.messages[kind]]


def test_every_subscription_of_the_sdk_is_heard(served: dict[str, Any]) -> None:
    import eth_account
    from hyperliquid.exchange import Exchange
    from hyperliquid.info import Info

    account = eth_account.Account.from_key(served["accounts"][0]["private_key"])
    exchange = Exchange(account, served["url"])
    info = Info(served["url"])
    heard = Heard()
    try:
        market = ["l2Book", "bbo", "activeAssetCtx", "trades", "candle"]
        for kind in market:
            heard.listen(info, kind, coin="ETH", **({"interval": "1m"} if kind == "candle" else {}))
        snapshots = ["userFills", "userNonFundingLedgerUpdates"]
        if "userFunding" in QUERIES:
            snapshots.append("userFundings")
        for kind in (*snapshots, "userEvents", "orderUpdates"):
            heard.listen(info, kind, user=account.address)
        if "activeAssetData" in QUERIES:
            heard.listen(info, "activeAssetData", user=account.address, coin="ETH")
            snapshots.append("activeAssetData")
        heard.listen(info, "allMids")
        heard.until("allMids", "l2Book", "bbo", "activeAssetCtx", *snapshots)

        exchange.order("ETH", True, 0.05, 3500, {"limit": {"tif": "Ioc"}})
        heard.until(*market, "userEvents", "orderUpdates")
    finally:
        info.disconnect_websocket()

    assert heard.messages["userFills"][0]["data"]["isSnapshot"] is True
    (fills,) = heard.messages["userEvents"]
    assert sum(float(fill["sz"]) for fill in fills["data"]["fills"]) == 0.05
    statuses = [change["status"] for change in heard.messages["orderUpdates"][0]["data"]]
    assert statuses == ["open", "filled"]
