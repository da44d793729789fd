"""Auto-deleveraging: who gains on the other side pays for whom a move has left with less than nothing.

Source: docs, "Auto-deleveraging": if the value of an account, or of an isolated position, becomes negative,
the users on the opposite side are ranked by `(mark / entry) * (position's notional / account value)`, and
their positions are closed at the previous mark price against the user that is underwater.

UNVERIFIED: that only who gains at the mark is asked; what the ranking counts as a short's; that the previous
mark is the one that positions were last held against; the words of the fill of the user that is underwater,
which are those of a backstop, and that neither fill is a taker's. What nobody on the other side can take, the
house takes over: localnet's house has no part in the ranking.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts import risk
from harness.localnet.accounts.ledger import Fill, Ledger, Liquidation
from harness.localnet.events import Filled
from harness.localnet.markets.dexes import dex_of
from harness.localnet.markets.markets import Market
from harness.localnet.trading.matching import fit_reduce_only

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

DIRECTION: Final = "Auto-Deleveraging"


def deleverage(exchange: "Exchange", ledger: Ledger, market: Market, *, is_isolated: bool) -> None:
    """Close as much of a position as others hold against it with a gain."""
    asset, px = market.perp.index, market.previous_mark or market.mark
    for other in _ranked(exchange, ledger, market):
        szi, against = ledger.szi(asset), other.szi(asset)
        sz = min(abs(szi), abs(against))
        if not sz:
            return
        liquidation = Liquidation(ledger.address, market.mark, "backstop")
        side = f"Liquidated {'Isolated' if is_isolated else 'Cross'} {'Long' if szi > 0 else 'Short'}"
        tid = exchange.next_tid()
        for owner, direction in ((ledger, side), (other, DIRECTION)):
            _close(exchange, owner, market, (px, sz, tid), direction, liquidation)
        fit_reduce_only(exchange, market, other)
        exchange.unjudged[other.address] = None


def _ranked(exchange: "Exchange", ledger: Ledger, market: Market) -> list[Ledger]:
    """Return who gains on the other side, the first to be asked first; equals by their addresses."""
    asset = market.perp.index
    is_long = ledger.szi(asset) > 0
    found = [
        other
        for other in exchange.ledgers.values()
        if (other.szi(asset) < 0 if is_long else other.szi(asset) > 0)
        and other.positions[asset].unrealised(market.mark) > 0
    ]
    return sorted(found, key=lambda other: (-_index(exchange, other, market), other.address))


def _index(exchange: "Exchange", ledger: Ledger, market: Market) -> Fraction:
    position = ledger.positions[market.perp.index]
    notional = position.value(market.mark)
    worth = (
        risk.isolated_margin(position, market.mark)
        if position.collateral
        else risk.cross_value(ledger, exchange.markets, dex_of(market.perp.index))
    )
    # Mark over entry is the value at the mark over what the position has cost.
    return Fraction(notional, abs(position.cost) or 1) * Fraction(notional, max(worth, 1))


def _close(
    exchange: "Exchange",
    owner: Ledger,
    market: Market,
    trade: tuple[int, int, int],
    direction: str,
    liquidation: Liquidation,
) -> None:
    px, sz, tid = trade
    is_buy = owner.szi(market.perp.index) < 0
    booked = owner.book_fill(market.perp.index, is_buy=is_buy, px=px, sz=sz, fee=0)
    fill = Fill(
        market.perp.name,
        px,
        sz,
        is_buy,
        exchange.now_ms(),
        booked.start_position,
        direction,
        booked.closed_pnl,
        exchange.tx_hash,
        exchange.next_oid(),
        False,
        0,
        tid,
        None,
        exchange.trades,
        liquidation=liquidation,
    )
    owner.fills.appendleft(fill)
    exchange.tell(Filled(owner.address, fill))
