"""What validators and bidders for early data send.

Source: SDK `Exchange.c_signer_*`, `c_validator_*`, `gossip_priority_bid`; NK tests of the same names; API
docs, "Staking"; the README of hyperliquid-dex/node.
"""

from ipaddress import IPv4Address
from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.validators import Validator
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import Form, OneOf, TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.deploys.gas import pay
from harness.localnet.markets.tokens import HYPE
from harness.localnet.parsing import U32, U64, Address
from harness.localnet.trading.spot import available
from harness.localnet.transfers.staking import delegate, stake_of

_BPS: Final = 10_000
# Up to 1% a commission may be raised (API docs, "Staking").
_FREE_BPS: Final = 100
# What NK bid and lost with on testnet: 1 HYPE. What it would have cost is not known.
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

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for what a validator does that nobody has written about."""
        known, address = call.exchange.validators, call.account.address
        validator = known.known.get(address)
        _, held = self.variant()
        if isinstance(held, Register):
            if validator is not None:
                raise NotCovered("registering a validator again")
            if held.profile.commission_bps > _BPS or known.signed_by(held.profile.signer) is not None:
                raise NotCovered("a commission above all there is, or a signer of another validator")
        elif isinstance(held, ChangeProfile) and validator is not None:
            commission = validator.commission_bps if held.commission_bps is None else held.commission_bps
            if commission > max(validator.commission_bps, _FREE_BPS):
                raise NotCovered("a higher commission")
            other = None if held.signer is None else known.signed_by(held.signer)
            if other is not None and other is not validator:
                raise NotCovered("a signer of another validator")
            if held.unjailed:
                _refuse_early(call, validator)


@action("CValidatorAction", CValidatorAction)
def c_validator(call: Call, asked: CValidatorAction) -> dict[str, object]:
    """Register a validator or change it.

    The texts are measured, but for that of a stake that is too small; so is it that delegations are looked at
    before the stake, which a validator delegates to itself. UNVERIFIED: that it comes from what is
    undelegated, and that less than the 10,000 HYPE that make a validator active are taken.
    """
    name, held = asked.variant()
    if isinstance(held, Register):
        _register(call, held)
    elif isinstance(held, ChangeProfile):
        _change(call, held)
    else:
        assert name == "unregister"
        raise Refused(messages.DISABLED_HERE)
    return OK


def _register(call: Call, asked: Register) -> None:
    exchange, address, profile = call.exchange, call.account.address, asked.profile
    if profile.delegations_disabled:
        raise Refused(messages.VALIDATOR_CLOSED)
    if not 0 < asked.initial_wei <= stake_of(exchange, address).undelegated:
        raise Refused(messages.INSUFFICIENT_STAKE)
    exchange.validators.known[address] = Validator(
        address,
        str(profile.signer),
        profile.name,
        profile.description,
        int(profile.commission_bps),
        exchange.now_ms(),
        is_jailed=not asked.unjailed,
    )
    delegate(exchange, address, address, int(asked.initial_wei))


def _change(call: Call, asked: ChangeProfile) -> None:
    """Change what is not null, and `unjailed` as it says.

    That it is false for who does not name it is the reason why a new IP jails (README of the node): a reading
    of both, UNVERIFIED.
    """
    validator = call.exchange.validators.known.get(call.account.address)
    if validator is None:
        raise Refused(messages.UNKNOWN_VALIDATOR)
    validator.name = validator.name if asked.name is None else asked.name
    validator.description = validator.description if asked.description is None else asked.description
    validator.signer = validator.signer if asked.signer is None else str(asked.signer)
    if asked.disable_delegations is not None:
        validator.takes_delegations = not asked.disable_delegations
    if asked.commission_bps is not None:
        validator.commission_bps = int(asked.commission_bps)
    validator.is_jailed = not asked.unjailed
    validator.unjailable_ms = validator.unjailable_ms if validator.is_jailed else None


def _refuse_early(call: Call, validator: Validator) -> None:
    """Raise NotCovered for ending a jailing before its time; the text is not known."""
    if validator.is_jailed and call.exchange.now_ms() < (validator.unjailable_ms or 0):
        raise NotCovered("ending a jailing before its time")


class CSignerAction(OneOf):
    """What a validator's signer does."""

    jailSelf: msgspec.UnsetType | None = msgspec.UNSET
    unjailSelf: msgspec.UnsetType | None = msgspec.UNSET

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for ending a jailing before its time."""
        validator = call.exchange.validators.signed_by(call.account.address)
        if validator is not None and self.variant()[0] == "unjailSelf":
            _refuse_early(call, validator)


@action("CSignerAction", CSignerAction)
def c_signer(call: Call, asked: CSignerAction) -> dict[str, object]:
    """Jail or unjail one's validator, from the next epoch on.

    Source: README of hyperliquid-dex/node: who has just registered unjails to begin; jailing oneself does not
    make it longer. That an inactive one cannot jail itself is how the text reads: UNVERIFIED.
    """
    validator = call.exchange.validators.signed_by(call.account.address)
    jails = asked.variant()[0] == "jailSelf"
    if validator is None or (jails and not validator.is_active):
        raise Refused(messages.NO_VALIDATOR_SIGNER)
    validator.is_jailed = jails
    validator.unjailable_ms = validator.unjailable_ms if jails else None
    return OK


class ValidatorL1StreamAction(TypedAction):
    """A vote on the risk-free rate."""

    riskFreeRate: str = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a validator that takes no part."""
        validator = call.exchange.validators.known.get(call.account.address)
        if validator is not None and not validator.is_active:
            raise NotCovered("a rate of a validator that is not active")


@action("validatorL1Stream", ValidatorL1StreamAction)
def validator_l1_stream(call: Call, asked: ValidatorL1StreamAction) -> dict[str, object]:
    """Take the rate of a validator, or of its agent (README of the node); nothing that is served shows it."""
    if call.account.address not in call.exchange.validators.known:
        raise Refused(messages.UNKNOWN_VALIDATOR)
    return OK


class GossipPriorityBidAction(TypedAction):
    """A bid for early data; gas in wei of HYPE."""

    slotId: U32 = msgspec.field()
    ip: str = msgspec.field()
    maxGas: U64 = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a slot that there is not, no IPv4 address, or what nobody saw lose."""
        if self.slotId >= len(call.exchange.auctions.gossip):
            raise NotCovered("a third slot of early data")
        if not _is_ipv4(self.ip):
            raise NotCovered("early data for what is no IPv4 address")
        if call.exchange.auctions.gossip[self.slotId].auction.is_taken and self.maxGas > _LOST:
            raise NotCovered("a bid that might win")


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


@action("gossipPriorityBid", GossipPriorityBidAction)
def gossip_priority_bid(call: Call, asked: GossipPriorityBidAction) -> dict[str, object]:
    """Buy the slot of the round for an address, paid from spot and burned (API docs, "Priority fees").

    UNVERIFIED: that a bid for a slot that is sold, and one of whoever has less, are told the measured text.
    """
    exchange, slot = call.exchange, call.exchange.auctions.gossip[asked.slotId]
    now_s = exchange.now_ms() // 1000
    now = slot.auction.round(now_s)
    price = now.price(now_s)
    if now.sold is not None or asked.maxGas < price or available(exchange, call.account, HYPE) < price:
        raise Refused(messages.GAS_TOO_LOW)
    pay(exchange, call.account, price, str, row="gossipPriorityGasAuction")
    slot.buy(now_s, asked.ip)
    return OK
