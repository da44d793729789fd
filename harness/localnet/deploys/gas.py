"""Gas for deployments and early data: bought in an auction, paid in HYPE, burned."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.answers import Refused
from harness.localnet.markets.auctions import Auction
from harness.localnet.markets.tokens import HYPE
from harness.localnet.numbers import wire
from harness.localnet.trading.spot import sendable, watch_dust
from harness.localnet.transfers.money import enter

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

Say = Callable[[str], str]


def buy_slot(exchange: "Exchange", payer: Ledger, auction: Auction, most: int | None, say: Say) -> int:
    """Buy the slot of an auction's round and return what it cost.

    Args:
        exchange: where.
        payer: who pays.
        auction: which.
        most: the most to be paid, in wei of HYPE.
        say: what goes around the texts of refusals.

    Raises:
        Refused: it is sold, costs more, or than the payer has. Of these texts the first is known for tokens
            only, the second from another auction.
    """
    now_s = exchange.now_ms() // 1000
    now = auction.round(now_s)
    if now.sold is not None:
        raise Refused(say(messages.GAS_AUCTION_OVER))
    price = now.price(now_s)
    if most is not None and price > most:
        raise Refused(say(messages.GAS_TOO_LOW))
    pay(exchange, payer, price, say)
    return auction.buy(now_s)


def pay(exchange: "Exchange", payer: Ledger, wei: int, say: Say, *, row: str = "deployGasAuction") -> None:
    """Burn some of an account's HYPE, and keep a row of it.

    The rows' forms are NK's (`userNonFundingLedgerUpdates`); that perpetuals' gas has one too is UNVERIFIED.

    Raises:
        Refused: it has less.
    """
    if sendable(exchange, payer, HYPE) < wei:
        raise Refused(say("insufficient HYPE balance for gas"))
    payer.tokens_of(HYPE.index).take(wei)
    exchange.burn(HYPE, wei)
    watch_dust(exchange, payer, HYPE)
    enter(
        exchange,
        {"type": row, "token": HYPE.name, "amount": wire(wei, HYPE.wei_decimals)},
        payer,
    )
