"""Spot: what orders hold, what an account can pay for, and what a fill does to balances.

All figures are integers of the tokens' smallest units. Fees are taken in the token received (wire rule 86).
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.accounts import risk
from harness.localnet.accounts.holds import held
from harness.localnet.accounts.ledger import Fill, Ledger
from harness.localnet.markets.book import Order
from harness.localnet.markets.deployments import WHOLE_SHARE
from harness.localnet.markets.dexes import FIRST
from harness.localnet.markets.markets import SpotMarket
from harness.localnet.markets.sides import Side
from harness.localnet.markets.tokens import USDC, Pair, Token
from harness.localnet.numbers import E8, MICRO
from harness.localnet.trading import credit, fees

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

MINUTE_MS: Final = 60_000
_RATIO: Final = USDC.unit // MICRO


def available(exchange: "Exchange", ledger: Ledger, token: Token) -> int:
    """Return what may be spent of a token: of a unified account's USDC, what is not held (wire rule 101).

    With portfolio margin what can be borrowed may be spent too.
    """
    if token is USDC and ledger.has_portfolio_margin:
        return credit.spendable(exchange, ledger)
    if token is USDC and ledger.is_unified:
        bound = risk.total_bound_margin(ledger, exchange.markets, FIRST.number)
        return max(0, _pool(exchange, ledger) - bound * _RATIO)
    balance = ledger.tokens.get(token.index)
    return 0 if balance is None else balance.total - held(ledger, token)


def sendable(exchange: "Exchange", ledger: Ledger, token: Token) -> int:
    """Return what may be sent of a token.

    That a unified account has to leave a tenth of its positions' value behind, as one that takes money off
    perpetuals has (wire rule 89), is UNVERIFIED. With portfolio margin what secures a loan stays.
    """
    if ledger.has_portfolio_margin:
        return credit.free(exchange, ledger, token)
    if token is USDC and ledger.is_unified:
        kept = risk.kept_back(ledger, exchange.markets, FIRST.number)
        return max(0, _pool(exchange, ledger) - kept * _RATIO)
    return available(exchange, ledger, token)


def _pool(exchange: "Exchange", ledger: Ledger) -> int:
    """Return a unified account's USDC with the pnl of its cross positions, less what spot orders hold."""
    spot = ledger.tokens_of(USDC.index).total - held(ledger, USDC)
    pnl = sum(
        position.unrealised(market.mark)
        for market, position in risk.cross_positions(ledger, exchange.markets, FIRST.number)
    )
    return spot + (ledger.all_usd + pnl) * _RATIO


def maker_can_pay(exchange: "Exchange", market: SpotMarket, maker: Order, sz: int) -> bool:
    """Say whether a unified account's bid can still be paid: positions may have lost what it holds.

    That such a bid is cancelled as a perpetual's is (wire rule 47) is UNVERIFIED. With portfolio margin what
    it costs was borrowed when it was placed.
    """
    owner = exchange.owner(maker)
    pair = market.pair
    is_bid = maker.is_buy and pair.quote is USDC
    if not is_bid or not owner.is_unified or owner.has_portfolio_margin:
        return True
    bound = risk.total_bound_margin(owner, exchange.markets, FIRST.number)
    free = _pool(exchange, owner) - bound * _RATIO
    return pair.value(maker.px, sz) <= free + pair.value(maker.px, maker.sz)


def has_paying_token(exchange: "Exchange", ledger: Ledger, market: SpotMarket, order: Order) -> bool:
    """Say whether there is anything at all to pay an order with."""
    return available(exchange, ledger, market.pair.quote if order.is_buy else market.pair.base) > 0


def affordable_sz(exchange: "Exchange", ledger: Ledger, market: SpotMarket, order: Order) -> int:
    """Return how much of an order can be paid, in 1e-8 and whole lots (wire rule 26).

    What is met is paid at the prices that are met (RIFT), what would rest at the limit. That an order which
    is to rest follows the same is UNVERIFIED, and so is a partly affordable sale.
    """
    pair = market.pair
    if not order.is_buy:
        left = available(exchange, ledger, pair.base) * E8 // pair.base.unit
        return min(order.sz, left - left % pair.sz_step)
    money = available(exchange, ledger, pair.quote)
    wanted, got = order.sz, 0
    for px, level in market.book.levels(is_buy=False):
        if px > order.px or not wanted:
            break
        met = min(wanted, sum(other.sz for other in level if other.owner != order.owner))
        sz = _lots(met, money, px, market)
        got, wanted, money = got + sz, wanted - sz, money - pair.value(px, sz)
        if sz < met:
            return got
    if order.tif in ("Ioc", "FrontendMarket"):
        # What meets nothing is not paid for.
        return got + wanted
    return got + _lots(wanted, money, order.px, market)


def _lots(sz: int, money: int, px: int, market: SpotMarket) -> int:
    most = money * 10**16 // (px * market.pair.quote.unit)
    return min(sz, most - most % market.pair.sz_step)


def book_fill(
    exchange: "Exchange", market: SpotMarket, owner: Ledger, order: Order, px: int, sz: int, *, is_taker: bool
) -> Fill:
    """Change an account's balances by one fill and return its row, with the tid still to be set."""
    pair = market.pair
    base, quote = owner.tokens_of(pair.base.index), owner.tokens_of(pair.quote.index)
    gross, size = pair.value(px, sz), pair.base.wei(sz)
    start, closed_pnl = base.total, 0
    # In quote units first, cut; for a buy then divided by the price and cut again (wire rule 86).
    cost = fees.fee_of(exchange, owner, order, gross, is_taker=is_taker, on_spot=True)
    fee = cost.total
    if order.is_buy:
        fee = fee * 10**8 * pair.base.unit // (px * pair.quote.unit)
        quote.take(gross)
        base.total += size - fee
        base.entry += gross * E8 // pair.quote.unit
        token = pair.base
    else:
        closed_pnl = gross - base.take(size)
        quote.total += gross - fee
        token = pair.quote
        fees.credit(exchange, owner, order, cost, on_spot=True)
    if isinstance(pair, Side):
        # Both sides have a row once one is touched, and fees are named in the quote token (TI:69078189041).
        owner.tokens_of(pair.twin)
        token = pair.quote
    _keep_fee(exchange, pair, token, fee)
    return Fill(
        pair.name,
        px,
        size,
        order.is_buy,
        exchange.now_ms(),
        start,
        "Buy" if order.is_buy else "Sell",
        closed_pnl,
        exchange.tx_hash,
        order.oid,
        is_taker,
        fee,
        0,
        order.cloid,
        exchange.trades,
        fee_token=token.name,
        fee_decimals=token.wei_decimals,
        sz_decimals=pair.base.wei_decimals,
        builder_fee=cost.builder,
    )


def _keep_fee(exchange: "Exchange", pair: Pair, token: Token, fee: int) -> None:
    """Keep a fee. Of one in a base token its deployer gets a share, the rest is burned (docs, "HIP-1")."""
    own = exchange.universe.deployments.get(token.index)
    if own is None or token is not pair.base or not fee:
        exchange.add_token_fee(token, fee)
        return
    cut = fee * own.share // WHOLE_SHARE
    deployer = exchange.ledgers[own.deployer]
    deployer.tokens_of(token.index).total += cut
    exchange.burn(token, fee - cut)
    watch_dust(exchange, deployer, token)


def book_twin(exchange: "Exchange", side: Side, taker: Order, maker: Order, px: int, sz: int) -> None:
    """Let the other side be worth what is left of one; two who buy make shares, two who sell end them."""
    exchange.spot_markets[side.twin].mark = E8 - px
    if maker.asset != taker.asset:
        exchange.outcomes.hold(side.quote, sz // E8 if taker.is_buy else -(sz // E8))


def usd_value(exchange: "Exchange", token: Token, wei: int) -> int:
    """Return what an amount of a token is worth at its mark, in 1e-8 USD, cut; nothing without a pair."""
    if token is USDC:
        return wei * E8 // USDC.unit
    pair = exchange.universe.usdc_pairs.get(token.index)
    return 0 if pair is None else wei * exchange.mark(pair) // token.unit


def is_dust(exchange: "Exchange", owner: Ledger, token: Token) -> bool:
    """Say whether an account has less of a token than can be traded, but some."""
    balance = owner.tokens.get(token.index)
    if balance is None or owner.keeps_dust or token.index not in exchange.universe.usdc_pairs:
        return False
    return 0 < balance.total < token.lot


def watch_dust(exchange: "Exchange", owner: Ledger, token: Token) -> None:
    """Have dust converted at the next minute, if an account has some of this token now (wire rule 99)."""
    if is_dust(exchange, owner, token) and not exchange.dust_is_due:
        exchange.dust_is_due = True
        now_ms = exchange.now_ms()
        exchange.at(now_ms - now_ms % MINUTE_MS + MINUTE_MS, exchange.convert_dust)
