"""Builders, referrals, staking, deployers and portfolios, laid beside recorded and documented answers."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk
from tests.localnet.test_against_recordings import form, pytestmark, recorded

__all__ = ["pytestmark"]

VALIDATOR = "0xa012b9040d83c5cbad9e6ea73c525027b755f596"
HYPE = 10**8
HALT = {"type": "perpDeploy", "haltTrading": {"coin": "test:BTC", "isHalted": True}}


def staked() -> Desk:
    """Return a desk that has deposited and delegated."""
    desk = Desk(Localnet())
    desk.user_act({"type": "cDeposit", "wei": 2 * HYPE})
    desk.user_act({"type": "tokenDelegate", "validator": VALIDATOR, "wei": HYPE, "isUndelegate": False})
    return desk


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("delegatorSummary", ["info_delegatorSummary__survey", "info_delegatorSummary__docs_200_ok"]),
        ("delegations", ["info_delegations__docs_200_ok"]),
        ("delegatorHistory", ["info_delegatorHistory__sdk_delegator_history"]),
        ("perpDeployAuctionStatus", ["info_perpDeployAuctionStatus__docs_200_ok_successful_response"]),
        (
            "spotPairDeployAuctionStatus",
            ["info_spotPairDeployAuctionStatus__docs_200_ok_successful_response"],
        ),
    ],
)
def test_an_answer_has_the_recorded_form(kind: str, names: list[str]) -> None:
    ours = form(staked().info(kind))
    assert all(form(recorded(name)) == ours for name in names)


def test_a_portfolio_has_the_recorded_periods_and_fields() -> None:
    ours = Desk(Localnet()).info("portfolio")
    theirs = recorded("info_portfolio__sdk_portfolio")
    assert [name for name, _ in ours][:5] == [name for name, _ in theirs]
    assert form(ours[0][1]) == form(theirs[0][1])


def test_a_referral_has_the_recorded_fields(fresh: Desk) -> None:
    theirs = recorded("info_referral__tuxedo_need_to_trade")
    ours = fresh.info("referral")
    assert ours.keys() == theirs.keys()
    assert ours["tokenToState"][0][1].keys() == theirs["tokenToState"][0][1].keys()
    assert form(ours["referrerState"]) == form(theirs["referrerState"])


def test_a_referrer_has_the_documented_fields(desk: Desk, fresh: Desk) -> None:
    """And two that are newer (NK)."""
    desk.act({"type": "registerReferrer", "code": "TEST"})
    fresh.act({"type": "setReferrer", "code": "TEST"})
    theirs = recorded("info_referral__docs_200_ok")
    ours = desk.info("referral")["referrerState"]
    assert ours["data"].pop("nReferrals") == 1
    assert [token for token, _ in ours["data"]["referralStates"][0].pop("tokenToState")] == [0]
    assert form(ours) == form(theirs["referrerState"])
    assert form(fresh.info("referral")["referredBy"]) == form(theirs["referredBy"])


@pytest.mark.parametrize(
    ("name", "act"),
    [
        (
            "exchange_perpDeploy__sonirico_unknown_coin",
            lambda desk: desk.act(
                {"type": "perpDeploy", "haltTrading": {"coin": "test:BTC", "isHalted": True}}
            ),
        ),
        (
            "exchange_evmUserModify__shield_ok",
            lambda desk: desk.act({"type": "evmUserModify", "usingBigBlocks": False}),
        ),
        (
            "exchange_setReferrer__shield_unknown",
            lambda desk: desk.act({"type": "setReferrer", "code": "NOPE"}),
        ),
        ("info_maxBuilderFee__survey_zero", lambda desk: desk.info("maxBuilderFee", builder=VALIDATOR)),
    ],
)
def test_an_answer_is_the_recorded_one(desk: Desk, name: str, act: Callable[[Desk], Any]) -> None:
    assert act(desk) == recorded(name)
