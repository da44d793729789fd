"""`clearinghouseState`: margin and positions."""

from fractions import Fraction
from typing import TYPE_CHECKING

from harness.localnet import risk
from harness.localnet.ledger import Ledger
from harness.localnet.numbers import E8, wire, wire_usd
from harness.localnet.queries.registry import OfUserOnDex, ledger_of, query, refuse_dex

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("clearinghouseState", OfUserOnDex, weight=2)
def clearinghouse_state(exchange: "Exchange", asked: OfUserOnDex) -> dict[str, object]:
    """Return margin and positions; without isolated positions both summaries are the same."""
    refuse_dex(asked.dex)
    return perp_state(exchange, ledger_of(exchange, asked.user))


def perp_state(exchange: "Exchange", ledger: Ledger) -> dict[str, object]:
    """Return margin and positions of one account."""
    summary = _summary(ledger, exchange)
    return {
        "marginSummary": summary,
        "crossMarginSummary": summary,
        "crossMaintenanceMarginUsed": wire_usd(int(risk.total_maintenance(ledger, exchange.markets))),
        "withdrawable": wire_usd(risk.withdrawable(ledger, exchange.markets)),
        "assetPositions": [
            {"type": "oneWay", "position": _position(ledger, exchange, asset)}
            for asset in sorted(ledger.positions)
        ],
        "time": exchange.now_ms(),
    }


def _summary(ledger: Ledger, exchange: "Exchange") -> dict[str, str]:
    summary = risk.summary(ledger, exchange.markets)
    return {
        "accountValue": wire_usd(summary.account_value),
        "totalNtlPos": wire_usd(summary.total_ntl_pos),
        "totalRawUsd": wire_usd(summary.total_raw_usd),
        "totalMarginUsed": wire_usd(summary.total_margin_used),
    }


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
        "leverage": {"type": "cross", "value": leverage},
        # Cut to the coin's decimals: 50.49083 / 0.00061 reads 82771.8.
        "entryPx": wire(entry - entry % perp.px_step),
        "positionValue": wire_usd(position.value(market.mark)),
        "unrealizedPnl": wire_usd(pnl),
        "returnOnEquity": wire(round(Fraction(pnl * leverage * 10**10, abs(position.cost) or 1)), 10),
        "liquidationPx": None if liquidation is None else wire(liquidation),
        "marginUsed": wire_usd(risk.position_margin(ledger, market)),
        "maxLeverage": perp.max_leverage,
        # There is no funding yet.
        "cumFunding": {"allTime": "0.0", "sinceOpen": "0.0", "sinceChange": "0.0"},
    }
