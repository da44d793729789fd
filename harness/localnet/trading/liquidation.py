"""Liquidation: what happens to an account, or an isolated position, below its maintenance margin.

Its orders are cancelled and its positions sent to the book as market orders; of one above 10,000 USD only a
fifth, which begins 30 seconds in which whole positions are sent. What stays below two thirds of the
maintenance margin is taken over by the house, with the margin; what is worth less than nothing is first
closed against those who gain on the other side (`deleveraging`). Source: API docs, "Liquidations" (wire rules
91, 144 and 163), with the testnet's figure.

UNVERIFIED: that cross positions go in the order of their maintenance margin; that a market order ends at the
price at which nothing would be left; that the house takes over at the mark and without fees, and pays what is
still missing; which orders are cancelled; what the ledger row counts; that a unified account stands with all
its USDC; and the block that looks again after a fifth was sold, 100 ms later.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts import risk
from harness.localnet.accounts.balances import LedgerUpdate
from harness.localnet.accounts.ledger import Fill, Ledger, Liquidation
from harness.localnet.events import Filled, LedgerUpdated
from harness.localnet.markets.book import Order
from harness.localnet.markets.dexes import FIRST, dex_of
from harness.localnet.markets.markets import Market
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import E8, MICRO, wire, wire_usd
from harness.localnet.trading.deleveraging import deleverage
from harness.localnet.trading.matching import FEE_PARTS, LIQUIDATION_TIF, end_resting, match

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

CHUNK_ABOVE_MICRO: Final = 10_000 * MICRO
COOLDOWN_MS: Final = 30_000
# When an account of which a fifth was sold is looked at again: about a block of the exchange.
_NEXT_BLOCK_MS: Final = 100


def judge(exchange: "Exchange") -> None:
    """Liquidate, at the end of a block, whoever a move, a fill or a payment has left with too little."""
    if not exchange.rules.liquidations:
        exchange.unjudged.clear()
        return
    for market in exchange.markets.values():
        if market.margined_mark != market.mark:
            market.previous_mark, market.margined_mark = market.margined_mark, market.mark
            for ledger in exchange.ledgers.values():
                if market.perp.index in ledger.positions:
                    exchange.unjudged[ledger.address] = None
    found: dict[str, Ledger] = {}
    while exchange.unjudged:
        address = next(iter(exchange.unjudged))
        del exchange.unjudged[address]
        account = exchange.ledgers[address]
        if address not in found and _judge(exchange, account):
            found[address] = account
    if not found:
        return
    # Nobody is liquidated twice in a block. Who found nobody to trade with is judged in the next one that
    # has something to do; who sold a fifth has a time of his own.
    now_ms = exchange.now_ms()
    exchange.unjudged = dict.fromkeys(
        address for address, account in found.items() if account.last_chunk_ms != now_ms
    )


def _judge(exchange: "Exchange", ledger: Ledger) -> bool:
    """Liquidate what must be, isolated positions first; say whether there was anything."""
    found = False
    for dex in exchange.universe.dexes:
        isolated = risk.positions_of(ledger, exchange.markets, dex.number, isolated=True)
        for market, _ in isolated:
            pocket = _Pocket(exchange, ledger, [market], dex.number, is_isolated=True)
            found |= _judge_pocket(exchange, pocket)
        if ledger.is_pooled and dex is not FIRST:
            continue
        cross = [market for market, _ in risk.cross_positions(ledger, exchange.markets, dex.number)]
        found |= _judge_pocket(exchange, _Pocket(exchange, ledger, cross, dex.number, is_isolated=False))
    return found


class _Pocket:
    """Positions that stand for each other: one isolated one, or all cross ones of a dex, or of all."""

    def __init__(
        self, exchange: "Exchange", ledger: Ledger, markets: list[Market], dex: int, *, is_isolated: bool
    ) -> None:
        self.ledger = ledger
        self.dex = dex
        self.is_isolated = is_isolated
        # That the largest is sold first is UNVERIFIED.
        self.markets = sorted(markets, key=lambda market: (-self.maintenance_of(market), market.perp.index))
        self._exchange = exchange

    def held(self) -> list[Market]:
        """Return the markets on which there still is a position."""
        return [market for market in self.markets if market.perp.index in self.ledger.positions]

    def equity(self) -> int:
        """Return what the pocket is worth, in 1e-6 USD."""
        if not self.is_isolated:
            return risk.cross_value(self.ledger, self._exchange.markets, self.dex)
        return sum(
            risk.isolated_margin(self.ledger.positions[market.perp.index], market.mark)
            for market in self.held()
        )

    def value(self) -> int:
        """Return the absolute value of the positions."""
        return sum(self.ledger.positions[market.perp.index].value(market.mark) for market in self.held())

    def maintenance_of(self, market: Market) -> Fraction:
        """Return the maintenance margin of one position."""
        return risk.maintenance(market.perp, self.ledger.positions[market.perp.index].value(market.mark))

    def is_below(self, thirds: int = 3) -> bool:
        """Say whether less than so many thirds of the maintenance margin are left."""
        held = self.held()
        return bool(held) and self.equity() * 3 < thirds * sum(map(self.maintenance_of, held))


def _judge_pocket(exchange: "Exchange", pocket: _Pocket) -> bool:
    if not pocket.is_below():
        return False
    ledger = pocket.ledger
    value, equity = pocket.value(), pocket.equity()
    before = {market.perp.index: ledger.szi(market.perp.index) for market in pocket.held()}
    _cancel_orders(exchange, pocket)
    for market in pocket.held():
        if not pocket.is_below():
            break
        _sell(exchange, pocket, market)
    if pocket.equity() < 0:
        for market in pocket.held():
            deleverage(exchange, ledger, market, is_isolated=pocket.is_isolated)
    if pocket.is_below(thirds=2):
        _take_over(exchange, pocket)
    if any(ledger.szi(asset) != szi for asset, szi in before.items()):
        _enter(exchange, pocket, before, value, equity)
    return True


def _cancel_orders(exchange: "Exchange", pocket: _Pocket) -> None:
    for order in list(pocket.ledger.open.values()):
        if order.oid in pocket.ledger.open and _binds(pocket, order):
            market = exchange.market_at(order.asset)
            assert market is not None
            end_resting(exchange, market, order, "liquidatedCanceled")


def _binds(pocket: _Pocket, order: Order) -> bool:
    """Say whether an order hangs on the pocket; a unified account's bids for tokens do (UNVERIFIED)."""
    if pocket.is_isolated:
        return order.asset in {market.perp.index for market in pocket.markets}
    pair = pocket.ledger.pairs.get(order.asset)
    if pair is not None:
        return pocket.ledger.is_unified and order.is_buy and pair.quote is USDC
    return pocket.ledger.is_pooled or dex_of(order.asset) == pocket.dex


def _sell(exchange: "Exchange", pocket: _Pocket, market: Market) -> None:
    """Send a position, or a fifth of it, to the book."""
    ledger, asset, now_ms = pocket.ledger, market.perp.index, exchange.now_ms()
    szi = ledger.szi(asset)
    is_buy, sz = szi < 0, abs(szi)
    px = _last_px(exchange, pocket, market, is_buy=is_buy, sz=sz)
    if market.book.opposite(is_buy=is_buy, px=px) is None:
        return
    cools = ledger.last_chunk_ms is not None and now_ms - ledger.last_chunk_ms < COOLDOWN_MS
    if not cools and ledger.positions[asset].value(market.mark) > CHUNK_ABOVE_MICRO:
        sz = max(market.perp.sz_step, sz // 5 - sz // 5 % market.perp.sz_step)
        ledger.last_chunk_ms = now_ms
        exchange.at(now_ms + _NEXT_BLOCK_MS, LookAgain(ledger.address))
    order = exchange.own_order(
        ledger.address, asset, is_buy=is_buy, px=px, sz=sz, tif=LIQUIDATION_TIF, reduce_only=True
    )
    if match(exchange, market, order).sz:
        exchange.record(order, "filled")


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The task of judging an account again."""

    address: str

    def __call__(self, exchange: "Exchange") -> None:
        """Let the account be judged when the block ends."""
        exchange.unjudged[self.address] = None


def _last_px(exchange: "Exchange", pocket: _Pocket, market: Market, *, is_buy: bool, sz: int) -> int:
    """Return the price at which, after the fee, nothing would be left of the pocket."""
    room = pocket.equity() * 100 * E8 // sz
    fee = exchange.rules.taker_fee
    if is_buy:
        highest = (market.mark + room) * FEE_PARTS // (FEE_PARTS + fee)
        return max(market.perp.floor_px(highest), market.perp.px_step)
    lowest = -(-(market.mark - room) * FEE_PARTS // (FEE_PARTS - fee))
    return max(market.perp.ceil_px(lowest), market.perp.px_step)


def _take_over(exchange: "Exchange", pocket: _Pocket) -> None:
    """Let the house have the positions and what stands behind them."""
    ledger, equity = pocket.ledger, pocket.equity()
    for market in pocket.held():
        asset = market.perp.index
        szi = ledger.szi(asset)
        is_buy, sz = szi < 0, abs(szi)
        booked = ledger.book_fill(asset, is_buy=is_buy, px=market.mark, sz=sz, fee=0)
        exchange.house.book_fill(asset, is_buy=not is_buy, px=market.mark, sz=sz, fee=0)
        tid = exchange.next_tid()
        kind = "Isolated" if pocket.is_isolated else "Cross"
        fill = Fill(
            market.perp.name,
            market.mark,
            sz,
            is_buy,
            exchange.now_ms(),
            szi,
            f"Liquidated {kind} {'Short' if is_buy else 'Long'}",
            booked.closed_pnl,
            exchange.tx_hash,
            exchange.next_oid(),
            True,
            0,
            tid,
            None,
            exchange.trades,
            liquidation=Liquidation(ledger.address, market.mark, "backstop"),
        )
        ledger.fills.appendleft(fill)
        exchange.tell(Filled(ledger.address, fill))
    ledger.add_usd(pocket.dex, -equity)
    exchange.house.add_usd(pocket.dex, equity)


def _enter(exchange: "Exchange", pocket: _Pocket, before: dict[int, int], value: int, equity: int) -> None:
    """Keep a row among the account's ledger updates, with the positions as they were."""
    delta: dict[str, object] = {
        "type": "liquidation",
        "liquidatedNtlPos": wire_usd(value),
        "accountValue": wire_usd(equity),
        "leverageType": "Isolated" if pocket.is_isolated else "Cross",
        "liquidatedPositions": [
            {"coin": exchange.markets[asset].perp.name, "szi": wire(szi)} for asset, szi in before.items()
        ],
    }
    update = LedgerUpdate(exchange.now_ms(), exchange.tx_hash, delta)
    pocket.ledger.updates.append(update)
    exchange.tell(LedgerUpdated(pocket.ledger.address, update))
