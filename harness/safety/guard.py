"""The guard: which hosts a request may go to, and how much money it may move."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from harness.errors import GuardError
from harness.recording.tape import TESTNET_URL

_TESTNET_HOST = urlsplit(TESTNET_URL).hostname
_MAINNET_DOMAIN = "hyperliquid.xyz"
# Readers of URLs disagree about these: some cut them out, others end the host there.
_AMBIGUOUS = re.compile(r"[^\x21-\x7e]|\\")


def is_mainnet(host: str) -> bool:
    """Say whether `host` is a name of mainnet: its API, its app or its RPC."""
    name = host.rstrip(".").lower()
    return name == _MAINNET_DOMAIN or name.endswith(f".{_MAINNET_DOMAIN}")


def is_loopback(url: str) -> bool:
    """Say whether `url` points at this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=256)
def check_host(url: str) -> None:
    """Let only the testnet and loopback pass.

    Raises:
        GuardError: `url` points elsewhere, such as at mainnet, the SDK's default.
    """
    parts = _parts(url)
    if (parts.scheme == "https" and parts.hostname == _TESTNET_HOST and parts.port in (None, 443)) or (
        parts.scheme in ("http", "https") and is_loopback(url)
    ):
        return
    mainnet = " is mainnet, and scenarios place real orders" if is_mainnet(parts.hostname or "") else ""
    raise GuardError(
        f"Refusing to send: {parts.scheme}://{parts.netloc}{mainnet or ' is not a host of this harness'}.",
        needed=f"Allowed hosts: {_TESTNET_HOST}, 127.0.0.1.",
        do="Build SDK objects through the `trader` fixture, or pass base_url explicitly.",
    )


def check_websocket(url: str) -> None:
    """Let only websockets to the testnet and loopback pass.

    Raises:
        GuardError: `url` points elsewhere, or is no websocket's.
    """
    scheme, separator, rest = url.partition("://")
    if scheme not in ("ws", "wss") or not separator:
        raise GuardError("Refusing to open a websocket: the URL does not begin with ws:// or wss://.")
    check_host(f"http{scheme[2:]}://{rest}")


def _parts(url: str) -> SplitResult:
    """Take `url` apart, if every reader takes it apart alike.

    Some take a backslash for the end of the host, others for a part of the user's name before it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    plain = (host, f"{host}:{port}")
    if not host or _AMBIGUOUS.search(url) or parts.netloc.lower() not in plain:
        raise GuardError(
            "Refusing to send: the URL has no plain host.",
            needed="https:// or http://, a host, and perhaps a port; no user, backslash or space.",
            do="Look at the base_url that the SDK object was given.",
        )
    return parts


def check_notional(payload: Any, max_notional_usd: Decimal) -> None:
    """Let no order pass that is worth more than `max_notional_usd` at its price; a TWAP has that of `valued`.

    Raises:
        GuardError: an order is worth more, or its worth cannot be told.
    """
    action = payload.get("action") if isinstance(payload, dict) else None
    for order in orders_in(action):
        try:
            worth = Decimal(str(order["p"])) * Decimal(str(order["s"]))
        except (KeyError, TypeError, InvalidOperation):
            worth = Decimal("NaN")
        what, price = ("a TWAP", "mid") if is_twap(order) else ("an order", "p")
        figures = f"{price} {order.get('p', 'unknown')} x s {order.get('s')}"
        if worth.is_nan():
            raise GuardError(
                f"Refusing to send {what} whose worth cannot be told ({figures}).",
                needed=f"A price to hold it to {max_notional_usd} USDC by (--max-notional-usd).",
                do="Trade a coin that has a book."
                if is_twap(order)
                else "Send p and s as the exchange takes them.",
            )
        if worth > max_notional_usd:
            raise GuardError(
                f"Refusing to send {what} worth {worth:f} USDC ({figures}).",
                needed=f"At most {max_notional_usd} USDC an order on testnet.",
                do="Make the order smaller, or raise --max-notional-usd.",
            )


def is_twap(order: dict[str, Any]) -> bool:
    """Say whether what `orders_in` returned is a TWAP: it has minutes."""
    return "m" in order


def valued(payload: Any, mid_of: Callable[[int], Decimal | None]) -> Any:
    """Return a request in which a TWAP has the mid of its coin for a price, since it names none itself.

    Its parts trade at the prices of the minutes to come, which nobody knows.

    Args:
        payload: the body of a request, decoded; it is not changed.
        mid_of: the mid of an asset, None where there is none.
    """
    action = payload.get("action") if isinstance(payload, dict) else None
    if not isinstance(action, dict):
        return payload
    if action.get("type") == "multiSig":
        inner = action.get("payload")
        return {**payload, "action": {**action, "payload": valued(inner, mid_of)}}
    twap = action.get("twap")
    if action.get("type") != "twapOrder" or not isinstance(twap, dict):
        return payload
    plain = {name: value for name, value in twap.items() if name != "p"}
    mid = mid_of(twap["a"]) if isinstance(twap.get("a"), int) else None
    price = {} if mid is None else {"p": f"{mid:f}"}
    return {**payload, "action": {**action, "twap": {"m": None, **plain, **price}}}


def orders_in(action: Any) -> list[dict[str, Any]]:
    """Return the orders that an action places or changes, also those inside a multi-sig action."""
    if not isinstance(action, dict):
        return []
    kind = action.get("type")
    if kind == "order":
        orders = action.get("orders")
    elif kind == "batchModify":
        modifies = action.get("modifies")
        orders = [one.get("order") for one in modifies] if isinstance(modifies, list) else []
    elif kind == "modify":
        orders = [action.get("order")]
    elif kind == "twapOrder":
        orders = [action.get("twap")]
    elif kind == "multiSig":
        payload = action.get("payload")
        return orders_in(payload.get("action")) if isinstance(payload, dict) else []
    else:
        return []
    return [order for order in orders or [] if isinstance(order, dict)]
