"""`linkStakingUser` and `stakingLinkDisableTradingUser`: nobody's stake is linked to another account here.

Source: API docs, "Fees: staking linking"; NK's tests of the same names for the refusal. Linking itself is not
modelled: it has two sides and changes fees for good.
"""

from typing import NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.transfers import UserSignedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U64, Address


class LinkStakingUserAction(UserSignedAction):
    """The account to be linked; the staking one finalizes."""

    user: Address = msgspec.field()
    isFinalize: bool = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Refuse what nobody asked for, and what names nobody.

        Raises:
            NotCovered: a link to an account that there is.
        """
        if not self.isFinalize and call.exchange.ledger(str(self.user)) is not None:
            raise NotCovered("a staking link")
        raise Refused(messages.STAKING_LINK)


class DisableTradingUserAction(UserSignedAction):
    """The trading account whose funds are to be locked."""

    tradingUser: Address = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Refuse: nobody is linked."""
        raise Refused(messages.STAKING_LINK)


@action("linkStakingUser", LinkStakingUserAction, only_refuses=True)
@action("stakingLinkDisableTradingUser", DisableTradingUserAction, only_refuses=True)
def staking_link(call: Call, asked: UserSignedAction) -> NoReturn:
    """Refuse it."""
    asked.carry_out(call, really=True)
    raise AssertionError("a staking link was not refused")
