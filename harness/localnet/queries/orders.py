"""`openOrders`, `frontendOpenOrders`, `orderStatus`, `historicalOrders`."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.assets import PERPS
from harness.localnet.book import Order
from harness.localnet.numbers import wire
from harness.localnet.orders import find
from harness.localnet.parsing import oid_or_cloid
from harness.localnet.queries.registry import OfUser, OfUserOnDex, ledger_of, query, refuse_dex

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_ORDER_TYPE: Final = {"FrontendMarket": "Market"}


class OrderStatus(OfUser):
    """An order by oid or cloid."""

    oid: int | str = msgspec.field()

    def __post_init__(self) -> None:
        self.oid = oid_or_cloid(self.oid)


@query("openOrders", OfUserOnDex)
def open_orders(exchange: "Exchange", asked: OfUserOnDex) -> list[dict[str, object]]:
    """Return the resting orders, newest first; `reduceOnly` and `cloid` where they apply (wire rule 14)."""
    refuse_dex(asked.dex)
    return [basic(order, order.sz) for order in reversed(ledger_of(exchange, asked.user).open.values())]


def basic(order: Order, sz: int) -> dict[str, object]:
    """Return an order as `openOrders` and the feed's order updates show it."""
    row: dict[str, object] = {
        "coin": PERPS[order.asset].name,
        "side": order.side,
        "limitPx": wire(order.px),
        "sz": wire(sz),
        "oid": order.oid,
        "timestamp": order.timestamp_ms,
        "origSz": wire(order.orig_sz),
    }
    if order.reduce_only:
        row["reduceOnly"] = True
    if order.cloid is not None:
        row["cloid"] = order.cloid
    return row


@query("frontendOpenOrders", OfUserOnDex)
def frontend_open_orders(exchange: "Exchange", asked: OfUserOnDex) -> list[dict[str, object]]:
    """Return the resting orders with all their keys, newest first."""
    refuse_dex(asked.dex)
    return [full(order, order.sz) for order in reversed(ledger_of(exchange, asked.user).open.values())]


@query("orderStatus", OrderStatus, weight=2)
def order_status(exchange: "Exchange", asked: OrderStatus) -> dict[str, object]:
    """Return an order as of the last change of its status (wire rule 141)."""
    order = find(ledger_of(exchange, asked.user), asked.oid)
    if order is None:
        return {"status": "unknownOid"}
    return {"status": "order", "order": _row(order, order.shown_sz, order.status, order.status_ms)}


@query("historicalOrders", OfUser)
def historical_orders(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return one row per change of status, newest first (wire rule 143)."""
    return [
        _row(row.order, row.sz, row.status, row.time_ms) for row in ledger_of(exchange, asked.user).history
    ]


def _row(order: Order, sz: int, status: str, time_ms: int) -> dict[str, object]:
    return {"order": full(order, sz), "status": status, "statusTimestamp": time_ms}


def full(order: Order, sz: int) -> dict[str, object]:
    """Return an order with every key there (wire rule 14)."""
    return {
        "coin": PERPS[order.asset].name,
        "side": order.side,
        "limitPx": wire(order.px),
        "sz": wire(sz),
        "oid": order.oid,
        "timestamp": order.timestamp_ms,
        "triggerCondition": "N/A",
        "isTrigger": False,
        "triggerPx": "0.0",
        "children": [],
        "isPositionTpsl": False,
        "reduceOnly": order.reduce_only,
        "orderType": _ORDER_TYPE.get(order.tif, "Limit"),
        "origSz": wire(order.orig_sz),
        "tif": order.tif,
        "cloid": order.cloid,
    }
