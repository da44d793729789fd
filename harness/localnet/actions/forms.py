"""The wire forms that several actions share: an order and what it is made of."""

from typing import Literal

import msgspec

from harness.localnet.actions.registry import Call
from harness.localnet.answers import BadShape, NotCovered
from harness.localnet.orders import Draft
from harness.localnet.parsing import U32, Address, Cloid, Figure


class LimitForm(msgspec.Struct):
    """`FrontendMarket` is accepted as input too (wire rule 43)."""

    tif: Literal["Gtc", "Ioc", "Alo", "FrontendMarket"]


class TriggerForm(msgspec.Struct):
    """A trigger order's own part; localnet reads it and does not serve it."""

    isMarket: bool
    triggerPx: Figure
    tpsl: Literal["tp", "sl"]


class KindForm(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of both."""

    limit: LimitForm | msgspec.UnsetType = msgspec.UNSET
    trigger: TriggerForm | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if (self.limit is msgspec.UNSET) == (self.trigger is msgspec.UNSET):
            raise ValueError("either limit or trigger")


class OrderForm(msgspec.Struct):
    """An order; unknown keys are ignored here, unlike in actions (wire rule 7)."""

    a: U32
    b: bool
    p: Figure
    s: Figure
    t: KindForm
    r: bool = False
    c: Cloid | None = None

    def signed(self) -> dict[str, object]:
        """Return the order as it is signed: documented key order, normalised figures, no null."""
        order: dict[str, object] = {
            "a": int(self.a),
            "b": self.b,
            "p": str(self.p),
            "s": str(self.s),
            "r": self.r,
            "t": self._kind(),
        }
        if self.c is not None:
            order["c"] = str(self.c)
        return order

    def _kind(self) -> dict[str, object]:
        if isinstance(self.t.limit, LimitForm):
            return {"limit": {"tif": self.t.limit.tif}}
        trigger = self.t.trigger
        assert isinstance(trigger, TriggerForm)
        return {
            "trigger": {
                "isMarket": trigger.isMarket,
                "triggerPx": str(trigger.triggerPx),
                "tpsl": trigger.tpsl,
            }
        }

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for triggers, and for assets other than live cross perps of the first dex."""
        if not isinstance(self.t.limit, LimitForm):
            raise NotCovered("trigger orders")
        perp = call.exchange.perp(self.a)
        if perp is None:
            raise NotCovered("assets other than live perpetuals of the first dex")
        if perp.strict_isolated:
            raise NotCovered("isolated positions")

    def draft(self, call: Call) -> Draft:
        """Return the order in the exchange's own terms."""
        perp, limit = call.exchange.perp(self.a), self.t.limit
        if perp is None or not isinstance(limit, LimitForm):
            raise BadShape("refuse_uncovered has not been asked")
        cloid = None if self.c is None else str(self.c)
        return Draft(perp, self.b, int(self.p), int(self.s), self.r, limit.tif, cloid)


class BuilderForm(msgspec.Struct, forbid_unknown_fields=True):
    """A builder and its fee in tenths of a bp."""

    b: Address
    f: U32


class PriorityForm(msgspec.Struct, forbid_unknown_fields=True):
    """The priority grouping (wire rule 124)."""

    p: U32
