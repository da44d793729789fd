"""The sweep on an exchange of the scenario's own: what it leaves behind is cancelled and closed.

Nobody else trades there, so all that was not there before is the scenario's; on testnet `cleaner` asks for
evidence instead. Its requests are journalled, never taped, and made without the SDK: an SDK that is broken
must not keep an order alive.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from harness.errors import HarnessError, TargetUnavailable
from harness.precision import quantise_px
from harness.recording.tape import Reply
from harness.recording.universe import Universe
from harness.settings import Key
from harness.signing import sign_l1_action

Post = Callable[[str, str], Reply]

_SLIPPAGE = Decimal("0.05")
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
        self._key = Key(key).raw
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
        is_buy = szi < was
        # A position that the scenario made smaller, or turned over, has to grow again.
        only_reduces = min(szi, _NONE) <= was <= max(szi, _NONE)
        side = book["levels"][1 if is_buy else 0] if book else []
        if asset is None or not side:
            return
        best = Decimal(side[0]["px"])
        px = quantise_px(
            best * (1 + _SLIPPAGE if is_buy else 1 - _SLIPPAGE),
            int(asset[1]["szDecimals"]),
            rounding=ROUND_FLOOR if is_buy else ROUND_CEILING,
        )
        order = {
            "a": asset[0],
            "b": is_buy,
            "p": f"{px.normalize():f}",
            "s": f"{abs(szi - was).normalize():f}",
            "r": only_reduces,
            "t": {"limit": {"tif": "Ioc"}},
        }
        self._act({"type": "order", "orders": [order], "grouping": "na"})

    def _act(self, action: dict[str, Any]) -> None:
        nonce = self._nonce_ms()
        signature = sign_l1_action(action, self._key, nonce)
        envelope = {"action": action, "nonce": nonce, "signature": signature.as_wire(), "vaultAddress": None}
        self._post("/exchange", json.dumps(envelope))

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
