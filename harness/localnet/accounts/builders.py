"""Builders: who may take a fee on whose orders, and how much (wire rules 83 and 160)."""

from dataclasses import dataclass, field
from typing import Final

# Tenths of a bp: 0.1% on perps, 1% on spot.
HIGHEST_FEE: Final = 100
HIGHEST_SPOT_FEE: Final = 1_000
MOST_APPROVALS: Final = 10


@dataclass(slots=True)
class Builders:
    """The approvals of all accounts, in tenths of a bp."""

    _approved: dict[str, dict[str, int]] = field(default_factory=dict)

    def highest(self, user: str, builder: str) -> int:
        """Return the highest fee that a user lets a builder take; 0 without an approval."""
        return self._approved.get(user, {}).get(builder, 0)

    def of(self, user: str) -> list[str]:
        """Return the builders that a user has approved, oldest first."""
        return list(self._approved.get(user, {}))

    def approve(self, user: str, builder: str, fee: int) -> None:
        """Set the highest fee; 0 revokes."""
        approved = self._approved.setdefault(user, {})
        if fee:
            approved[builder] = fee
        else:
            approved.pop(builder, None)
