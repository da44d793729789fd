"""What a fill costs: the exchange's fee, less a referral's discount, and the builder's.

All are cut, as recorded: 4307.4 x 0.0025 at 0.045% cost 0.004845; 25.585 at 0.045% less 4% and a builder's
0.01% cost 0.011052 and 0.002558 (CCXT).
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from harness.localnet.book import Order
from harness.localnet.dexes import dex_of
from harness.localnet.ledger import Ledger
from harness.localnet.tokens import USDC

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

PARTS: Final = 100_000
# What a fill costs on a builder's dex whose deployer's fee scale is 1: the exchange's part and as much for
# the deployer (docs, "Fees": HIP-3 perps). UNVERIFIED: no fill of one is among the recordings.
_BUILDER_DEX_TIMES: Final = 2
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

    Builders take nothing from a spot buy (wire rule 83).
    """
    if owner.is_house:
        return Fee(0, 0)
    rules = exchange.rules
    if on_spot:
        rate = rules.spot_taker_fee if is_taker else rules.spot_maker_fee
    else:
        rate = rules.taker_fee if is_taker else rules.maker_fee
        rate *= _BUILDER_DEX_TIMES if dex_of(order.asset) else 1
    payer = payer_of(exchange, owner)
    share = exchange.referrals.share(payer.address, payer.volume)
    pays_builder = order.builder is not None and not (on_spot and order.is_buy)
    builder = value * order.builder.fee // PARTS if order.builder is not None and pays_builder else 0
    return Fee(value * rate * share // (PARTS * 100), builder)


def credit(exchange: "Exchange", owner: Ledger, order: Order, fee: Fee, *, on_spot: bool) -> None:
    """Credit referrer and builder with their parts of a fee that was paid in USDC."""
    if owner.is_house:
        return
    payer = payer_of(exchange, owner)
    ratio = 1 if on_spot else _PERP_RATIO
    exchange.referrals.reward(payer.address, payer.volume, fee.exchange, ratio, on_spot=on_spot)
    if order.builder is not None and fee.builder:
        exchange.referrals.pay_builder(order.builder.address, fee.builder, on_spot=on_spot)


def payer_of(exchange: "Exchange", owner: Ledger) -> Ledger:
    """Return the account whose fee level counts: a sub-account's is its master's (wire rule 82)."""
    sub = exchange.sub_accounts.get(owner.address)
    return owner if sub is None else exchange.ledgers[sub.master]
