"""`cDeposit`, `cWithdraw`, `tokenDelegate`: HYPE into the stake, back, and to validators.

Source: NK tests of the same names, SDK `Exchange.token_delegate`; the texts of refusals are not known.
"""

from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.validators import SELF_DELEGATION, SELF_LOCK_MS
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.transfers import UserSignedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.tokens import HYPE
from harness.localnet.parsing import U64, Address
from harness.localnet.trading.spot import sendable
from harness.localnet.transfers.rewards import may_delegate
from harness.localnet.transfers.staking import delegate, deposit, stake_of, undelegate, withdraw

_MOST_PENDING: Final = 5


class CDepositAction(UserSignedAction):
    """HYPE from spot, in wei."""

    wei: U64 = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Move it into the stake."""
        if not 0 < self.wei <= sendable(call.exchange, call.account, HYPE):
            raise NotCovered("staking nothing, or more than there is")
        if really:
            deposit(call.exchange, call.account.address, int(self.wei))


class CWithdrawAction(UserSignedAction):
    """Undelegated HYPE to spot, in wei."""

    wei: U64 = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Begin a withdrawal; five may be under way."""
        stake = stake_of(call.exchange, call.account.address)
        if not 0 < self.wei <= stake.undelegated:
            raise NotCovered("unstaking nothing, or more than is undelegated")
        if len(stake.pending) >= _MOST_PENDING:
            raise NotCovered("a sixth pending withdrawal")
        if really:
            withdraw(call.exchange, call.account.address, int(self.wei))


class TokenDelegateAction(UserSignedAction):
    """HYPE to a validator, or back from it, in wei.

    UNVERIFIED: that one that takes no delegations is told of in the words that its registering met (NK).
    """

    validator: Address = msgspec.field()
    wei: U64 = msgspec.field()
    isUndelegate: bool = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Delegate or undelegate."""
        exchange, address, validator = call.exchange, call.account.address, str(self.validator)
        stake = stake_of(exchange, address)
        found = exchange.validators.known.get(validator)
        if found is None:
            raise NotCovered("a validator that there is not")
        if not self.isUndelegate:
            if not may_delegate(exchange, found) and validator != address:
                raise Refused(messages.VALIDATOR_CLOSED)
            if not 0 < self.wei <= stake.undelegated:
                raise NotCovered("delegating nothing, or more than is undelegated")
            if really:
                delegate(exchange, address, validator, int(self.wei))
            return
        delegation = stake.delegations.get(validator)
        if delegation is None or not 0 < self.wei <= delegation.wei:
            raise NotCovered("undelegating nothing, or more than is delegated")
        if exchange.now_ms() < delegation.locked_until_ms:
            raise NotCovered("undelegating what is locked")
        if (
            validator == address
            and delegation.wei - self.wei < SELF_DELEGATION
            and exchange.now_ms() < found.registered_ms + SELF_LOCK_MS
        ):
            raise NotCovered("undelegating what a validator has to have, within a year")
        if really:
            undelegate(exchange, address, validator, int(self.wei))


def refuse_stakers(call: Call) -> None:
    """Refuse what takes a stake, of which is not known how large.

    Raises:
        NotCovered: the account has staked something.
    """
    stake = call.exchange.stakes.get(call.account.address)
    if stake is not None and stake.total:
        raise NotCovered("what a stake is large enough for")


@action("cDeposit", CDepositAction)
@action("cWithdraw", CWithdrawAction)
@action("tokenDelegate", TokenDelegateAction)
def stake(call: Call, asked: UserSignedAction) -> dict[str, object]:
    """Carry it out."""
    asked.carry_out(call, really=True)
    return OK
