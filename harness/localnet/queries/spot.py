"""`spotClearinghouseState`, `spotMetaAndAssetCtxs`, `tokenDetails`: tokens, their prices, who has them."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.accounts import risk
from harness.localnet.accounts.balances import Balance
from harness.localnet.accounts.holds import held
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.summaries import isolated_value
from harness.localnet.answers import NotCovered
from harness.localnet.markets.dexes import FIRST
from harness.localnet.markets.tokens import HYPE, USDC, Pair
from harness.localnet.numbers import iso_time, wire, wire_usd
from harness.localnet.queries.deploys import genesis_of
from harness.localnet.queries.lending import lent_keys, portfolio_keys
from harness.localnet.queries.registry import OfUser, Query, ledger_of, query
from harness.localnet.transfers.evm import escrow_rows
from harness.localnet.transfers.money import RATIO

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def spot_state(exchange: "Exchange", ledger: Ledger) -> dict[str, object]:
    """Return an account's balances by token index; rows stay when they come to zero (RIFT, observations).

    Their order is that of the recordings, by index; where a new row goes is UNVERIFIED.

    A unified account shows all its money here (wire rule 101).
    """
    balances: list[dict[str, object]] = []
    for index in sorted({*ledger.tokens, *([USDC.index] if ledger.is_unified else [])}):
        token, balance = exchange.universe.token(index), ledger.tokens.get(index, Balance())
        total, hold = balance.total, held(ledger, token)
        extra: dict[str, object] = {}
        if ledger.has_portfolio_margin:
            extra = lent_keys(exchange, ledger.address, index, hold)
        elif token is USDC and ledger.is_unified:
            total, hold = unified_usdc(exchange, ledger)
        # Tokens of outcomes have no number (TI:69078189041).
        number = {} if index in exchange.universe.sides else {"token": index}
        balances.append(
            {
                "coin": token.name,
                **number,
                "total": wire(total, token.wei_decimals),
                "hold": wire(hold, token.wei_decimals),
                "entryNtl": wire(balance.entry),
                **extra,
            }
        )
    # Only while something waits (NK).
    waiting = {"evmEscrows": escrows} if (escrows := escrow_rows(exchange, ledger.address)) else {}
    if ledger.has_portfolio_margin:
        before, behind = portfolio_keys(exchange, ledger.address)
        return {**before, "balances": balances, **waiting, **behind}
    if not ledger.is_unified:
        return {"balances": balances, **waiting}
    after = [[USDC.index, wire(_after_maintenance(exchange, ledger), USDC.wei_decimals)]]
    return {"balances": balances, **waiting, "tokenToAvailableAfterMaintenance": after}


def unified_usdc(exchange: "Exchange", ledger: Ledger) -> tuple[int, int]:
    """Return total and hold of a unified account's USDC, in wei.

    The total has the worth of all positions in it (GH sushiswap 2184, measured; in the recorded
    `subAccounts2` it is cash and the perp account value). Held is what positions, orders on perpetuals and
    orders on spot bind (nautilus, `parse_combined_account_balances_and_margins`), and never more than there
    is: a live account had 11.515057 of both (df-hyperliquid-core, 2026-10-06). That orders on perpetuals are
    held too is UNVERIFIED.
    """
    spot = ledger.tokens.get(USDC.index, Balance()).total
    total = spot + risk.account_value(ledger, exchange.markets) * RATIO
    bound = risk.total_bound_margin(ledger, exchange.markets, FIRST.number)
    bound += isolated_value(ledger, exchange.markets)
    return total, max(0, min(total, held(ledger, USDC) + bound * RATIO))


def _after_maintenance(exchange: "Exchange", ledger: Ledger) -> int:
    """Return USDC less isolated positions and the maintenance margin of cross ones, in wei.

    What spot orders hold does not count: recorded were a total and 100508.11272667 here with 49999.89 held
    (TI:70569652065). Only USDC has a row, as there; which tokens have one is UNVERIFIED.
    """
    total, _ = unified_usdc(exchange, ledger)
    kept = sum(
        risk.cross_maintenance(ledger, exchange.markets, dex.number) for dex in exchange.universe.dexes
    )
    return total - (isolated_value(ledger, exchange.markets) + int(kept)) * RATIO


@query("spotClearinghouseState", OfUser, weight=2)
def spot_clearinghouse_state(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return the spot balances."""
    return spot_state(exchange, ledger_of(exchange, asked.user))


@query("spotMetaAndAssetCtxs", Query)
def spot_meta_and_asset_ctxs(exchange: "Exchange", asked: Query) -> list[object]:
    """Return pairs and tokens, and the contexts of the pairs, which name their coin (wire rule 164)."""
    return [msgspec.Raw(exchange.universe.spot_meta_json()), spot_contexts(exchange)]


def spot_contexts(exchange: "Exchange") -> list[dict[str, object]]:
    """Return the contexts of all pairs."""
    return [_context(exchange, pair) for pair in exchange.universe.pairs.values()]


def _context(exchange: "Exchange", pair: Pair) -> dict[str, object]:
    """Return one context; all there is of a token here circulates.

    Without both sides there is no mid, as on perpetuals (UNVERIFIED).
    """
    market = exchange.spot_markets.get(pair.index)
    supply = wire(exchange.supply(pair.base), pair.base.wei_decimals)
    return {
        "prevDayPx": wire(pair.nearest_px(pair.mid)),
        "dayNtlVlm": wire_usd(market.day_ntl if market is not None else 0),
        "markPx": wire(exchange.mark(pair)),
        "midPx": _mid_px(exchange, pair),
        "circulatingSupply": supply,
        "coin": pair.name,
        "totalSupply": supply,
        "dayBaseVlm": wire(market.day_base if market is not None else 0),
    }


def _mid_px(exchange: "Exchange", pair: Pair) -> str | None:
    """Return the mid; null (NK) where a side of the book is empty. That this is when is UNVERIFIED."""
    market = exchange.spot_markets.get(pair.index)
    is_quoted = market is not None and (market.house_is_manual or not market.needs_quotes)
    if market is not None and is_quoted and not market.has_both_sides():
        return None
    return wire(exchange.mid(pair))


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
        "midPx": "1.0" if pair is None else _mid_px(exchange, pair),
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
