"""What validators and bidders send; nobody here is a validator, and nobody wins an auction.

Source: SDK `Exchange.c_signer_*`, `c_validator_*`, `gossip_priority_bid`; NK tests of the same names.
"""

from typing import Final, NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.typed import Form, OneOf, TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U32, U64, Address

# What NK bid and lost with: 1 HYPE. The auction's price is not known.
_LOST: Final = 100_000_000


class NodeIp(Form):
    """An address of the internet."""

    Ip: str


class Profile(Form):
    """A validator to be."""

    node_ip: NodeIp
    name: str
    description: str
    delegations_disabled: bool
    commission_bps: U32
    signer: Address


class Register(Form):
    """Become a validator."""

    profile: Profile
    unjailed: bool
    initial_wei: U64


class ChangeProfile(Form):
    """What is null stays."""

    node_ip: NodeIp | None
    name: str | None
    description: str | None
    unjailed: bool
    disable_delegations: bool | None
    commission_bps: U32 | None
    signer: Address | None


class CValidatorAction(OneOf):
    """What a validator does."""

    changeProfile: ChangeProfile | msgspec.UnsetType = msgspec.UNSET
    register: Register | msgspec.UnsetType = msgspec.UNSET
    unregister: msgspec.UnsetType | None = msgspec.UNSET


@action("CValidatorAction", CValidatorAction, only_refuses=True)
def c_validator(call: Call, asked: CValidatorAction) -> NoReturn:
    """Refuse, as measured for each variant.

    One that takes delegations needs a stake, which nobody here has: UNVERIFIED, as is the text.
    """
    name, held = asked.variant()
    if isinstance(held, Register) and not held.profile.delegations_disabled:
        raise Refused(messages.INSUFFICIENT_STAKE)
    texts = {
        "changeProfile": messages.UNKNOWN_VALIDATOR,
        "register": messages.VALIDATOR_CLOSED,
        "unregister": messages.DISABLED_HERE,
    }
    raise Refused(texts[name])


class CSignerAction(OneOf):
    """What a validator's signer does."""

    jailSelf: msgspec.UnsetType | None = msgspec.UNSET
    unjailSelf: msgspec.UnsetType | None = msgspec.UNSET


@action("CSignerAction", CSignerAction, only_refuses=True)
def c_signer(call: Call, asked: CSignerAction) -> NoReturn:
    """Refuse: nobody signs for a validator."""
    raise Refused(messages.NO_VALIDATOR_SIGNER)


class ValidatorL1StreamAction(TypedAction):
    """A vote on the risk-free rate."""

    riskFreeRate: str = msgspec.field()


@action("validatorL1Stream", ValidatorL1StreamAction, only_refuses=True)
def validator_l1_stream(call: Call, asked: ValidatorL1StreamAction) -> NoReturn:
    """Refuse: nobody is a validator."""
    raise Refused(messages.UNKNOWN_VALIDATOR)


class GossipPriorityBidAction(TypedAction):
    """A bid for early data; gas in wei of HYPE."""

    slotId: U32 = msgspec.field()
    ip: str = msgspec.field()
    maxGas: U64 = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a bid that nobody has seen lose."""
        if self.maxGas > _LOST or self.slotId > 1:
            raise NotCovered("a bid that might win")


@action("gossipPriorityBid", GossipPriorityBidAction, only_refuses=True)
def gossip_priority_bid(call: Call, asked: GossipPriorityBidAction) -> NoReturn:
    """Refuse: the bid is too low."""
    raise Refused(messages.GAS_TOO_LOW)
