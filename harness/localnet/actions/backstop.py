"""`hip3LiquidatorTransfer`: money for the backstop liquidator of a builder's dex, and back.

Source: API docs, "Exchange endpoint"; NK's test of the same name for the refusals.
"""

from typing import Final, NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import MICRO
from harness.localnet.parsing import U64
from harness.localnet.transfers.money import RATIO

# Documented: whole thousands of the quote token.
_UNIT: Final = 1_000 * MICRO


class LiquidatorTransferAction(TypedAction):
    """Millionths of the quote token, to or from a dex's liquidator."""

    dex: str = msgspec.field()
    ntl: U64 = msgspec.field()
    isDeposit: bool = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for odd amounts and dexes, whose texts are not known, and for a deposit.

        From which balance a deposit comes is not known either, so none is refused that any could pay.
        """
        if not self.dex or call.exchange.universe.dex_named(self.dex) is None:
            raise NotCovered("the liquidator of a dex that does not exist")
        if not self.ntl or self.ntl % _UNIT:
            raise NotCovered("a liquidator transfer of no whole thousands")
        account = call.account
        held = account.all_usd + account.tokens_of(USDC.index).total // RATIO
        if self.isDeposit and held >= self.ntl:
            raise NotCovered("a deposit with a backstop liquidator")


@action("hip3LiquidatorTransfer", LiquidatorTransferAction, only_refuses=True)
def liquidator_transfer(call: Call, asked: LiquidatorTransferAction) -> NoReturn:
    """Refuse: there is too little, here or there."""
    raise Refused(messages.NO_BACKSTOP_DEPOSIT if asked.isDeposit else messages.NOT_WITHDRAWABLE)
