"""Referrals: codes, who came by whose, and the rewards of referrers and builders.

Source: API docs, "Referrals" and "Builder codes": the referred pay 4% less up to 25M of volume, the referrer
gets 10% of what they pay up to 1B; builder fees are claimed together with referral rewards. A recorded fill
with 25.585 of value cost 0.011052 beside its builder fee: the fee at 96% of 0.045%, cut (CCXT).

UNVERIFIED: volume before the referral counts towards 25M and 1B; fees taken in other tokens than USDC bring
the referrer nothing.
"""

from dataclasses import dataclass, field
from typing import Final

from harness.localnet.numbers import MICRO

GATE_USD: Final = 10_000
# Parts of a hundred that the referred pay, and that their referrer gets of it.
DISCOUNTED: Final = 96
REWARD: Final = 10
_DISCOUNT_UP_TO: Final = 25_000_000 * MICRO
_REWARD_UP_TO: Final = 1_000_000_000 * MICRO


@dataclass(slots=True)
class Reward:
    """What an account can claim; perp fees in 1e-6 USD, spot fees in wei of USDC.

    The money lies with the exchange's fees until it is claimed.
    """

    perp: int = 0
    spot: int = 0

    def wei(self, ratio: int) -> int:
        """Return all of it in wei of USDC."""
        return self.perp * ratio + self.spot


@dataclass(slots=True)
class Referred:
    """One account that came by a code; fees in wei of USDC."""

    referrer: str
    code: str
    time_ms: int
    fees: int = 0
    rewarded: int = 0


@dataclass(slots=True)
class Referrals:
    """Codes, referred accounts and rewards of the whole exchange."""

    owner_of: dict[str, str] = field(default_factory=dict)
    code_of: dict[str, str] = field(default_factory=dict)
    referred: dict[str, Referred] = field(default_factory=dict)
    referral_rewards: dict[str, Reward] = field(default_factory=dict)
    builder_rewards: dict[str, Reward] = field(default_factory=dict)
    claimed: dict[str, int] = field(default_factory=dict)

    def register(self, owner: str, code: str) -> None:
        """Give an account its code."""
        self.owner_of[code] = owner
        self.code_of[owner] = code

    def share(self, user: str, volume: int) -> int:
        """Return how many parts of a hundred of a fee an account pays, given its volume in 1e-6 USD."""
        return DISCOUNTED if user in self.referred and volume < _DISCOUNT_UP_TO else 100

    def reward(self, user: str, volume: int, paid: int, ratio: int, *, on_spot: bool) -> None:
        """Give a referrer the share of a fee that was paid in USDC, cut.

        Args:
            user: who paid.
            volume: what they have traded, in 1e-6 USD.
            paid: what they paid, in wei on spot, else in 1e-6 USD.
            ratio: wei of one such unit.
            on_spot: where.
        """
        referred = self.referred.get(user)
        if referred is None or volume >= _REWARD_UP_TO:
            return
        gets = paid * REWARD // 100
        referred.fees += paid * ratio
        referred.rewarded += gets * ratio
        _add(self.referral_rewards, referred.referrer, gets, on_spot=on_spot)

    def pay_builder(self, builder: str, fee: int, *, on_spot: bool) -> None:
        """Keep a builder's fee, in wei on spot, else in 1e-6 USD."""
        _add(self.builder_rewards, builder, fee, on_spot=on_spot)

    def claim(self, user: str) -> Reward:
        """Take away all that an account can claim."""
        taken = Reward()
        for rewards in (self.referral_rewards, self.builder_rewards):
            reward = rewards.pop(user, Reward())
            taken.perp += reward.perp
            taken.spot += reward.spot
        return taken


def _add(rewards: dict[str, Reward], user: str, amount: int, *, on_spot: bool) -> None:
    reward = rewards.setdefault(user, Reward())
    if on_spot:
        reward.spot += amount
    else:
        reward.perp += amount
