"""HYPE into the stake, to a validator, and back after a week."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import Localnet, Rules
from tests.localnet.desk import Desk, grouped, order

VALIDATOR = "0xa012b9040d83c5cbad9e6ea73c525027b755f596"
DAY_MS = 86_400_000
HYPE = 10**8
OK = {"status": "ok", "response": {"type": "default"}}


@pytest.fixture
def net() -> Localnet:
    """A fresh exchange with mainnet's times, which are the documented ones."""
    return Localnet(rules=Rules(staking_times="mainnet"))


def move(desk: Desk, kind: str, wei: int) -> Any:
    return desk.user_act({"type": kind, "wei": wei})


def delegate(desk: Desk, wei: int, *, back: bool = False, validator: str = VALIDATOR) -> Any:
    return desk.user_act({"type": "tokenDelegate", "validator": validator, "wei": wei, "isUndelegate": back})


def hype(desk: Desk) -> str:
    rows = desk.info("spotClearinghouseState")["balances"]
    total: str = next(row["total"] for row in rows if row["coin"] == "HYPE")
    return total


def test_a_stake_goes_in_to_a_validator_and_back(net: Localnet, desk: Desk) -> None:
    before = net.total_token("HYPE")
    assert move(desk, "cDeposit", 10 * HYPE) == OK
    assert hype(desk) == "90.0"
    assert delegate(desk, 4 * HYPE) == OK
    now_ms = net.clock.now_ms()
    assert desk.info("delegatorSummary") == {
        "delegated": "4.0",
        "undelegated": "6.0",
        "totalPendingWithdrawal": "0.0",
        "nPendingWithdrawals": 0,
    }
    (row,) = desk.info("delegations")
    assert (row["validator"], row["amount"]) == (VALIDATOR, "4.0")
    assert now_ms <= row["lockedUntilTimestamp"] <= now_ms + DAY_MS
    assert move(desk, "cWithdraw", 6 * HYPE) == OK
    assert desk.info("delegatorSummary")["nPendingWithdrawals"] == 1
    net.advance(DAY_MS)
    assert delegate(desk, 4 * HYPE, back=True) == OK
    # What it has earned until midnight was delegated again.
    assert [row["amount"] for row in desk.info("delegations")] == ["0.00024349"]
    net.advance(6 * DAY_MS)
    assert hype(desk) == "96.0"
    deltas = [row["delta"] for row in desk.info("delegatorHistory")]
    assert deltas == [
        {"withdrawal": {"amount": "6.0", "phase": "finalized"}},
        {"delegate": {"validator": VALIDATOR, "amount": "4.0", "isUndelegate": True}},
        {"withdrawal": {"amount": "6.0", "phase": "initiated"}},
        {"delegate": {"validator": VALIDATOR, "amount": "4.0", "isUndelegate": False}},
        {"cDeposit": {"amount": "10.0"}},
    ]
    assert desk.info("delegatorRewards")[0]["totalAmount"] == "0.00024349"
    assert net.total_token("HYPE") == before


@given(
    st.lists(st.tuples(st.sampled_from(["cDeposit", "cWithdraw", "in", "out"]), st.integers(0, 200 * HYPE)))
)
def test_no_hype_is_lost(steps: list[tuple[str, int]]) -> None:
    net = Localnet()
    desk = Desk(net)
    before = net.total_token("HYPE")
    for kind, wei in steps:
        action: dict[str, Any] = {"type": kind, "wei": wei}
        if kind in ("in", "out"):
            action |= {"type": "tokenDelegate", "validator": VALIDATOR, "isUndelegate": kind == "out"}
        nonce = desk.nonce()
        whole = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | action
        answer = desk.send(desk.user_envelope(whole, nonce))
        assert answer.status == 200 or answer.not_implemented
        net.advance(DAY_MS)
    assert net.total_token("HYPE") == before


def test_what_is_not_known_is_not_guessed(desk: Desk) -> None:
    move(desk, "cDeposit", HYPE)
    delegate(desk, HYPE)
    for action in (
        {"type": "cDeposit", "wei": 1_000 * HYPE},
        {"type": "cWithdraw", "wei": HYPE},
        {"type": "tokenDelegate", "validator": "0x" + "12" * 20, "wei": 1, "isUndelegate": False},
        {"type": "tokenDelegate", "validator": VALIDATOR, "wei": HYPE, "isUndelegate": True},
    ):
        nonce = desk.nonce()
        whole = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | action
        assert desk.send(desk.user_envelope(whole, nonce)).not_implemented


def test_priority_needs_undelegated_stake(desk: Desk) -> None:
    action = grouped({"p": 1}, order(tif="Alo", p="3000"))
    assert desk.elements(action) == [{"error": "Insufficient delegatable balance for priority order"}]
    move(desk, "cDeposit", HYPE)
    assert desk.send(desk.envelope(action)).not_implemented


def test_the_validator_is_listed_with_what_all_have_delegated(desk: Desk) -> None:
    assert move(desk, "cDeposit", 10 * HYPE) == OK
    assert [row["stake"] for row in desk.info("validatorSummaries")] == [0]
    assert delegate(desk, 4 * HYPE) == OK
    (row,) = desk.info("validatorSummaries")
    assert (row["validator"], row["stake"], row["isActive"]) == (VALIDATOR, 4 * HYPE, True)
    assert desk.info("delegatorRewards") == []
