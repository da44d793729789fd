"""What spot orders hold of a token."""

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.markets.tokens import Token


def held(ledger: Ledger, token: Token) -> int:
    """Return what resting orders hold of a token: bids their value, asks their size."""
    total = 0
    for asset in ledger.open_on:
        pair = ledger.pairs.get(asset)
        if pair is None or token not in (pair.base, pair.quote):
            continue
        for order in ledger.resting_on(asset):
            if order.is_buy and token is pair.quote:
                total += pair.value(order.px, order.sz)
            elif not order.is_buy and token is pair.base:
                total += pair.base.wei(order.sz)
    return total
