"""What only somebody outside can tell: what the exchange decides by itself, and how other venues stand."""

from dataclasses import dataclass, field
from typing import NamedTuple


class VenueRate(NamedTuple):
    """The funding of a coin on another venue: the rate in 1e-10, when it is due, and every how many hours."""

    rate: int
    next_ms: int
    hours: int | None = None


@dataclass(slots=True)
class Told:
    """What localnet was told.

    Args:
        caps: the most that all long positions on a coin of the first dex may be worth, by name, in 1e-6 USD.
        growing: coins whose open interest increases too quickly at present.
        most_open: how many orders an account may have open, in place of the documented limit.
        outcome_stake: what an outcome deployer must have staked, in wei of HYPE.
        venues: the funding of coins on other venues; None where a venue has the coin but tells no rate.
    """

    caps: dict[str, int] = field(default_factory=dict)
    growing: dict[str, None] = field(default_factory=dict)
    most_open: int | None = None
    outcome_stake: int | None = None
    venues: dict[str, dict[str, VenueRate | None]] = field(default_factory=dict)
