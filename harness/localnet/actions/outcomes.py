"""`userOutcome` and `activateOutcomeDeployer`: there are no outcomes here, and nobody who deploys them.

Source: API docs, "Exchange endpoint" and "HIP-4 deployer actions"; the refusals are those of NK's tests of
the same names, who quotes of the first text its beginning only.
"""

from typing import NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.staking import refuse_stakers
from harness.localnet.actions.typed import Form, OneOf, TypedAction
from harness.localnet.answers import Refused
from harness.localnet.parsing import U32


class SplitOutcome(Form):
    """Quote tokens into shares of both sides."""

    outcome: U32
    amount: str


class MergeOutcome(Form):
    """Shares of both sides into quote tokens; null for all."""

    outcome: U32
    amount: str | None


class MergeQuestion(Form):
    """Shares of each outcome of a question into quote tokens; null for all."""

    question: U32
    amount: str | None


class NegateOutcome(Form):
    """Shares against one outcome into shares of all others of its question."""

    question: U32
    outcome: U32
    amount: str


class UserOutcomeAction(OneOf):
    """One conversion."""

    splitOutcome: SplitOutcome | msgspec.UnsetType = msgspec.UNSET
    mergeOutcome: MergeOutcome | msgspec.UnsetType = msgspec.UNSET
    mergeQuestion: MergeQuestion | msgspec.UnsetType = msgspec.UNSET
    negateOutcome: NegateOutcome | msgspec.UnsetType = msgspec.UNSET


@action("userOutcome", UserOutcomeAction, only_refuses=True)
def user_outcome(call: Call, asked: UserOutcomeAction) -> NoReturn:
    """Refuse: there is no such outcome or question."""
    held = asked.variant()[1]
    what = "question" if isinstance(held, MergeQuestion | NegateOutcome) else "outcome"
    raise Refused(messages.invalid_outcome(what))


class ActivateOutcomeDeployerAction(TypedAction):
    """Become a deployer of outcomes, or cease to be one."""

    isDeactivate: bool = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for somebody with a stake: how much it takes was not found."""
        if not self.isDeactivate:
            refuse_stakers(call)


@action("activateOutcomeDeployer", ActivateOutcomeDeployerAction, only_refuses=True)
def activate_outcome_deployer(call: Call, asked: ActivateOutcomeDeployerAction) -> NoReturn:
    """Refuse: nobody has the stake, and nobody is a deployer."""
    raise Refused(messages.NOT_OUTCOME_DEPLOYER if asked.isDeactivate else messages.INSUFFICIENT_STAKE)
