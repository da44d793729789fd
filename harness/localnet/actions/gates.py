"""Actions that localnet can only refuse: what they need does not exist here, and the text is recorded.

`updateIsolatedMargin` needs an isolated position, `setReferrer` a code. What would succeed is not covered.
"""

from typing import NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U32


class SetReferrerAction(Action):
    """A referral code."""

    code: str = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "code": self.code}


@action("setReferrer", SetReferrerAction)
def set_referrer(call: Call, asked: SetReferrerAction) -> NoReturn:
    """Refuse: there are no codes."""
    raise Refused(messages.NO_REFERRAL_CODE)


class UpdateIsolatedMarginAction(Action):
    """`ntli`, in millionths of a USD, is negative when margin is taken out."""

    asset: U32 = msgspec.field()
    isBuy: bool = msgspec.field()
    ntli: int = msgspec.field()

    def __post_init__(self) -> None:
        if not -(1 << 63) <= self.ntli < 1 << 63:
            raise ValueError("not a number of 64 bits")

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "asset": int(self.asset), "isBuy": self.isBuy, "ntli": self.ntli}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered without a position: the text is not known."""
        if not call.account.szi(self.asset):
            raise NotCovered("isolated positions")


@action("updateIsolatedMargin", UpdateIsolatedMarginAction)
def update_isolated_margin(call: Call, asked: UpdateIsolatedMarginAction) -> NoReturn:
    """Refuse: all positions are cross."""
    raise Refused(messages.NOT_ISOLATED)
