"""Staking links: one account stakes, another trades at the discount that this brings.

Source: API docs, "Fees: Staking linking"; NK, userFees and stakingLinkDisableTradingUser. UNVERIFIED: that
the staking account's stake alone counts for the trading account then, that an account is linked to one other
at most, and that a request takes the place of an earlier one.
"""

from dataclasses import dataclass, field
from typing import Final

# How long the funds of a disabled account are locked.
LOCKED_MS: Final = 365 * 86_400_000


@dataclass(slots=True)
class StakingLinks:
    """All links; they last for ever.

    Args:
        asked: what trading accounts have asked for: the staking account by the trading one.
        staker_of: the staking account by the trading one.
        trader_of: the trading account by the staking one.
        disabled: trading accounts that can do nothing more.
    """

    asked: dict[str, str] = field(default_factory=dict)
    staker_of: dict[str, str] = field(default_factory=dict)
    trader_of: dict[str, str] = field(default_factory=dict)
    disabled: dict[str, None] = field(default_factory=dict)

    def is_linked(self, user: str) -> bool:
        """Say whether an account is linked, as either of both."""
        return user in self.staker_of or user in self.trader_of

    def ask(self, trader: str, staker: str) -> None:
        """Ask for a link, as the trading account."""
        self.asked[trader] = staker

    def finalize(self, trader: str, staker: str) -> None:
        """Make a link that was asked for."""
        del self.asked[trader]
        self.staker_of[trader] = staker
        self.trader_of[staker] = trader

    def whose_stake(self, user: str) -> str | None:
        """Return whose stake counts for an account's fees; nobody's for one that gave its own away."""
        return None if user in self.trader_of else self.staker_of.get(user, user)

    def row(self, user: str) -> dict[str, object] | None:
        """Return the link as `userFees` shows it to one of both.

        UNVERIFIED: that a request shows on the trading account alone.
        """
        if user in self.staker_of:
            return {"type": "tradingUser", "stakingUser": self.staker_of[user]}
        if user in self.trader_of:
            return {"type": "stakingUser", "tradingUser": self.trader_of[user]}
        return {"type": "requested", "stakingUser": self.asked[user]} if user in self.asked else None
