"""Reserves: who has supplied how much of a token, who owes how much of it, and at which rates.

Source: API docs, "Portfolio margin" and its FAQ. The borrow rate is 0.05 + 4.75 * max(0, utilization - 0.8) a
year, compounded continuously; suppliers get it on what is lent, less a tenth that the protocol keeps;
interest is indexed hourly. The documented samples of `borrowLendReserveState` agree to the last digit: rates
and utilization are rounded to ten decimals, and the balance is what was supplied and not borrowed, and what
the protocol has kept. That the protocol's tenth goes off the rate, so that a supplier's hour compounds by its
own rate, is UNVERIFIED.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from harness.localnet.markets.tokens import HYPE, USDC, Token

# Rates, utilization and ratios are shown in 1e-10; interest is reckoned with rates of 1e-20.
E10: Final = 10**10
_E20: Final = 10**20
_YEAR_MS: Final = 365 * 86_400_000
_BASE: Final = 5 * _E20 // 100
_KINK: Final = 8 * _E20 // 10
# 4.75, in hundredths.
_SLOPE: Final = 475
_SUPPLIERS_PERCENT: Final = 90
# Interest that is not paid yet, in parts of a token's smallest unit.
_PART: Final = 10**24


@dataclass(frozen=True, slots=True)
class Terms:
    """What the exchange has set for a token: its LTV in percent, and caps in whole tokens.

    Without `borrow_cap` it cannot be borrowed.
    """

    token: Token
    ltv_percent: int
    supply_cap: int
    user_supply_cap: int
    borrow_cap: int = 0
    user_borrow_cap: int = 0

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: a copy of an exchange has the same terms."""
        return self


# The two reserves of the testnet's documented `borrowLendUserState`, with the caps of the docs of 2026-08. An
# LTV of 0.65 for HYPE is what they name, and what was recorded on mainnet on 2026-09-22 (TI:69719592359); the
# documented sample and the FAQ are older and have 0.5. UNVERIFIED for the testnet.
TERMS: Final = (
    Terms(USDC, 0, 1_000_000_000, 250_000_000, 500_000_000, 50_000_000),
    Terms(HYPE, 65, 10_000_000, 1_000_000),
)
# The only token here that secures loans.
COLLATERAL: Final = next(terms for terms in TERMS if terms.ltv_percent)


def growth(integral: int) -> int:
    """Return exp(x) - 1 in 1e-24, cut, for a rate times a time, in 1e-20 a year times milliseconds."""
    x = integral * _PART // (_E20 * _YEAR_MS)
    total, term, order = 0, x, 1
    while term:
        total += term
        order += 1
        term = term * x // (order * _PART)
    return total


def rounded(numerator: int, denominator: int) -> int:
    """Return a ratio in 1e-10, rounded, half up."""
    return (2 * numerator * E10 + denominator) // (2 * denominator)


@dataclass(slots=True)
class Leg:
    """One side of what an account has with a reserve, in wei: what was put in, and what it has grown to.

    Args:
        basis: `value` without interest. A part that leaves takes its share of it, cut: UNVERIFIED.
        value: with the interest that has been paid.
        owed: interest that has not, in 1e-24 wei.
        since: the integral of the rate up to which `owed` is counted.
    """

    basis: int = 0
    value: int = 0
    owed: int = 0
    since: int = 0

    def accrue(self, integral: int) -> None:
        """Count interest up to now."""
        if self.value:
            self.owed += self.value * growth(integral - self.since)
        self.since = integral

    def put(self, value: int) -> None:
        """Change the value by something else than interest, which is counted up to now."""
        if value >= self.value:
            self.basis += value - self.value
        else:
            self.basis = self.basis * value // self.value
        self.value = value

    def settle(self) -> int:
        """Let the interest that is owed become part of the value, in whole wei, and return it."""
        paid, self.owed = divmod(self.owed, _PART)
        self.value += paid
        return paid


@dataclass(slots=True)
class Position:
    """What an account has with a reserve.

    Args:
        is_implied: it follows from the balance of an account with portfolio margin, where the money stays.
    """

    is_implied: bool
    borrow: Leg = field(default_factory=Leg)
    supply: Leg = field(default_factory=Leg)


class InterestRow(NamedTuple):
    """Interest of an hour, in wei: paid on a loan, received for a supply."""

    time_ms: int
    token: Token
    borrow: int
    supply: int


@dataclass(slots=True)
class Reserve:
    """One token's.

    Args:
        terms: what the exchange has set.
        cash: what has been given to it and is not in an account, in wei; what accounts with portfolio margin
            lend and owe is in their balances.
        positions: by account.
        at_ms: the time up to which the integrals of both rates go, in 1e-20 a year times milliseconds.
    """

    terms: Terms
    cash: int = 0
    positions: dict[str, Position] = field(default_factory=dict)
    borrow_integral: int = 0
    supply_integral: int = 0
    at_ms: int = 0

    @property
    def supplied(self) -> int:
        """All that has been supplied, in wei."""
        return sum(position.supply.value for position in self.positions.values())

    @property
    def borrowed(self) -> int:
        """All that is owed, in wei."""
        return sum(position.borrow.value for position in self.positions.values())

    @property
    def balance(self) -> int:
        """What can be lent or withdrawn, in wei."""
        return self.cash + sum(
            position.supply.value - position.borrow.value
            for position in self.positions.values()
            if position.is_implied
        )

    @property
    def utilization(self) -> int:
        """The part that is borrowed, in 1e-10."""
        supplied = self.supplied
        return rounded(self.borrowed, supplied) if supplied else 0

    @property
    def borrow_rate(self) -> int:
        """What a loan costs a year, in 1e-10; the documented HYPE, of which nothing is lent, has one too."""
        return rounded(self.rates()[0], _E20)

    @property
    def supply_rate(self) -> int:
        """What a supply earns a year, in 1e-10."""
        return rounded(self.rates()[1], _E20)

    def rates(self) -> tuple[int, int]:
        """Return both rates a year, in 1e-20, cut: so suppliers never get more than what is paid."""
        supplied = self.supplied
        used = self.borrowed * _E20 // supplied if supplied else 0
        borrow = _BASE + _SLOPE * max(0, used - _KINK) // 100
        return borrow, borrow * used * _SUPPLIERS_PERCENT // (100 * _E20)

    def tick(self, now_ms: int) -> None:
        """Let time pass at the rates that have stood since the last change."""
        passed, self.at_ms = now_ms - self.at_ms, now_ms
        if passed:
            borrow, supply = self.rates()
            self.borrow_integral += borrow * passed
            self.supply_integral += supply * passed

    def accrue(self, position: Position) -> None:
        """Count a position's interest up to the last tick."""
        position.borrow.accrue(self.borrow_integral)
        position.supply.accrue(self.supply_integral)


@dataclass(slots=True)
class Lending:
    """All reserves, and who has portfolio margin."""

    reserves: dict[int, Reserve] = field(
        default_factory=lambda: {terms.token.index: Reserve(terms) for terms in TERMS}
    )
    members: dict[str, None] = field(default_factory=dict)
    # By account, oldest first.
    interest: dict[str, list[InterestRow]] = field(default_factory=dict)
    # The hours are counted; a liquidator is on its way.
    has_begun: bool = False
    is_watched: bool = False

    def positions_of(self, address: str) -> dict[int, Position]:
        """Return what an account has, by token."""
        return {
            index: reserve.positions[address]
            for index, reserve in self.reserves.items()
            if address in reserve.positions
        }
