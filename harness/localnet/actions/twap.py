"""`twapOrder` and `twapCancel` (wire rule 110)."""

from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.twaps import Twap, TwapTrigger
from harness.localnet.actions.registry import Action, Call, action
from harness.localnet.answers import NotCovered
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.listings import Listing
from harness.localnet.markets.sides import Side
from harness.localnet.markets.tokens import USDC, Pair
from harness.localnet.numbers import MICRO, notional
from harness.localnet.parsing import U32, U64, Figure
from harness.localnet.trading import spot_orders
from harness.localnet.trading.orders import Draft, static_fault
from harness.localnet.trading.slicing import market_of, slices, start, stop
from harness.localnet.trading.spot_orders import SpotDraft

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
    """What starts a TWAP, and the price that ends it."""

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
        """Raise NotCovered for what the exchange's answer to is not known."""
        form, listing = self.twap, _listing(call, self.twap)
        mark = call.exchange.mark(listing)
        if _has_static_fault(call, listing, form, mark):
            raise NotCovered("a TWAP whose size no order may have")
        if isinstance(listing, Pair) and form.r:
            raise NotCovered("a reduce-only TWAP on spot")
        trigger, stop_px = self.ends()
        for px in (stop_px, None if trigger is None else trigger.px):
            if px is not None and (px <= 0 or px % listing.tick_at(px)):
                raise NotCovered("a TWAP with a trigger or stop price that no order may have")
        if trigger is not None and trigger.is_met(mark):
            raise NotCovered("a TWAP with a trigger price that is reached already")
        if self.begun(call, listing).is_stopped(mark) and trigger is None:
            raise NotCovered("a TWAP with a stop price that is reached already")
        if _fault(call, listing, form) is None:
            least = _SMALLEST_SLICE_USD * MICRO * slices(form.m)
            if notional(mark, int(form.s)) < least:
                raise NotCovered("how a TWAP of slices below 10 USD is spaced")

    def ends(self) -> tuple[TwapTrigger | None, int | None]:
        """Return what starts it, and the price that ends it."""
        details = self.details
        if not isinstance(details, TwapDetailsForm):
            return None, None
        trigger = None if details.t is None else TwapTrigger(int(details.t.p), details.t.a)
        return trigger, None if details.s is None else int(details.s)

    def begun(self, call: Call, listing: Listing, twap_id: int = 0) -> Twap:
        """Return the TWAP that this asks for."""
        form, (trigger, stop_px) = self.twap, self.ends()
        return Twap(
            twap_id,
            call.account.address,
            listing.index,
            listing.name,
            form.b,
            int(form.s),
            int(form.m),
            form.r,
            form.t,
            call.exchange.now_ms(),
            trigger,
            stop_px,
        )


def _listing(call: Call, form: TwapForm) -> Listing:
    """Return what a TWAP works on.

    Raises:
        NotCovered: it is no live perpetual and no pair against USDC.
    """
    perp, pair = call.exchange.perp(form.a), call.exchange.universe.pairs.get(form.a)
    if perp is not None:
        return perp
    if pair is None or isinstance(pair, Side) or pair.quote is not USDC:
        raise NotCovered("a TWAP on what is no live perpetual and no pair against USDC")
    return pair


def _has_static_fault(call: Call, listing: Listing, form: TwapForm, mark: int) -> bool:
    if isinstance(listing, Pair):
        draft = SpotDraft(listing, form.b, mark, int(form.s), False, "Gtc", None)
        return spot_orders.static_fault(call.exchange, [draft]) is not None
    assert isinstance(listing, Perp)
    asked = Draft(listing, form.b, mark, int(form.s), form.r, "Gtc", None)
    return static_fault(call.exchange, [asked]) is not None


@action("twapOrder", TwapOrderAction)
def twap_order(call: Call, asked: TwapOrderAction) -> dict[str, object]:
    """Start a TWAP, or let it wait; its first slice comes with the clock."""
    listing = _listing(call, asked.twap)
    fault = _fault(call, listing, asked.twap)
    if fault is not None:
        return _status("twapOrder", {"error": fault})
    twap = asked.begun(call, listing, call.exchange.next_twap_id())
    market_of(call.exchange, listing.index)
    start(call.exchange, call.account, twap)
    return _status("twapOrder", {"running": {"twapId": twap.twap_id}})


def _fault(call: Call, listing: Listing, form: TwapForm) -> str | None:
    """Return why a TWAP is refused, or None.

    The value is looked at before reduce-only (TI:58105741026); that the duration comes first, and that the
    mark makes the value, is UNVERIFIED.
    """
    if not _SHORTEST_MIN <= form.m <= _LONGEST_MIN:
        return messages.twap_duration(int(form.m))
    if notional(call.exchange.mark(listing), int(form.s)) < _SMALLEST_USD * MICRO:
        return messages.twap_value(_SMALLEST_USD)
    szi = call.account.szi(listing.index)
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
