"""Fees less by a stake: one's own, or that of an account that stakes for another.

Covers: POST /exchange (linkStakingUser, stakingLinkDisableTradingUser, tokenDelegate, order), POST /info
(userFees, userFills).
"""

import pytest

from harness.shapes import DefaultResponse, OrderResponse, UserFees, UserFills

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="a link is for ever, and its stake is locked"),
]

VALIDATOR = "0xa012b9040d83c5cbad9e6ea73c525027b755f596"
HYPE_WEI = 10**8


def fees_of(trader):
    """Return what the account pays."""
    return UserFees.parse(trader.info.user_fees(trader.address))


def link(trader, other, *, is_finalize):
    """Send one side of a link."""
    action = {"type": "linkStakingUser", "user": other.address, "isFinalize": is_finalize}
    return DefaultResponse.parse(trader.post_user_signed_action(action))


@pytest.fixture
def staker(counterparty, localnet):
    """The second account, with 2,000 HYPE delegated: Silver."""
    localnet.fund_token(counterparty.address, "HYPE", 2_000)
    deposit = counterparty.post_user_signed_action({"type": "cDeposit", "wei": 2_000 * HYPE_WEI})
    assert DefaultResponse.parse(deposit).ok
    delegated = counterparty.exchange.token_delegate(VALIDATOR, 2_000 * HYPE_WEI, False)
    assert DefaultResponse.parse(delegated).ok
    return counterparty


def test_stake_takes_its_tier_off_the_fees(staker):
    """15 % for more than 1,000 HYPE, of which the figure is in hundredths of a percent of a billion."""
    fees = fees_of(staker)

    assert (fees.activeStakingDiscount.discount, fees.activeStakingDiscount.bpsOfMaxSupply) == (
        "0.15",
        "0.02",
    )
    assert fees.userCrossRate == "0.0003825"
    assert fees.stakingLink is None


def test_link_is_asked_for_and_then_finalized(trader, staker):
    """The one that stakes gives its discount away."""
    assert link(trader, staker, is_finalize=False).ok
    asked = fees_of(trader).stakingLink
    assert (asked.type, asked.stakingUser) == ("requested", staker.address.lower())

    assert link(staker, trader, is_finalize=True).ok
    assert fees_of(trader).stakingLink.type == "tradingUser"
    given = fees_of(staker).stakingLink
    assert (given.type, given.tradingUser) == ("stakingUser", trader.address.lower())
    assert fees_of(trader).activeStakingDiscount.discount == "0.15"
    assert fees_of(staker).activeStakingDiscount.discount == "0.0"


@pytest.mark.spends
def test_linked_account_pays_less_for_a_fill(trader, staker, localnet):
    """What the fill says is the rate of the tier."""
    link(trader, staker, is_finalize=False)
    link(staker, trader, is_finalize=True)
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", bids=[("2999", "5")], asks=[("3000", "5")])

    placed = trader.exchange.order("ETH", True, 0.1, 3000, {"limit": {"tif": "Ioc"}})

    assert OrderResponse.parse(placed).filled
    assert str(UserFills.parse(trader.info.user_fills(trader.address))[0].fee) == "0.11475"


def test_staking_account_can_lock_the_trading_one(trader, staker):
    """Nobody else can, and not before there is a link."""
    lock = {"type": "stakingLinkDisableTradingUser", "tradingUser": trader.address}
    assert DefaultResponse.parse(staker.post_user_signed_action(lock)).refusal == "Staking link error"
    link(trader, staker, is_finalize=False)
    link(staker, trader, is_finalize=True)

    assert DefaultResponse.parse(staker.post_user_signed_action(lock)).ok
