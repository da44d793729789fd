"""`approveBuilderFee`: let a builder take a fee on orders that name it (wire rules 83 and 160)."""

import re
from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.builders import HIGHEST_SPOT_FEE, MOST_APPROVALS
from harness.localnet.accounts.risk import account_value
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.transfers import UserSignedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.numbers import MICRO
from harness.localnet.parsing import U64, Address

_RATE: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,3})0*)?%", re.ASCII)
_NEEDED: Final = 100 * MICRO


class ApproveBuilderFeeAction(UserSignedAction):
    """The highest fee, such as `0.001%`; `0%` revokes. The keys stand as the SDK sends them."""

    maxFeeRate: str = msgspec.field()
    builder: Address = msgspec.field()
    nonce: U64 = msgspec.field()

    def fee(self) -> int:
        """Return the highest fee in tenths of a bp.

        Raises:
            NotCovered: it has another form, is finer, or beyond what any order may pay.
        """
        match = _RATE.fullmatch(self.maxFeeRate)
        if match is None:
            raise NotCovered("a builder fee of another form than 0.001%")
        fee = int(match[1]) * 1_000 + int((match[2] or "").ljust(3, "0"))
        if fee > HIGHEST_SPOT_FEE:
            raise NotCovered("a builder fee of more than 1%")
        return fee

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Approve; the builder needs 100 USDC of perp value, unless it is revoked (UNVERIFIED).

        A builder must be in standard mode (API docs, "Account abstraction modes"); that a unified one is
        answered as if it had nothing on perpetuals is UNVERIFIED.
        """
        exchange, user, builder = call.exchange, call.account.address, str(self.builder)
        fee = self.fee()
        if fee:
            account = exchange.ledger(builder)
            poor = account is None or account.is_unified
            if account is None or poor or account_value(account, exchange.markets) < _NEEDED:
                raise Refused(messages.BUILDER_POOR)
            approved = exchange.builders.of(user)
            if builder not in approved and len(approved) >= MOST_APPROVALS:
                raise NotCovered("an eleventh builder")
        if really:
            exchange.builders.approve(user, builder, fee)


@action("approveBuilderFee", ApproveBuilderFeeAction)
def approve_builder_fee(call: Call, asked: ApproveBuilderFeeAction) -> dict[str, object]:
    """Carry it out."""
    asked.carry_out(call, really=True)
    return OK
