"""A token and its contract on the EVM: asked for, finalized, and what cannot be told without an EVM."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import ACCOUNTS
from harness.localnet.deploys.evm_contract import contract_made_by
from tests.localnet.deploys.test_spot import TOKEN, deploy, refusal, register
from tests.localnet.desk import Desk

OK = {"status": "ok", "response": {"type": "default"}}
FIRST = ACCOUNTS[0].address.lower()


def ask(**changed: Any) -> dict[str, Any]:
    asked = {"token": TOKEN, "address": contract_made_by(FIRST, 200), "evmExtraWeiDecimals": -2}
    return asked | changed


def finalize(how: Any = None, token: int = TOKEN) -> dict[str, Any]:
    how = {"create": {"nonce": 200}} if how is None else how
    return {"type": "finalizeEvmContract", "token": token, "input": how}


@pytest.mark.parametrize(
    ("nonce", "address"),
    [
        # The first contracts that any Ethereum dev node gives account 0 of the well-known mnemonic.
        (0, "0x5fbdb2315678afecb367f032d93f642f64180aa3"),
        (1, "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"),
        (2, "0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0"),
    ],
)
def test_an_address_follows_from_maker_and_nonce(nonce: int, address: str) -> None:
    assert contract_made_by(FIRST, nonce) == address


def test_long_nonces_have_other_addresses() -> None:
    nonces = [0, 127, 128, 255, 256, 65_535, 65_536]
    assert len({contract_made_by(FIRST, nonce) for nonce in nonces}) == len(nonces)


@pytest.fixture
def token(desk: Desk) -> int:
    desk.net.open_auction("spot")
    desk.net.fund_token(desk.address, "HYPE", Decimal(1_000))
    assert register(desk)["status"] == "ok"
    return TOKEN


def contract(desk: Desk) -> Any:
    return next(row for row in desk.info("spotMeta")["tokens"] if row["index"] == TOKEN)["evmContract"]


def test_a_token_is_linked_in_two_steps(desk: Desk, other: Desk, token: int) -> None:
    assert desk.act(finalize())["response"] == "Error deploying spot: Pending EVM contract missing"
    assert refusal(other, requestEvmContract=ask()) == "Error deploying spot: incorrect deployer"
    assert deploy(desk, requestEvmContract=ask()) == OK
    assert contract(desk) is None
    assert desk.act(finalize()) == OK
    assert contract(desk) == {"address": contract_made_by(FIRST, 200), "evm_extra_wei_decimals": -2}
    assert desk.act(finalize())["response"] == "Error deploying spot: Pending EVM contract missing"
    assert desk.send(desk.envelope({"type": "spotDeploy", "requestEvmContract": ask()})).not_implemented


@pytest.mark.parametrize("how", ["firstStorageSlot", "customStorageSlot", {"create": {"nonce": 199}}])
def test_what_an_evm_would_have_to_tell_is_not_guessed(desk: Desk, token: int, how: Any) -> None:
    deploy(desk, requestEvmContract=ask())
    assert desk.send(desk.envelope(finalize(how))).not_implemented


@pytest.mark.parametrize("extra", [-3, 19])
def test_decimals_have_bounds(desk: Desk, token: int, extra: int) -> None:
    asked = {"type": "spotDeploy", "requestEvmContract": ask(evmExtraWeiDecimals=extra)}
    assert desk.send(desk.envelope(asked)).not_implemented
