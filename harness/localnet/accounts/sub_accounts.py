"""Who has which sub-accounts. Their money is in accounts of their own."""

from dataclasses import dataclass
from typing import Final

# Wire rule 82: ten, one more per 100M USD of volume, at most fifty.
_FREE: Final = 10
_MOST: Final = 50
_USD_PER_MORE: Final = 100_000_000


@dataclass(slots=True)
class SubAccount:
    """One sub-account; addresses are in lower case."""

    address: str
    master: str
    name: str


class SubAccounts:
    """All sub-accounts of the exchange."""

    def __init__(self) -> None:
        self._by_address: dict[str, SubAccount] = {}

    def get(self, address: str) -> SubAccount | None:
        """Return the sub-account with this address."""
        return self._by_address.get(address)

    def of(self, master: str) -> list[SubAccount]:
        """Return an account's sub-accounts, oldest first."""
        return [sub for sub in self._by_address.values() if sub.master == master]

    def add(self, sub: SubAccount) -> None:
        """Keep a new sub-account."""
        self._by_address[sub.address] = sub


def most_sub_accounts(volume_usd: int) -> int:
    """Return how many sub-accounts an account may have."""
    return min(_MOST, _FREE + volume_usd // _USD_PER_MORE)
