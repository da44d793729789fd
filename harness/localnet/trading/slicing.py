"""How a TWAP is carried out: a slice every 30 seconds, of what is missing to its target.

Source: API docs, "Order types": the target is the elapsed part of the time times the size; a slice pays at
most 3% more than the price, and is at most 3 times the normal size, so that what was missed is made up for. A
TWAP with a trigger price is activated, and one with a highest or lowest price is terminated, when the mark
reaches it; wire rule 162 and NK have the words: `waitingForTrigger` and `stopped`.

UNVERIFIED: that the first slice comes after 30 seconds, or so long after the trigger was met, and that the
`timestamp` stays that of the order; that the marks at the ends of blocks count; that a TWAP which still waits
cannot be stopped; that the 3% count from the mid; that `randomize` changes nothing; that one on spot works as
others do; and what ends a TWAP early: a slice refused for another reason than the state of the
book.
"""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.twaps import Twap, TwapRow
from harness.localnet.events import TwapChanged
from harness.localnet.markets.book import Order
from harness.localnet.markets.listings import Listing
from harness.localnet.markets.markets import Market, Quoted, SpotMarket
from harness.localnet.messages import on_asset
from harness.localnet.numbers import E8, notional
from harness.localnet.trading import spot_orders
from harness.localnet.trading.orders import Rejected, check, trade

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

SLICE_MS: Final = 30_000
_SLIPPAGE_PERCENT: Final = 3
_MOST_AT_ONCE: Final = 3
# Fills of a TWAP belong to no transaction (recorded fills; allium's data guide).
_NO_TX: Final = "0x" + "00" * 32
# A slice refused so is made up for later; after any other refusal the TWAP ends as an error.
_MISSED: Final = frozenset({"iocCancelRejected", "marketOrderNoLiquidityRejected", "oracleRejected"})


def slices(minutes: int) -> int:
    """Return how many slices a TWAP has."""
    return minutes * 60_000 // SLICE_MS


def start(exchange: "Exchange", account: Ledger, twap: Twap) -> None:
    """Let a TWAP run, or wait for its trigger."""
    account.twaps.running[twap.twap_id] = twap
    if twap.trigger is not None or twap.stop_px is not None:
        exchange.watched_twaps[twap.twap_id] = account.address
    if twap.trigger is None:
        _activate(exchange, account, twap)
        return
    twap.waits = True
    _record(exchange, account, twap, "waitingForTrigger")


def _activate(exchange: "Exchange", account: Ledger, twap: Twap) -> None:
    twap.waits = False
    _record(exchange, account, twap, "activated")
    exchange.at(exchange.now_ms() + SLICE_MS, Slice(twap.owner, twap.twap_id, 1))


def watch(exchange: "Exchange") -> None:
    """Activate and stop the TWAPs whose price the mark has reached."""
    for twap_id, owner in list(exchange.watched_twaps.items()):
        account = exchange.ledgers[owner]
        twap = account.twaps.running.get(twap_id)
        if twap is None:
            del exchange.watched_twaps[twap_id]
            continue
        mark = market_of(exchange, twap.asset).mark
        if twap.waits and twap.trigger is not None and twap.trigger.is_met(mark):
            _activate(exchange, account, twap)
        if not twap.waits and twap.is_stopped(mark):
            stop(exchange, account, twap, "stopped")


def market_of(exchange: "Exchange", asset: int) -> Quoted:
    """Return the market that a TWAP works on."""
    pair = exchange.universe.pairs.get(asset)
    return exchange.market(exchange.universe.perps[asset]) if pair is None else exchange.spot_market(pair)


def stop(
    exchange: "Exchange", account: Ledger, twap: Twap, status: str, description: str | None = None
) -> None:
    """End a TWAP; its slice to come finds that out by itself."""
    del account.twaps.running[twap.twap_id]
    _record(exchange, account, twap, status, description)


def _record(
    exchange: "Exchange", account: Ledger, twap: Twap, status: str, description: str | None = None
) -> None:
    """Keep a row with the state as it is now; it is not renewed while the TWAP runs (GH metamask 36270)."""
    row = TwapRow(dataclasses.replace(twap), status, description, exchange.now_ms())
    account.twaps.history.appendleft(row)
    exchange.tell(TwapChanged(account.address, row))


@dataclass(frozen=True, slots=True)
class Slice:
    """The task of one slice; the first has the number 1."""

    owner: str
    twap_id: int
    number: int

    def __call__(self, exchange: "Exchange") -> None:
        """Trade the slice, then set the next one or finish, whether or not all could be traded."""
        account = exchange.ledgers[self.owner]
        twap = account.twaps.running.get(self.twap_id)
        if twap is None:
            return
        exchange.tx_hash = _NO_TX
        refused = self._trade(exchange, account, twap)
        if refused is not None:
            text = refused.text.removesuffix(on_asset("", twap.asset))
            stop(exchange, account, twap, "error", text)
        elif self.number == slices(twap.minutes) or twap.executed_sz == twap.sz:
            stop(exchange, account, twap, "finished")
        else:
            exchange.at(exchange.now_ms() + SLICE_MS, dataclasses.replace(self, number=self.number + 1))

    def _trade(self, exchange: "Exchange", account: Ledger, twap: Twap) -> Rejected | None:
        """Place the slice, and return why the TWAP must end, or None."""
        market = market_of(exchange, twap.asset)
        sz = self.size(twap, market.listing)
        if not sz:
            return None
        order = _order(exchange, account, twap, market, sz)
        try:
            if isinstance(market, SpotMarket):
                spot_orders.check(exchange, market, account, order)
            elif isinstance(market, Market):
                check(exchange, market, account, order)
        except Rejected as rejected:
            exchange.record(order, rejected.status)
            return None if rejected.status in _MISSED else rejected
        exchange.record(order, "open")
        trade(exchange, market, order)
        for _, fill in account.slice_fills:
            if fill.oid != order.oid:
                break
            # A fill on spot counts in wei of the base token.
            filled = fill.sz * E8 // 10**fill.sz_decimals
            twap.executed_sz += filled
            twap.executed_ntl += notional(fill.px, filled)
        return None

    def size(self, twap: Twap, listing: Listing) -> int:
        """Return what is missing to the target, at most 3 times the normal size, in whole lots."""
        count = slices(twap.minutes)
        target = twap.sz * self.number // count
        sz = min(target - twap.executed_sz, _MOST_AT_ONCE * twap.sz // count)
        return max(0, sz - sz % listing.sz_step)


def _order(exchange: "Exchange", account: Ledger, twap: Twap, market: Quoted, sz: int) -> Order:
    """Return a slice's order, an Ioc with a limit 3% from the mid. What tif it shows is UNVERIFIED."""
    listing = market.listing
    limit = market.mid() * (100 + (_SLIPPAGE_PERCENT if twap.is_buy else -_SLIPPAGE_PERCENT))
    return exchange.own_order(
        account.address,
        twap.asset,
        is_buy=twap.is_buy,
        px=listing.floor_px(limit // 100) if twap.is_buy else listing.ceil_px(-(-limit // 100)),
        sz=sz,
        tif="Ioc",
        reduce_only=twap.reduce_only,
        twap_id=twap.twap_id,
    )
