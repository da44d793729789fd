"""Vaults: accounts that a leader trades for, and what each depositor's part of them is.

Equity is divided by shares: a deposit buys shares at the vault's value, a withdrawal sells them. All figures
are integers of 1e-6 USD; divisions are cut in favour of those who stay. UNVERIFIED: that the exchange does
the same, its rounding, and that the first deposit makes a share of 1e-6 USD.
"""

from dataclasses import dataclass, field
from typing import Final

_DAY_MS: Final = 86_400_000
# How long a deposit stays: a day in a user's vault. DOC, "Vaults: for vault depositors".
LOCK_MS: Final = _DAY_MS
# And four days in one of the protocol's (docs, "Protocol vaults").
PROTOCOL_LOCK_MS: Final = 4 * _DAY_MS
# What has to stay the leader's: a twentieth. DOC, "Vaults: for vault leaders".
LEADER_PART: Final = 20
# What the leader takes of a depositor's profit: a tenth. DOC, "Vaults: for vault depositors".
COMMISSION_PART: Final = 10


@dataclass(slots=True)
class Follower:
    """One depositor; the leader is one too."""

    shares: int
    # What was paid in, less the part of it that was taken out.
    basis: int
    entered_ms: int
    locked_until_ms: int


@dataclass(slots=True)
class Vault:
    """One vault; addresses are in lower case."""

    address: str
    leader: str
    name: str
    description: str
    allow_deposits: bool = True
    always_close: bool = False
    followers: dict[str, Follower] = field(default_factory=dict)
    created_ms: int = 0
    is_closed: bool = False
    # Only vaults of the protocol have others above or below them.
    parent: str | None = None
    children: list[str] = field(default_factory=list)
    lock_ms: int = LOCK_MS
    # The part of a profit that is the leader's; None of nothing, as of the protocol's (docs, `vaultDetails`).
    commission_part: int | None = COMMISSION_PART

    def shares(self) -> int:
        """Return all shares."""
        return sum(follower.shares for follower in self.followers.values())

    def equity(self, user: str, value: int) -> int:
        """Return a depositor's part of the vault's value."""
        follower = self.followers.get(user)
        return 0 if follower is None else follower.shares * value // self.shares()

    def deposit(self, user: str, usd: int, value: int, now_ms: int) -> None:
        """Give shares for a deposit; `value` is the vault's before it."""
        total = self.shares()
        bought = usd * total // value if total else usd
        follower = self.followers.setdefault(user, Follower(0, 0, now_ms, now_ms))
        follower.shares += bought
        follower.basis += usd
        follower.locked_until_ms = now_ms + self.lock_ms

    def close(self) -> None:
        """Let nobody have a part of it any more."""
        self.is_closed, self.allow_deposits = True, False
        self.followers.clear()

    def withdraw(self, user: str, usd: int, value: int) -> int:
        """Take shares for a withdrawal, and return the part of the basis that goes with them."""
        follower = self.followers[user]
        sold = min(follower.shares, -(-usd * self.shares() // value))
        basis = follower.basis * sold // follower.shares
        follower.shares -= sold
        follower.basis -= basis
        if not follower.shares:
            del self.followers[user]
        return basis
