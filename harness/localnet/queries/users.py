"""`userRole`, `userRateLimit`, `userFees`, `extraAgents` and their like: who an address is, what it may."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.stakes import TIERS
from harness.localnet.numbers import MICRO, wire, wire_usd
from harness.localnet.queries.registry import OfUser, ledger_of, query
from harness.localnet.trading.fees import counted_stake, payer_of, staking_discount

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_DAY_MS: Final = 86_400_000
_FREE_REQUESTS: Final = 10_000

# Source: userFees recorded on testnet, 2026-09-18 (RIFT). The lists were cut there from 6 to 5 and from 7 to
# 5 rows; the last rows are those of the docs' fee page. UNVERIFIED: the last vip tier.
_VIP_TIERS: Final = (
    ("5000000.0", "0.0004", "0.00012", "0.0006", "0.0003"),
    ("25000000.0", "0.00035", "0.00008", "0.0005", "0.0002"),
    ("100000000.0", "0.0003", "0.00004", "0.0004", "0.0001"),
    ("500000000.0", "0.00028", "0.0", "0.00035", "0.0"),
    ("2000000000.0", "0.00026", "0.0", "0.0003", "0.0"),
    ("7000000000.0", "0.00024", "0.0", "0.00025", "0.0"),
)
_MAKER_TIERS: Final = (("0.005", "-0.00001"), ("0.015", "-0.00002"), ("0.03", "-0.00003"))
# Parts of a wei in a hundredth of a percent of the most that there can be of HYPE, 10^9.
_BPS_DECIMALS: Final = 13


@query("userRole", OfUser, weight=60)
def user_role(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return what an address is (wire rule 81)."""
    sub = exchange.sub_accounts.get(asked.user)
    if sub is not None:
        return {"role": "subAccount", "data": {"master": sub.master}}
    if asked.user in exchange.vaults:
        return {"role": "vault"}
    if exchange.ledger(asked.user) is not None:
        return {"role": "user"}
    master = exchange.signers.master_of(asked.user)
    return {"role": "missing"} if master is None else {"role": "agent", "data": {"user": master}}


@query("userRateLimit", OfUser)
def user_rate_limit(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return the address budget (wire rule 106)."""
    ledger = ledger_of(exchange, asked.user)
    return {
        "cumVlm": wire_usd(ledger.volume),
        "nRequestsUsed": max(ledger.requests_used - ledger.requests_reserved, 0),
        "nRequestsCap": _FREE_REQUESTS + ledger.volume // MICRO,
        "nRequestsSurplus": max(ledger.requests_reserved - ledger.requests_used, 0),
    }


@query("extraAgents", OfUser)
def extra_agents(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return the named agents, oldest first (wire rule 80)."""
    return [
        {"name": agent.name, "address": agent.address, "validUntil": agent.valid_until_ms}
        for agent in exchange.signers.named_agents(asked.user)
    ]


@query("userFees", OfUser)
def user_fees(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return volumes and fee rates: everybody is on the lowest level (wire rule 85).

    What `trial` says of a fee trial is not known, so it is null even then.
    """
    rules = exchange.rules
    taker, maker = wire(rules.taker_fee, 5), wire(rules.maker_fee, 5)
    ledger = ledger_of(exchange, asked.user)
    payer = payer_of(exchange, ledger)
    discount = staking_discount(exchange, payer.address)
    share = 100 - discount
    on_trial = exchange.fee_trials.get(ledger.address)
    return {
        "dailyUserVlm": _daily_volumes(exchange, ledger),
        "feeSchedule": {
            "cross": taker,
            "add": maker,
            "spotCross": "0.0007",
            "spotAdd": "0.0004",
            "tiers": {
                "vip": [
                    dict(zip(("ntlCutoff", "cross", "add", "spotCross", "spotAdd"), tier, strict=True))
                    for tier in _VIP_TIERS
                ],
                "mm": [{"makerFractionCutoff": cutoff, "add": add} for cutoff, add in _MAKER_TIERS],
            },
            "referralDiscount": "0.04",
            "stakingDiscountTiers": [
                {"bpsOfMaxSupply": wire(tier.above, _BPS_DECIMALS), "discount": wire(tier.discount, 2)}
                for tier in TIERS
            ],
        },
        # The documented example has a stake's discount in these rates, and the docs' formula for developers
        # takes a referral's off them.
        "userCrossRate": wire(rules.taker_fee * share, 7),
        "userAddRate": wire(rules.maker_fee * share, 7),
        "userSpotCrossRate": wire(rules.spot_taker_fee * share, 7),
        "userSpotAddRate": wire(rules.spot_maker_fee * share, 7),
        "activeReferralDiscount": wire(100 - exchange.referrals.share(payer.address, payer.volume), 2),
        "trial": None,
        "feeTrialEscrow": wire_usd(0 if on_trial is None else on_trial.escrow),
        "nextTrialAvailableTimestamp": None,
        "stakingLink": exchange.staking_links.row(asked.user),
        "activeStakingDiscount": {
            "bpsOfMaxSupply": wire(counted_stake(exchange, payer.address), _BPS_DECIMALS),
            "discount": wire(discount, 2),
        },
    }


def _daily_volumes(exchange: "Exchange", ledger: Ledger) -> list[dict[str, str]]:
    """Return the last 15 days, today last. How many rows the exchange gives is UNVERIFIED."""
    today = exchange.now_ms() // _DAY_MS
    rows: list[dict[str, str]] = []
    for day in range(today - 14, today + 1):
        taken, made = ledger.daily_volume.get(day, (0, 0))
        rows.append(
            {
                "date": datetime.fromtimestamp(day * _DAY_MS // 1000, UTC).strftime("%Y-%m-%d"),
                "userCross": wire_usd(taken),
                "userAdd": wire_usd(made),
                "exchange": wire_usd(exchange.daily_volume.get(day, 0)),
            }
        )
    return rows


@query("isVip", OfUser)
def is_vip(exchange: "Exchange", asked: OfUser) -> bool | None:
    """Say that nobody here is a VIP; NK has a flag or null. UNVERIFIED: that null is no account."""
    return None if exchange.ledger(asked.user) is None else False


@query("legalCheck", OfUser)
def legal_check(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return what the web page may show, in the form of NK: an account is allowed, a stranger is not (NK).

    What it keeps from whom is told by control (`Localnet.restrict`). UNVERIFIED: that every account has
    accepted the terms, and that one whose actions are blocked is not allowed.
    """
    exists = exchange.ledger(asked.user) is not None
    restricted = exchange.restrictions.get(asked.user, "n")
    return {"acceptedTerms": exists, "userAllowed": exists and restricted != "a", "restrictions": restricted}
