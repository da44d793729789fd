"""`portfolio`: value, pnl and volume of an account over eight periods.

The exchange samples value and pnl through each period; localnet keeps no samples and gives the present one,
with the pnl that its fills and open positions made in the period. UNVERIFIED: that a period is so many days
back from now; that funding is no part of the pnl.
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import Fill, Ledger
from harness.localnet.accounts.risk import account_value
from harness.localnet.accounts.summaries import summary
from harness.localnet.numbers import E8, MICRO, wire, wire_usd
from harness.localnet.queries.registry import OfUser, ledger_of, query
from harness.localnet.trading.spot import usd_value

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_DAY_MS: Final = 86_400_000
_PERIODS: Final[tuple[tuple[str, int | None], ...]] = (
    ("day", 1),
    ("week", 7),
    ("month", 30),
    ("allTime", None),
)
# A fill's figures are of 1e-8 in the end: price times size, and USD in millionths.
_CENT_OF_MICRO: Final = E8 // MICRO


@query("portfolio", OfUser)
def portfolio(exchange: "Exchange", asked: OfUser) -> list[list[object]]:
    """Return four periods of everything, then the same of perpetuals alone."""
    ledger = ledger_of(exchange, asked.user)
    perps = everything = account_value(ledger, exchange.markets) * _CENT_OF_MICRO
    if ledger.is_unified:
        # Its cash is on spot; on perpetuals there is what `clearinghouseState` shows: UNVERIFIED.
        shown = [summary(ledger, exchange.markets, dex.number) for dex in exchange.universe.dexes]
        perps = sum(one.account_value for one in shown) * _CENT_OF_MICRO
    spot = sum(
        usd_value(exchange, exchange.universe.token(index), balance.total)
        for index, balance in ledger.tokens.items()
    )
    rows: list[list[object]] = []
    for name, days in _PERIODS:
        rows.append([name, _period(exchange, ledger, days, everything + spot, is_perp=False)])
    for name, days in _PERIODS:
        perp_name = f"perp{name[0].upper()}{name[1:]}"
        rows.append([perp_name, _period(exchange, ledger, days, perps, is_perp=True)])
    return rows


def _period(
    exchange: "Exchange", ledger: Ledger, days: int | None, value: int, *, is_perp: bool
) -> dict[str, object]:
    now_ms = exchange.now_ms()
    since = 0 if days is None else now_ms - days * _DAY_MS
    fills = [
        fill
        for fill in (*ledger.fills, *(fill for _, fill in ledger.slice_fills))
        if fill.time_ms >= since and not (is_perp and fill.coin in exchange.universe.pair_of)
    ]
    pnl = sum(_pnl(fill) for fill in fills) + _CENT_OF_MICRO * sum(
        position.unrealised(exchange.markets[asset].mark) for asset, position in ledger.positions.items()
    )
    volume = ledger.volume if days is None and not is_perp else sum(_volume(fill) for fill in fills)
    return {
        "accountValueHistory": [[now_ms, wire(value)]],
        "pnlHistory": [[now_ms, wire(pnl)]],
        "vlm": wire_usd(volume),
    }


def _pnl(fill: Fill) -> int:
    """Return what a fill earned, in 1e-8 USD; a fee in another token counts nothing."""
    if fill.fee_token != "USDC":
        return 0
    return (fill.closed_pnl - fill.fee) * int(10 ** (8 - fill.fee_decimals))


def _volume(fill: Fill) -> int:
    """Return what a fill traded, in 1e-6 USD; sizes of spot are in wei of the base token."""
    return fill.px * fill.sz // int(10 ** (2 + fill.sz_decimals))
