"""`validatorSummaries`, `validatorL1Votes`, `gossipRootIps`, `gossipPriorityAuctionStatus`.

Source: NK; id 69548621733 of the text index is an answer to validatorSummaries.
"""

from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.validators import Validator
from harness.localnet.numbers import wire
from harness.localnet.queries.registry import Query, query
from harness.localnet.transfers.rewards import stake_with, yearly_rate

if TYPE_CHECKING:
    from harness.localnet.accounts.votes import Vote
    from harness.localnet.exchange import Exchange

# Samples are minutes (id 69548621733).
_PERIODS: Final = (("day", 1_440), ("week", 10_080), ("month", 43_200))
_BPS: Final = 10_000
_APR_DECIMALS: Final = 16


@query("validatorSummaries", Query)
def validator_summaries(exchange: "Exchange", asked: Query) -> list[dict[str, object]]:
    """Return the validators, the house's first; their stakes are what accounts here have delegated.

    UNVERIFIED: the order of the others, and all of `stats`, which are as if a validator had always been what
    it is now.
    """
    return [_summary(exchange, one) for one in exchange.validators.known.values()]


def _summary(exchange: "Exchange", one: Validator) -> dict[str, object]:
    apr = yearly_rate(exchange) * (_BPS - one.commission_bps) if one.is_active else 0
    stats = {
        "uptimeFraction": "0.0" if one.is_jailed else "1.0",
        "predictedApr": wire(apr, _APR_DECIMALS),
    }
    return {
        "validator": one.address,
        "signer": one.signer,
        "name": one.name,
        "description": one.description,
        "nRecentBlocks": int(one.is_active),
        "stake": stake_with(exchange, one.address),
        "isJailed": one.is_jailed,
        "unjailableAfter": one.unjailable_ms,
        "isActive": one.is_active,
        "commission": wire(one.commission_bps, 4),
        "stats": [[period, stats | {"nSamples": samples}] for period, samples in _PERIODS],
    }


@query("validatorL1Votes", Query)
def validator_l1_votes(exchange: "Exchange", asked: Query) -> list[dict[str, object]]:
    """Return the votes that are open, oldest first; UNVERIFIED: that one that has run out is gone."""
    return [
        {
            "expireTime": vote.expires_ms,
            "action": vote.action,
            "votes": list(vote.voters),
            "quorumReached": _has_quorum(exchange, vote),
        }
        for vote in exchange.validators.votes
        if exchange.now_ms() < vote.expires_ms
    ]


def _has_quorum(exchange: "Exchange", vote: "Vote") -> bool:
    """Say whether more than two thirds of the active stake have voted for it (API docs, "Staking").

    Where nobody has delegated anything, validators count alike.
    """
    stakes = {one.address: stake_with(exchange, one.address) for one in exchange.validators.active}
    if not any(stakes.values()):
        stakes = dict.fromkeys(stakes, 1)
    return 3 * sum(stakes.get(voter, 0) for voter in vote.voters) > 2 * sum(stakes.values())


@query("gossipRootIps", Query)
def gossip_root_ips(exchange: "Exchange", asked: Query) -> list[str]:
    """Return no nodes, as on testnet (NK's test of it)."""
    return []


@query("gossipPriorityAuctionStatus", Query)
def gossip_priority_auction_status(exchange: "Exchange", asked: Query) -> list[object]:
    """Return who has won each slot of the round before, and the round that runs."""
    now_s = exchange.now_ms() // 1000
    slots = exchange.auctions.gossip
    return [[slot.winner(now_s) for slot in slots], [slot.auction.round(now_s).row(now_s) for slot in slots]]
