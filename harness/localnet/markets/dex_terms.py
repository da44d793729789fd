"""What a builder's dex is run by: who may do what, and what its deployer has set."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from harness.localnet.numbers import E8

# Documented: the first three coins of a dex cost no gas, and seven more may be listed past the auction.
FREE: Final = 3
RESERVES: Final = 7


class Annotation(NamedTuple):
    """A deployer's words about a coin."""

    category: str
    description: str
    display_name: str | None
    keywords: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """Return what the queries show; nothing where nothing was given, as in the documented examples."""
        row: dict[str, object] = {"category": self.category}
        row |= {} if self.display_name is None else {"displayName": self.display_name}
        return row | ({"keywords": list(self.keywords)} if self.keywords else {})


@dataclass(slots=True)
class DexTerms:
    """The terms of one dex.

    Args:
        full_name: its long name.
        deployer: who runs it.
        oracle_updater: who else sets its prices, in the deployer's place.
        fee_recipient: who gets the deployer's part of fees, in the deployer's place.
        fee_scale: the deployer's part, as a multiple of the exchange's, in 1e-8.
        scaled_ms: when that was last set.
        sub_deployers: who else may do what: users by variant.
        multipliers: how much of the funding rate is paid, by coin, in 1e-8.
        caps: the most that all long positions may be worth, by coin, in 1e-6 USD.
        priced_ms: when its prices were last set.
        day_began: oracle prices at the start of a day, by coin, and which day.
        reserves: listings left that need no slot of the auction.
        annotations: the deployer's words, by coin.
    """

    full_name: str
    deployer: str
    oracle_updater: str | None = None
    fee_recipient: str | None = None
    fee_scale: int = E8
    scaled_ms: int = 0
    sub_deployers: dict[str, dict[str, None]] = field(default_factory=dict)
    multipliers: dict[str, int] = field(default_factory=dict)
    caps: dict[str, int] = field(default_factory=dict)
    priced_ms: int | None = None
    day_began: dict[str, tuple[int, int]] = field(default_factory=dict)
    reserves: int = RESERVES
    annotations: dict[str, Annotation] = field(default_factory=dict)

    def allows(self, user: str, variant: str) -> bool:
        """Say whether somebody may do something here."""
        return user == self.deployer or user in self.sub_deployers.get(variant, {})

    def fee_times(self) -> int:
        """Return how many times the exchange's own rate a fill costs, in 1e-8 (docs, deployer actions)."""
        return E8 + self.fee_scale if self.fee_scale < E8 else 2 * self.fee_scale

    def cut(self, fee: int) -> int:
        """Return the deployer's part of a fee: from a scale of one on it is half."""
        return fee * self.fee_scale // (E8 + self.fee_scale) if self.fee_scale < E8 else fee // 2
