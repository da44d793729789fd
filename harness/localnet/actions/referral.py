"""`registerReferrer`, `setReferrer`, `claimRewards` (wire rule 161)."""

import re
from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.referrals import GATE_USD, Referred
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import MICRO, cents, wire
from harness.localnet.transfers.money import RATIO, enter

# What the official page lets a user type. UNVERIFIED.
_CODE: Final = re.compile(r"[A-Za-z0-9]{1,20}", re.ASCII)


class RegisterReferrerAction(TypedAction):
    """A code of one's own."""

    code: str = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for codes that are taken or odd, and for a second one: the texts are not known."""
        referrals = call.exchange.referrals
        if call.account.volume < GATE_USD * MICRO:
            return
        if self.code in referrals.owner_of or call.account.address in referrals.code_of:
            raise NotCovered("a referral code that is taken, or a second one")
        if not _CODE.fullmatch(self.code):
            raise NotCovered("a referral code of other characters, or a long one")


@action("registerReferrer", RegisterReferrerAction)
def register_referrer(call: Call, asked: RegisterReferrerAction) -> dict[str, object]:
    """Register a code. That the refusal ends as those of other gates do is UNVERIFIED."""
    account = call.account
    if account.volume < GATE_USD * MICRO:
        raise Refused(messages.volume_gate("generate referral code", GATE_USD, cents(account.volume)))
    call.exchange.referrals.register(account.address, asked.code)
    return OK


class SetReferrerAction(TypedAction):
    """Somebody else's code."""

    code: str = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for one's own code and for a second referrer: the texts are not known."""
        referrals = call.exchange.referrals
        owner = referrals.owner_of.get(self.code)
        if owner == call.account.address:
            raise NotCovered("a referral code of one's own")
        if owner is not None and call.account.address in referrals.referred:
            raise NotCovered("a second referrer")


@action("setReferrer", SetReferrerAction)
def set_referrer(call: Call, asked: SetReferrerAction) -> dict[str, object]:
    """Come by a code."""
    exchange, address = call.exchange, call.account.address
    owner = exchange.referrals.owner_of.get(asked.code)
    if owner is None:
        raise Refused(messages.NO_REFERRAL_CODE)
    exchange.referrals.referred[address] = Referred(owner, asked.code, exchange.now_ms())
    return OK


class ClaimRewardsAction(Action):
    """Nothing but its type."""

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type}


@action("claimRewards", ClaimRewardsAction)
def claim_rewards(call: Call, asked: ClaimRewardsAction) -> dict[str, object]:
    """Pay out rewards of referrals and builder fees.

    UNVERIFIED: they go to spot, and the row's form (NK, `rewardsClaim`).
    """
    exchange, account = call.exchange, call.account
    reward = exchange.referrals.claim(account.address)
    wei = reward.wei(RATIO)
    if not wei:
        raise Refused(messages.NO_REWARDS)
    exchange.fees -= reward.perp
    exchange.add_token_fee(USDC, -reward.spot)
    account.tokens_of(USDC.index).total += wei
    exchange.referrals.claimed[account.address] = exchange.referrals.claimed.get(account.address, 0) + wei
    delta: dict[str, object] = {"type": "rewardsClaim", "amount": wire(wei), "token": USDC.name}
    enter(exchange, delta, account)
    return OK
