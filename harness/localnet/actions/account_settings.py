"""`evmUserModify`, `setDisplayName`, `reserveRequestWeight`: small things that an account sets or buys.

Source: SHIELD and NK (all three answer ok); API docs, "Exchange endpoint" (wire rules 106 and 158).
"""

from typing import ClassVar, Final

import msgspec

from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered
from harness.localnet.parsing import U32
from harness.localnet.transfers.money import withdrawable

# 0.0005 USDC a request, in 1e-6 USD.
_PRICE: Final = 500


class EvmUserModifyAction(TypedAction):
    """Big or small blocks on the EVM, of which there is none here."""

    usingBigBlocks: bool = msgspec.field()


class SetDisplayNameAction(TypedAction):
    """A name on the leaderboard; no query shows it."""

    displayName: str = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for names longer than an agent's may be: their fate is not known."""
        if len(self.displayName) > 16:
            raise NotCovered("a long display name")


@action("evmUserModify", EvmUserModifyAction)
@action("setDisplayName", SetDisplayNameAction)
def take_note(call: Call, asked: EvmUserModifyAction | SetDisplayNameAction) -> dict[str, object]:
    """Answer ok; nothing that can be asked here depends on it."""
    return OK


class ReserveRequestWeightAction(TypedAction):
    """Requests to be bought, for 0.0005 USDC each.

    An agent cannot (wire rule 158); that the refusal names the agent is UNVERIFIED.
    """

    needs_own_key: ClassVar[bool] = True
    weight: U32 = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for none, and for more than can be paid: the texts are not known."""
        if not self.weight or withdrawable(call.exchange, call.account) < self.weight * _PRICE:
            raise NotCovered("request weight that is nothing or cannot be paid")


@action("reserveRequestWeight", ReserveRequestWeightAction)
def reserve_request_weight(call: Call, asked: ReserveRequestWeightAction) -> dict[str, object]:
    """Take the price from perp USDC and raise the budget. That perp USDC pays is UNVERIFIED."""
    cost = int(asked.weight) * _PRICE
    call.account.balance -= cost
    call.exchange.fees += cost
    call.account.requests_reserved += int(asked.weight)
    return OK
