"""`authorizeAqav2Role`: a role of a quote token, for who has staked enough.

Source: API docs, "Exchange endpoint", "Aligned quote assets": both deployers stake 500k HYPE and send this,
then validators vote; NK's test of the same name for the refusal. UNVERIFIED: that staked is what the staking
balance holds, delegated or not, and that a role may be taken again by who has it.
"""

from typing import Final, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.tokens import HYPE
from harness.localnet.parsing import U32
from harness.localnet.transfers.staking import stake_of

_STAKE: Final = 500_000 * HYPE.unit


class AuthorizeRoleAction(TypedAction):
    """A token and the role that is taken for it."""

    token: U32 = msgspec.field()
    role: Literal["technical", "treasury"] = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for what nothing is quoted in, a second role, and a role that is taken."""
        exchange, address = call.exchange, call.account.address
        if _stakes(call) < _STAKE:
            return
        if not exchange.universe.is_quote(self.token):
            raise NotCovered("a role of a token in which nothing is quoted")
        roles = exchange.validators.roles
        held = [key for key, owner in roles.items() if owner == address]
        if roles.get((self.token, self.role), address) != address or held not in ([], [self._key]):
            raise NotCovered("a role that is taken, or a second one")

    @property
    def _key(self) -> tuple[int, str]:
        return self.token, self.role

    def take(self, call: Call) -> None:
        """Keep who has the role."""
        call.exchange.validators.roles[self._key] = call.account.address


def _stakes(call: Call) -> int:
    stake = stake_of(call.exchange, call.account.address)
    return stake.undelegated + stake.delegated


@action("authorizeAqav2Role", AuthorizeRoleAction)
def authorize_role(call: Call, asked: AuthorizeRoleAction) -> dict[str, object]:
    """Take the role; what validators vote about it then is told by control (`Localnet.open_vote`)."""
    if _stakes(call) < _STAKE:
        raise Refused(messages.INSUFFICIENT_STAKE)
    asked.take(call)
    return OK
