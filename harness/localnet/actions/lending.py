"""`borrowLend`: there are no reserves here, so nothing is lent. Source: NK's test of the same name."""

from typing import Literal, NoReturn

import msgspec

from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered
from harness.localnet.parsing import U32


class BorrowLendAction(TypedAction):
    """An amount of a token; null for all."""

    operation: Literal["supply", "withdraw", "repay", "borrow"] = msgspec.field()
    token: U32 = msgspec.field()
    amount: str | None = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered: all that is served is what refuses any action, such as an unknown signer."""
        raise NotCovered("lending and borrowing")


@action("borrowLend", BorrowLendAction, only_refuses=True)
def borrow_lend(call: Call, asked: BorrowLendAction) -> NoReturn:
    """Stand for the action; see `BorrowLendAction.refuse_uncovered`."""
    raise AssertionError("refuse_uncovered has not been asked")
