"""`cancel` and `cancelByCloid`: cancel resting orders, one or a batch."""

from collections.abc import Sequence

import msgspec

from harness.localnet.actions.registry import Action, Call, action, statuses
from harness.localnet.answers import NotCovered
from harness.localnet.parsing import U32, U64, Cloid
from harness.localnet.trading.orders import cancel, find


class CancelForm(msgspec.Struct, forbid_unknown_fields=True):
    """Asset and oid."""

    a: U32
    o: U64


class CancelByCloidForm(msgspec.Struct, forbid_unknown_fields=True):
    """Asset and cloid."""

    asset: U32
    cloid: Cloid


class CancelAction(Action):
    """`f`, a fast cancel, is refused for trigger orders (wire rule 61); its place is UNVERIFIED."""

    cancels: list[CancelForm] = msgspec.field()
    f: bool = False

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        cancels = [{"a": int(form.a), "o": int(form.o)} for form in self.cancels]
        return {"type": self.type, "cancels": cancels} | ({"f": True} if self.f else {})

    def entries(self) -> int:
        """Count each cancel, also one that fails (wire rule 136)."""
        return len(self.cancels)

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a fast cancel of a trigger order."""
        if self.f:
            _refuse_fast(call, [int(form.o) for form in self.cancels])


class CancelByCloidAction(Action):
    """The same by cloid."""

    cancels: list[CancelByCloidForm] = msgspec.field()
    f: bool = False

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        cancels = [{"asset": int(form.asset), "cloid": str(form.cloid)} for form in self.cancels]
        return {"type": self.type, "cancels": cancels} | ({"f": True} if self.f else {})

    def entries(self) -> int:
        """Count each cancel."""
        return len(self.cancels)

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a fast cancel of a trigger order."""
        if self.f:
            _refuse_fast(call, [str(form.cloid) for form in self.cancels])


def _refuse_fast(call: Call, keys: Sequence[int | str]) -> None:
    """Refuse fast cancels of waiting orders: the text is not known.

    Raises:
        NotCovered: an order that waits for its trigger would be cancelled so.
    """
    for order in [find(call.account, key) for key in keys]:
        if order is not None and order.oid in call.account.open and order.trigger is not None:
            raise NotCovered("a fast cancel of a trigger order")


@action("cancel", CancelAction)
def cancel_by_oid(call: Call, asked: CancelAction) -> dict[str, object]:
    """Cancel each; a missing order is an error in its place and stops nothing (wire rule 60)."""
    return statuses(
        "cancel",
        [
            cancel(call.exchange, call.account, form.a, find(call.account, int(form.o)))
            for form in asked.cancels
        ],
    )


@action("cancelByCloid", CancelByCloidAction)
def cancel_by_cloid(call: Call, asked: CancelByCloidAction) -> dict[str, object]:
    """Cancel each; the answer's type is `cancel` here too."""
    return statuses(
        "cancel",
        [
            cancel(call.exchange, call.account, form.asset, find(call.account, str(form.cloid)))
            for form in asked.cancels
        ],
    )
