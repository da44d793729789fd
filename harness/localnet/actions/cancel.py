"""`cancel` and `cancelByCloid`: cancel resting orders, one or a batch."""

import msgspec

from harness.localnet.actions.registry import Action, Call, action, statuses
from harness.localnet.orders import cancel, find
from harness.localnet.parsing import U32, U64, Cloid


class CancelForm(msgspec.Struct, forbid_unknown_fields=True):
    """Asset and oid."""

    a: U32
    o: U64


class CancelByCloidForm(msgspec.Struct, forbid_unknown_fields=True):
    """Asset and cloid."""

    asset: U32
    cloid: Cloid


class CancelAction(Action):
    """`f`, a fast cancel, only matters to trigger orders (wire rule 61); its place is UNVERIFIED."""

    cancels: list[CancelForm] = msgspec.field()
    f: bool = False

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        cancels = [{"a": int(form.a), "o": int(form.o)} for form in self.cancels]
        return {"type": self.type, "cancels": cancels} | ({"f": True} if self.f else {})

    def entries(self) -> int:
        """Count each cancel, also one that fails (wire rule 136)."""
        return len(self.cancels)


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
