"""`meta`, `spotMeta`, `metaAndAssetCtxs`, `allMids`: what can be traded, and at what price."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.assets import LIVE_PERPS, PERPS, Perp, meta_json
from harness.localnet.numbers import notional, wire, wire_usd
from harness.localnet.queries.registry import Query, query, refuse_dex
from harness.localnet.quotes import prices
from harness.localnet.tokens import PAIRS, spot_meta_json

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class OnDex(Query):
    """A query on one perp dex."""

    dex: str | None = None


@query("meta", OnDex)
def meta(exchange: "Exchange", asked: OnDex) -> bytes:
    """Return the perpetuals; an unknown dex is 500 (wire rule 3)."""
    refuse_dex(asked.dex)
    return meta_json()


@query("spotMeta", Query)
def spot_meta(exchange: "Exchange", asked: Query) -> bytes:
    """Return the spot pairs and tokens."""
    return spot_meta_json()


@query("metaAndAssetCtxs", OnDex)
def meta_and_asset_ctxs(exchange: "Exchange", asked: OnDex) -> list[object]:
    """Return the perpetuals and their contexts, in the same order."""
    refuse_dex(asked.dex)
    interest = exchange.open_interest()
    contexts = [context(exchange, perp, interest.get(perp.index, 0)) for perp in PERPS]
    return [msgspec.Raw(meta_json()), contexts]


def context(exchange: "Exchange", perp: Perp, open_interest: int) -> dict[str, object]:
    """Return one asset context; a delisted coin has no premium, mid or impact prices."""
    market = exchange.markets.get(perp.index)
    mark = wire(exchange.mark(perp))
    live = not perp.delisted
    return {
        "funding": "0.0",
        "openInterest": wire(open_interest),
        "prevDayPx": wire(perp.nearest_px(perp.mid)),
        "dayNtlVlm": wire_usd(market.day_ntl if market is not None else 0),
        "premium": "0.0" if live else None,
        "oraclePx": mark,
        "markPx": mark,
        "midPx": wire(exchange.mid(perp)) if live else None,
        "impactPxs": _impact_pxs(exchange, perp) if live else None,
        "dayBaseVlm": wire(market.day_base if market is not None else 0),
    }


def _impact_pxs(exchange: "Exchange", perp: Perp) -> list[str] | None:
    """Return the prices of trading the impact notional (wire rule 94), null when a side cannot take it."""
    wanted = 20_000_000_000 if perp.name in ("BTC", "ETH") else 6_000_000_000
    market = exchange.markets.get(perp.index)
    if market is None:
        return [wire(prices(perp, perp.mid, is_buy=is_buy)[0]) for is_buy in (True, False)]
    found: list[str] = []
    for is_buy in (True, False):
        left, px = wanted, 0
        for px, orders in market.book.levels(is_buy=is_buy):
            left -= sum(notional(px, order.sz) for order in orders)
            if left <= 0:
                break
        if not px:
            return None
        found.append(wire(px))
    return found


@query("allMids", OnDex, weight=2)
def all_mids(exchange: "Exchange", asked: OnDex) -> dict[str, str]:
    """Return the mids by coin, in the order of their names."""
    refuse_dex(asked.dex)
    mids = {perp.name: wire(exchange.mid(perp)) for perp in LIVE_PERPS}
    mids |= {pair.name: wire(exchange.mid(pair)) for pair in PAIRS}
    return dict(sorted(mids.items()))
