"""Signers, nonces, expiry, agents."""

import json
from typing import Any

import pytest

from harness import signing
from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.accounts.auth import REMOVAL_MS
from tests.localnet.desk import Desk, leverage, order, orders

STRANGER = "0x" + "42" * 32
DAY_MS = 86_400_000
NOBODY = "0x" + "00" * 20


def err(answer: dict[str, str]) -> str:
    assert answer["status"] == "err", answer
    return answer["response"]


def stranger(net: Localnet, digit: int = 0x42) -> Desk:
    return Desk(net, "0x" + f"{digit:02x}" * 32)


def test_an_unknown_signer_does_not_exist(net: Localnet) -> None:
    desk = stranger(net)
    assert err(desk.act({"type": "noop"})) == f"User or API Wallet {desk.address} does not exist."


def test_a_user_signed_action_of_an_unknown_signer_needs_a_deposit(net: Localnet) -> None:
    desk = stranger(net)
    assert (
        err(desk.approve("0x" + "11" * 20)) == f"Must deposit before performing actions. User: {desk.address}"
    )


def test_a_signature_that_fits_no_point_has_no_signer(desk: Desk) -> None:
    body = desk.envelope({"type": "noop"}) | {"signature": {"r": "0x0", "s": "0x0", "v": 27}}
    assert json.loads(desk.send(body).body)["response"] == "Unable to recover signer."


def test_the_signed_form_is_the_normalised_one(desk: Desk) -> None:
    normal = order(p="3000", s="0.01", c="0x" + "ab" * 16)
    loose = order(p="3000.00", s="0.010", c="0x" + "AB" * 16)
    answer = desk.act(orders(loose), signed=orders(normal))
    assert "resting" in answer["response"]["data"]["statuses"][0]
    assert err(desk.act(orders(loose))).startswith("User or API Wallet 0x")


def test_a_cloid_without_prefix_parses_and_is_signed_with_it(desk: Desk) -> None:
    bare, whole = order(c="ab" * 16), order(c="0x" + "ab" * 16)
    assert desk.act(orders(bare), signed=orders(whole))["status"] == "ok"
    assert err(desk.act(orders(bare))).endswith("does not exist.")


def test_the_order_of_keys_and_left_out_defaults_do_not_matter(desk: Desk) -> None:
    signed = orders(order())
    sent = {
        "orders": [{"t": {"limit": {"tif": "Gtc"}}, "s": "0.01", "p": "3000", "b": True, "a": 4, "x": 1}],
        "type": "order",
    }
    assert desk.act(sent, signed=signed)["status"] == "ok"


def test_a_signature_for_mainnet_is_somebody_elses(desk: Desk) -> None:
    action, nonce = {"type": "noop"}, desk.nonce()
    signature = signing.sign_l1_action(action, desk.key, nonce, is_mainnet=True)
    answer = desk.send({"action": action, "nonce": nonce, "signature": signature.as_wire()})
    assert b"does not exist" in answer.body


def test_a_nonce_works_once_also_when_the_action_is_refused(desk: Desk) -> None:
    nonce = desk.nonce()
    assert err(desk.act(leverage(0), nonce=nonce)) == "Invalid leverage value"
    assert err(desk.act({"type": "noop"}, nonce=nonce)) == f"Invalid nonce: duplicate nonce {nonce}"


@pytest.mark.parametrize(("offset", "word", "sign"), [(-2 * DAY_MS, "low", "<"), (DAY_MS, "high", ">")])
def test_a_nonce_must_be_inside_its_window(desk: Desk, offset: int, word: str, sign: str) -> None:
    inside = desk.net.clock.now_ms() + offset + (120_000 if offset < 0 else -120_000)
    assert desk.act({"type": "noop"}, nonce=inside + (200 if offset < 0 else 0))["status"] == "ok"
    now = desk.net.clock.now_ms()
    nonce = now + offset
    bound = now + offset + (120_000 if offset < 0 else -120_000)
    assert (
        err(desk.act({"type": "noop"}, nonce=nonce))
        == f"Invalid nonce: nonce too {word} {nonce} {sign} {bound}"
    )


def test_an_expired_action_uses_its_nonce_and_five_requests(desk: Desk) -> None:
    nonce = desk.nonce()
    past = desk.net.clock.now_ms() - 1
    assert err(desk.act({"type": "noop"}, nonce=nonce, expires_after=past)) == "Action already expired"
    assert err(desk.act({"type": "noop"}, nonce=nonce)) == f"Invalid nonce: duplicate nonce {nonce}"
    assert desk.info("userRateLimit")["nRequestsUsed"] == 5


def test_an_action_that_has_not_expired_is_carried_out(desk: Desk) -> None:
    later = desk.net.clock.now_ms() + 10_000
    assert desk.act({"type": "noop"}, expires_after=later)["status"] == "ok"


def test_a_vault_that_is_none_is_refused_and_keeps_the_nonce(desk: Desk) -> None:
    vault, nonce = "0x" + "ab" * 20, desk.nonce()
    assert err(desk.act({"type": "noop"}, nonce=nonce, vault=vault)) == f"Vault not registered: {vault}"
    assert desk.act({"type": "noop"}, nonce=nonce)["status"] == "ok"


def test_a_user_signed_action_has_no_expiry(desk: Desk) -> None:
    answer = desk.user_act(
        {"type": "approveAgent", "agentAddress": "0x" + "11" * 20},
        expiresAfter=desk.net.clock.now_ms() + 1_000,
    )
    assert err(answer) == "Action does not support expires_after"


def test_the_own_nonce_of_a_user_signed_action_must_be_the_envelopes(desk: Desk) -> None:
    answer = desk.user_act({"type": "approveAgent", "agentAddress": "0x" + "11" * 20}, nonce=desk.nonce() + 7)
    assert err(answer) == "Nonce mismatch."


def test_a_user_signed_action_for_mainnet_is_refused(desk: Desk) -> None:
    body: dict[str, Any] = {
        "action": {
            "type": "approveAgent",
            "signatureChainId": "0xa4b1",
            "hyperliquidChain": "Mainnet",
            "agentAddress": "0x" + "11" * 20,
            "nonce": 1,
        },
        "nonce": 1,
        "signature": {"r": "0x1", "s": "0x1", "v": 27},
    }
    assert err(json.loads(desk.send(body).body)) == "Mainnet and testnet require different signature."


def test_two_hundred_entries_are_enough(desk: Desk) -> None:
    cancels = {"type": "cancel", "cancels": [{"a": 4, "o": 1}] * 201}
    assert err(desk.act(cancels)) == "Signed action over weight limit of 200."
    assert desk.info("userRateLimit")["nRequestsUsed"] == 0
    cancels["cancels"] = cancels["cancels"][:200]
    assert len(desk.elements(cancels)) == 200
    assert desk.info("userRateLimit")["nRequestsUsed"] == 200


def test_a_spent_budget_lets_one_request_through_every_ten_seconds(fresh: Desk) -> None:
    for _ in range(50):
        fresh.elements({"type": "cancel", "cancels": [{"a": 4, "o": 1}] * 200})
    assert fresh.act({"type": "noop"})["status"] == "ok"
    text = (
        "Too many cumulative requests sent (10002 > 10000) for cumulative volume traded $0.00. "
        "Place taker orders to free up 1 request per USDC traded."
    )
    assert err(fresh.act({"type": "noop"})) == text
    assert fresh.act({"type": "cancel", "cancels": [{"a": 4, "o": 1}]})["status"] == "ok", "cancels have more"
    fresh.net.clock.advance(10_000)
    assert fresh.act({"type": "noop"})["status"] == "ok"


def test_an_agent_trades_for_its_master(desk: Desk) -> None:
    agent = stranger(desk.net)
    assert desk.approve(agent.address)["status"] == "ok"
    oid = agent.rest()
    assert desk.open_oids() == [oid]
    assert agent.info("userRole") == {"role": "agent", "data": {"user": desk.address}}
    assert desk.info("userRole") == {"role": "user"}
    assert desk.info("extraAgents") == [], "only named agents are listed"


def test_named_agents_are_listed_oldest_first(desk: Desk) -> None:
    now = desk.net.clock.now_ms()
    until = now + DAY_MS
    assert desk.approve("0x" + "11" * 20, f"one valid_until {until}")["status"] == "ok"
    assert desk.approve("0x" + "22" * 20, "two")["status"] == "ok"
    assert desk.info("extraAgents") == [
        {"name": "one", "address": "0x" + "11" * 20, "validUntil": until},
        {"name": "two", "address": "0x" + "22" * 20, "validUntil": now + 100 + 90 * DAY_MS},
    ]


def test_a_fourth_named_agent_is_too_many(desk: Desk) -> None:
    for digit in (1, 2, 3):
        assert desk.approve(f"0x{digit}" + "1" * 39, f"agent {digit}")["status"] == "ok"
    text = "Too many extra agents for cumulative volume traded. Current limit is 3"
    assert err(desk.approve("0x4" + "1" * 39, "agent 4")) == text
    assert desk.approve("0x5" + "1" * 39)["status"] == "ok", "the unnamed one does not count"


def test_an_address_is_approved_once(desk: Desk, other: Desk) -> None:
    assert desk.approve("0x" + "11" * 20, "one")["status"] == "ok"
    assert err(desk.approve("0x" + "11" * 20, "one")) == "Extra agent already used."
    assert err(other.approve("0x" + "11" * 20)) == "Extra agent already used."


@pytest.mark.parametrize("days", [-1, 181])
def test_an_agents_end_must_be_within_180_days(desk: Desk, days: int) -> None:
    until = desk.net.clock.now_ms() + days * DAY_MS
    assert (
        err(desk.approve("0x" + "11" * 20, f"one valid_until {until}"))
        == "Agent valid_until already expired."
    )


@pytest.mark.parametrize("successor", [NOBODY, "0x" + "11" * 20])
def test_a_replaced_or_revoked_agent_is_taken_for_its_master_for_a_while(desk: Desk, successor: str) -> None:
    agent = stranger(desk.net)
    desk.approve(agent.address, "one")
    assert desk.approve(successor, "one")["status"] == "ok"
    assert err(agent.act({"type": "noop"})) == f"Must deposit before performing actions. User: {desk.address}"
    assert err(desk.approve("0x" + "22" * 20, "two")) == "User has pending agent removal"

    desk.net.clock.advance(REMOVAL_MS)

    assert err(agent.act({"type": "noop"})) == f"User or API Wallet {agent.address} does not exist."
    assert desk.approve("0x" + "22" * 20, "two")["status"] == "ok"


def test_revoking_nobody_does_nothing(desk: Desk) -> None:
    assert desk.approve(NOBODY, "one")["status"] == "ok"
    assert desk.approve("0x" + "22" * 20, "two")["status"] == "ok"


def test_an_agent_that_has_an_account_or_a_long_name_is_not_guessed(desk: Desk) -> None:
    for agent, name in ((ACCOUNTS[1].address, "one"), ("0x" + "11" * 20, "x" * 17)):
        nonce = desk.nonce()
        action = {
            "type": "approveAgent",
            "signatureChainId": "0x1",
            "hyperliquidChain": "Testnet",
            "agentAddress": agent,
            "agentName": name,
            "nonce": nonce,
        }
        signature = signing.sign_user_signed_action(action, desk.key).as_wire()
        assert desk.send({"action": action, "nonce": nonce, "signature": signature}).not_implemented
