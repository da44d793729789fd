"""`order`: place orders, one or a batch."""

from typing import Literal

import msgspec
from msgspec.structs import replace

from harness.localnet import messages
from harness.localnet.accounts.builders import HIGHEST_FEE, HIGHEST_SPOT_FEE
from harness.localnet.actions import spot
from harness.localnet.actions.forms import BuilderForm, OrderForm, PriorityForm
from harness.localnet.actions.groupings import grouping_fault, refuse_uncovered_group
from harness.localnet.actions.registry import Action, Call, action, statuses
from harness.localnet.answers import NotCovered
from harness.localnet.markets.book import Builder
from harness.localnet.markets.tokens import SPOT_ASSETS
from harness.localnet.trading.fees import payer_of
from harness.localnet.trading.orders import (
    Draft,
    is_crowded,
    refuse_crowded,
    refuse_crowding,
    refuse_known_cloids,
    static_fault,
)
from harness.localnet.trading.triggers import place_any, place_family


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
        """Raise NotCovered for other assets, cloids still open, and groups of unknown fate.

        A vault trades nothing but the first dex (docs, "For vault leaders"); its refusal is not known.
        """
        if call.account.address in call.exchange.vaults and any(
            order.a >= SPOT_ASSETS for order in self.orders
        ):
            raise NotCovered("an order of a vault on spot or on a builder's dex")
        if self.is_spot():
            if self.grouping != "na":
                raise NotCovered("groupings other than na on spot pairs")
            spot.refuse_uncovered(call, self.orders)
            return
        if self.grouping == "normalTpsl":
            refuse_crowding(call.exchange, call.account, len(self.orders))
        for order in self.orders:
            order.refuse_uncovered(call)
        refuse_known_cloids(call.account, [order.c for order in self.orders if order.c is not None])
        if self.grouping == "na" and not is_crowded(call.account, len(self.orders)):
            # What follows could find nothing.
            return
        drafts = self.drafts(call)
        refuse_crowded(call.account, drafts)
        if static_fault(call.exchange, drafts) is None:
            refuse_uncovered_group(call, self.grouping, drafts)

    def is_spot(self) -> bool:
        """Say whether spot pairs are named."""
        for order in self.orders:  # noqa: SIM110 - asked twice of every order action
            if order.a >= SPOT_ASSETS and spot.is_spot(order):
                return True
        return False

    def drafts(self, call: Call) -> list[Draft]:
        """Return the orders in the exchange's own terms."""
        whole = self.grouping == "positionTpsl"
        drafts = [order.draft(call, is_position_tpsl=whole) for order in self.orders]
        builder = self.paid_builder()
        return drafts if builder is None else [replace(draft, builder=builder) for draft in drafts]

    def paid_builder(self) -> Builder | None:
        """Return who gets a fee of the orders."""
        return None if self.builder is None else Builder(str(self.builder.b), int(self.builder.f))


@action("order", OrderAction)
def order(call: Call, asked: OrderAction) -> dict[str, object]:
    """Check the whole batch, then place one after the other; earlier ones stay (wire rules 34, 35)."""
    if asked.is_spot():
        fault = spot.batch_fault(call, asked.orders) or _builder_fault(call, asked.builder, on_spot=True)
        if fault is not None:
            return statuses("order", [{"error": fault}])
        return statuses("order", spot.place_each(call, asked.orders, asked.paid_builder()))
    drafts = asked.drafts(call)
    fault = (
        static_fault(call.exchange, drafts)
        or _builder_fault(call, asked.builder)
        or grouping_fault(asked.grouping, drafts)
    )
    if fault is not None:
        return statuses("order", [{"error": fault}])
    if asked.grouping == "normalTpsl":
        return statuses("order", place_family(call.exchange, call.account, drafts))
    return statuses("order", [place_any(call.exchange, call.account, draft) for draft in drafts])


def _builder_fault(call: Call, builder: BuilderForm | None, *, on_spot: bool = False) -> str | None:
    """Refuse a builder that asks for more than any may, or than its user approved (wire rules 83 and 160).

    A builder that asks for nothing needs no approval: ccxt revokes its builder with "0%" where an approval
    fails, and then names it with a fee of zero in each order, on testnet too.

    UNVERIFIED: one status for the batch and no record; a sub-account uses its master's approvals.
    """
    if builder is None or not builder.f:
        return None
    if builder.f > (HIGHEST_SPOT_FEE if on_spot else HIGHEST_FEE):
        return messages.BUILDER_FEE_TOO_HIGH
    approved = call.exchange.builders.highest(payer_of(call.exchange, call.account).address, builder.b)
    return messages.BUILDER_NOT_APPROVED if not approved or builder.f > approved else None
