"""What is on the EVM's side of the exchange, as far as it came from here or goes there; in wei, by token.

There is no EVM here: this only remembers, so that what leaves is not lost and what comes back is not new.
"""

from dataclasses import dataclass, field

Held = dict[str, dict[int, int]]


@dataclass(slots=True)
class Evm:
    """Balances on the EVM, and what is on its way from there; both by lower-case address and token."""

    balances: Held = field(default_factory=dict)
    # What waits to be credited: `evmEscrows`.
    escrows: Held = field(default_factory=dict)

    def credit(self, address: str, token: int, wei: int) -> None:
        """Add to what an address has on the EVM."""
        _add(self.balances, address, token, wei)

    def debit(self, address: str, token: int, wei: int) -> int:
        """Take what an address has there, at most `wei`, and return how much that was."""
        known = min(self.balances.get(address, {}).get(token, 0), wei)
        if known:
            _add(self.balances, address, token, -known)
        return known

    def hold(self, address: str, token: int, wei: int) -> None:
        """Let some wait to be credited to an address."""
        _add(self.escrows, address, token, wei)

    def release(self, address: str, token: int, wei: int) -> None:
        """Let some wait no longer."""
        _add(self.escrows, address, token, -wei)

    def total(self, token: int) -> int:
        """Return all of a token that is remembered here."""
        everywhere = (*self.balances.values(), *self.escrows.values())
        return sum(held.get(token, 0) for held in everywhere)


def _add(held: Held, address: str, token: int, wei: int) -> None:
    """Change an amount; what comes to nothing is forgotten."""
    tokens = held.setdefault(address, {})
    tokens[token] = tokens.get(token, 0) + wei
    if not tokens[token]:
        del tokens[token]
    if not tokens:
        del held[address]
