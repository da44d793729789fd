"""`clearinghouseState` and `liquidatable`: margin and positions, and who lacks it."""

from fractions import Fraction
from typing import TYPE_CHECKING

from harness.localnet.accounts import risk, summaries
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.answers import NotCovered
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.dexes import FIRST, Dex, dex_of
from harness.localnet.numbers import E8, wire, wire_usd
from harness.localnet.queries.registry import OfUserOnDex, Query, dex_asked, ledger_of, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("clearinghouseState", OfUserOnDex, weight=2)
def clearinghouse_state(exchange: "Exchange", asked: OfUserOnDex) -> dict[str, object]:
    """Return margin and positions; one summary is of all positions, the other of the cross ones."""
    return perp_state(exchange, ledger_of(exchange, asked.user), dex_asked(exchange, asked.dex))


def perp_state(exchange: "Exchange", ledger: Ledger, dex: Dex = FIRST) -> dict[str, object]:
    """Return margin and positions of one account on one dex."""
    return {
        "marginSummary": _summary(ledger, exchange, dex, cross_only=False),
        "crossMarginSummary": _summary(ledger, exchange, dex, cross_only=True),
        "crossMaintenanceMarginUsed": wire_usd(
            int(risk.cross_maintenance(ledger, exchange.markets, dex.number))
        ),
        "withdrawable": wire_usd(summaries.may_leave(ledger, exchange.markets, dex.number)),
        "assetPositions": [
            {"type": "oneWay", "position": _position(ledger, exchange, asset)}
            for asset in sorted(ledger.positions)
            if dex_of(asset) == dex.number
        ],
        "time": exchange.now_ms(),
    }


def _summary(ledger: Ledger, exchange: "Exchange", dex: Dex, *, cross_only: bool) -> dict[str, str]:
    summary = summaries.summary(ledger, exchange.markets, dex.number, cross_only=cross_only)
    return {
        "accountValue": wire_usd(summary.account_value),
        "totalNtlPos": wire_usd(summary.total_ntl_pos),
        "totalRawUsd": wire_usd(summary.total_raw_usd),
        "totalMarginUsed": wire_usd(summary.total_margin_used),
    }


def leverage_row(ledger: Ledger, perp: Perp) -> dict[str, object]:
    """Return type and value of the leverage on a coin, and of an isolated position its cash."""
    row: dict[str, object] = {"type": "cross", "value": risk.leverage_of(ledger, perp)}
    if risk.is_isolated(ledger, perp):
        position = ledger.positions.get(perp.index)
        cash = 0 if position is None else position.collateral - position.cost
        row |= {"type": "isolated", "rawUsd": wire_usd(cash)}
    return row


def _position(ledger: Ledger, exchange: "Exchange", asset: int) -> dict[str, object]:
    market, position = exchange.markets[asset], ledger.positions[asset]
    perp = market.perp
    leverage = risk.leverage_of(ledger, perp)
    pnl = position.unrealised(market.mark)
    entry = abs(position.cost) * 100 * E8 // abs(position.szi)
    liquidation = risk.liquidation_px(ledger, exchange.markets, asset)
    return {
        "coin": perp.name,
        "szi": wire(position.szi),
        "leverage": leverage_row(ledger, perp),
        # Cut to the coin's decimals: 50.49083 / 0.00061 reads 82771.8.
        "entryPx": wire(entry - entry % perp.px_step),
        "positionValue": wire_usd(position.value(market.mark)),
        "unrealizedPnl": wire_usd(pnl),
        "returnOnEquity": wire(round(Fraction(pnl * leverage * 10**10, abs(position.cost) or 1)), 10),
        "liquidationPx": None if liquidation is None else wire(liquidation),
        "marginUsed": wire_usd(risk.position_margin(ledger, market)),
        "maxLeverage": perp.max_leverage,
        # What was paid is positive (id 59785098762 of the text index).
        "cumFunding": {
            "allTime": wire_usd(ledger.funding_paid.get(asset, 0)),
            "sinceOpen": wire_usd(position.paid_since_open),
            "sinceChange": wire_usd(position.paid_since_change),
        },
    }


@query("liquidatable", Query)
def liquidatable(exchange: "Exchange", asked: Query) -> list[object]:
    """Return nobody: who must be liquidated is, when the block ends.

    Raises:
        NotCovered: somebody found nobody to trade with; the rows' figures are not known (NK).
    """
    if exchange.unjudged:
        raise NotCovered("an account that waits for its liquidation")
    return []
