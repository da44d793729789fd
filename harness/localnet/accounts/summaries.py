"""The figures of an account on one perp dex, as `clearinghouseState` shows them.

Where the account's mode pools the dexes, a dex has no money of its own. The docs call the states of a
unified account's dexes not meaningful (wire rule 101). What notes of live accounts tell is shown here:
nothing without positions (GH hyperliquid-python-sdk 261), with them their margin as account value
(TI:54758955652: 3.04 for 15.21 at 5x), nothing to withdraw (TI:68745189252). That it is exactly the margin is
UNVERIFIED.

With dex abstraction a builder's dex has what its positions and orders bind, taken from the first dex (API
docs, "Enable HIP-3 DEX abstraction").
"""

from dataclasses import dataclass

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.risk import (
    Markets,
    account_value,
    bound_margin,
    cross_value,
    dex_value,
    is_isolated,
    isolated_margin,
    position_margin,
    positions_of,
    withdrawable,
)
from harness.localnet.markets.dexes import FIRST, dex_of


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a margin summary, in 1e-6 USD."""

    account_value: int
    total_ntl_pos: int
    total_raw_usd: int
    total_margin_used: int


def summary(ledger: Ledger, markets: Markets, dex: int, *, cross_only: bool = False) -> Summary:
    """Return the margin summary on one dex, or of its cross positions alone (wire rules 148 to 150)."""
    positions = positions_of(ledger, markets, dex)
    if not cross_only:
        positions += positions_of(ledger, markets, dex, isolated=True)
    signed = sum(
        position.value(market.mark) * (1 if position.szi > 0 else -1) for market, position in positions
    )
    value = sum(position.value(market.mark) for market, position in positions)
    used = sum(position_margin(ledger, market) for market, _ in positions)
    worth = used if ledger.is_unified else _worth(ledger, markets, dex, cross_only=cross_only)
    return Summary(worth, value, worth - signed, used)


def may_leave(ledger: Ledger, markets: Markets, dex: int) -> int:
    """Return what is shown as withdrawable on one dex."""
    if ledger.is_unified or (ledger.is_pooled and dex != FIRST.number):
        return 0
    return withdrawable(ledger, markets, dex)


def isolated_value(ledger: Ledger, markets: Markets) -> int:
    """Return what all isolated positions are worth."""
    return sum(
        isolated_margin(position, markets[asset].mark)
        for asset, position in ledger.positions.items()
        if is_isolated(ledger, markets[asset].perp)
    )


def _worth(ledger: Ledger, markets: Markets, dex: int, *, cross_only: bool) -> int:
    if not ledger.is_pooled:
        return (cross_value if cross_only else dex_value)(ledger, markets, dex)
    if dex != FIRST.number:
        return _lent(ledger, markets, dex, cross_only=cross_only)
    others = {dex_of(asset) for asset in (*ledger.positions, *ledger.open_on)} - {dex}
    lent = sum(_lent(ledger, markets, other, cross_only=False) for other in others)
    isolated = positions_of(ledger, markets, dex, isolated=True) if cross_only else []
    return account_value(ledger, markets) - lent - sum(position_margin(ledger, one) for one, _ in isolated)


def _lent(ledger: Ledger, markets: Markets, dex: int, *, cross_only: bool) -> int:
    """Return what positions and orders on a builder's dex have been given."""
    touched = {*ledger.positions, *ledger.open_on}
    assets = [asset for asset in touched if asset in markets and dex_of(asset) == dex]
    isolated = [] if cross_only else positions_of(ledger, markets, dex, isolated=True)
    return sum(bound_margin(ledger, markets[asset]) for asset in assets) + sum(
        position_margin(ledger, market) for market, _ in isolated
    )
