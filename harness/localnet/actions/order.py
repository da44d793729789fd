"""`order`: place orders, one or a batch."""

from typing import Final, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.actions.forms import BuilderForm, OrderForm, PriorityForm
from harness.localnet.actions.registry import Action, Call, action, statuses
from harness.localnet.answers import NotCovered
from harness.localnet.orders import place, refuse_crowding, refuse_known_cloids, static_fault

# Tenths of a bp: 0.1% on perps (wire rule 83).
_HIGHEST_BUILDER_FEE: Final = 100


class OrderAction(Action):
    """`grouping` may be left out, but not null (wire rule 8)."""

    orders: list[OrderForm] = msgspec.field()
    grouping: Literal["na", "normalTpsl", "positionTpsl"] | PriorityForm = "na"
    builder: BuilderForm | None = None

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        grouping = self.grouping
        rebuilt: dict[str, object] = {
            "type": self.type,
            "orders": [order.signed() for order in self.orders],
            "grouping": grouping if isinstance(grouping, str) else {"p": int(grouping.p)},
        }
        if self.builder is not None:
            rebuilt["builder"] = {"b": str(self.builder.b), "f": int(self.builder.f)}
        return rebuilt

    def entries(self) -> int:
        """Count each order."""
        return len(self.orders)

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for groupings, triggers, other assets and cloids still open."""
        if self.grouping != "na":
            raise NotCovered("groupings other than na")
        refuse_crowding(call.account, len(self.orders))
        for order in self.orders:
            order.refuse_uncovered(call)
        refuse_known_cloids(call.account, [order.draft(call) for order in self.orders])


@action("order", OrderAction)
def order(call: Call, asked: OrderAction) -> dict[str, object]:
    """Check the whole batch, then place one after the other; earlier ones stay (wire rules 34, 35)."""
    drafts = [form.draft(call) for form in asked.orders]
    fault = static_fault(call.exchange, drafts) or _builder_fault(asked.builder)
    if fault is not None:
        return statuses("order", [{"error": fault}])
    return statuses("order", [place(call.exchange, call.account, draft) for draft in drafts])


def _builder_fault(builder: BuilderForm | None) -> str | None:
    """Refuse any builder: none can have been approved. One status for the batch and no record: UNVERIFIED."""
    if builder is None:
        return None
    return (
        messages.BUILDER_FEE_TOO_HIGH if builder.f > _HIGHEST_BUILDER_FEE else messages.BUILDER_NOT_APPROVED
    )
