"""How the world begins: who has traded, and who has which tokens.

The first five development accounts have been around: they have traded enough, more than 14 days ago, to pass
the exchange's volume gates at the lowest fee level (wire rules 66, 82 and 85), and have spot balances. The
others are new: what they have is perp USDC.
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.markets.tokens import HYPE, PURR, TOKENS, UETH, USDC, USOL, Token
from harness.localnet.numbers import MICRO
from harness.localnet.trading.spot import usd_value

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

SEASONED: Final = 5
_VOLUME_USD: Final = 1_250_000
# Whole tokens.
_BALANCES: Final[tuple[tuple[Token, int], ...]] = (
    (USDC, 10_000),
    (PURR, 50_000),
    (HYPE, 100),
    (UETH, 1),
    (USOL, 20),
)
# What the house has of each token; it may run below nothing.
_HOUSE: Final = 10**9


def begin(exchange: "Exchange", addresses: list[str]) -> None:
    """Give the house and the first accounts what they begin with; the accounts exist already."""
    for token in TOKENS:
        exchange.house.tokens_of(token.index).total = _HOUSE * token.unit
    for address in addresses[:SEASONED]:
        ledger = exchange.ledgers[address]
        ledger.volume = _VOLUME_USD * MICRO
        for token, whole in _BALANCES:
            balance = ledger.tokens_of(token.index)
            balance.total = whole * token.unit
            if token is not USDC:
                balance.entry = usd_value(exchange, token, balance.total)
