"""`meta`, `metaAndAssetCtxs`, `allMids`, `marginTable` and their like: what can be traded, at what price."""

from typing import TYPE_CHECKING, Any, Final

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.dexes import FIRST, Dex
from harness.localnet.numbers import MICRO, wire, wire_usd
from harness.localnet.parsing import U64
from harness.localnet.queries.registry import Query, dex_asked, query
from harness.localnet.trading.funding import rate_now
from harness.localnet.trading.impact import impact, premium
from harness.localnet.trading.interest import at_cap
from harness.localnet.trading.orders import market_cap_usd

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


# Ids below this are tables of one tier, whose leverage is the id. DOC, "HIP-3 deployer actions".
_FIRST_TABLE: Final = 50


class OnDex(Query):
    """A query on one perp dex."""

    dex: str | None = None


class MarginTable(Query):
    """A margin table by its id."""

    id: U64 = msgspec.field()
    dex: str | None = None


@query("meta", OnDex)
def meta(exchange: "Exchange", asked: OnDex) -> bytes:
    """Return the perpetuals; an unknown dex is 500 (wire rule 3)."""
    return exchange.universe.dex_meta_json(dex_asked(exchange, asked.dex))


@query("spotMeta", Query)
def spot_meta(exchange: "Exchange", asked: Query) -> bytes:
    """Return the spot pairs and tokens."""
    return exchange.universe.spot_meta_json()


@query("metaAndAssetCtxs", OnDex)
def meta_and_asset_ctxs(exchange: "Exchange", asked: OnDex) -> list[object]:
    """Return the perpetuals and their contexts, in the same order."""
    dex = dex_asked(exchange, asked.dex)
    return [msgspec.Raw(exchange.universe.dex_meta_json(dex)), contexts(exchange, dex)]


def contexts(exchange: "Exchange", dex: Dex) -> list[dict[str, object]]:
    """Return the asset contexts of a dex, in the order of its `meta`."""
    interest = exchange.open_interest()
    return [context(exchange, perp, interest.get(perp.index, 0)) for perp in dex.perps]


def context(exchange: "Exchange", perp: Perp, open_interest: int) -> dict[str, object]:
    """Return one asset context; a delisted coin has no premium, mid or impact prices.

    Nor has one with an empty side of its book: of the three, recorded of delisted coins, two cannot be had
    without both sides. That the exchange has none of the three then is UNVERIFIED.
    """
    market = exchange.markets.get(perp.index)
    live = not perp.delisted
    found = impact(exchange, perp) if live else None
    return {
        "funding": wire(rate_now(exchange, perp), 10) if live else "0.0",
        "openInterest": wire(open_interest),
        "prevDayPx": wire(perp.nearest_px(perp.mid)),
        "dayNtlVlm": wire_usd(market.day_ntl if market is not None else 0),
        "premium": None if found is None else wire(0 if market is None else premium(exchange, market), 10),
        "oraclePx": wire(exchange.oracle(perp)),
        "markPx": wire(exchange.mark(perp)),
        "midPx": None if found is None else wire(exchange.mid(perp)),
        "impactPxs": None if found is None else [wire(found.bid), wire(found.ask)],
        "dayBaseVlm": wire(market.day_base if market is not None else 0),
    }


@query("perpsAtOpenInterestCap", OnDex)
def perps_at_open_interest_cap(exchange: "Exchange", asked: OnDex) -> list[str]:
    """Return the coins at their cap, in the order of their names, as the documented example has them."""
    return at_cap(exchange, dex_asked(exchange, asked.dex))


@query("marginTable", MarginTable)
def margin_table(exchange: "Exchange", asked: MarginTable) -> dict[str, Any]:
    """Return one margin table, as `meta` has it. That one of a single tier has no description: UNVERIFIED.

    Raises:
        NotCovered: the answer to an unknown id is not known.
    """
    body = exchange.universe.dex_meta_json(dex_asked(exchange, asked.dex))
    tables = dict(msgspec.json.decode(body)["marginTables"])
    if 0 < asked.id < _FIRST_TABLE:
        return {"description": "", "marginTiers": [{"lowerBound": "0.0", "maxLeverage": int(asked.id)}]}
    if asked.id not in tables:
        raise NotCovered("a margin table that does not exist")
    found: dict[str, Any] = tables[asked.id]
    return found


@query("maxMarketOrderNtls", Query)
def max_market_order_ntls(exchange: "Exchange", asked: Query) -> list[list[object]]:
    """Return the largest value of a market order by maximum leverage, in the form of NK.

    The figures are the documented ones (wire rule 28). UNVERIFIED: that there is a row for each maximum
    leverage in use, and their order.
    """
    leverages = sorted({perp.max_leverage for perp in exchange.universe.live_perps}, reverse=True)
    return [[leverage, wire_usd(market_cap_usd(leverage) * MICRO)] for leverage in leverages]


@query("allMids", OnDex, weight=2)
def all_mids(exchange: "Exchange", asked: OnDex) -> dict[str, str]:
    """Return the mids by coin, in the order of their names; spot pairs come with the first dex (docs)."""
    dex = dex_asked(exchange, asked.dex)
    mids = {perp.name: wire(exchange.mid(perp)) for perp in dex.live}
    if dex is FIRST:
        mids |= {pair.name: wire(exchange.mid(pair)) for pair in exchange.universe.pairs.values()}
    return dict(sorted(mids.items()))
