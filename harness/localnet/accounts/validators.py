"""Who produces blocks, and what they vote on.

Source: API docs, "Staking" and "Running a validator"; the README of hyperliquid-dex/node for registering and
jailing; NK for the forms.
"""

from dataclasses import dataclass, field
from typing import Final

from harness.localnet.accounts.votes import Vote
from harness.localnet.markets.tokens import HYPE

# A testnet validator that NK delegates to; here it is the house's, and always there.
VALIDATOR: Final = "0xa012b9040d83c5cbad9e6ea73c525027b755f596"
# What a validator has to have delegated to itself, for a year.
SELF_DELEGATION: Final = 10_000 * HYPE.unit
SELF_LOCK_MS: Final = 365 * 86_400_000
# The active set: the first by stake.
MOST_ACTIVE: Final = 27


@dataclass(slots=True)
class Validator:
    """One validator.

    Args:
        address: whose it is.
        signer: who signs for it.
        name: as it calls itself.
        description: the same, longer.
        commission_bps: what it takes of its delegators' rewards, in parts of 10,000.
        registered_ms: since when it is one.
        is_jailed: it takes no part, and earns nothing.
        unjailable_ms: since when it may end that; None if it may at once.
        is_active: it takes part in the epoch that runs.
        takes_delegations: its own setting.
    """

    address: str
    signer: str
    name: str
    description: str
    commission_bps: int
    registered_ms: int
    is_jailed: bool = False
    unjailable_ms: int | None = None
    is_active: bool = False
    takes_delegations: bool = True


def _own() -> dict[str, Validator]:
    validator = Validator(VALIDATOR, VALIDATOR, "localnet", "The house's validator.", 0, 0, is_active=True)
    return {VALIDATOR: validator}


@dataclass(slots=True)
class Validators:
    """All validators, and the votes that are open.

    Args:
        known: by address; the house's first.
        votes: oldest first.
        has_epochs: whether epochs are counted, which they are while there is something to earn.
    """

    known: dict[str, Validator] = field(default_factory=_own)
    votes: list[Vote] = field(default_factory=list)
    has_epochs: bool = False

    def signed_by(self, signer: str) -> Validator | None:
        """Return the validator that an address signs for."""
        return next((one for one in self.known.values() if one.signer == signer), None)

    @property
    def active(self) -> list[Validator]:
        """Those that take part in the epoch that runs."""
        return [one for one in self.known.values() if one.is_active]
