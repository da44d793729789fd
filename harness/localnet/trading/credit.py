"""What an account with portfolio margin may borrow, and how its loan stands.

Source: API docs, "Portfolio margin" and its FAQ. Up to balance * price * LTV of each collateral may be owed;
the health factor is that over what is owed. Beyond LTV + (1 - LTV) / 2 of the collateral's value a loan may
be liquidated in part, beyond LTV + (1 - LTV) * 2 / 3 in whole. Of collateral above the user's supply cap
nothing counts. Only USDC can be borrowed here: localnet has no other token that the exchange lends.

UNVERIFIED: that a loan below a health factor of 1 is what `atRisk` says, and the two thresholds what
`marketLiquidatable` and `backstopLiquidatable` say (NK has the four words, of which it saw two); that the
thresholds decide and not the portfolio margin ratio of 0.95 of the docs: the worked example of the FAQ goes
by them alone, and the ratio's 20 USDC would liquidate it at another price.
"""

from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.holds import held
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.markets.reserves import Terms
from harness.localnet.markets.tokens import USDC, Token
from harness.localnet.numbers import E8

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# `min_borrow_offset` of the docs.
_OFFSET: Final = 20 * USDC.unit
HEALTHY: Final = "healthy"
AT_RISK: Final = "atRisk"
PARTIAL: Final = "marketLiquidatable"
WHOLE: Final = "backstopLiquidatable"


def oracle_px(exchange: "Exchange", token: Token) -> int:
    """Return the price at which a token secures loans, in 1e-8.

    It is the median of the spot price, the perpetual's mark and its oracle (API docs); USDC is the one dollar
    here. That the spot price is the pair's mark is UNVERIFIED.
    """
    if token is USDC:
        return E8
    spot = exchange.mark(exchange.universe.usdc_pairs[token.index])
    perp = exchange.universe.perp_of[token.name]
    return median_low((spot, exchange.mark(perp), exchange.oracle(perp)))


def idle(ledger: Ledger, token: Token) -> int:
    """Return what of a token no spot order holds, in wei: below zero, what an account owes.

    So a bid is paid for when it is placed, as the docs say of borrowing.
    """
    return _total(ledger, token) - held(ledger, token)


def _total(ledger: Ledger, token: Token) -> int:
    """Return the balance of a token, held by orders or not; a question makes no row."""
    balance = ledger.tokens.get(token.index)
    return 0 if balance is None else balance.total


def credit(exchange: "Exchange", ledger: Ledger) -> int:
    """Return how much USDC an account with portfolio margin may owe in all, in wei; no cap is exceeded."""
    terms = exchange.lending.reserves[USDC.index].terms
    debts = [max(0, -idle(exchange.ledgers[address], USDC)) for address in exchange.lending.members]
    left = max(0, terms.borrow_cap * USDC.unit - sum(debts))
    limit = standing(exchange, ledger).limit
    return min(limit, terms.user_borrow_cap * USDC.unit, max(0, -idle(ledger, USDC)) + left)


def at_hand(exchange: "Exchange") -> int:
    """Return what of all that was supplied is not lent, in wei of USDC: nobody can take out more (FAQ)."""
    lending = exchange.lending
    return lending.reserves[USDC.index].cash + sum(
        idle(exchange.ledgers[address], USDC) for address in lending.members
    )


def spendable(exchange: "Exchange", ledger: Ledger) -> int:
    """Return the USDC that an account with portfolio margin may trade with: its own, and what it can borrow.

    In wei.
    """
    return max(0, min(idle(ledger, USDC) + credit(exchange, ledger), at_hand(exchange)))


def free(exchange: "Exchange", ledger: Ledger, token: Token) -> int:
    """Return what of a token may leave an account with portfolio margin, in wei.

    Nothing that is borrowed may (FAQ), and no collateral without which the health factor were below 1.
    """
    if token is USDC:
        return max(0, min(idle(ledger, USDC), at_hand(exchange)))
    total = _total(ledger, token)
    return max(0, min(idle(ledger, token), total - locked(exchange, ledger, token)))


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account owes, and what its collateral allows, secures in part, and secures in whole.

    All in wei of USDC.
    """

    owed: int
    limit: int
    partial: Fraction
    whole: Fraction

    @property
    def factor(self) -> Fraction | None:
        """The health factor, of which there is none without a loan."""
        return Fraction(self.limit, self.owed) if self.owed else None

    @property
    def health(self) -> str:
        """The word for it."""
        if self.owed > self.whole:
            return WHOLE
        if self.owed > self.partial:
            return PARTIAL
        return AT_RISK if self.owed > self.limit else HEALTHY


def standing(exchange: "Exchange", ledger: Ledger) -> Standing:
    """Return how an account with portfolio margin stands."""
    limit, partial, whole = 0, Fraction(0), Fraction(0)
    for terms in (reserve.terms for reserve in exchange.lending.reserves.values()):
        if not terms.ltv_percent:
            continue
        value = _value(exchange, terms, _total(ledger, terms.token))
        ltv = Fraction(terms.ltv_percent, 100)
        limit += int(value * ltv)
        partial += value * (ltv + (1 - ltv) / 2)
        whole += value * (ltv + (1 - ltv) * Fraction(2, 3))
    return Standing(max(0, -idle(ledger, USDC)), limit, partial, whole)


def _value(exchange: "Exchange", terms: Terms, wei: int) -> Fraction:
    """Return what so much of a token is worth as collateral, in wei of USDC."""
    counted = min(wei, terms.user_supply_cap * terms.token.unit)
    px = oracle_px(exchange, terms.token)
    return Fraction(counted * px * USDC.unit, terms.token.unit * E8)


def locked(exchange: "Exchange", ledger: Ledger, token: Token) -> int:
    """Return how much of a collateral must stay, in wei, so that the health factor is at least 1 (FAQ)."""
    terms = next((one.terms for one in exchange.lending.reserves.values() if one.terms.token is token), None)
    if terms is None or not terms.ltv_percent:
        return 0
    stands = standing(exchange, ledger)
    own = _value(exchange, terms, _total(ledger, token)) * terms.ltv_percent / 100
    missing = stands.owed - (stands.limit - int(own))
    px = oracle_px(exchange, token)
    return max(0, -(-missing * token.unit * E8 * 100 // (px * USDC.unit * terms.ltv_percent)))


def _margin(exchange: "Exchange", ledger: Ledger) -> tuple[int, Fraction]:
    """Return the requirement of a loan and the value behind it, in wei of USDC."""
    stands = standing(exchange, ledger)
    cap = exchange.lending.reserves[USDC.index].terms.user_borrow_cap * USDC.unit
    required = _OFFSET + stands.owed if stands.owed else 0
    own = max(0, _total(ledger, USDC))
    return required, own + min(Fraction(cap), stands.partial)


def after_maintenance(exchange: "Exchange", ledger: Ledger, token: Token) -> int:
    """Return what of a token would be left after what a loan requires, in wei."""
    required, value = _margin(exchange, ledger)
    if token is USDC and required:
        return max(0, int(value - required))
    return max(0, _total(ledger, token))


def ratio(exchange: "Exchange", ledger: Ledger) -> Fraction:
    """Return the portfolio margin ratio of an account without perpetuals: requirement over value.

    UNVERIFIED: that the 20 USDC are required with a loan only (a recorded account without one had none:
    JKorf's `subAccounts2`), and that what is owed is not taken off the value a second time.
    """
    required, value = _margin(exchange, ledger)
    # With nothing left that secures it, a loan is its own measure.
    return required / value if value else Fraction(required, USDC.unit)
