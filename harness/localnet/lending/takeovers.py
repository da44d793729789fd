"""Liquidation of loans: the exchange's liquidator takes collateral and repays the loan for it.

Source: API docs, "Portfolio margin", "Liquidations", and its FAQ. There is no market phase: collateral goes
to the backstop liquidator, a fifth at a time, every 3 seconds, while the account is between the two
thresholds; beyond the second all of it, with the whole loan. The house is that liquidator here; its books are
not shown.

UNVERIFIED: that the liquidator comes on whole multiples of 3 seconds, as oracle prices do, so that until then
an account reads as liquidatable; that orders are cancelled and interest is settled first; that a fifth of
what is left is taken at the oracle price times (LTV + 2) / 3, which the docs name as the slippage threshold,
and never more of it than repays the loan; that the whole is taken for the loan itself, and a loan without
collateral as well; the fill's row. What the docs call width is not applied.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import Fill, Ledger
from harness.localnet.events import Filled
from harness.localnet.lending import interest
from harness.localnet.markets.reserves import COLLATERAL
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import E8
from harness.localnet.trading import credit
from harness.localnet.trading.matching import end_resting

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

STEP_MS: Final = 3_000
_PARTS: Final = 5


def watch(exchange: "Exchange") -> None:
    """End a block: balances become supplies and loans; if one is too large, the liquidator is called."""
    lending = exchange.lending
    if not lending.members:
        return
    interest.follow(exchange)
    if not lending.is_watched and exchange.rules.liquidations and _bad(exchange):
        lending.is_watched = True
        now_ms = exchange.now_ms()
        exchange.at(now_ms - now_ms % STEP_MS + STEP_MS, come)


def come(exchange: "Exchange") -> None:
    """Let the liquidator see to each loan that is too large now."""
    exchange.lending.is_watched = False
    for ledger in _bad(exchange):
        _cancel_orders(exchange, ledger)
        reserve = exchange.lending.reserves[USDC.index]
        if ledger.address in reserve.positions:
            interest.settle(exchange, reserve, ledger.address, reserve.positions[ledger.address])
        health = credit.standing(exchange, ledger).health
        if health in (credit.PARTIAL, credit.WHOLE):
            _take(exchange, ledger, is_whole=health == credit.WHOLE)


def _bad(exchange: "Exchange") -> list[Ledger]:
    """Return the accounts whose loans are too large."""
    members = [exchange.ledgers[address] for address in exchange.lending.members]
    debtors = [ledger for ledger in members if credit.idle(ledger, USDC) < 0]
    bad = (credit.PARTIAL, credit.WHOLE)
    return [ledger for ledger in debtors if credit.standing(exchange, ledger).health in bad]


def _cancel_orders(exchange: "Exchange", ledger: Ledger) -> None:
    for order in list(ledger.open.values()):
        market = exchange.market_at(order.asset)
        if order.oid in ledger.open and market is not None:
            end_resting(exchange, market, order, "liquidatedCanceled")


def _take(exchange: "Exchange", ledger: Ledger, *, is_whole: bool) -> None:
    owed = max(0, -credit.idle(ledger, USDC))
    has = min(
        ledger.tokens_of(COLLATERAL.token.index).total, COLLATERAL.user_supply_cap * COLLATERAL.token.unit
    )
    if is_whole:
        _sell(exchange, ledger, has, owed, "Backstop Borrow Liquidation")
        return
    px = credit.oracle_px(exchange, COLLATERAL.token) * Fraction(COLLATERAL.ltv_percent + 200, 300)
    worth = px * USDC.unit / (COLLATERAL.token.unit * E8)
    wei = min(max(1, has // _PARTS), -int(-owed // worth))
    _sell(exchange, ledger, wei, min(owed, int(wei * worth)), "Partial Borrow Liquidation")


def _sell(exchange: "Exchange", ledger: Ledger, wei: int, usdc: int, direction: str) -> None:
    """Let the house have so much collateral for so much of the loan; of none there is no fill."""
    token, house = COLLATERAL.token, exchange.house
    balance = ledger.tokens_of(token.index)
    start, entry = balance.total, balance.take(wei)
    house.tokens_of(token.index).total += wei
    ledger.tokens_of(USDC.index).total += usdc
    house.tokens_of(USDC.index).total -= usdc
    if not wei:
        return
    tid = exchange.next_tid()
    fill = Fill(
        exchange.universe.usdc_pairs[token.index].name,
        usdc * token.unit * E8 // (wei * USDC.unit),
        wei,
        False,
        exchange.now_ms(),
        start,
        direction,
        usdc - entry,
        exchange.tx_hash,
        exchange.next_oid(),
        True,
        0,
        tid,
        None,
        exchange.trades,
        fee_decimals=USDC.wei_decimals,
        sz_decimals=token.wei_decimals,
    )
    ledger.fills.appendleft(fill)
    exchange.tell(Filled(ledger.address, fill))
