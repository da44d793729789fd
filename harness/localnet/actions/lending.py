"""`borrowLend`: what anybody may supply to a reserve, and take out again.

Source: NK's test, which supplies USDC and withdraws with null for all of it, and finds `borrow` and `repay`
not available; TI:69034195680 and nktkas/hyperliquid issue 110 for the form; API docs, "Portfolio margin".
Accounts with portfolio margin lend and borrow by themselves (see `lending.interest`); what they are answered
here is not known, nor is the text of any refusal.
"""

from typing import Literal

import msgspec

from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered
from harness.localnet.lending import interest
from harness.localnet.markets.reserves import Position, Reserve
from harness.localnet.numbers import wire
from harness.localnet.parsing import U32
from harness.localnet.trading import credit
from harness.localnet.trading.spot import available
from harness.localnet.transfers.money import enter


class BorrowLendAction(TypedAction):
    """An amount of a token; null for all there is."""

    operation: Literal["supply", "withdraw", "repay", "borrow"] = msgspec.field()
    token: U32 = msgspec.field()
    amount: str | None = msgspec.field()

    def reserve(self, call: Call) -> Reserve:
        """Return the reserve of the token.

        Raises:
            NotCovered: it is not one that this account may lend.
        """
        account = call.account
        if self.operation not in ("supply", "withdraw"):
            raise NotCovered("borrowing and repaying by hand")
        if account.has_portfolio_margin or account.address in call.exchange.vaults:
            raise NotCovered("lending by hand of a vault, or with portfolio margin")
        found = call.exchange.lending.reserves.get(self.token)
        if found is None or not found.terms.borrow_cap:
            raise NotCovered("lending of a token that nobody can borrow")
        return found

    def wei(self, call: Call) -> int:
        """Return how much is moved.

        Raises:
            NotCovered: it is not possible; no text is known.
        """
        exchange, reserve = call.exchange, self.reserve(call)
        token, account = reserve.terms.token, call.account
        position = reserve.positions.get(account.address)
        own = 0 if position is None else position.supply.value
        if self.operation == "supply":
            room = reserve.terms.user_supply_cap * token.unit - own
            room = min(room, reserve.terms.supply_cap * token.unit - reserve.supplied)
            most = min(available(exchange, account, token), room)
        else:
            # With what has been earned since the last full hour, which is paid first.
            earned = 0 if position is None else interest.due(exchange, reserve, position)[1]
            most = min(own + earned, credit.at_hand(exchange))
        wei = most if self.amount is None else _parsed(self.amount, token.wei_decimals)
        if not 0 < wei <= most:
            raise NotCovered(f"a {self.operation} of nothing, or of more than is there or a cap allows")
        return wei

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for what no source shows an answer to."""
        self.wei(call)


@action("borrowLend", BorrowLendAction)
def borrow_lend(call: Call, asked: BorrowLendAction) -> dict[str, object]:
    """Move USDC between spot and the reserve.

    `interestAmount` of the row is what the supply earned since the last full hour: UNVERIFIED.
    """
    exchange, account = call.exchange, call.account
    reserve, wei = asked.reserve(call), asked.wei(call)
    token = reserve.terms.token
    interest.begin(exchange)
    position = reserve.positions.setdefault(account.address, Position(is_implied=False))
    earned = interest.settle(exchange, reserve, account.address, position)
    change = wei if asked.operation == "supply" else -wei
    position.supply.put(position.supply.value + change)
    reserve.cash += change
    account.tokens_of(token.index).total -= change
    delta: dict[str, object] = {
        "type": "borrowLend",
        "token": token.name,
        "operation": asked.operation,
        "amount": wire(wei, token.wei_decimals),
        "interestAmount": wire(earned, token.wei_decimals),
    }
    enter(exchange, delta, account)
    return OK


def _parsed(text: str, decimals: int) -> int:
    """Return an amount of a token in wei.

    Raises:
        NotCovered: it is no amount of it.
    """
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    if not (text.isascii() and (whole + rest).isdigit() and len(whole) <= 18 and len(rest) <= decimals):
        raise NotCovered("an amount that is not a decimal of the token")
    return int(whole + rest.ljust(decimals, "0"))
