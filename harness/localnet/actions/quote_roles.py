"""`authorizeAqav2Role`: a role of a quote token, for who has staked enough.

Source: API docs, "Exchange endpoint"; NK's test of the same name for the refusal.
"""

from typing import Literal, NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.staking import refuse_stakers
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import Refused
from harness.localnet.parsing import U32


class AuthorizeRoleAction(TypedAction):
    """A token and the role that is taken for it."""

    token: U32 = msgspec.field()
    role: Literal["technical", "treasury"] = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for somebody with a stake: how much it takes was not found."""
        refuse_stakers(call)


@action("authorizeAqav2Role", AuthorizeRoleAction, only_refuses=True)
def authorize_role(call: Call, asked: AuthorizeRoleAction) -> NoReturn:
    """Refuse: too little is staked."""
    raise Refused(messages.INSUFFICIENT_STAKE)
