"""`modify` and `batchModify`: cancel an order and place another in its place.

Without `a` (always place) the new order must be an Alo, or a Gtc, which is then treated as one, and no
trigger order (wire rule 65); the SDK never sends `a`. So a modify that would cross is refused as post-only,
after the old order has gone (rule 64). With `a` the new order is placed even when the old one had ended (DOC
exchange-endpoint); that one which fails a static check then reads as invalid too is UNVERIFIED.
"""

import msgspec
from msgspec.structs import replace

from harness.localnet import messages
from harness.localnet.actions import spot
from harness.localnet.actions.forms import OrderForm
from harness.localnet.actions.registry import OK, Action, Call, action, statuses
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.book import Order
from harness.localnet.parsing import oid_or_cloid
from harness.localnet.trading import spot_orders
from harness.localnet.trading.orders import (
    Status,
    find,
    refuse_crowded,
    refuse_known_cloids,
    static_fault,
)
from harness.localnet.trading.triggers import place_any


class ModifyForm(msgspec.Struct, forbid_unknown_fields=True):
    """An order, by oid or cloid, and what replaces it."""

    oid: int | str
    order: OrderForm

    def __post_init__(self) -> None:
        self.oid = oid_or_cloid(self.oid)

    def signed(self) -> dict[str, object]:
        """Return the entry as it is signed."""
        return {"oid": self.oid if isinstance(self.oid, int) else str(self.oid), "order": self.order.signed()}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        if not spot.is_spot(self.order):
            self.order.refuse_uncovered(call)
        old = _alive(call, self.oid)
        if old is not None:
            if old.asset != self.order.a or old.is_buy != self.order.b:
                raise NotCovered("a modify that changes coin or side")
            if old.is_position_tpsl or old.parent is not None or old.children:
                raise NotCovered("a modify of an order with a take profit or stop loss, or of one of those")
        if spot.is_spot(self.order):
            spot.refuse_uncovered(call, [self.order], but=old)
            return
        draft = self.order.draft(call)
        refuse_known_cloids(call.account, [self.order.c], but=old)
        refuse_crowded(call.account, [draft], leaving=int(old is not None))


class ModifyAction(Action):
    """One modify. Where `a` stands in what is signed is UNVERIFIED."""

    oid: int | str = msgspec.field()
    order: OrderForm = msgspec.field()
    a: bool = False

    def __post_init__(self) -> None:
        self.oid = oid_or_cloid(self.oid)

    def form(self) -> ModifyForm:
        """Return the entry that this action is."""
        return ModifyForm(self.oid, self.order)

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type} | self.form().signed() | ({"a": True} if self.a else {})

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        self.form().refuse_uncovered(call)


class BatchModifyAction(Action):
    """Several modifies."""

    modifies: list[ModifyForm] = msgspec.field()
    a: bool = False

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        modifies = [form.signed() for form in self.modifies]
        return {"type": self.type, "modifies": modifies} | ({"a": True} if self.a else {})

    def entries(self) -> int:
        """Count each modify."""
        return len(self.modifies)

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        if not self.modifies:
            raise NotCovered("an empty batchModify")
        for form in self.modifies:
            form.refuse_uncovered(call)
        cloids = [form.order.c for form in self.modifies if form.order.c is not None]
        if len(set(cloids)) < len(cloids):
            raise NotCovered("a cloid given twice in one action")


@action("modify", ModifyAction)
def modify(call: Call, asked: ModifyAction) -> dict[str, object]:
    """Replace one order; the answer names no oid (wire rules 62 and 126)."""
    status = _replace(call, asked.form(), always_place=asked.a)
    if isinstance(status, dict) and "error" in status:
        raise Refused(str(status["error"]))
    return OK


@action("batchModify", BatchModifyAction)
def batch_modify(call: Call, asked: BatchModifyAction) -> dict[str, object]:
    """Replace several orders; the answer has the type `order` and one status each (wire rule 127)."""
    return statuses("order", [_replace(call, form, always_place=asked.a) for form in asked.modifies])


def _replace(call: Call, form: ModifyForm, *, always_place: bool) -> Status:
    """Replace one order and return the new one's status.

    UNVERIFIED: that an order which fails a static check, or may not be placed without `a`, is refused with
    "invalid new order" and leaves the old one; and that a batch prints run-time refusals as a single modify
    does.
    """
    old = _alive(call, form.oid)
    if old is None and not always_place:
        return {"error": messages.MODIFY_DEAD}
    if spot.is_spot(form.order):
        new = spot.replacement(call, form.order, always_place=always_place)
        if new is None:
            return {"error": messages.MODIFY_INVALID}
        return _told(spot_orders.place(call.exchange, call.account, new, replaces=old))
    draft = form.order.draft(call)
    if not always_place and (draft.trigger is not None or draft.tif not in ("Gtc", "Alo")):
        return {"error": messages.MODIFY_INVALID}
    if static_fault(call.exchange, [draft]) is not None:
        return {"error": messages.MODIFY_INVALID}
    if not always_place:
        draft = replace(draft, tif="Alo")
    return _told(place_any(call.exchange, call.account, draft, replaces=old))


def _told(status: Status) -> Status:
    """Say of a refusal that it came after the old order had gone."""
    if isinstance(status, dict) and "error" in status:
        return {"error": messages.modify_failed(str(status["error"]))}
    return status


def _alive(call: Call, key: int | str) -> Order | None:
    order = find(call.account, key)
    return order if order is not None and order.oid in call.account.open else None
