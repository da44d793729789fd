"""`spotClearinghouseState`, `spotMetaAndAssetCtxs`, `tokenDetails`: tokens, their prices, who has them."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.balances import Balance
from harness.localnet.ledger import Ledger
from harness.localnet.numbers import MICRO, wire, wire_usd
from harness.localnet.queries.deploys import genesis_of, iso_time
from harness.localnet.queries.registry import OfUser, Query, is_unified, ledger_of, query
from harness.localnet.spot import held
from harness.localnet.tokens import HYPE, USDC, Pair

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def spot_state(exchange: "Exchange", ledger: Ledger) -> dict[str, object]:
    """Return an account's balances by token index; rows stay when they come to zero (RIFT, observations).

    Their order is that of the recordings, by index; where a new row goes is UNVERIFIED.

    A unified account, which has neither positions nor orders here, shows what was on perpetuals too, and what
    would be left after maintenance (wire rule 101; the form is NK's, UNVERIFIED).
    """
    unified = is_unified(exchange, ledger.address)
    pooled = ledger.all_usd * (USDC.unit // MICRO) if unified else 0
    balances: list[dict[str, object]] = []
    for index in sorted({*ledger.tokens, *([USDC.index] if pooled else [])}):
        token, balance = exchange.universe.tokens[index], ledger.tokens.get(index, Balance())
        total = balance.total + (pooled if token is USDC else 0)
        balances.append(
            {
                "coin": token.name,
                "token": index,
                "total": wire(total, token.wei_decimals),
                "hold": wire(held(exchange, ledger, token), token.wei_decimals),
                "entryNtl": wire(balance.entry),
            }
        )
    if not unified:
        return {"balances": balances}
    free = [[row["token"], row["total"]] for row in balances]
    return {"balances": balances, "tokenToAvailableAfterMaintenance": free}


@query("spotClearinghouseState", OfUser, weight=2)
def spot_clearinghouse_state(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return the spot balances."""
    return spot_state(exchange, ledger_of(exchange, asked.user))


@query("spotMetaAndAssetCtxs", Query)
def spot_meta_and_asset_ctxs(exchange: "Exchange", asked: Query) -> list[object]:
    """Return pairs and tokens, and the contexts of the pairs, which name their coin (wire rule 164)."""
    universe = exchange.universe
    contexts = [_context(exchange, pair) for pair in universe.pairs.values()]
    return [msgspec.Raw(universe.spot_meta_json()), contexts]


def _context(exchange: "Exchange", pair: Pair) -> dict[str, object]:
    """Return one context; all there is of a token here circulates."""
    market = exchange.spot_markets.get(pair.index)
    supply = wire(exchange.supply(pair.base), pair.base.wei_decimals)
    return {
        "prevDayPx": wire(pair.nearest_px(pair.mid)),
        "dayNtlVlm": wire_usd(market.day_ntl if market is not None else 0),
        "markPx": wire(exchange.mark(pair)),
        "midPx": wire(exchange.mid(pair)),
        "circulatingSupply": supply,
        "coin": pair.name,
        "totalSupply": supply,
        "dayBaseVlm": wire(market.day_base if market is not None else 0),
    }


class TokenDetails(Query):
    """A token by its id."""

    tokenId: str = msgspec.field()


@query("tokenDetails", TokenDetails)
def token_details(exchange: "Exchange", asked: TokenDetails) -> dict[str, object]:
    """Return one token; those that began with the exchange have no genesis, as recorded of USDC.

    Raises:
        NotCovered: the answer to an unknown id is not known.
    """
    known = exchange.universe.tokens.values()
    token = next((token for token in known if token.token_id == asked.tokenId), None)
    if token is None:
        raise NotCovered("details of a token that is not listed here")
    pair = exchange.universe.usdc_pairs.get(token.index)
    supply = wire(exchange.supply(token), token.wei_decimals)
    own = exchange.universe.deployments.get(token.index)
    return {
        "name": token.name,
        "maxSupply": wire(exchange.total_token(token), token.wei_decimals),
        "totalSupply": supply,
        "circulatingSupply": supply,
        "szDecimals": token.sz_decimals,
        "weiDecimals": token.wei_decimals,
        "midPx": "1.0" if pair is None else wire(exchange.mid(pair)),
        "markPx": "1.0" if pair is None else wire(exchange.mark(pair)),
        "prevDayPx": "1.0" if pair is None else wire(pair.nearest_px(pair.mid)),
        "genesis": None if own is None or own.max_supply is None else genesis_of(token, own),
        "deployer": None if own is None else own.deployer,
        "deployGas": None if own is None else wire(own.gas, HYPE.wei_decimals),
        "deployTime": None if own is None else iso_time(own.time_ms),
        "seededUsdc": wire(0 if own is None else own.seeded),
        "nonCirculatingUserBalances": [],
        "futureEmissions": "0.0",
    }
