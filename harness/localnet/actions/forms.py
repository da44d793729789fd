"""The wire forms that several actions share: an order and what it is made of."""

from typing import Literal

import msgspec

from harness.localnet.actions.registry import Call
from harness.localnet.answers import BadShape, NotCovered
from harness.localnet.markets.book import Trigger
from harness.localnet.parsing import U32, Address, Cloid, Figure
from harness.localnet.trading.orders import Draft


class LimitForm(msgspec.Struct):
    """`FrontendMarket` is accepted as input too (wire rule 43)."""

    tif: Literal["Gtc", "Ioc", "Alo", "FrontendMarket"]


class TriggerForm(msgspec.Struct):
    """A trigger order's own part."""

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
            "a": self.a,
            "b": self.b,
            "p": self.p.signed,
            "s": self.s.signed,
            "r": self.r,
            "t": self._kind(),
        }
        if self.c is not None:
            order["c"] = str(self.c)
        return order

    def _kind(self) -> dict[str, object]:
        limit = self.t.limit
        if isinstance(limit, LimitForm):
            return {"limit": {"tif": limit.tif}}
        trigger = self.t.trigger
        assert isinstance(trigger, TriggerForm)
        return {
            "trigger": {
                "isMarket": trigger.isMarket,
                "triggerPx": trigger.triggerPx.signed,
                "tpsl": trigger.tpsl,
            }
        }

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for assets other than live perps."""
        if call.exchange.perp(self.a) is None:
            raise NotCovered("assets other than live perpetuals")

    def draft(self, call: Call, *, is_position_tpsl: bool = False) -> Draft:
        """Return the order in the exchange's own terms."""
        perp, limit, form = call.exchange.perp(self.a), self.t.limit, self.t.trigger
        if perp is None:
            raise BadShape("refuse_uncovered has not been asked")
        cloid = None if self.c is None else str(self.c)
        px, sz = int(self.p), int(self.s)
        if isinstance(limit, LimitForm):
            return Draft(perp, self.b, px, sz, self.r, limit.tif, cloid)
        assert isinstance(form, TriggerForm)
        trigger = Trigger(form.isMarket, int(form.triggerPx), form.tpsl == "tp")
        # What it becomes when it triggers; its rows show no tif (wire rule 52).
        tif = "FrontendMarket" if form.isMarket else "Gtc"
        return Draft(perp, self.b, px, sz, self.r, tif, cloid, trigger, is_position_tpsl=is_position_tpsl)


class BuilderForm(msgspec.Struct, forbid_unknown_fields=True):
    """A builder and its fee in tenths of a bp."""

    b: Address
    f: U32


class PriorityForm(msgspec.Struct, forbid_unknown_fields=True):
    """The priority grouping (wire rule 124)."""

    p: U32
