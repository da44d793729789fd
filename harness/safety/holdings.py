"""What an account has, and the way back to what it had: the sweep on localnet.

Nobody else trades there, so all that was not there before is the scenario's. On testnet somebody may, and
`cleaner` asks for evidence instead. As there the requests are journalled, never taped, and made without the
SDK: an SDK that is broken must not keep an order alive.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from harness.errors import HarnessError, TargetUnavailable
from harness.recording.tape import Reply
from harness.recording.universe import Universe
from harness.safety.channel import signed
from harness.safety.closing import only_reduces, order_at_once
from harness.settings import Key

Post = Callable[[str, str], Reply]

_NONE = Decimal(0)


@dataclass(frozen=True)
class Holdings:
    """What an account has at one moment: open orders (oid to coin) and positions (coin to signed size)."""

    orders: dict[int, str]
    positions: dict[str, Decimal]


class Sweeper:
    """Cleans up after one account."""

    def __init__(
        self,
        key: str,
        address: str,
        post: Post,
        nonce_ms: Callable[[], int],
        universe: Callable[[], Universe],
    ) -> None:
        self._key = Key(key)
        self._address = address
        self._post = post
        self._nonce_ms = nonce_ms
        self._universe = universe

    def look(self) -> Holdings:
        """Return what the account has now."""
        orders = self._read({"type": "openOrders", "user": self._address})
        state = self._read({"type": "clearinghouseState", "user": self._address})
        positions = {
            one["position"]["coin"]: Decimal(one["position"]["szi"]) for one in state["assetPositions"]
        }
        return Holdings({row["oid"]: row["coin"] for row in orders}, positions)

    def sweep(self, before: Holdings) -> None:
        """Cancel and close everything that is there now and was not there `before`.

        Raises:
            HarnessError: something is left; names it.
        """
        now = self.look()
        failed: list[str] = []
        # One request that fails must not keep the other orders alive; OSError is what the network raises.
        try:
            self._cancel({oid: coin for oid, coin in now.orders.items() if oid not in before.orders})
        except (HarnessError, OSError) as error:
            failed.append(str(error))
        for coin in _changed(before, now):
            try:
                self._restore(coin, now.positions.get(coin, _NONE), before.positions.get(coin, _NONE))
            except (HarnessError, OSError) as error:
                failed.append(str(error))
        left = self.look()
        orders, positions = sorted(set(left.orders) - set(before.orders)), _changed(before, left)
        if orders or positions:
            raise HarnessError(
                "\n".join(
                    [
                        f"The sweep of {self._address} left orders {orders} and positions in {positions}.",
                        *failed,
                    ]
                ),
                needed="An account as it was before the scenario.",
                do="Cancel and close them by hand.",
            )

    def _cancel(self, orders: dict[int, str]) -> None:
        cancels = [
            {"a": asset, "o": oid}
            for oid, coin in orders.items()
            if (asset := self._universe().asset(coin)) is not None
        ]
        if cancels:
            self._act({"type": "cancel", "cancels": cancels})

    def _restore(self, coin: str, szi: Decimal, was: Decimal) -> None:
        asset = self._universe().perp(coin)
        book = self._read({"type": "l2Book", "coin": coin})
        if asset is None or not book:
            return
        number, row = asset
        decimals, reduces = int(row["szDecimals"]), only_reduces(szi, was)
        order = order_at_once(number, decimals, book, was - szi, reduce_only=reduces)
        if order is not None:
            self._act({"type": "order", "orders": [order], "grouping": "na"})

    def _act(self, action: dict[str, Any]) -> None:
        self._post("/exchange", signed(action, self._key, self._nonce_ms()))

    def _read(self, payload: dict[str, Any]) -> Any:
        reply = self._post("/info", json.dumps(payload))
        if reply.status != 200:
            raise TargetUnavailable(
                f"The sweep asked for {payload['type']} and was answered HTTP {reply.status}.",
                needed="To know what the scenario left behind.",
                do="Look at the account by hand.",
            )
        return json.loads(reply.body)


def _changed(before: Holdings, now: Holdings) -> list[str]:
    """Return the coins in which the position is another one."""
    coins = sorted({*before.positions, *now.positions})
    return [coin for coin in coins if now.positions.get(coin, _NONE) != before.positions.get(coin, _NONE)]
