"""What `order`, `modify` and `batchModify` do when they name spot pairs."""

from typing import TYPE_CHECKING

from harness.localnet.actions.forms import LimitForm, OrderForm
from harness.localnet.actions.registry import Call
from harness.localnet.answers import BadShape, NotCovered
from harness.localnet.markets.book import Builder, Order
from harness.localnet.markets.dexes import DEX_ASSETS
from harness.localnet.markets.tokens import OUTCOME_ASSETS, SPOT_ASSETS, Pair
from harness.localnet.trading.orders import Status, refuse_known_cloids
from harness.localnet.trading.spot_orders import SpotDraft, place, static_fault

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def is_spot(form: OrderForm) -> bool:
    """Say whether an order names a spot pair or a side of an outcome, listed here or not."""
    return SPOT_ASSETS <= form.a < DEX_ASSETS or form.a >= OUTCOME_ASSETS


def refuse_uncovered(call: Call, forms: list[OrderForm], *, but: Order | None = None) -> None:
    """Raise NotCovered where the exchange's answer is not known.

    Args:
        call: where and for whom.
        forms: what is to be placed.
        but: the order that is replaced.
    """
    if not all(is_spot(form) for form in forms):
        raise NotCovered("perpetuals and spot pairs in one action")
    if any(_pair(call.exchange, form) is None for form in forms):
        raise NotCovered("spot pairs that are not listed here")
    refuse_known_cloids(call.account, [form.c for form in forms], but=but)


def _pair(exchange: "Exchange", form: OrderForm) -> Pair | None:
    """Return what an order names; a settled outcome too, that refuses it."""
    universe = exchange.universe
    return universe.pairs.get(form.a) or universe.sides.get(form.a)


def draft(exchange: "Exchange", form: OrderForm) -> SpotDraft:
    """Return an order in the exchange's own terms."""
    limit, pair = form.t.limit, _pair(exchange, form)
    if pair is None:
        raise BadShape("refuse_uncovered has not been asked")
    return SpotDraft(
        pair,
        form.b,
        int(form.p),
        int(form.s),
        form.r,
        limit.tif if isinstance(limit, LimitForm) else None,
        None if form.c is None else str(form.c),
    )


def batch_fault(call: Call, forms: list[OrderForm]) -> str | None:
    """Return why a batch is refused as a whole, or None."""
    return static_fault(call.exchange, [draft(call.exchange, form) for form in forms])


def place_each(call: Call, forms: list[OrderForm], builder: Builder | None = None) -> list[Status]:
    """Place one after the other; earlier ones stay."""
    drafts = [draft(call.exchange, form)._replace(builder=builder) for form in forms]
    return [place(call.exchange, call.account, each) for each in drafts]


def replacement(call: Call, form: OrderForm, *, always_place: bool) -> SpotDraft | None:
    """Return what a modify places, or None if it is invalid; see `modify`."""
    asked = draft(call.exchange, form)
    if not always_place and asked.tif not in ("Gtc", "Alo"):
        return None
    if static_fault(call.exchange, [asked]) is not None:
        return None
    return asked if always_place else asked._replace(tif="Alo")
