"""`delegatorSummary`, `delegations`, `delegatorHistory`, `delegatorRewards`: an account's stake.

And `validatorSummaries`: whom it may be delegated to.
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.queries.registry import OfUser, Query, query
from harness.localnet.transfers.staking import VALIDATOR, amount, stake_of

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Samples are minutes (id 69548621733 of the text index).
_PERIODS: Final = (("day", 1_440), ("week", 10_080), ("month", 43_200))


@query("delegatorSummary", OfUser)
def delegator_summary(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return the sums."""
    stake = stake_of(exchange, asked.user)
    return {
        "delegated": amount(stake.delegated),
        "undelegated": amount(stake.undelegated),
        "totalPendingWithdrawal": amount(sum(stake.pending)),
        "nPendingWithdrawals": len(stake.pending),
    }


@query("delegations", OfUser)
def delegations(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return what is delegated, by validator."""
    return [
        {
            "validator": validator,
            "amount": amount(delegation.wei),
            "lockedUntilTimestamp": delegation.locked_until_ms,
        }
        for validator, delegation in stake_of(exchange, asked.user).delegations.items()
    ]


@query("delegatorHistory", OfUser)
def delegator_history(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return what was done, newest first (wire rule 109)."""
    rows = reversed(stake_of(exchange, asked.user).rows)
    return [{"time": row.time_ms, "hash": row.tx_hash, "delta": row.delta} for row in rows]


@query("delegatorRewards", OfUser)
def delegator_rewards(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return no rewards: none accrue here. That none reads as an empty list is UNVERIFIED."""
    return []


@query("validatorSummaries", Query)
def validator_summaries(exchange: "Exchange", asked: Query) -> list[dict[str, object]]:
    """Return the one validator that is here, in the form of a recorded answer (id 69548621733).

    Its stake is what accounts have delegated; it never fails, takes nothing and earns nothing, as no rewards
    accrue here. Name and figures are localnet's own.
    """
    stake = sum(
        delegation.wei
        for held in exchange.stakes.values()
        for validator, delegation in held.delegations.items()
        if validator == VALIDATOR
    )
    return [
        {
            "validator": VALIDATOR,
            "signer": VALIDATOR,
            "name": "localnet",
            "description": "The only validator here.",
            "nRecentBlocks": 1,
            "stake": stake,
            "isJailed": False,
            "unjailableAfter": None,
            "isActive": True,
            "commission": "0.0",
            "stats": [
                [period, {"uptimeFraction": "1.0", "predictedApr": "0.0", "nSamples": samples}]
                for period, samples in _PERIODS
            ],
        }
    ]
