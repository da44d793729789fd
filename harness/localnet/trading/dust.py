"""Spot dust: at each minute, balances below one lot are pooled, sold, and turned into the quote token.

Source: wire rule 99; RIFT, observations and dust follow-up (testnet, 2026-09): all dust of a token is sold as
one order, whole lots only, at the taker fee; what is below a lot is burned; the proceeds are divided in
proportion, cut, and what is left over goes to the largest holder, of equals to the lowest address. Rows have
no hash, no tid and no fee, and share an oid that orderStatus does not know of the holders (wire rule 144); of
the address that sells for all of them it does (NK's tests). UNVERIFIED: that dust waits while nobody bids for
it, the price of a row when nothing could be sold, which is the mark here, and limit and tif of the order.
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import DUST, DUSTER, Fill, Ledger
from harness.localnet.events import Filled
from harness.localnet.markets.book import Order
from harness.localnet.markets.markets import SpotMarket
from harness.localnet.markets.tokens import Pair
from harness.localnet.trading.matching import match
from harness.localnet.trading.spot import is_dust, watch_dust

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_NO_HASH: Final = "0x" + "00" * 32


def convert(exchange: "Exchange") -> None:
    """Convert all dust of all tokens."""
    exchange.dust_is_due = False
    for pair in list(exchange.universe.usdc_pairs.values()):
        holders = [ledger for ledger in exchange.ledgers.values() if is_dust(exchange, ledger, pair.base)]
        if holders and not _convert(exchange, pair, holders):
            watch_dust(exchange, holders[0], pair.base)


def _convert(exchange: "Exchange", pair: Pair, holders: list[Ledger]) -> bool:
    """Convert one token's dust and say whether that was possible."""
    market = exchange.spot_market(pair)
    token = pair.base
    holders.sort(key=lambda ledger: (-ledger.tokens[token.index].total, ledger.address))
    pool = sum(ledger.tokens[token.index].total for ledger in holders)
    sz = pool // token.lot * pair.sz_step
    if sz > sum(order.sz for _, level in market.book.levels(is_buy=True) for order in level):
        return False
    oid = exchange.next_oid()
    net = 0
    px = market.mark
    if sz:
        gross = _sell(exchange, market, oid, sz)
        px = gross * 10**16 // (pair.quote.unit * sz)
        fee = gross * exchange.rules.spot_taker_fee // 100_000
        exchange.add_token_fee(pair.quote, fee)
        net = gross - fee
    exchange.burn(token, pool - token.wei(sz))
    shares = [net * ledger.tokens[token.index].total // pool for ledger in holders]
    shares[0] += net - sum(shares)
    for ledger, share in zip(holders, shares, strict=True):
        wei = ledger.tokens.pop(token.index).total
        ledger.tokens_of(pair.quote.index).total += share
        _keep_row(exchange, ledger, pair, oid, px - px % pair.px_step, wei)
    return True


def _sell(exchange: "Exchange", market: SpotMarket, oid: int, sz: int) -> int:
    """Sell the pool's whole lots to whoever bids, and return the proceeds."""
    pair, duster = market.pair, exchange.duster
    duster.tokens_of(pair.base.index).total += pair.base.wei(sz)
    order = Order(
        oid,
        DUSTER,
        pair.index,
        is_buy=False,
        px=0,
        sz=sz,
        tif="Ioc",
        reduce_only=False,
        cloid=None,
        timestamp_ms=exchange.now_ms(),
    )
    exchange.record(order, "open")
    match(exchange, market, order)
    exchange.record(order, "filled")
    proceeds = duster.tokens_of(pair.quote.index)
    gross, proceeds.total = proceeds.total, 0
    return gross


def _keep_row(exchange: "Exchange", ledger: Ledger, pair: Pair, oid: int, px: int, wei: int) -> None:
    fill = Fill(
        pair.name,
        px,
        wei,
        False,
        exchange.now_ms(),
        wei,
        DUST,
        0,
        _NO_HASH,
        oid,
        True,
        0,
        0,
        None,
        exchange.trades,
        fee_token=pair.quote.name,
        fee_decimals=pair.quote.wei_decimals,
        sz_decimals=pair.base.wei_decimals,
    )
    ledger.fills.appendleft(fill)
    exchange.tell(Filled(ledger.address, fill))
