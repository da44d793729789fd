"""Matching: an arriving order meets resting ones, by price, then time; and what ends a resting order."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.accounts.ledger import HOUSE, Booked, Fill, Ledger, Liquidation
from harness.localnet.accounts.risk import (
    exceeds_tier,
    is_isolated,
    leverage_of,
    maker_can_afford,
)
from harness.localnet.events import Filled, SliceFilled, Traded
from harness.localnet.markets.book import Order
from harness.localnet.markets.dexes import dex_of
from harness.localnet.markets.markets import Market, Quoted, SpotMarket
from harness.localnet.markets.sides import Side
from harness.localnet.numbers import notional
from harness.localnet.trading.families import end, unrest
from harness.localnet.trading.fees import PARTS, Fee, credit, fee_of, pay_deployer
from harness.localnet.trading.funding import begin
from harness.localnet.trading.spot import book_fill, book_twin, maker_can_pay, watch_dust

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

FEE_PARTS: Final = PARTS
DAY_MS: Final = 86_400_000
# What the orders of a liquidation show as their tif (wire rule 41).
LIQUIDATION_TIF: Final = "LiquidationMarket"
# Such an order closes a part of a vault's position for a withdrawal; that it shows no tif is UNVERIFIED.
VAULT_CLOSE: Final = "Vault Close"
# In 1e-6 USD.
CENT: Final = 10_000


class Got(msgspec.Struct, frozen=True):
    """What an arriving order got: size in 1e-8, and the sum of price times size."""

    sz: int
    px_times_sz: int


def match(exchange: "Exchange", market: Quoted, taker: Order) -> Got:
    """Match `taker` against the book until it is filled or nothing within its limit is left.

    A resting order of the same account is cancelled without a fill (wire rule 48), one whose owner lacks the
    margin too (rule 47).
    """
    got = paid = 0
    while taker.sz and (maker := market.book.opposite(is_buy=taker.is_buy, px=taker.px)) is not None:
        sz = min(taker.sz, maker.sz)
        # An order on an outcome can meet one that rests on its other side.
        home = market if maker.asset == taker.asset else exchange.spot_markets[maker.asset]
        if maker.owner == taker.owner:
            end_resting(exchange, home, maker, "selfTradeCanceled")
        elif (barred := _maker_fault(exchange, home, maker, sz)) is not None:
            end_resting(exchange, home, maker, barred)
        else:
            px = market.book.px_of(maker)
            _trade(exchange, market, home, taker, maker, px, sz)
            got += sz
            paid += px * sz
    return Got(got, paid)


def _maker_fault(exchange: "Exchange", market: Quoted, maker: Order, sz: int) -> str | None:
    """Return as what a resting order ends that must not be matched, or None.

    When it is perpMaxPositionCanceled is UNVERIFIED: the name is that of the refusal of an arriving order.
    """
    if isinstance(market, SpotMarket):
        return None if maker_can_pay(exchange, market, maker, sz) else "marginCanceled"
    owner = exchange.owner(maker)
    if owner.is_house or maker.reduce_only:
        return None
    if not maker_can_afford(owner, exchange.markets, maker, sz):
        return "marginCanceled"
    assert isinstance(market, Market)
    return "perpMaxPositionCanceled" if exceeds_tier(owner, market, maker, sz) else None


class _Met(msgspec.Struct):
    """What an arriving order would meet of one account."""

    first: Order
    sz: int = 0
    fees: int = 0


def fills_whole(exchange: "Exchange", market: Market, taker: Order) -> bool:
    """Say whether `match` would certainly fill all of an order; nothing changes.

    Orders of the same account do not count, as they would end instead, nor do those that their owner could
    not have filled together with the better ones.
    """
    left = taker.sz
    met: dict[str, _Met] = {}
    for px, resting in market.book.levels(is_buy=not taker.is_buy):
        if px > taker.px if taker.is_buy else px < taker.px:
            break
        for maker in resting:
            if maker.owner == taker.owner:
                continue
            sz = min(left, maker.sz)
            if _is_sure(exchange, market, maker, sz, met.setdefault(maker.owner, _Met(maker))):
                left -= sz
            if not left:
                return True
    return False


def _is_sure(exchange: "Exchange", market: Market, maker: Order, sz: int, met: _Met) -> bool:
    """Say whether a resting order will surely be matched after those of its owner that are met before it."""
    owner = exchange.owner(maker)
    if owner.is_house:
        return True
    met.sz += sz
    met.fees += fee_of(exchange, owner, maker, notional(maker.px, sz), is_taker=False, on_spot=False).total
    szi = owner.szi(maker.asset)
    closes = szi < 0 if maker.is_buy else szi > 0
    if closes and met.sz <= abs(szi):
        return True
    # A position that turns in several steps is judged at each of them, against what is left of it.
    if maker.reduce_only or (closes and maker is not met.first):
        return False
    # Rounding is far below a cent.
    spare = met.fees + CENT
    return not exceeds_tier(owner, market, maker, met.sz) and all(
        maker_can_afford(owner, exchange.markets, each, met.sz, spare=spare) for each in (met.first, maker)
    )


def _trade(
    exchange: "Exchange", market: Quoted, home: Quoted, taker: Order, maker: Order, px: int, sz: int
) -> None:
    """Let two orders meet at `px`, the price on the taker's coin; `home` is where the maker rests."""
    now_ms = exchange.now_ms()
    value = notional(px, sz)
    tid = exchange.next_tid()
    buyer, seller = (taker, maker) if taker.is_buy else (maker, taker)
    exchange.tell(
        Traded(
            taker.asset,
            taker.is_buy,
            px,
            sz,
            now_ms,
            exchange.tx_hash,
            tid,
            buyer.owner,
            seller.owner,
        )
    )
    market.day_ntl += value
    market.day_base += sz
    today = now_ms // DAY_MS
    exchange.daily_volume[today] = exchange.daily_volume.get(today, 0) + value
    exchange.owner(maker).take_from(maker, sz)
    taker.sz -= sz
    if isinstance(market, SpotMarket) and market.pair.is_deployed:
        # No house says what it is worth; that the last price does is UNVERIFIED.
        market.mark = px
        if isinstance(market.pair, Side):
            book_twin(exchange, market.pair, taker, maker, px, sz)
    is_liquidation = taker.tif == LIQUIDATION_TIF
    liquidation = Liquidation(taker.owner, market.mark, "market") if is_liquidation else None
    for order, is_taker in ((maker, False), (taker, True)):
        if isinstance(market, Market):
            _book_perp(exchange, market, order, (px, sz, value, tid), liquidation, is_taker=is_taker)
            continue
        place = market if is_taker else home
        assert isinstance(place, SpotMarket)
        paid = px if is_taker else maker.px
        _book_spot(exchange, place, order, (paid, sz, notional(paid, sz), tid), is_taker=is_taker)
    if not maker.sz:
        unrest(exchange, home, maker)
        end(exchange, maker, "filled")
    if HOUSE in (maker.owner, taker.owner):
        market.needs_quotes = True
    if isinstance(market, Market):
        for order in (maker, taker):
            fit_reduce_only(exchange, market, exchange.owner(order))


def _book_perp(
    exchange: "Exchange",
    market: Market,
    order: Order,
    trade: tuple[int, int, int, int],
    liquidation: Liquidation | None,
    *,
    is_taker: bool,
) -> None:
    px, sz, value, tid = trade
    owner = exchange.owner(order)
    fee = fee_of(exchange, owner, order, value, is_taker=is_taker, on_spot=False)
    escrow = 0
    if exchange.fee_trials:
        escrow = _hold(exchange, owner, order, fee)
    exchange.fees += fee.total - escrow
    credit(exchange, owner, order, fee, on_spot=False)
    pay_deployer(exchange, order, fee)
    isolated_at = leverage_of(owner, market.perp) if is_isolated(owner, market.perp) else None
    booked = owner.book_fill(
        order.asset, is_buy=order.is_buy, px=px, sz=sz, fee=fee.total, isolated_at=isolated_at
    )
    if owner.is_house:
        return
    begin(exchange)
    exchange.unjudged[owner.address] = None
    trade_of = (px, sz, value, fee, escrow, tid)
    _keep_fill(exchange, market, owner, order, booked, trade_of, liquidation, is_taker=is_taker)


def _hold(exchange: "Exchange", owner: Ledger, order: Order, fee: Fee) -> int:
    """Return what of a fee goes into escrow; nothing of one on a builder's dex, which the deployer shares."""
    trial = exchange.fee_trials.get(owner.address)
    return 0 if trial is None or dex_of(order.asset) else trial.hold(fee.exchange)


def _book_spot(
    exchange: "Exchange",
    market: SpotMarket,
    order: Order,
    trade: tuple[int, int, int, int],
    *,
    is_taker: bool,
) -> None:
    """Book a spot fill; volume counts twice towards fee levels, cut to cents first (RIFT, observations).

    That it counts once towards the address budget is UNVERIFIED.
    """
    px, sz, value, tid = trade
    owner = exchange.owner(order)
    fill = book_fill(exchange, market, owner, order, px, sz, is_taker=is_taker)._replace(tid=tid)
    if owner.is_house:
        return
    owner.volume += value
    day = owner.daily_volume.setdefault(exchange.now_ms() // DAY_MS, [0, 0])
    day[0 if is_taker else 1] += 2 * (value - value % CENT)
    _keep(exchange, owner, order, fill)
    watch_dust(exchange, owner, market.pair.base)


def _keep_fill(
    exchange: "Exchange",
    market: Market,
    owner: Ledger,
    order: Order,
    booked: Booked,
    trade: tuple[int, int, int, Fee, int, int],
    liquidation: Liquidation | None,
    *,
    is_taker: bool,
) -> None:
    px, sz, value, fee, escrow, tid = trade
    owner.volume += value
    now_ms = exchange.now_ms()
    day = owner.daily_volume.setdefault(now_ms // DAY_MS, [0, 0])
    day[0 if is_taker else 1] += value
    fill = Fill(
        market.perp.name,
        px,
        sz,
        order.is_buy,
        now_ms,
        booked.start_position,
        booked.direction,
        booked.closed_pnl,
        exchange.tx_hash,
        order.oid,
        is_taker,
        fee.total,
        tid,
        order.cloid,
        exchange.trades,
        builder_fee=fee.builder,
        liquidation=liquidation,
        fee_trial_escrow=escrow,
    )
    _keep(exchange, owner, order, fill)


def _keep(exchange: "Exchange", owner: Ledger, order: Order, fill: Fill) -> None:
    """Keep a fill among the others, or among those of slices."""
    if order.twap_id is not None:
        owner.slice_fills.appendleft((order.twap_id, fill))
        exchange.tell(SliceFilled(owner.address, order.twap_id, fill))
        return
    owner.fills.appendleft(fill)
    exchange.tell(Filled(owner.address, fill))


def fit_reduce_only(exchange: "Exchange", market: Market, owner: Ledger) -> None:
    """Shrink or cancel an account's resting reduce-only orders until together they fit its position.

    Younger orders keep their size first (wire rule 51); an order with nothing left to close ends as
    reduceOnlyCanceled and shows its last size (rule 132). That an older order which fits in part is shrunk,
    not cancelled, is UNVERIFIED.

    A TP/SL for the whole position ends with the position, as reduceOnlyCanceled too: UNVERIFIED.
    """
    resting = [order for order in owner.resting_on(market.perp.index) if order.reduce_only]
    szi = owner.szi(market.perp.index)
    room = abs(szi)
    for order in reversed(resting):
        closes = szi < 0 if order.is_buy else szi > 0
        fits = min(order.sz, room) if closes else 0
        if not fits:
            end_resting(exchange, market, order, "reduceOnlyCanceled")
            continue
        order.sz = fits
        room -= fits
    for order in owner.waiting_on(market.perp.index):
        if order.is_position_tpsl and not (szi < 0 if order.is_buy else szi > 0):
            end_resting(exchange, market, order, "reduceOnlyCanceled")


def end_resting(exchange: "Exchange", market: Quoted, order: Order, status: str) -> None:
    """Take a resting or waiting order away and record why; what hangs on it follows."""
    unrest(exchange, market, order)
    end(exchange, order, status)
