"""Prices of a builder's dex, as its deployer sets them.

Source: API docs, "HIP-3 deployer actions": updates come at least 2.5 seconds apart; the mark is the median of
what is sent and of the local one, itself the median of best bid, best ask and last trade; it moves by 1 % at
most, and nothing leaves ten times the price that the day began with; after ten seconds without an update the
local mark counts. UNVERIFIED: that an even number of prices gives the mean of the middle two, what a side
or a trade that is missing does, what external prices prevent (nothing here), and that a day begins at the
first update in it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.answers import Refused
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.dex_terms import DexTerms
from harness.localnet.markets.dexes import Dex
from harness.localnet.markets.markets import Market
from harness.localnet.numbers import notional, parse_figure
from harness.localnet.trading.funding import begin_apart

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

Prices = dict[str, int]

SPACING_MS: Final = 2_500
STALE_MS: Final = 10_000
_DAY_MS: Final = 86_400_000
_MOST_MARKS: Final = 2
_FURTHEST: Final = 10
_PERCENT: Final = 100


def read(exchange: "Exchange", rows: list[tuple[str, str]]) -> Prices:
    """Read prices of coins, in 1e-8."""
    found: Prices = {}
    for coin, text in rows:
        px = parse_figure(text)
        if coin not in exchange.universe.perp_of:
            raise Refused(messages.unknown_coin(coin))
        if not px:
            raise Refused(messages.NO_DECIMAL)
        found[coin] = px
    return found


def refuse_stranger(exchange: "Exchange", user: Ledger, name: str) -> None:
    """Refuse who may not set a dex's prices: only its updater may, if it has one, and sub-deployers."""
    dex = exchange.universe.dex_named(name) if name else None
    if dex is None:
        raise Refused(messages.BAD_DEX)
    terms = exchange.universe.terms[dex.number]
    if user.address != terms.oracle_updater:
        if not terms.allows(user.address, "setOracle"):
            raise Refused(messages.NOT_DEPLOYER)
        if terms.oracle_updater is not None and user.address == terms.deployer:
            raise Refused(messages.NOT_UPDATER)


def set_prices(
    exchange: "Exchange", name: str, oracles: Prices, marks: list[Prices], external: Prices
) -> None:
    """Set oracle and mark prices of a dex; nothing has changed if it is refused."""
    dex = exchange.universe.dex_named(name)
    assert dex is not None
    terms = exchange.universe.terms[dex.number]
    if len(marks) > _MOST_MARKS:
        raise Refused(messages.perp_deploy_error("invalid mark prices"))
    own = {perp.name for perp in dex.perps}
    if any(coin not in own for one in (oracles, *marks, external) for coin in one):
        raise Refused(messages.BAD_DEX)
    if any(perp.name not in external for perp in dex.perps):
        raise Refused(messages.NO_EXTERNAL)
    now_ms = exchange.now_ms()
    if terms.priced_ms is not None and now_ms < terms.priced_ms + SPACING_MS:
        raise Refused(messages.ORACLE_TOO_OFTEN)
    terms.priced_ms = now_ms
    for perp in dex.live:
        market = exchange.market(perp)
        oracle = oracles.get(perp.name, market.oracle)
        began = _day_began(terms, perp, market, now_ms)
        market.oracle_px = perp.nearest_px(_within(oracle, began))
        sent = [one[perp.name] for one in marks if perp.name in one]
        _set_mark(exchange, terms, market, sent, began)
        begin_apart(exchange, market)
    exchange.at(now_ms + STALE_MS, Stale(dex.number, now_ms))


def _day_began(terms: DexTerms, perp: Perp, market: Market, now_ms: int) -> int:
    day, px = terms.day_began.get(perp.name, (-1, 0))
    if day != now_ms // _DAY_MS:
        px = market.oracle
        terms.day_began[perp.name] = (now_ms // _DAY_MS, px)
    return px


def _within(px: int, began: int) -> int:
    return min(max(px, began // _FURTHEST), began * _FURTHEST)


def _set_mark(exchange: "Exchange", terms: DexTerms, market: Market, sent: list[int], began: int) -> None:
    local = local_mark(exchange, market)
    wanted = median([*sent, *([] if local is None else [local])])
    if wanted is None:
        return
    mark, perp = market.mark, market.perp
    moved = min(max(wanted, mark - mark // _PERCENT), mark + mark // _PERCENT)
    moved = perp.nearest_px(_within(moved, began))
    cap = terms.caps.get(perp.name)
    held = exchange.open_interest().get(perp.index, 0) if cap is not None else 0
    if moved <= 0 or (cap is not None and notional(moved, held) >= _FURTHEST * cap):
        return
    # The oracle stays where it was put, also where it went with the mark until now.
    market.oracle_px, market.mark = market.oracle, moved


def local_mark(exchange: "Exchange", market: Market) -> int | None:
    """Return the median of best bid, best ask and last trade, of those that there are."""
    trades = exchange.tapes[market.perp.index].trades()
    sides = [market.book.best_px(is_buy=is_buy) for is_buy in (True, False)]
    return median([px for px in (*sides, trades[-1].px if trades else None) if px is not None])


def median(pxs: list[int]) -> int | None:
    """Return the middle of some prices, or the mean of the middle two."""
    if not pxs:
        return None
    ordered = sorted(pxs)
    return (ordered[(len(pxs) - 1) // 2] + ordered[len(pxs) // 2]) // 2


@dataclass(frozen=True, slots=True)
class Stale:
    """The task that lets the local mark count, once prices have not been set for a while.

    It goes on for as long as that moves a mark: UNVERIFIED.
    """

    dex: int
    since_ms: int

    def __call__(self, exchange: "Exchange") -> None:
        """Do it."""
        terms = exchange.universe.terms[self.dex]
        if terms.priced_ms != self.since_ms:
            return
        terms.priced_ms = now_ms = exchange.now_ms()
        dex: Dex = exchange.universe.dexes[self.dex]
        before = [exchange.mark(perp) for perp in dex.live]
        for perp in dex.live:
            market = exchange.market(perp)
            _set_mark(exchange, terms, market, [], _day_began(terms, perp, market, now_ms))
        if before != [exchange.mark(perp) for perp in dex.live]:
            exchange.at(now_ms + STALE_MS, Stale(self.dex, now_ms))
