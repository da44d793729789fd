"""What the exchange has and localnet has none of: templates of outcomes, votes, other chains.

The answers are those of an exchange on which nobody has made any; what a single one of them looks like is in
the official documentation and in NK. Where the answer about something that does not exist is not known, it is
not covered.
"""

from typing import TYPE_CHECKING

from harness.localnet.answers import NotCovered
from harness.localnet.queries.registry import Query, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("outcomeTemplates", Query)
def outcome_templates(exchange: "Exchange", asked: Query) -> list[object]:
    """Return no templates."""
    return []


@query("validatorL1Votes", Query)
def validator_l1_votes(exchange: "Exchange", asked: Query) -> list[object]:
    """Return no votes: nobody here is a validator."""
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
    """Return the routes to and from Arbitrum, as NK's test met them on testnet; nothing goes there here."""
    return {"depositRoute": "cctp", "withdrawalRoute": "cctp"}
