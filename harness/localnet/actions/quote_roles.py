"""`authorizeAqav2Role`: a role of a quote token, for who has staked enough.

Source: API docs, "Exchange endpoint"; docs, "Aligned quote assets": either deployer stakes 500,000 HYPE, and
validators vote only after both have sent this; NK's test of the same name for the refusal. UNVERIFIED: what
counts as staked, that an account may take both roles on one stake, and that whoever asks first for a role has
it until another one does.
"""

from typing import Literal

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.deploys.perp import STAKE
from harness.localnet.parsing import U32


class AuthorizeRoleAction(TypedAction):
    """A token and the role that is taken for it."""

    token: U32 = msgspec.field()
    role: Literal["technical", "treasury"] = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a token that nothing is quoted in."""
        if not call.exchange.universe.is_quote(self.token):
            raise NotCovered("a role of what is no quote token")


@action("authorizeAqav2Role", AuthorizeRoleAction)
def authorize_role(call: Call, asked: AuthorizeRoleAction) -> dict[str, object]:
    """Note who is ready for a role; what follows is the validators' vote."""
    stake = call.exchange.stakes.get(call.account.address)
    if stake is None or stake.total < STAKE:
        raise Refused(messages.INSUFFICIENT_STAKE)
    call.exchange.universe.quote_roles[int(asked.token), asked.role] = call.account.address
    return OK
