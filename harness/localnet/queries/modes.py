"""`userAbstraction`, `userDexAbstraction`: the mode of an account (wire rules 153 and 154)."""

from typing import TYPE_CHECKING

from harness.localnet.accounts.modes import DEFAULT, DEX
from harness.localnet.queries.registry import OfUser, ledger_of, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("userAbstraction", OfUser)
def user_abstraction(exchange: "Exchange", asked: OfUser) -> str:
    """Return the mode; `default` was never set."""
    return ledger_of(exchange, asked.user).mode


@query("userDexAbstraction", OfUser)
def user_dex_abstraction(exchange: "Exchange", asked: OfUser) -> bool | None:
    """Say whether dex abstraction is on; null when no mode was ever set: UNVERIFIED."""
    mode = ledger_of(exchange, asked.user).mode
    return None if mode == DEFAULT else mode == DEX
