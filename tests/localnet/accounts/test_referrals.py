"""Referral codes, the discount of the referred, and what their referrer gets."""

from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, quiet

OK = {"status": "ok", "response": {"type": "default"}}


def register(desk: Desk, code: str = "FRIEND") -> Any:
    return desk.act({"type": "registerReferrer", "code": code})


def come_by(desk: Desk, code: str = "FRIEND") -> Any:
    return desk.act({"type": "setReferrer", "code": code})


def test_a_code_needs_10_000_usd_of_volume(fresh: Desk) -> None:
    assert fresh.info("referral")["referrerState"] == {
        "stage": "needToTrade",
        "data": {"required": "10000.0"},
    }
    text = "Cannot generate referral code until enough volume traded. Required: $10000. Traded: $0.00."
    assert register(fresh) == {"status": "err", "response": text}


def test_the_stages_of_a_referrer(desk: Desk, fresh: Desk) -> None:
    assert desk.info("referral")["referrerState"] == {"stage": "needToCreateCode"}
    assert come_by(fresh) == {"status": "err", "response": "Referral code not registered"}
    assert register(desk) == OK
    assert come_by(fresh) == OK
    assert fresh.info("referral")["referredBy"] == {"referrer": desk.address, "code": "FRIEND"}
    state = desk.info("referral")["referrerState"]
    assert (state["stage"], state["data"]["code"]) == ("ready", "FRIEND")
    assert [row["user"] for row in state["data"]["referralStates"]] == [fresh.address]
    assert state["data"]["nReferrals"] == 1


def test_the_referred_pay_4_percent_less_and_the_referrer_gets_a_tenth(desk: Desk, fresh: Desk) -> None:
    register(desk)
    come_by(fresh)
    quiet(desk.net, ask="3100")
    before = desk.net.total_usd()
    fresh.place(p="3100", s="0.1", tif="Ioc")
    # 310 USD at 0.045% are 0.1395.
    assert fresh.info("userFills")[0]["fee"] == "0.13392"
    mine = desk.info("referral")
    assert mine["unclaimedRewards"] == "0.013392"
    (row,) = mine["referrerState"]["data"]["referralStates"]
    assert row["cumRewardedFeesSinceReferred"] == "0.13392"
    assert row["cumFeesRewardedToReferrer"] == "0.013392"
    assert mine["tokenToState"][0][1]["unclaimedRewards"] == "0.013392"
    assert desk.net.total_usd() == before
    fees = fresh.info("userFees")
    assert (fees["activeReferralDiscount"], fees["userCrossRate"]) == ("0.04", "0.00045")


def test_what_is_not_known_of_codes_is_not_guessed(desk: Desk, other: Desk, fresh: Desk) -> None:
    register(desk)
    come_by(fresh)
    register(other, "OTHER")
    for who, action in (
        (desk, {"type": "registerReferrer", "code": "SECOND"}),
        (Desk(desk.net, ACCOUNTS[2].private_key), {"type": "registerReferrer", "code": "FRIEND"}),
        (Desk(desk.net, ACCOUNTS[2].private_key), {"type": "registerReferrer", "code": "no code"}),
        (desk, {"type": "setReferrer", "code": "FRIEND"}),
        (fresh, {"type": "setReferrer", "code": "OTHER"}),
    ):
        assert who.send(who.envelope(action)).not_implemented


@pytest.mark.parametrize("code", ["FRIEND", ""])
def test_an_agent_comes_by_a_code_for_its_master(net: Localnet, desk: Desk, code: str) -> None:
    agent = Desk(net, "0x" + "13" * 32)
    desk.approve(agent.address)
    assert come_by(agent, code)["status"] == "err"
