"""What a vault gives up so that a depositor can be paid: orders first, then parts of its positions.

Source: API docs, "For vault leaders": orders that use margin are cancelled in increasing order of it, then a
fifth of the positions is closed, again and again, until there is enough; a leader can have the vault close
its positions in proportion at each withdrawal instead.

UNVERIFIED: that it stops at the first order or fifth that frees enough; that the fifth is that of the
positions at the beginning; the order of the coins; that such an order has no tif, and takes prices up to 5 %
from the mark.
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.accounts import risk
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.markets.dexes import FIRST
from harness.localnet.markets.markets import Market
from harness.localnet.trading.matching import VAULT_CLOSE, end_resting, match

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_ROUNDS: Final = 5
_SLIPPAGE_PERCENT: Final = 5


def free(exchange: "Exchange", inside: Ledger, usd: int, *, part: tuple[int, int] | None = None) -> int:
    """Let a vault have `usd` to pay out, as far as it can, and return what that has cost, in 1e-6 USD.

    Args:
        exchange: where.
        inside: the vault's own account.
        usd: what is asked for; of it the cost is not paid out.
        part: the part of each position that is closed in any case, as numerator and denominator.
    """
    before = risk.account_value(inside, exchange.markets)
    if part is not None:
        for asset in list(inside.positions):
            _close(exchange, inside, asset, abs(inside.szi(asset)) * part[0] // part[1])
    _cancel(exchange, inside, usd)
    sizes = {asset: abs(position.szi) for asset, position in inside.positions.items()}
    for done in range(_ROUNDS):
        for asset, sz in sizes.items():
            if not _lacks(exchange, inside, usd - _cost(exchange, inside, before)):
                break
            is_last = done == _ROUNDS - 1
            _close(exchange, inside, asset, abs(inside.szi(asset)) if is_last else sz // _ROUNDS)
    return _cost(exchange, inside, before)


def _cost(exchange: "Exchange", inside: Ledger, before: int) -> int:
    return before - risk.account_value(inside, exchange.markets)


def _lacks(exchange: "Exchange", inside: Ledger, usd: int) -> bool:
    return risk.withdrawable(inside, exchange.markets, FIRST.number) < usd


def _cancel(exchange: "Exchange", inside: Ledger, usd: int) -> None:
    """Cancel the orders that use margin, those that use least first, until there is enough."""
    using = [
        (order.px * order.sz // risk.leverage_of(inside, exchange.markets[order.asset].perp), order)
        for order in inside.open.values()
        if not order.waits and not order.reduce_only and order.asset in exchange.markets
    ]
    for _, order in sorted(using, key=lambda one: (one[0], one[1].oid)):
        if not _lacks(exchange, inside, usd):
            return
        end_resting(exchange, exchange.markets[order.asset], order, "vaultWithdrawalCanceled")


def _close(exchange: "Exchange", inside: Ledger, asset: int, sz: int) -> None:
    """Close so much of a position, at least a lot of it, with an order to the market."""
    market = exchange.markets[asset]
    szi = inside.szi(asset)
    step = market.perp.sz_step
    sz = min(abs(szi), max(step, sz - sz % step))
    is_buy = szi < 0
    px = _last_px(market, is_buy=is_buy)
    if not sz or market.book.opposite(is_buy=is_buy, px=px) is None:
        return
    order = exchange.own_order(
        inside.address, asset, is_buy=is_buy, px=px, sz=sz, tif=VAULT_CLOSE, reduce_only=True
    )
    if match(exchange, market, order).sz:
        exchange.record(order, "filled")


def _last_px(market: Market, *, is_buy: bool) -> int:
    if is_buy:
        return market.perp.floor_px(market.mark * (100 + _SLIPPAGE_PERCENT) // 100)
    return market.perp.ceil_px(market.mark * (100 - _SLIPPAGE_PERCENT) // 100)
