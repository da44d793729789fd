"""`meta`, `spotMeta`, `metaAndAssetCtxs`, `allMids`: what can be traded, and at what price."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.assets import Perp
from harness.localnet.dexes import FIRST, dex_meta_json
from harness.localnet.funding import rate_now
from harness.localnet.impact import impact, premium
from harness.localnet.interest import at_cap
from harness.localnet.numbers import wire, wire_usd
from harness.localnet.queries.registry import Query, dex_asked, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class OnDex(Query):
    """A query on one perp dex."""

    dex: str | None = None


@query("meta", OnDex)
def meta(exchange: "Exchange", asked: OnDex) -> bytes:
    """Return the perpetuals; an unknown dex is 500 (wire rule 3)."""
    return dex_meta_json(dex_asked(exchange, asked.dex))


@query("spotMeta", Query)
def spot_meta(exchange: "Exchange", asked: Query) -> bytes:
    """Return the spot pairs and tokens."""
    return exchange.universe.spot_meta_json()


@query("metaAndAssetCtxs", OnDex)
def meta_and_asset_ctxs(exchange: "Exchange", asked: OnDex) -> list[object]:
    """Return the perpetuals and their contexts, in the same order."""
    dex = dex_asked(exchange, asked.dex)
    interest = exchange.open_interest()
    contexts = [context(exchange, perp, interest.get(perp.index, 0)) for perp in dex.perps]
    return [msgspec.Raw(dex_meta_json(dex)), contexts]


def context(exchange: "Exchange", perp: Perp, open_interest: int) -> dict[str, object]:
    """Return one asset context; a delisted coin has no premium, mid or impact prices."""
    market = exchange.markets.get(perp.index)
    live = not perp.delisted
    return {
        "funding": wire(rate_now(exchange, perp), 10) if live else "0.0",
        "openInterest": wire(open_interest),
        "prevDayPx": wire(perp.nearest_px(perp.mid)),
        "dayNtlVlm": wire_usd(market.day_ntl if market is not None else 0),
        "premium": wire(0 if market is None else premium(exchange, market), 10) if live else None,
        "oraclePx": wire(exchange.oracle(perp)),
        "markPx": wire(exchange.mark(perp)),
        "midPx": wire(exchange.mid(perp)) if live else None,
        "impactPxs": _impact_pxs(exchange, perp) if live else None,
        "dayBaseVlm": wire(market.day_base if market is not None else 0),
    }


def _impact_pxs(exchange: "Exchange", perp: Perp) -> list[str] | None:
    """Return the impact prices, null when a side is empty."""
    found = impact(exchange, perp)
    return None if found is None else [wire(found.bid), wire(found.ask)]


@query("perpsAtOpenInterestCap", OnDex)
def perps_at_open_interest_cap(exchange: "Exchange", asked: OnDex) -> list[str]:
    """Return the coins at their cap, in the order of their names, as the documented example has them."""
    return at_cap(exchange, dex_asked(exchange, asked.dex))


@query("allMids", OnDex, weight=2)
def all_mids(exchange: "Exchange", asked: OnDex) -> dict[str, str]:
    """Return the mids by coin, in the order of their names; spot pairs come with the first dex (docs)."""
    dex = dex_asked(exchange, asked.dex)
    mids = {perp.name: wire(exchange.mid(perp)) for perp in dex.live}
    if dex is FIRST:
        mids |= {pair.name: wire(exchange.mid(pair)) for pair in exchange.universe.pairs.values()}
    return dict(sorted(mids.items()))
