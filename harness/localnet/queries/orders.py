"""`openOrders`, `frontendOpenOrders`, `orderStatus`, `historicalOrders`."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.accounts.ledger import DUST, DUSTER
from harness.localnet.markets.book import Order, Trigger
from harness.localnet.markets.dexes import dex_of
from harness.localnet.markets.universe import Universe
from harness.localnet.numbers import plain, wire
from harness.localnet.parsing import oid_or_cloid
from harness.localnet.queries.registry import OfUser, OfUserOnDex, dex_asked, ledger_of, query
from harness.localnet.trading.matching import VAULT_CLOSE
from harness.localnet.trading.orders import find

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_TYING: Final = frozenset({"open", "triggered"})
_MARKET: Final = frozenset({"FrontendMarket", "LiquidationMarket"})


class OrderStatus(OfUser):
    """An order by oid or cloid."""

    oid: int | str = msgspec.field()

    def __post_init__(self) -> None:
        self.oid = oid_or_cloid(self.oid)


@query("openOrders", OfUserOnDex)
def open_orders(exchange: "Exchange", asked: OfUserOnDex) -> list[dict[str, object]]:
    """Return the open orders, newest first; `reduceOnly` and `cloid` where they apply (wire rule 14).

    Trigger orders and children are plain rows here, which show the limit price only (wire rule 139).
    """
    return [basic(exchange.universe, order, order.sz) for order in _open_on(exchange, asked)]


def _open_on(exchange: "Exchange", asked: OfUserOnDex) -> list[Order]:
    """Return the open orders on one dex, newest first; those on spot come with the first (docs)."""
    number, ledger = dex_asked(exchange, asked.dex).number, ledger_of(exchange, asked.user)
    return [order for order in reversed(ledger.open.values()) if dex_of(order.asset) == number]


def basic(universe: Universe, order: Order, sz: int) -> dict[str, object]:
    """Return an order as `openOrders` and the feed's order updates show it."""
    row: dict[str, object] = {
        "coin": universe.coin_of(order.asset),
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
    """Return the open orders with all their keys, newest first; children also inside their parent's row."""
    return [full(exchange.universe, order, order.sz) for order in _open_on(exchange, asked)]


@query("orderStatus", OrderStatus, weight=2)
def order_status(exchange: "Exchange", asked: OrderStatus) -> dict[str, object]:
    """Return an order as of the last change of its status (wire rule 141)."""
    order = find(ledger_of(exchange, asked.user), asked.oid)
    if order is None:
        return {"status": "unknownOid"}
    row = status_row(exchange.universe, order, order.shown_sz, order.status, order.status_ms)
    return {"status": "order", "order": row}


@query("historicalOrders", OfUser)
def historical_orders(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return one row per change of status, newest first (wire rule 143)."""
    return [
        status_row(exchange.universe, row.order, row.sz, row.status, row.time_ms)
        for row in ledger_of(exchange, asked.user).history
    ]


def status_row(universe: Universe, order: Order, sz: int, status: str, time_ms: int) -> dict[str, object]:
    """Return an order with its status, as it was when that changed."""
    return {"order": full(universe, order, sz), "status": status, "statusTimestamp": time_ms}


def full(universe: Universe, order: Order, sz: int) -> dict[str, object]:
    """Return an order with every key there (wire rule 14).

    That children are shown in every row of their parent for as long as both are open is UNVERIFIED.
    """
    trigger = order.trigger
    tied = order.status in _TYING
    return {
        "coin": universe.coin_of(order.asset),
        "side": order.side,
        "limitPx": wire(order.px),
        "sz": wire(sz),
        "oid": order.oid,
        "timestamp": order.timestamp_ms,
        "triggerCondition": "N/A" if trigger is None else _condition(trigger, is_buy=order.is_buy),
        "isTrigger": trigger is not None,
        "triggerPx": wire(0 if trigger is None else trigger.px),
        "children": [
            full(universe, child, child.sz) for child in order.children if tied and child.status == "open"
        ],
        "isPositionTpsl": order.is_position_tpsl,
        "reduceOnly": order.reduce_only,
        "orderType": _order_type(order),
        "origSz": wire(order.orig_sz),
        "tif": None if trigger is not None or order.tif == VAULT_CLOSE else order.tif,
        "cloid": order.cloid,
    }


def _condition(trigger: Trigger, *, is_buy: bool) -> str:
    """Say when an order triggers; the figure has no added zero (wire rule 41)."""
    return f"Price {'above' if trigger.is_above(is_buy=is_buy) else 'below'} {plain(trigger.px)}"


def _order_type(order: Order) -> str:
    """Return the exchange's name for a kind of order (wire rule 41; NK for slices of a TWAP and dust)."""
    if order.twap_id is not None:
        return "Twap Slice"
    if order.owner == DUSTER:
        return DUST
    if order.tif == VAULT_CLOSE:
        return VAULT_CLOSE
    if order.trigger is None:
        return "Market" if order.tif in _MARKET else "Limit"
    kind = "Take Profit" if order.trigger.is_tp else "Stop"
    return f"{kind} {'Market' if order.trigger.is_market else 'Limit'}"
