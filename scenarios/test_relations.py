"""Who may take a share or sign for an account: builders, referrers, agents, co-signers.

Covers: POST /exchange (approveBuilderFee, order with a builder, claimRewards, registerReferrer, setReferrer,
approveAgent, convertToMultiSigUser), POST /info (maxBuilderFee, approvedBuilders, referral, extraAgents,
userToMultiSigSigners, userFills, userFillsByTime).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ApprovedBuilders,
    DefaultResponse,
    ExtraAgents,
    MaxBuilderFee,
    OrderResponse,
    Referral,
    UserFills,
    UserFillsByTime,
    UserToMultiSigSigners,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="binds the account to others for good"),
]


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, "user": trader.address, **rest})


def test_builder_earns_what_was_approved(trader, counterparty):
    """The fee is part of the fill's fee, and the builder can claim it."""
    builder = counterparty.address.lower()
    assert DefaultResponse.parse(trader.exchange.approve_builder_fee(builder, "0.05%")).ok
    assert MaxBuilderFee.parse(ask(trader, "maxBuilderFee", builder=builder)).tenths_of_bp == 50
    assert list(ApprovedBuilders.parse(ask(trader, "approvedBuilders"))) == [builder]

    opened = trader.exchange.market_open("ETH", True, 0.01, builder={"b": builder, "f": 50})
    assert OrderResponse.parse(opened).filled

    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]
    assert 0 < fill.builder_fee < fill.fee
    assert UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0))[0] == fill
    earned = Referral.parse(counterparty.info.query_referral_state(counterparty.address))
    assert earned.builderRewards == str(fill.builder_fee)
    assert DefaultResponse.parse(counterparty.post_l1_action({"type": "claimRewards"})).ok


def test_referrer_earns_a_part_of_the_fees(trader, counterparty):
    """A code is registered and used; the state of both sides tells of it."""
    assert DefaultResponse.parse(counterparty.post_l1_action({"type": "registerReferrer", "code": "DESK"})).ok
    assert DefaultResponse.parse(trader.exchange.set_referrer("DESK")).ok
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled

    mine = Referral.parse(trader.info.query_referral_state(trader.address))
    assert (mine.referredBy.code, mine.referredBy.referrer) == ("DESK", counterparty.address.lower())
    theirs = Referral.parse(counterparty.info.query_referral_state(counterparty.address))
    assert theirs.referrerState.data.code == "DESK"
    (referred,) = theirs.referrerState.data.referralStates
    assert referred.user == trader.address.lower()
    assert Decimal(referred.cumVlm) > 0


def test_code_that_nobody_has_is_refused(trader):
    """By name."""
    assert (
        DefaultResponse.parse(trader.exchange.set_referrer("NOSUCH")).refusal
        == "Referral code not registered"
    )


def test_rewards_of_nothing_cannot_be_claimed(trader):
    """The action as a whole."""
    assert DefaultResponse.parse(trader.post_l1_action({"type": "claimRewards"})).is_refused


def test_agent_has_a_name_and_an_end(trader):
    """A named agent is listed with the time until which it is valid."""
    trader.agent("night desk")

    (agent,) = ExtraAgents.parse(trader.info.extra_agents(trader.address))
    assert agent.name == "night desk"


def test_account_of_two_signers(trader, counterparty, venue):
    """Converted, the account names its signers and how many of them it takes."""
    friend = venue.stranger()
    assert DefaultResponse.parse(trader.exchange.usd_transfer(10, friend)).ok
    signers = sorted([counterparty.address.lower(), friend])

    assert DefaultResponse.parse(trader.exchange.convert_to_multi_sig_user(signers, 1)).ok

    told = UserToMultiSigSigners.parse(trader.info.query_user_to_multi_sig_signers(trader.address))
    assert sorted(told.signers.authorizedUsers) == signers
    assert told.signers.threshold == 1


def test_single_signature_is_refused_afterwards(trader, counterparty):
    """What the account signs alone no longer counts."""
    signer = counterparty.address.lower()
    assert DefaultResponse.parse(trader.exchange.convert_to_multi_sig_user([signer], 1)).ok

    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(1, False)).is_refused
