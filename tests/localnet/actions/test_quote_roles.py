"""Roles of an aligned quote token: for a stake of 500,000 HYPE, one an account."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk
from tests.localnet.transfers.test_rewards import HYPE, OK, stake

STAKE = 500_000


def take(role: str = "technical", token: int = 0) -> dict[str, Any]:
    return {"type": "authorizeAqav2Role", "token": token, "role": role}


def test_a_role_takes_a_stake_of_500_000_hype(desk: Desk) -> None:
    stake(desk, STAKE - 1, None)
    assert desk.act(take()) == {"status": "err", "response": "Insufficient stake"}
    stake(desk, 1)
    assert desk.act(take()) == OK
    assert desk.act(take()) == OK


@pytest.mark.parametrize("asked", [take("treasury"), take(token=1)])
def test_a_second_role_and_other_tokens_are_not_guessed(desk: Desk, asked: dict[str, Any]) -> None:
    stake(desk, 2 * STAKE, None)
    assert desk.act(take()) == OK
    assert desk.send(desk.envelope(asked)).not_implemented


def test_a_role_that_is_taken_is_not_guessed(net: Localnet, desk: Desk, other: Desk) -> None:
    for one in (desk, other):
        stake(one, STAKE, None)
    assert desk.act(take()) == OK
    assert other.send(other.envelope(take())).not_implemented
    assert other.act(take("treasury")) == OK
    assert net.total_token("HYPE") == Localnet().total_token("HYPE") + Decimal(2 * STAKE)


def test_what_stands_for_a_role_is_not_taken_out(desk: Desk) -> None:
    stake(desk, STAKE, None)
    desk.act(take())
    nonce = desk.nonce()
    action = {"type": "cWithdraw", "wei": HYPE}
    whole = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | action
    assert desk.send(desk.user_envelope(whole, nonce)).not_implemented
