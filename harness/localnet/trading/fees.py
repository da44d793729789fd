"""What a fill costs: the exchange's fee, less the discounts of a referral and of a stake, and the builder's.

A stake counts at once: UNVERIFIED, volume is looked at each day (API docs, "Fees"). All are cut, as
recorded: 4307.4 x 0.0025 at 0.045% cost 0.004845; 25.585 at 0.045% less 4% and a builder's 0.01% cost
0.011052 and 0.002558 (CCXT).
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.stakes import discount_of
from harness.localnet.markets.book import Order
from harness.localnet.markets.dexes import dex_of
from harness.localnet.markets.tokens import OUTCOME_ASSETS, USDC
from harness.localnet.numbers import E8

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

PARTS: Final = 100_000
# Parts of a hundred, once for each of both discounts.
SHARES: Final = 100 * 100
# By what fees are divided in growth mode (docs, "Fees": formula for developers).
_GROWTH: Final = 10
_PERP_RATIO: Final = USDC.unit // 10**6


class Fee(NamedTuple):
    """Both fees of one fill, in the unit of its value."""

    exchange: int
    builder: int

    @property
    def total(self) -> int:
        """What the fill's row shows (wire rule 163)."""
        return self.exchange + self.builder


def fee_of(
    exchange: "Exchange", owner: Ledger, order: Order, value: int, *, is_taker: bool, on_spot: bool
) -> Fee:
    """Return what a fill of this value costs; the house pays nothing.

    Builders take nothing from a spot buy (wire rule 83). On a builder's dex a part is the deployer's
    (docs, "Fees": HIP-3 perps); no fill of one is among the recordings: UNVERIFIED.
    """
    if owner.is_house:
        return Fee(0, 0)
    rules, parts = exchange.rules, 1
    if order.asset >= OUTCOME_ASSETS:
        # None on outcomes for now (docs, "HIP-4"; measured: TI:69078189041).
        rate = 0
    elif on_spot:
        rate = rules.spot_taker_fee if is_taker else rules.spot_maker_fee
    else:
        rate = rules.taker_fee if is_taker else rules.maker_fee
        terms = exchange.universe.terms.get(dex_of(order.asset))
        if terms is not None:
            rate, parts = rate * terms.fee_times(), E8
            if exchange.universe.perps[order.asset].grows:
                parts *= _GROWTH
    payer = payer_of(exchange, owner)
    share = exchange.referrals.share(payer.address, payer.volume)
    share *= 100 - staking_discount(exchange, payer.address)
    pays_builder = order.builder is not None and not (on_spot and order.is_buy)
    builder = value * order.builder.fee // PARTS if order.builder is not None and pays_builder else 0
    return Fee(value * rate * share // (PARTS * SHARES * parts), builder)


def staking_discount(exchange: "Exchange", user: str) -> int:
    """Return what a stake takes off an account's fees, in parts of a hundred."""
    return discount_of(counted_stake(exchange, user)) if exchange.stakes else 0


def counted_stake(exchange: "Exchange", user: str) -> int:
    """Return the stake in wei that counts for an account's fees, its own or a linked one's."""
    staker = exchange.staking_links.whose_stake(user)
    stake = None if staker is None else exchange.stakes.get(staker)
    return 0 if stake is None else stake.delegated


def credit(exchange: "Exchange", owner: Ledger, order: Order, fee: Fee, *, on_spot: bool) -> None:
    """Credit referrer and builder with their parts of a fee that was paid in USDC."""
    if owner.is_house:
        return
    payer = payer_of(exchange, owner)
    ratio = 1 if on_spot else _PERP_RATIO
    exchange.referrals.reward(payer.address, payer.volume, fee.exchange, ratio, on_spot=on_spot)
    if order.builder is not None and fee.builder:
        exchange.referrals.pay_builder(order.builder.address, fee.builder, on_spot=on_spot)


def pay_deployer(exchange: "Exchange", order: Order, fee: Fee) -> None:
    """Give a dex's deployer, or who gets it instead, their part of a fee that was taken.

    UNVERIFIED: that it is on the dex at once. What is nobody's that has an account here stays a fee.
    """
    dex = dex_of(order.asset)
    terms = exchange.universe.terms.get(dex)
    receiver = None if terms is None else exchange.ledger(terms.fee_recipient or terms.deployer)
    if terms is not None and receiver is not None and fee.exchange:
        cut = terms.cut(fee.exchange)
        exchange.fees -= cut
        receiver.add_usd(dex, cut)


def payer_of(exchange: "Exchange", owner: Ledger) -> Ledger:
    """Return the account whose fee level counts: a sub-account's is its master's (wire rule 82)."""
    sub = exchange.sub_accounts.get(owner.address)
    return owner if sub is None else exchange.ledgers[sub.master]
