"""The life of a spot order: like that of a perpetual's, but paid for with tokens instead of margin.

Source: wire rules 22 to 27, 34 to 36, 86. The order of an Ioc's run-time checks is measured (rule 26); that
other orders are checked in the same order, post-only before what can be afforded, is UNVERIFIED.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.markets.book import Builder, Order
from harness.localnet.markets.markets import SpotMarket
from harness.localnet.markets.sides import Side
from harness.localnet.markets.tokens import Pair
from harness.localnet.numbers import E8
from harness.localnet.trading.orders import Rejected, Status, arrive, refuse_beyond_limit
from harness.localnet.trading.spot import affordable_sz, has_paying_token

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_MIN_VALUE: Final = 10
# 1 in 2026-09 (TI:69078189041), 10 in 2026-07 (TI:69050350994).
_MIN_OUTCOME_VALUE: Final = 1
_TAKING: Final = frozenset({"Ioc", "FrontendMarket"})


class SpotDraft(NamedTuple):
    """A spot order as asked for; prices and sizes in 1e-8. A trigger order has no tif."""

    pair: Pair
    is_buy: bool
    px: int
    sz: int
    reduce_only: bool
    tif: str | None
    cloid: str | None
    builder: Builder | None = None


def static_fault(exchange: "Exchange", drafts: Sequence[SpotDraft]) -> str | None:
    """Return why a batch is refused as a whole, or None. The order of these checks is UNVERIFIED."""
    return next((fault for draft in drafts if (fault := _fault(exchange, draft)) is not None), None)


def _fault(exchange: "Exchange", draft: SpotDraft) -> str | None:
    """Check one draft.

    That reduce-only and triggers are static is UNVERIFIED; the texts were seen on outcome assets, that behave
    like spot (wire rule 19).
    """
    pair = draft.pair
    if draft.tif is None:
        return messages.SPOT_TRIGGER
    if draft.reduce_only:
        return messages.SPOT_REDUCE_ONLY
    if not draft.px or draft.px % pair.px_step:
        return messages.INVALID_PRICE
    if draft.sz % pair.sz_step:
        return messages.INVALID_SIZE
    if not draft.sz:
        return messages.ZERO_SIZE
    if isinstance(pair, Side):
        # A share is worth less than one; how a higher price is refused is UNVERIFIED. No band: a bid of
        # 0.00123 rests (TI:69050350994).
        return messages.INVALID_PRICE if draft.px >= E8 else None
    # The lower end is excluded, the upper is not (wire rule 27, measured).
    market = exchange.spot_markets.get(pair.index)
    if pair.is_deployed and market is not None and not market.day_base:
        # Nothing to compare with before the first trade: UNVERIFIED.
        return None
    percent = exchange.rules.spot_band_percent
    reference, near = exchange.mark(pair), 100 - percent
    if draft.px * 100 <= reference * near or draft.px * near > reference * 100:
        return messages.band(percent)
    return None


def place(exchange: "Exchange", account: Ledger, draft: SpotDraft, replaces: Order | None = None) -> Status:
    """Place an order and return its status element; a refusal leaves a record. See `orders.place`."""
    market = exchange.spot_market(draft.pair)
    assert draft.tif is not None
    order = Order(
        exchange.next_oid(),
        account.address,
        draft.pair.index,
        is_buy=draft.is_buy,
        px=draft.px,
        sz=draft.sz,
        tif=draft.tif,
        reduce_only=False,
        cloid=draft.cloid,
        timestamp_ms=exchange.now_ms(),
        builder=draft.builder,
    )
    return arrive(exchange, market, account, order, check, replaces)


def check(exchange: "Exchange", market: SpotMarket, account: Ledger, order: Order) -> None:
    """Make the run-time checks; an Ioc is cut to what can be paid on the way (wire rule 26).

    That its record keeps the size asked for as `origSz` is UNVERIFIED.
    """
    asset, pair = order.asset, market.pair
    refuse_beyond_limit(exchange, account, order)
    if asset not in exchange.universe.pairs:
        # The text is one of third-party notes, its ending is UNVERIFIED.
        raise Rejected("outcomeSettledRejected", messages.on_asset(messages.OUTCOME_SETTLED, asset))
    if any(exchange.universe.frozen(token, account.address) for token in (pair.base, pair.quote)):
        # UNVERIFIED, as is the status.
        raise Rejected("rejected", messages.on_asset(messages.FROZEN, asset))
    if order.px % pair.tick_at(order.px):
        raise Rejected("tickRejected", messages.on_asset(messages.TICK, asset))
    met = market.book.opposite(is_buy=order.is_buy, px=order.px)
    if order.tif in _TAKING and met is None:
        if order.tif == "FrontendMarket" and market.book.best(is_buy=not order.is_buy) is None:
            raise Rejected("marketOrderNoLiquidityRejected", messages.NO_LIQUIDITY)
        raise Rejected("iocCancelRejected", messages.on_asset(messages.NO_MATCH, asset))
    lacking = Rejected("insufficientSpotBalanceRejected", messages.on_asset(messages.SPOT_BALANCE, asset))
    if not has_paying_token(exchange, account, market, order):
        raise lacking
    # An Ioc counts at the price that it meets (wire rule 26), others at their limit.
    px = market.book.px_of(met) if met is not None and order.tif in _TAKING else order.px
    least = _MIN_OUTCOME_VALUE if isinstance(pair, Side) else _MIN_VALUE
    if order.twap_id is None and pair.value(px, order.orig_sz) < least * pair.quote.unit:
        raise Rejected(
            "minTradeNtlRejected", messages.on_asset(messages.spot_min_value(least, pair.quote.name), asset)
        )
    if order.tif == "Alo" and met is not None:
        raise Rejected("badAloPxRejected", messages.on_asset(messages.post_only(*market.bbo()), asset))
    sz = affordable_sz(exchange, account, market, order)
    if not sz or (sz < order.sz and order.tif not in _TAKING):
        raise lacking
    order.sz = order.shown_sz = sz
