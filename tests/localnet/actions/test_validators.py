"""Validators: registered, changed, jailed; and bids for early data."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet, LocalnetError
from harness.localnet.control.commands import carry_out
from tests.localnet.desk import Desk
from tests.localnet.transfers.test_rewards import (
    DAY_MS,
    EPOCH_MS,
    HOUSE,
    HYPE,
    MAINNET,
    OK,
    SELF,
    delegate,
    register,
    stake,
)

CHANGE: dict[str, Any] = {
    "node_ip": None,
    "name": None,
    "description": None,
    "unjailed": True,
    "disable_delegations": None,
    "commission_bps": None,
    "signer": None,
}


@pytest.fixture
def net() -> Localnet:
    """A fresh exchange with mainnet's times, which are the documented ones."""
    return Localnet(rules=MAINNET)


def change(desk: Desk, **changed: Any) -> Any:
    return desk.act({"type": "CValidatorAction", "changeProfile": CHANGE | changed})


def refused(text: str) -> dict[str, str]:
    return {"status": "err", "response": text}


def row(desk: Desk) -> dict[str, Any]:
    """Return an account as a validator."""
    rows = desk.info("validatorSummaries")
    found: dict[str, Any] = next(one for one in rows if one["validator"] == desk.address)
    return found


def test_who_registers_is_active_from_the_next_epoch(net: Localnet, desk: Desk) -> None:
    register(desk, commission_bps=400)
    assert row(desk) | {"stats": None} == {
        "validator": desk.address,
        "signer": desk.address,
        "name": "v",
        "description": "d",
        "nRecentBlocks": 0,
        "stake": SELF * HYPE,
        "isJailed": False,
        "unjailableAfter": None,
        "isActive": False,
        "commission": "0.04",
        "stats": None,
    }
    net.advance(EPOCH_MS)
    assert (row(desk)["isActive"], row(desk)["nRecentBlocks"]) == (True, 1)
    assert float(row(desk)["stats"][0][1]["predictedApr"]) == pytest.approx(0.0237 * 0.96, rel=1e-3)
    assert net.exchange.house.address not in [one["validator"] for one in desk.info("validatorSummaries")]


def test_less_than_the_self_delegation_never_gets_active(net: Localnet, desk: Desk, other: Desk) -> None:
    register(desk, hype=SELF - 1)
    net.advance(EPOCH_MS)
    assert not row(desk)["isActive"]
    stake(other, 1, None)
    assert delegate(other, HYPE, desk.address) == refused("Validator has delegations disabled")
    stake(desk, 1, desk.address)
    assert delegate(other, HYPE, desk.address) == OK
    net.advance(EPOCH_MS)
    assert row(desk)["isActive"]


def test_what_a_validator_has_to_have_is_locked_for_a_year(net: Localnet, desk: Desk) -> None:
    register(desk, hype=SELF + 5)
    net.advance(2 * DAY_MS)
    assert delegate(desk, 5 * HYPE, desk.address, back=True) == OK
    nonce = desk.nonce()
    action = {"type": "tokenDelegate", "validator": desk.address, "wei": 2 * HYPE, "isUndelegate": True}
    whole = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | action
    assert desk.send(desk.user_envelope(whole, nonce)).not_implemented


def test_a_profile_is_changed_in_what_is_named(desk: Desk, other: Desk) -> None:
    assert change(desk) == refused("Unknown validator")
    register(desk, commission_bps=400)
    assert change(desk, name="w", commission_bps=300, signer=other.address, disable_delegations=True) == OK
    now = row(desk)
    assert (now["name"], now["description"], now["commission"], now["signer"]) == (
        "w",
        "d",
        "0.03",
        other.address,
    )
    stake(other, 1, None)
    assert delegate(other, HYPE, desk.address) == refused("Validator has delegations disabled")
    assert change(desk, unjailed=False) == OK
    assert row(desk)["isJailed"]
    assert desk.act({"type": "CSignerAction", "unjailSelf": None})["status"] == "err"
    assert other.act({"type": "CSignerAction", "unjailSelf": None}) == OK
    assert not row(desk)["isJailed"]


@pytest.mark.parametrize(
    ("before", "after", "is_known"), [(400, 401, False), (50, 100, True), (50, 101, False)]
)
def test_a_commission_rises_to_one_percent_at_most(
    desk: Desk, before: int, after: int, is_known: bool
) -> None:
    register(desk, commission_bps=before)
    body = desk.envelope({"type": "CValidatorAction", "changeProfile": CHANGE | {"commission_bps": after}})
    assert desk.send(body).not_implemented != is_known


def test_two_validators_with_one_signer_are_not_guessed(desk: Desk, other: Desk) -> None:
    register(desk)
    register(other)
    body = desk.envelope({"type": "CValidatorAction", "changeProfile": CHANGE | {"signer": other.address}})
    assert desk.send(body).not_implemented
    assert change(desk, signer=desk.address) == OK


def test_who_is_not_active_cannot_jail_itself(net: Localnet, desk: Desk) -> None:
    text = refused("Signer invalid or inactive for current epoch")
    assert desk.act({"type": "CSignerAction", "jailSelf": None}) == text
    register(desk)
    assert desk.act({"type": "CSignerAction", "jailSelf": None}) == text
    net.advance(EPOCH_MS)
    assert desk.act({"type": "CSignerAction", "jailSelf": None}) == OK
    assert (row(desk)["isJailed"], row(desk)["isActive"]) == (True, True)
    net.advance(EPOCH_MS)
    assert not row(desk)["isActive"]


def test_who_was_jailed_unjails_itself_when_its_time_is_up(net: Localnet, desk: Desk) -> None:
    register(desk)
    net.advance(EPOCH_MS)
    carry_out(net, "jail", {"address": desk.address, "ms": 3 * EPOCH_MS})
    until = row(desk)["unjailableAfter"]
    assert (row(desk)["isJailed"], row(desk)["isActive"]) == (True, True)
    assert 0 < until - net.now_ms() <= 3 * EPOCH_MS
    unjail = {"type": "CSignerAction", "unjailSelf": None}
    assert desk.send(desk.envelope(unjail)).not_implemented
    body = desk.envelope({"type": "CValidatorAction", "changeProfile": CHANGE})
    assert desk.send(body).not_implemented
    net.advance(EPOCH_MS)
    assert not row(desk)["isActive"]
    net.advance(2 * EPOCH_MS)
    assert desk.act(unjail) == OK
    assert (row(desk)["isJailed"], row(desk)["unjailableAfter"]) == (False, None)


@pytest.mark.parametrize(("who", "ms"), [(HOUSE, 1), ("0x" + "12" * 20, 1), (ACCOUNTS[0].address, -1)])
def test_who_is_no_validator_cannot_be_jailed(net: Localnet, desk: Desk, who: str, ms: int) -> None:
    register(desk)
    with pytest.raises(LocalnetError, match="cannot be jailed"):
        net.jail(who, ms)


def test_unregistering_is_disabled_and_twice_is_not_guessed(desk: Desk) -> None:
    register(desk)
    assert desk.act({"type": "CValidatorAction", "unregister": None}) == refused(
        "Action disabled on this chain"
    )
    profile = {
        "node_ip": {"Ip": "1.2.3.4"},
        "name": "v",
        "description": "d",
        "delegations_disabled": False,
        "commission_bps": 0,
        "signer": desk.address,
    }
    for who in (desk, Desk(desk.net, ACCOUNTS[1].private_key)):
        asked = {"profile": profile, "unjailed": True, "initial_wei": 1}
        assert who.send(who.envelope({"type": "CValidatorAction", "register": asked})).not_implemented


def test_a_rate_is_taken_of_active_validators_and_their_agents(net: Localnet, desk: Desk) -> None:
    action = {"type": "validatorL1Stream", "riskFreeRate": "0.04"}
    assert desk.act(action) == refused("Unknown validator")
    register(desk)
    assert desk.send(desk.envelope(action)).not_implemented
    net.advance(EPOCH_MS)
    agent = Desk(net, "0x" + "13" * 32)
    assert desk.approve(agent.address, "rates") == OK
    assert agent.act(action) == OK


def test_the_27_with_the_largest_stakes_are_active(net: Localnet) -> None:
    desks = []
    for number in range(30):
        key = f"0x{number + 1:064x}"
        desk = Desk(net, key)
        net.fund(desk.address, Decimal(1))
        register(desk, hype=SELF + number)
        desks.append(desk)
    net.advance(EPOCH_MS)
    rows = {one["validator"]: one for one in desks[0].info("validatorSummaries")}
    assert sum(one["isActive"] for one in rows.values()) == 27
    assert [rows[desk.address]["isActive"] for desk in desks] == [False] * 4 + [True] * 26


def bid(desk: Desk, wei: int, slot: int = 0, ip: str = "9.9.9.9") -> Any:
    return desk.act({"type": "gossipPriorityBid", "slotId": slot, "ip": ip, "maxGas": wei})


def test_a_slot_is_bought_at_its_price_which_is_burned(net: Localnet, desk: Desk) -> None:
    before, supply = net.total_token("HYPE"), net.exchange.supply(net.exchange.universe.tokens[1105])
    low = refused("Insufficient gas at current auction price.")
    assert bid(desk, HYPE) == low
    winners, rounds = desk.info("gossipPriorityAuctionStatus")
    assert (winners, rounds[0]["currentGas"], rounds[0]["endGas"]) == ([None, None], None, "0.1")
    net.open_auction("gossip0", Decimal(1))
    now = desk.info("gossipPriorityAuctionStatus")[1][0]
    assert now["startTimeSeconds"] % 180 == 0
    price = Decimal(now["currentGas"])
    assert bid(desk, int(price * HYPE) - 10**6) == low
    assert bid(desk, 5 * HYPE) == OK
    assert bid(desk, 5 * HYPE) == low
    sold = desk.info("gossipPriorityAuctionStatus")[1][0]
    assert (sold["currentGas"], Decimal(sold["endGas"])) == (None, pytest.approx(price, rel=Decimal("0.01")))
    delta = desk.info("userNonFundingLedgerUpdates", startTime=0)[-1]["delta"]
    assert delta == {"type": "gossipPriorityGasAuction", "token": "HYPE", "amount": sold["endGas"]}
    assert net.total_token("HYPE") == before
    gone = supply - net.exchange.supply(net.exchange.universe.tokens[1105])
    assert gone == Decimal(sold["endGas"]) * HYPE
    net.advance(180_000)
    winners, rounds = desk.info("gossipPriorityAuctionStatus")
    assert winners == ["9.9.9.9", None]
    assert Decimal(rounds[0]["startGas"]) == 10 * Decimal(sold["endGas"])


def test_who_has_no_hype_buys_no_slot(net: Localnet, fresh: Desk) -> None:
    net.open_auction("gossip1")
    assert bid(fresh, HYPE, slot=1) == refused("Insufficient gas at current auction price.")


@pytest.mark.parametrize(
    "wrong", [{"slotId": 2}, {"ip": "::1"}, {"ip": "1.2.3"}, {"maxGas": HYPE + 1}, {"ip": "1.2.3.256"}]
)
def test_bids_that_nobody_has_seen_are_not_guessed(desk: Desk, wrong: dict[str, Any]) -> None:
    action = {"type": "gossipPriorityBid", "slotId": 0, "ip": "1.2.3.4", "maxGas": HYPE} | wrong
    assert desk.send(desk.envelope(action)).not_implemented
