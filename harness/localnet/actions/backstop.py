"""`hip3LiquidatorTransfer`: money for the backstop liquidator of a builder's dex, and back.

Source: API docs, "Exchange endpoint"; NK's test of the same name for the refusals.
"""

from typing import Final

import msgspec

from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered
from harness.localnet.numbers import MICRO
from harness.localnet.parsing import U64
from harness.localnet.transfers import backstop

# Documented: whole thousands of the quote token.
_UNIT: Final = 1_000 * MICRO


class LiquidatorTransferAction(TypedAction):
    """Millionths of the quote token, to or from a dex's liquidator."""

    dex: str = msgspec.field()
    ntl: U64 = msgspec.field()
    isDeposit: bool = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for odd amounts and dexes, whose texts are not known."""
        if not self.dex or call.exchange.universe.dex_named(self.dex) is None:
            raise NotCovered("the liquidator of a dex that does not exist")
        if not self.ntl or self.ntl % _UNIT:
            raise NotCovered("a liquidator transfer of no whole thousands")


@action("hip3LiquidatorTransfer", LiquidatorTransferAction)
def liquidator_transfer(call: Call, asked: LiquidatorTransferAction) -> dict[str, object]:
    """Pay in, or take out."""
    dex = call.exchange.universe.dex_named(asked.dex)
    assert dex is not None
    move = backstop.deposit if asked.isDeposit else backstop.withdraw
    move(call.exchange, call.account, dex, int(asked.ntl))
    return OK
