"""`delegatorSummary`, `delegations`, `delegatorHistory`, `delegatorRewards`: an account's stake."""

from typing import TYPE_CHECKING

from harness.localnet.queries.registry import OfUser, query
from harness.localnet.transfers.staking import amount, stake_of

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


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
    """Return what stakes have earned, oldest first.

    The first rows that others saw in 2026 are of 2025-09 (part_delegatorRewards__survey) and of 2024-12 (GH
    hyperliquid-dex/node 162). That of two rows of one time the commission is the second is so in the docs.
    """
    rows = stake_of(exchange, asked.user).rewards
    return [{"time": row.time_ms, "source": row.source, "totalAmount": amount(row.wei)} for row in rows]
