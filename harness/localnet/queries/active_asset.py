"""`activeAssetData`: what an account may trade on one coin."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.accounts import risk
from harness.localnet.answers import NotCovered
from harness.localnet.markets.dexes import dex_of
from harness.localnet.numbers import E8, MICRO, wire, wire_usd
from harness.localnet.queries.registry import OfUser, ledger_of, query
from harness.localnet.queries.state import leverage_row

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class ActiveAssetData(OfUser):
    """An account and a coin."""

    coin: str = msgspec.field()


@query("activeAssetData", ActiveAssetData)
def active_asset_data(exchange: "Exchange", asked: ActiveAssetData) -> dict[str, object]:
    """Return leverage, and what can be bought and sold at the mark with the margin that is free.

    The size is that margin times leverage over the mark, in whole lots, as recorded (SON).
    UNVERIFIED: that the side against a position has its margin twice more, that margin tiers do not count
    here, and that a coin which is only isolated says so before it is set.

    Raises:
        NotCovered: the answer to a coin that cannot be traded is not known.
    """
    perp = exchange.universe.perp_of.get(asked.coin)
    if perp is None or perp.delisted:
        raise NotCovered("what may be traded of a coin that cannot be")
    ledger, mark = ledger_of(exchange, asked.user), exchange.mark(perp)
    dex = dex_of(perp.index)
    free = max(
        0,
        risk.free_value(ledger, exchange.markets, dex)
        - risk.total_bound_margin(ledger, exchange.markets, dex),
    )
    available = {True: free, False: free}
    szi = ledger.szi(perp.index)
    if szi:
        available[szi < 0] += 2 * risk.position_margin(ledger, exchange.markets[perp.index])
    leverage = risk.leverage_of(ledger, perp)
    sizes = {side: usd * leverage * E8 * E8 // (mark * MICRO) for side, usd in available.items()}
    return {
        "user": str(asked.user),
        "coin": perp.name,
        "leverage": leverage_row(ledger, perp),
        "maxTradeSzs": [wire(sizes[side] - sizes[side] % perp.sz_step) for side in (True, False)],
        "availableToTrade": [wire_usd(available[side]) for side in (True, False)],
        "markPx": wire(mark),
    }
