"""Deployers, validators and bidders who are none: all of them refused, each in its own words."""

from typing import Any

import pytest

from tests.localnet.desk import Desk

ZERO = "0x" + "00" * 20
IP = {"Ip": "1.2.3.4"}
PROFILE = {
    "node_ip": IP,
    "name": "...",
    "description": "...",
    "delegations_disabled": True,
    "commission_bps": 1,
    "signer": ZERO,
}


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ({"type": "perpDeploy", "setFundingMultipliers": [["TEST0", "1"]]}, "Unknown coin TEST0"),
        ({"type": "perpDeploy", "haltTrading": {"coin": "TEST0", "isHalted": True}}, "Unknown coin TEST0"),
        ({"type": "perpDeploy", "setMarginTableIds": [["TEST0", 1]]}, "Unknown coin TEST0"),
        ({"type": "perpDeploy", "setOpenInterestCaps": [["TEST0", 1]]}, "Unknown coin TEST0"),
        (
            {"type": "perpDeploy", "setFeeRecipient": {"dex": "test", "feeRecipient": ZERO}},
            "Invalid perp deployer",
        ),
        (
            {
                "type": "perpDeploy",
                "setSubDeployers": {
                    "dex": "test",
                    "subDeployers": [{"variant": "setOracle", "user": ZERO, "allowed": True}],
                },
            },
            "Invalid perp deployer",
        ),
        ({"type": "perpDeploy", "setFeeScale": {"dex": "test", "scale": "2.5"}}, "Invalid perp deployer"),
        (
            {"type": "finalizeEvmContract", "token": 0, "input": {"create": {"nonce": 0}}},
            "Error deploying spot: Pending EVM contract missing",
        ),
        (
            {"type": "finalizeEvmContract", "token": 0, "input": "firstStorageSlot"},
            "Error deploying spot: Pending EVM contract missing",
        ),
        ({"type": "validatorL1Stream", "riskFreeRate": "0.05"}, "Unknown validator"),
        (
            {
                "type": "CValidatorAction",
                "register": {"profile": PROFILE, "unjailed": False, "initial_wei": 1},
            },
            "Validator has delegations disabled",
        ),
        (
            {
                "type": "CValidatorAction",
                "register": {
                    "profile": PROFILE | {"delegations_disabled": False},
                    "unjailed": False,
                    "initial_wei": 1,
                },
            },
            "Insufficient stake",
        ),
        ({"type": "perpDeploy", "haltTrading": {"coin": "BTC", "isHalted": True}}, "Invalid perp deployer"),
        ({"type": "perpDeploy", "setFeeScale": {"dex": "nope", "scale": "1"}}, "Invalid perp DEX"),
        ({"type": "perpDeploy", "setFeeScale": {"dex": "", "scale": "1"}}, "Invalid perp DEX"),
    ],
)
def test_what_only_others_may_do_is_refused(desk: Desk, action: dict[str, Any], text: str) -> None:
    assert desk.act(action) == {"status": "err", "response": text}


@pytest.mark.parametrize(
    "action",
    [
        {"type": "perpDeploy", "setMarginTableIds": []},
        {"type": "gossipPriorityBid", "slotId": 0, "ip": "1.2.3.4", "maxGas": 100_000_001},
        {"type": "setDisplayName", "displayName": "x" * 17},
        {"type": "reserveRequestWeight", "weight": 0},
    ],
)
def test_what_nobody_has_seen_is_not_guessed(desk: Desk, action: dict[str, Any]) -> None:
    assert desk.send(desk.envelope(action)).not_implemented


@pytest.mark.parametrize(
    "action",
    [
        {"type": "perpDeploy"},
        {"type": "perpDeploy", "haltTrading": {"coin": "x", "isHalted": 1}},
        {
            "type": "perpDeploy",
            "setMarginTableIds": [["a", 1]],
            "haltTrading": {"coin": "x", "isHalted": True},
        },
        {"type": "CSignerAction", "unjailSelf": {}},
        {"type": "CSignerAction"},
        {"type": "CValidatorAction", "unregister": 1},
        {"type": "spotDeploy", "registerSpot": {"tokens": [1]}},
        {"type": "evmUserModify", "usingBigBlocks": "yes"},
        {"type": "agentEnableDexAbstraction", "enabled": True},
    ],
)
def test_other_forms_do_not_deserialize(desk: Desk, action: dict[str, Any]) -> None:
    answer = desk.send(desk.envelope(action))
    assert (answer.status, answer.not_implemented) == (422, False)


def test_the_signature_is_over_the_action_in_its_own_order(desk: Desk) -> None:
    action = {"type": "perpDeploy", "haltTrading": {"isHalted": True, "coin": "TEST0"}}
    ordered = {"type": "perpDeploy", "haltTrading": {"coin": "TEST0", "isHalted": True}}
    assert desk.act(action, signed=ordered)["response"] == "Unknown coin TEST0"
    assert desk.act(action)["response"].startswith("User or API Wallet 0x")


def test_the_whole_of_the_exchange_can_be_asked_for(desk: Desk) -> None:
    now_s = desk.net.clock.now_ms() // 1000
    for kind in ("perpDeployAuctionStatus", "spotPairDeployAuctionStatus"):
        auction = desk.info(kind)
        begun = auction.pop("startTimeSeconds")
        assert begun <= now_s < begun + auction["durationSeconds"]
        assert auction == {
            "durationSeconds": 111_600,
            "startGas": "500.0",
            "currentGas": "500.0",
            "endGas": None,
        }
    over = desk.info("spotDeployState")
    assert (over["states"], over["gasAuction"]["endGas"]) == ([], "500.0")
    assert [dex and dex["name"] for dex in desk.info("perpDexs")] == [None, "test"]
    assert desk.info("allPerpMetas") == [desk.info("meta", dex=dex) for dex in ("", "test")]
    assert desk.info("exchangeStatus")["specialStatuses"] is None
