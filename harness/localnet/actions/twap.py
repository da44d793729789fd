"""`twapOrder` and `twapCancel` (wire rule 110)."""

from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.twaps import Twap
from harness.localnet.actions.registry import Action, Call, action
from harness.localnet.answers import NotCovered
from harness.localnet.numbers import MICRO, notional
from harness.localnet.parsing import U32, U64, Figure
from harness.localnet.trading.orders import Draft, static_fault
from harness.localnet.trading.slicing import slices, start, stop

# The longest is a week in the docs and in recordings of 2026 (10080), a day in NK's schema.
_SHORTEST_MIN: Final = 5
_LONGEST_MIN: Final = 7 * 24 * 60
_SMALLEST_USD: Final = 100
_SMALLEST_SLICE_USD: Final = 10


class TwapForm(msgspec.Struct, forbid_unknown_fields=True):
    """Asset, side, size, reduce-only, minutes, and whether the slices are randomized."""

    a: U32
    b: bool
    s: Figure
    r: bool
    m: U32
    t: bool

    def signed(self) -> dict[str, object]:
        """Return the form as it is signed."""
        return {
            "a": int(self.a),
            "b": self.b,
            "s": str(self.s),
            "r": self.r,
            "m": int(self.m),
            "t": self.t,
        }


class TwapTriggerForm(msgspec.Struct, forbid_unknown_fields=True):
    """The mark that starts a TWAP, and whether it must rise to it."""

    p: Figure
    a: bool


class TwapDetailsForm(msgspec.Struct, forbid_unknown_fields=True):
    """What starts a TWAP and the price that ends it; localnet reads them and does not serve them."""

    t: TwapTriggerForm | None
    s: Figure | None

    def signed(self) -> dict[str, object]:
        """Return the form as it is signed: with its nulls (NK)."""
        trigger = None if self.t is None else {"p": str(self.t.p), "a": self.t.a}
        return {"t": trigger, "s": None if self.s is None else str(self.s)}


class TwapOrderAction(Action):
    """A size to trade over some minutes; `details` are of 2026."""

    twap: TwapForm = msgspec.field()
    details: TwapDetailsForm | msgspec.UnsetType = msgspec.UNSET

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        rebuilt: dict[str, object] = {"type": self.type, "twap": self.twap.signed()}
        if isinstance(self.details, TwapDetailsForm):
            rebuilt["details"] = self.details.signed()
        return rebuilt

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for what is no plain TWAP on a live perp."""
        perp = call.exchange.perp(self.twap.a)
        if perp is None:
            raise NotCovered("assets other than live perpetuals")
        if isinstance(self.details, TwapDetailsForm) and self.details.signed() != {"t": None, "s": None}:
            raise NotCovered("a TWAP with a trigger or stop price")
        mark = call.exchange.mark(perp)
        draft = Draft(perp, self.twap.b, mark, int(self.twap.s), self.twap.r, "Gtc", None)
        if static_fault(call.exchange, [draft]) is not None:
            raise NotCovered("a TWAP whose size no order may have")
        if _fault(call, self.twap) is None:
            least = _SMALLEST_SLICE_USD * MICRO * slices(self.twap.m)
            if notional(mark, int(self.twap.s)) < least:
                raise NotCovered("how a TWAP of slices below 10 USD is spaced")


@action("twapOrder", TwapOrderAction)
def twap_order(call: Call, asked: TwapOrderAction) -> dict[str, object]:
    """Start a TWAP; its first slice comes with the clock."""
    form = asked.twap
    fault = _fault(call, form)
    if fault is not None:
        return _status("twapOrder", {"error": fault})
    perp = call.exchange.perp(form.a)
    assert perp is not None
    twap = Twap(
        call.exchange.next_twap_id(),
        call.account.address,
        perp.index,
        perp.name,
        form.b,
        int(form.s),
        int(form.m),
        form.r,
        form.t,
        call.exchange.now_ms(),
    )
    call.exchange.market(perp)
    start(call.exchange, call.account, twap)
    return _status("twapOrder", {"running": {"twapId": twap.twap_id}})


def _fault(call: Call, form: TwapForm) -> str | None:
    """Return why a TWAP is refused, or None.

    The value is looked at before reduce-only (TI:58105741026); that the duration comes first, and that the
    mark makes the value, is UNVERIFIED.
    """
    perp = call.exchange.perp(form.a)
    assert perp is not None
    if not _SHORTEST_MIN <= form.m <= _LONGEST_MIN:
        return messages.twap_duration(int(form.m))
    if notional(call.exchange.mark(perp), int(form.s)) < _SMALLEST_USD * MICRO:
        return messages.twap_value(_SMALLEST_USD)
    szi = call.account.szi(perp.index)
    if form.r and not (szi < 0 if form.b else szi > 0):
        return messages.TWAP_REDUCE_ONLY
    return None


class TwapCancelAction(Action):
    """Asset and TWAP."""

    a: U32 = msgspec.field()
    t: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "a": int(self.a), "t": int(self.t)}


@action("twapCancel", TwapCancelAction)
def twap_cancel(call: Call, asked: TwapCancelAction) -> dict[str, object]:
    """End a TWAP of one's own that runs on that asset."""
    twap = call.account.twaps.running.get(int(asked.t))
    if twap is None or twap.asset != asked.a:
        return _status("twapCancel", {"error": messages.TWAP_GONE})
    stop(call.exchange, call.account, twap, "terminated")
    return _status("twapCancel", "success")


def _status(kind: str, status: object) -> dict[str, object]:
    """Return the answer of an action with one status (wire rule 32)."""
    return {"type": kind, "data": {"status": status}}
