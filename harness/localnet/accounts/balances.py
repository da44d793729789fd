"""What an account has of a token: exact integers of the token's smallest unit, and what it was bought for."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(slots=True)
class Balance:
    """One token of one account.

    Args:
        total: in wei, what is held by orders included.
        entry: what it was bought for, in 1e-8 USD; always 0 for USDC, as recorded.
    """

    total: int = 0
    entry: int = 0

    def take(self, wei: int) -> int:
        """Take some out and return its share of the entry.

        What goes and what stays are cut separately (RIFT, observations: "separate eight-decimal truncation";
        SHIELD: 11.16531 of 0.26981101 leaves 0.40599888 for 0.00981101).
        """
        if not wei:
            return 0
        left = self.total - wei
        gone = self.entry * wei // self.total if self.total > 0 else 0
        self.entry = self.entry * left // self.total if self.total > 0 else 0
        self.total = left
        return gone


class LedgerUpdate(NamedTuple):
    """One row of `userNonFundingLedgerUpdates`."""

    time_ms: int
    tx_hash: str
    delta: dict[str, object]
