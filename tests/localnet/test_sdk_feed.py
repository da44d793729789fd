"""The SDK's own subscriptions, over its own websocket, against `hl-harness localnet` on loopback."""

import threading
from collections import defaultdict
from typing import Any, get_args, get_type_hints

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
    from hyperliquid.utils.types import Subscription

    account = eth_account.Account.from_key(served["accounts"][0]["private_key"])
    exchange = Exchange(account, served["url"])
    info = Info(served["url"])
    heard = Heard()
    try:
        market = ["l2Book", "bbo", "activeAssetCtx", "trades", "candle"]
        for kind in market:
            heard.listen(info, kind, coin="ETH", **({"interval": "1m"} if kind == "candle" else {}))
        snapshots = ["userFills", "userNonFundingLedgerUpdates", "userFundings"]
        for kind in (*snapshots, "userEvents", "orderUpdates"):
            heard.listen(info, kind, user=account.address)
        heard.listen(info, "activeAssetData", user=account.address, coin="ETH")
        snapshots.append("activeAssetData")
        heard.listen(info, "allMids")
        heard.until("allMids", "l2Book", "bbo", "activeAssetCtx", *snapshots)
        # The exchange refuses it on both networks (wire rule 115): the SDK hears nothing of that.
        heard.listen(info, "webData2", user=account.address)

        exchange.order("ETH", True, 0.05, 3500, {"limit": {"tif": "Ioc"}})
        heard.until(*market, "userEvents", "orderUpdates")
    finally:
        info.disconnect_websocket()

    every_kind = {get_args(get_type_hints(one)["type"])[0] for one in get_args(Subscription)}
    assert {kind for kind, messages in heard.messages.items() if messages} == every_kind - {"webData2"}
    assert heard.messages["userFills"][0]["data"]["isSnapshot"] is True
    (fills,) = heard.messages["userEvents"]
    assert sum(float(fill["sz"]) for fill in fills["data"]["fills"]) == 0.05
    statuses = [change["status"] for change in heard.messages["orderUpdates"][0]["data"]]
    assert statuses == ["open", "filled"]
