"""`referral`: who referred an account, and whom it referred (wire rule 161)."""

from typing import TYPE_CHECKING

from harness.localnet.accounts.referrals import GATE_USD, Reward
from harness.localnet.numbers import MICRO, wire, wire_usd
from harness.localnet.queries.registry import OfUser, ledger_of, query
from harness.localnet.transfers.money import RATIO

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("referral", OfUser)
def referral(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return both sides.

    UNVERIFIED: `builderRewards` are those not claimed yet, and not part of `unclaimedRewards`.
    """
    referrals, user = exchange.referrals, asked.user
    referred = referrals.referred.get(user)
    sums = {
        "cumVlm": wire_usd(ledger_of(exchange, user).volume),
        "unclaimedRewards": wire(referrals.referral_rewards.get(user, Reward()).wei(RATIO)),
        "claimedRewards": wire(referrals.claimed.get(user, 0)),
        "builderRewards": wire(referrals.builder_rewards.get(user, Reward()).wei(RATIO)),
    }
    return {
        "referredBy": None if referred is None else {"referrer": referred.referrer, "code": referred.code},
        **sums,
        "referrerState": _state(exchange, user),
        "rewardHistory": [],
        "tokenToState": [[0, sums]],
    }


def _state(exchange: "Exchange", user: str) -> dict[str, object]:
    """Return how far an account is as a referrer.

    The stage between both recorded ones, `nReferrals` and the rows' `tokenToState` are NK's.
    """
    code = exchange.referrals.code_of.get(user)
    if code is not None:
        rows = _referred(exchange, user)
        return {"stage": "ready", "data": {"code": code, "nReferrals": len(rows), "referralStates": rows}}
    lacking = GATE_USD * MICRO - ledger_of(exchange, user).volume
    if lacking > 0:
        return {"stage": "needToTrade", "data": {"required": wire_usd(lacking)}}
    return {"stage": "needToCreateCode"}


def _referred(exchange: "Exchange", referrer: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for user, referred in exchange.referrals.referred.items():
        if referred.referrer == referrer:
            sums = {
                "cumVlm": wire_usd(ledger_of(exchange, user).volume),
                "cumRewardedFeesSinceReferred": wire(referred.fees),
                "cumFeesRewardedToReferrer": wire(referred.rewarded),
            }
            identity = {"timeJoined": referred.time_ms, "user": user}
            rows.append({**sums, **identity, "tokenToState": [[0, sums]]})
    return rows
