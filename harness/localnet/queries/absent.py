"""What the exchange has and localnet has none of: outcomes, lending, other chains.

The answers are those of an exchange on which nobody has made any; what a single one of them looks like is in
the official documentation and in NK. Where the answer about something that does not exist is not known, it is
not covered.
"""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.parsing import U64
from harness.localnet.queries.registry import OfUser, Query, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("allBorrowLendReserveStates", Query)
def all_borrow_lend_reserve_states(exchange: "Exchange", asked: Query) -> list[object]:
    """Return no reserves."""
    return []


@query("borrowLendUserState", OfUser)
def borrow_lend_user_state(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return a debtor of nothing: healthy, with no factor, as documented; no reserve, so no token."""
    return {"tokenToState": [], "health": "healthy", "healthFactor": None}


class UserBorrowLendInterest(OfUser):
    """A span of time; milliseconds."""

    startTime: U64 = msgspec.field()
    endTime: U64 | None = None


@query("userBorrowLendInterest", UserBorrowLendInterest)
def user_borrow_lend_interest(exchange: "Exchange", asked: UserBorrowLendInterest) -> list[object]:
    """Return no interest."""
    return []


@query("liquidatable", Query)
def liquidatable(exchange: "Exchange", asked: Query) -> list[object]:
    """Return nobody: who must be liquidated is, when the block ends.

    Raises:
        NotCovered: somebody found nobody to trade with; the rows' figures are not known (NK).
    """
    if exchange.unjudged:
        raise NotCovered("an account that waits for its liquidation")
    return []


@query("usdcRouting", Query)
def usdc_routing(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return the routes to and from Arbitrum; nothing goes there here."""
    routes = exchange.universe.routes
    return {"depositRoute": routes.deposit, "withdrawalRoute": routes.withdrawal}
