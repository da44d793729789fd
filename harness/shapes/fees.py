"""Fees, limits and referrals of an account: userFees, userRateLimit, maxBuilderFee, referral.

Source: wire rules 83, 85, 106 and 161; API docs, "Info endpoint"; nktkas/hyperliquid
for keys without a recording here.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, UnsetType

from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    Count,
    Figure,
    Millis,
    Number,
    Rows,
    Shape,
    only,
    since,
    until,
)
from harness.shapes.differences import RuleError


class UserRateLimit(Shape, frozen=True):
    """The answer to userRateLimit: the address budget (wire rule 106).

    `cum_vlm` in USDC. `nRequestsSurplus`, bought requests, is absent in recordings up to August 2025.
    """

    cumVlm: Amount
    nRequestsUsed: Count
    nRequestsCap: Count
    nRequestsSurplus: Annotated[Count | UnsetType, since("2025-09")] = UNSET

    cum_vlm = Figure("cumVlm")

    @property
    def requests_used(self) -> int:
        """Requests counted so far."""
        return self.nRequestsUsed

    @property
    def requests_cap(self) -> int:
        """Requests allowed so far."""
        return self.nRequestsCap


Date = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", extra={"expected": "a date such as 2026-09-04"}),
]


class DayVolume(Shape, frozen=True):
    """One day's volume in USDC: the user's as taker and as maker, and the whole exchange's."""

    date: Date
    userCross: Amount
    userAdd: Amount
    exchange: Amount


class VipTier(Shape, frozen=True):
    """Fees from a 14-day volume on."""

    ntlCutoff: Amount
    cross: Number
    add: Number
    spotCross: Number
    spotAdd: Number


class MakerTier(Shape, frozen=True):
    """Maker fee from a share of the exchange's maker volume on."""

    makerFractionCutoff: Amount
    add: Number


class FeeTiers(Shape, frozen=True):
    """All fee tiers above the lowest."""

    vip: tuple[VipTier, ...]
    mm: tuple[MakerTier, ...]


class StakingDiscount(Shape, frozen=True):
    """A discount for staking."""

    bpsOfMaxSupply: Amount
    discount: Amount


class FeeSchedule(Shape, frozen=True):
    """The fees of everybody, as fractions: `cross` for takers, `add` for makers."""

    cross: Number
    add: Number
    spotCross: Number
    spotAdd: Number
    tiers: FeeTiers
    referralDiscount: Amount
    stakingDiscountTiers: tuple[StakingDiscount, ...]


class StakingLink(Shape, frozen=True):
    """A link to a staking account; which address it names depends on who asks."""

    type: Literal["requested", "tradingUser", "stakingUser"]
    stakingUser: Annotated[Address | UnsetType, only("but for a staking user")] = UNSET
    tradingUser: Annotated[Address | UnsetType, only("for a staking user")] = UNSET

    def __post_init__(self) -> None:
        wanted, other = (
            ("tradingUser", "stakingUser") if self.type == "stakingUser" else ("stakingUser", "tradingUser")
        )
        if getattr(self, wanted) is UNSET:
            raise RuleError(wanted, "nothing", f"an address, since the type is {self.type}", "missing-field")
        if getattr(self, other) is not UNSET:
            raise RuleError(
                other,
                repr(getattr(self, other)),
                f"no such key, since the type is {self.type}",
                "unknown-field",
            )


class UserFees(Shape, frozen=True):
    """The answer to userFees: rates as fractions (0.00045 is 0.045 %), volumes in USDC.

    `trial` has only been seen null. `feeTrialEscrow` is also a key of fills (nktkas/hyperliquid #183).
    """

    dailyUserVlm: tuple[DayVolume, ...]
    feeSchedule: FeeSchedule
    userCrossRate: Number
    userAddRate: Number
    userSpotCrossRate: Number
    userSpotAddRate: Number
    activeReferralDiscount: Amount
    trial: dict[str, Any] | None
    feeTrialEscrow: Amount
    nextTrialAvailableTimestamp: Millis | None
    stakingLink: StakingLink | None
    activeStakingDiscount: StakingDiscount

    cross_rate = Figure("userCrossRate")
    add_rate = Figure("userAddRate")
    spot_cross_rate = Figure("userSpotCrossRate")
    spot_add_rate = Figure("userSpotAddRate")


@dataclass(frozen=True, slots=True)
class MaxBuilderFee(Answer):
    """The answer to maxBuilderFee: the approved cap in tenths of a basis point (wire rule 83)."""

    WIRE: ClassVar[Any] = Count

    tenths_of_bp: int


class ApprovedBuilders(Rows[str]):
    """The answer to approvedBuilders: the builders' addresses."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Address, ...]


class Referrer(Shape, frozen=True):
    """Who brought the account."""

    referrer: Address
    code: str


class TokenRewards(Shape, frozen=True):
    """Volume and rewards in one quote token."""

    cumVlm: Amount
    unclaimedRewards: Amount
    claimedRewards: Amount
    builderRewards: Amount


class ReferredVolume(Shape, frozen=True):
    """What one referred account brought, in one quote token."""

    cumVlm: Amount
    cumRewardedFeesSinceReferred: Amount
    cumFeesRewardedToReferrer: Amount


class ReferredUser(Shape, frozen=True):
    """One referred account; the API page leaves out `tokenToState`."""

    cumVlm: Amount
    cumRewardedFeesSinceReferred: Amount
    cumFeesRewardedToReferrer: Amount
    timeJoined: Millis
    user: Address
    tokenToState: Annotated[tuple[tuple[Count, ReferredVolume], ...] | UnsetType, since("2026")] = UNSET


class ReferrerData(Shape, frozen=True):
    """A referrer with a code; the API page leaves out `nReferrals`."""

    code: str
    referralStates: tuple[ReferredUser, ...]
    nReferrals: Annotated[Count | UnsetType, since("2026")] = UNSET


class VolumeMissing(Shape, frozen=True):
    """The volume in USDC that is missing before a code may be made."""

    required: Amount


class ReadyReferrer(Shape, frozen=True, tag_field="stage", tag="ready"):
    """The account has a code."""

    data: ReferrerData


class CodelessReferrer(Shape, frozen=True, tag_field="stage", tag="needToCreateCode"):
    """The account may make a code."""


class TradingReferrer(Shape, frozen=True, tag_field="stage", tag="needToTrade"):
    """The account must trade before it may make a code."""

    data: VolumeMissing


_LEGACY = until("2026-01")


class RewardPayment(Shape, frozen=True):
    """One reward in the past, before claims became rows of the ledger (API docs, "Info endpoint")."""

    earned: Annotated[Amount, _LEGACY]
    vlm: Annotated[Amount, _LEGACY]
    referralVlm: Annotated[Amount, _LEGACY]
    time: Annotated[Millis, _LEGACY]


class Referral(Shape, frozen=True):
    """The answer to referral. `tokenToState` is a list of pairs; the API page has it flat (wire rule 161)."""

    referredBy: Referrer | None
    cumVlm: Amount
    unclaimedRewards: Amount
    claimedRewards: Amount
    builderRewards: Amount
    referrerState: ReadyReferrer | CodelessReferrer | TradingReferrer
    rewardHistory: tuple[RewardPayment, ...]
    tokenToState: tuple[tuple[Count, TokenRewards], ...]

    cum_vlm = Figure("cumVlm")
