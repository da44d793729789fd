"""The backstop liquidators of builders' dexes, and who has paid money in; in 1e-6 of the quote token.

Source: API docs, "HIP-3: Builder-deployed perpetuals" for the address, "Exchange endpoint" for what may be
taken out: what was paid in, not what came of it. UNVERIFIED: that the money comes from spot and goes back
there; the row, whose name is that of the node's event (id 70961940886 of the text index), and that taking
money out leaves none. Here the house takes over what is liquidated, on builders' dexes too.
"""

from typing import TYPE_CHECKING

from harness.localnet import messages
from harness.localnet.accounts import risk
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.answers import Refused
from harness.localnet.markets.dexes import Dex
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import wire_usd
from harness.localnet.trading.spot import sendable
from harness.localnet.transfers.money import RATIO, account_at, enter, liquidator_address, move_usd

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


def deposit(exchange: "Exchange", account: Ledger, dex: Dex, micro: int) -> None:
    """Pay money in.

    Raises:
        Refused: there is too little.
    """
    if sendable(exchange, account, USDC) < micro * RATIO:
        raise Refused(messages.NO_BACKSTOP_DEPOSIT)
    _move(exchange, account, dex, micro)
    delta: dict[str, object] = {
        "type": "hip3LiquidatorDeposit",
        "dex": dex.name,
        "token": USDC.name,
        "amount": wire_usd(micro),
    }
    enter(exchange, delta, account)


def withdraw(exchange: "Exchange", account: Ledger, dex: Dex, micro: int) -> None:
    """Take out what the account has paid in.

    Raises:
        Refused: that was less, or the liquidator cannot pay it now.
    """
    paid_in = exchange.backstops.get(dex.number, {}).get(account.address, 0)
    liquidator = exchange.ledger(liquidator_address(dex.number))
    at_hand = 0 if liquidator is None else risk.withdrawable(liquidator, exchange.markets, dex.number)
    if min(paid_in, at_hand) < micro:
        raise Refused(messages.NOT_WITHDRAWABLE)
    _move(exchange, account, dex, -micro)


def _move(exchange: "Exchange", account: Ledger, dex: Dex, micro: int) -> None:
    liquidator = account_at(exchange, liquidator_address(dex.number))
    account.tokens_of(USDC.index).total -= micro * RATIO
    move_usd(exchange, liquidator, dex.number, micro)
    principals = exchange.backstops.setdefault(dex.number, {})
    principals[account.address] = principals.get(account.address, 0) + micro
