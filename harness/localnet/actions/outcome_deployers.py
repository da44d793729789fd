"""`activateOutcomeDeployer`: become one who lists outcomes on a venue, or cease to be one.

Source: API docs, "HIP-4 deployer actions"; NK's test of the same name for the refusals and the form with
`isDeactivate`, which clients of 2026-10 still send (TI:66746339973). How large a stake it takes is not
documented: that has to be told (`require_outcome_stake`). UNVERIFIED: what counts as staked, and that nothing
holds a stake that is too small later on.
"""

import re
from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.modes import DEFAULT
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.staking import refuse_stakers
from harness.localnet.actions.typed import Form, TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.deploys.perp import STAKE

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_VENUE: Final = re.compile("[a-z]{2,4}", re.ASCII)
_STANDARD: Final = frozenset({DEFAULT, "disabled"})
_LEAST_MS: Final = 183 * 86_400_000


class VenueForm(Form):
    """The venue that is claimed."""

    venueName: str


class ActivateOutcomeDeployerAction(TypedAction):
    """Exactly one of: a venue to be claimed, the end, or a flag for either that names no venue."""

    isDeactivate: bool | msgspec.UnsetType = msgspec.UNSET
    activate: VenueForm | msgspec.UnsetType = msgspec.UNSET
    deactivate: msgspec.UnsetType | None = msgspec.UNSET

    def __post_init__(self) -> None:
        given = (self.isDeactivate, self.activate, self.deactivate)
        if sum(one is not msgspec.UNSET for one in given) != 1:
            raise ValueError("not exactly one variant")

    @property
    def ends(self) -> bool:
        """Whether it is to cease."""
        return self.isDeactivate is True or self.deactivate is None

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for what the exchange's answer to is not known."""
        exchange, address = call.exchange, call.account.address
        mine = _venue_of(exchange, address)
        if self.ends:
            if mine is not None:
                _refuse_uncovered_end(exchange, mine)
            return
        if exchange.told.outcome_stake is None:
            refuse_stakers(call)
        if not _has_staked(exchange, address):
            return
        if mine is not None or address in exchange.outcomes.retired:
            raise NotCovered("a second activation of an outcome deployer")
        if call.account.mode not in _STANDARD:
            raise NotCovered("an outcome deployer in another mode than the standard one")
        if not isinstance(self.activate, VenueForm):
            raise NotCovered("an outcome deployer without a venue")
        name = self.activate.venueName
        if not _VENUE.fullmatch(name) or not exchange.outcomes.is_free(name):
            raise NotCovered("a venue whose name cannot be had")
        if name == "spot" or exchange.universe.dex_named(name) is not None:
            raise NotCovered("a venue named as a dex is")


def _refuse_uncovered_end(exchange: "Exchange", venue: str) -> None:
    outcomes = exchange.outcomes
    if exchange.now_ms() - outcomes.activated_ms.get(venue, 0) < _LEAST_MS:
        raise NotCovered("the end of an outcome deployer within 183 days")
    if any(one.settled is None and one.terms.venue == venue for one in outcomes.outcomes.values()):
        raise NotCovered("the end of an outcome deployer whose outcomes are open")


def _venue_of(exchange: "Exchange", address: str) -> str | None:
    venues = exchange.outcomes.venues.items()
    return next((venue for venue, deployer in venues if deployer == address), None)


def _has_staked(exchange: "Exchange", address: str) -> bool:
    """Say whether an account has what it takes, beside what its perp dexes take (docs)."""
    needed, stake = exchange.told.outcome_stake, exchange.stakes.get(address)
    if needed is None or stake is None:
        return False
    dexes = sum(terms.deployer == address for terms in exchange.universe.terms.values())
    return stake.total >= needed + dexes * STAKE


@action("activateOutcomeDeployer", ActivateOutcomeDeployerAction)
def activate_outcome_deployer(call: Call, asked: ActivateOutcomeDeployerAction) -> dict[str, object]:
    """Claim a venue, or give up one's own, whose name then stays reserved."""
    exchange, address = call.exchange, call.account.address
    if asked.ends:
        venue = _venue_of(exchange, address)
        if venue is None:
            raise Refused(messages.NOT_OUTCOME_DEPLOYER)
        exchange.outcomes.retire(venue)
        return OK
    if not _has_staked(exchange, address):
        raise Refused(messages.INSUFFICIENT_STAKE)
    assert isinstance(asked.activate, VenueForm)
    exchange.outcomes.venues[asked.activate.venueName] = address
    exchange.outcomes.activated_ms[asked.activate.venueName] = exchange.now_ms()
    return OK
