"""A trader's desk for tests: signs with `harness.signing`, speaks JSON, knows no SDK and no shapes."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from harness import signing
from harness.localnet import ACCOUNTS, Answer, Localnet

ETH = 4
BTC = 3


def order(
    *,
    a: int = ETH,
    b: bool = True,
    p: str = "3000",
    s: str = "0.01",
    r: bool = False,
    tif: str = "Gtc",
    c: str | None = None,
) -> dict[str, Any]:
    """Return an order in the key order that is signed."""
    made: dict[str, Any] = {"a": a, "b": b, "p": p, "s": s, "r": r, "t": {"limit": {"tif": tif}}}
    return made if c is None else made | {"c": c}


def orders(*made: dict[str, Any]) -> dict[str, Any]:
    """Return the action that places orders."""
    return {"type": "order", "orders": list(made), "grouping": "na"}


def trigger(
    *,
    px: str,
    p: str,
    a: int = ETH,
    b: bool = True,
    s: str = "0.01",
    r: bool = False,
    market: bool = True,
    tpsl: str = "sl",
    c: str | None = None,
) -> dict[str, Any]:
    """Return a trigger order; `px` is the price it waits for, `p` its limit."""
    kind = {"trigger": {"isMarket": market, "triggerPx": px, "tpsl": tpsl}}
    return order(a=a, b=b, p=p, s=s, r=r, c=c) | {"t": kind}


def grouped(grouping: Any, *made: dict[str, Any]) -> dict[str, Any]:
    """Return the action that places orders as a group."""
    return orders(*made) | {"grouping": grouping}


def cancel(oid: int, a: int = ETH) -> dict[str, Any]:
    """Return the action that cancels one order."""
    return {"type": "cancel", "cancels": [{"a": a, "o": oid}]}


def modify(oid: int | str, new: dict[str, Any]) -> dict[str, Any]:
    """Return the action that modifies one order, in a batch as the SDK does."""
    return {"type": "batchModify", "modifies": [{"oid": oid, "order": new}]}


def leverage(value: int, *, a: int = ETH, is_cross: bool = True) -> dict[str, Any]:
    """Return the action that sets a leverage."""
    return {"type": "updateLeverage", "asset": a, "isCross": is_cross, "leverage": value}


class Desk:
    """One key at one exchange."""

    def __init__(self, net: Localnet, private_key: str = ACCOUNTS[0].private_key) -> None:
        self.net = net
        self.key = bytes.fromhex(private_key[2:])
        self.address = signing.address_of(self.key)
        self._last_nonce = 0

    def nonce(self) -> int:
        """Return the time of the next block, or more when that is used."""
        self._last_nonce = max(self._last_nonce + 1, self.net.clock.now_ms())
        return self._last_nonce

    def envelope(
        self,
        action: dict[str, Any],
        *,
        nonce: int | None = None,
        vault: str | None = None,
        expires_after: int | None = None,
        signed: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return a signed body; `signed` is what is signed if it differs from what is sent."""
        nonce = self.nonce() if nonce is None else nonce
        signature = signing.sign_l1_action(signed or action, self.key, nonce, vault, expires_after)
        return {
            "action": action,
            "nonce": nonce,
            "signature": signature.as_wire(),
            "vaultAddress": vault,
            "expiresAfter": expires_after,
        }

    def send(self, body: object, path: str = "/exchange") -> Answer:
        """Post a JSON body."""
        return self.net.handle(path, "application/json", json.dumps(body).encode())

    def act(self, action: dict[str, Any], **envelope: Any) -> Any:
        """Send a signed action and return the parsed answer."""
        answer = self.send(self.envelope(action, **envelope))
        assert answer.status == 200, (answer, action)
        return json.loads(answer.body)

    def user_act(self, action: dict[str, Any], **changed: Any) -> Any:
        """Send a user-signed action, signed with this desk's key."""
        nonce = self.nonce()
        action = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | action
        return self.send_user_signed(action, nonce, **changed)

    def user_envelope(self, action: dict[str, Any], nonce: int) -> dict[str, Any]:
        """Return the body of a whole user-signed action."""
        return {
            "action": action,
            "nonce": nonce,
            "signature": signing.sign_user_signed_action(action, self.key).as_wire(),
            "vaultAddress": None,
            "expiresAfter": None,
        }

    def send_user_signed(self, action: dict[str, Any], nonce: int, /, **changed: Any) -> Any:
        """Send a whole user-signed action and return the parsed answer."""
        answer = self.send(self.user_envelope(action, nonce) | changed)
        assert answer.status == 200, (answer, action)
        return json.loads(answer.body)

    def approve(self, agent: str, name: str | None = None) -> Any:
        """Approve an agent."""
        named = {} if name is None else {"agentName": name}
        return self.user_act({"type": "approveAgent", "agentAddress": agent, **named})

    def statuses(self, *made: dict[str, Any]) -> list[Any]:
        """Place orders and return their statuses."""
        return self.elements(orders(*made))

    def elements(self, action: dict[str, Any]) -> list[Any]:
        """Send an action and return its statuses."""
        answer = self.act(action)
        assert answer["status"] == "ok", answer
        statuses: list[Any] = answer["response"]["data"]["statuses"]
        return statuses

    def place(self, **made: Any) -> Any:
        """Place one order and return its status."""
        (status,) = self.statuses(order(**made))
        return status

    def rest(self, **made: Any) -> int:
        """Place one order that rests and return its oid."""
        oid: int = self.place(**made)["resting"]["oid"]
        return oid

    def error(self, **made: Any) -> str:
        """Place one order that is refused and return the text."""
        text: str = self.place(**made)["error"]
        return text

    def info(self, kind: str, **fields: Any) -> Any:
        """Ask about this account, or anything else, and return the parsed answer."""
        answer = self.send({"type": kind, "user": self.address, **fields}, "/info")
        assert answer.status == 200, answer
        return json.loads(answer.body)

    def open_oids(self) -> list[int]:
        """Return the oids of the resting orders, newest first."""
        return [row["oid"] for row in self.info("openOrders")]

    def status_of(self, oid: int | str) -> str:
        """Return the status of an order, or `unknownOid`."""
        found = self.info("orderStatus", oid=oid)
        status: str = found["status"] if found["status"] != "order" else found["order"]["status"]
        return status

    def position(self, coin: str = "ETH") -> str:
        """Return the signed size of a position as printed, `0.0` without one."""
        rows = self.info("clearinghouseState")["assetPositions"]
        sizes: Iterable[str] = (row["position"]["szi"] for row in rows if row["position"]["coin"] == coin)
        return next(iter(sizes), "0.0")


def quiet(net: Localnet, coin: str = "ETH", *, bid: str | None = None, ask: str | None = None) -> None:
    """Leave one large quote a side, or none, so that tests see their own orders only."""
    net.set_liquidity(
        coin,
        [] if bid is None else [(Decimal(bid), Decimal(100))],
        [] if ask is None else [(Decimal(ask), Decimal(100))],
    )
