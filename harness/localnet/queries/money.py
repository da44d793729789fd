"""`userNonFundingLedgerUpdates`, `preTransferCheck`, `usdcRouting`: what has moved, and what moving costs."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.accounts.balances import LedgerUpdate
from harness.localnet.answers import Unservable
from harness.localnet.parsing import U64, Address
from harness.localnet.queries.registry import OfUser, Query, ledger_of, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Wire rule 108.
_ROWS: Final = 500


class UserNonFundingLedgerUpdates(OfUser):
    """A span of time, both ends included; milliseconds."""

    startTime: U64 | None = None
    endTime: U64 | None = None


@query("userNonFundingLedgerUpdates", UserNonFundingLedgerUpdates)
def user_non_funding_ledger_updates(
    exchange: "Exchange", asked: UserNonFundingLedgerUpdates
) -> list[dict[str, object]]:
    """Return the rows of a span, oldest first, at most 500 (wire rules 108 and 109)."""
    if asked.startTime is None and asked.endTime is not None:
        raise Unservable("endTime without startTime")
    start = asked.startTime or 0
    end = exchange.now_ms() if asked.endTime is None else asked.endTime
    rows = [row for row in ledger_of(exchange, asked.user).updates if start <= row.time_ms <= end]
    return [update_row(row) for row in rows[:_ROWS]]


def update_row(update: LedgerUpdate) -> dict[str, object]:
    """Return one row."""
    return {"time": update.time_ms, "hash": update.tx_hash, "delta": update.delta}


class PreTransferCheck(OfUser):
    """A receiver, and in the positional form a sender.

    Objects cannot name the sender: guesses at its key were ignored (RIFT, observations), so this key is none
    that anybody would send.
    """

    sender: Address | None = msgspec.field(name="(positional)", default=None)


@query("preTransferCheck", PreTransferCheck)
def pre_transfer_check(exchange: "Exchange", asked: PreTransferCheck) -> dict[str, object]:
    """Return whether an address exists, has sent anything, and what the first transfer to it costs."""
    ledger = exchange.ledger(asked.user)
    costs = ledger is None and asked.sender is not None
    return {
        "isSanctioned": False,
        "userExists": ledger is not None,
        "fee": "1.0" if costs else "0.0",
        "userHasSentTx": ledger is not None and ledger.has_sent,
    }


@query("usdcRouting", Query)
def usdc_routing(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return the routes to and from Arbitrum; nothing goes there here."""
    routes = exchange.universe.routes
    return {"depositRoute": routes.deposit, "withdrawalRoute": routes.withdrawal}
