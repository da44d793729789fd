"""Sub-accounts: made, named, funded, traded for."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk, leverage, order, orders
from tests.localnet.transfers.test_money import NEW, OK, class_transfer, err, rows, send_asset

MASTER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"


def create(desk: Desk, name: str = "one") -> str:
    answer = desk.act({"type": "createSubAccount", "name": name})
    assert answer["response"]["type"] == "createSubAccount"
    address: str = answer["response"]["data"]
    return address


def move(desk: Desk, sub: str, usd: int, *, is_deposit: bool = True) -> Any:
    action = {"type": "subAccountTransfer", "subAccountUser": sub, "isDeposit": is_deposit, "usd": usd}
    return desk.act(action)


def move_token(desk: Desk, sub: str, token: str, amount: str, *, is_deposit: bool = True) -> Any:
    return desk.act(
        {
            "type": "subAccountSpotTransfer",
            "subAccountUser": sub,
            "isDeposit": is_deposit,
            "token": token,
            "amount": amount,
        }
    )


def test_an_account_without_volume_makes_none(fresh: Desk) -> None:
    text = "Cannot create sub-accounts until enough volume traded. Required: $100000. Traded: $0.00."
    assert err(fresh.act({"type": "createSubAccount", "name": "one"})) == text


def test_there_are_ten(desk: Desk) -> None:
    addresses = {create(desk, f"sub {number}") for number in range(10)}
    assert len(addresses) == 10
    assert err(desk.act({"type": "createSubAccount", "name": "sub 10"})) == "Too many sub-accounts."
    assert len(desk.info("subAccounts")) == len(desk.info("subAccounts2")) == 10


def test_addresses_are_the_same_each_time_and_differ_by_seed() -> None:
    first, again, other = (create(Desk(Localnet(seed=seed))) for seed in (0, 0, 1))
    assert first == again != other


def test_a_sub_account_is_listed_with_its_state(desk: Desk) -> None:
    sub = create(desk)
    assert move(desk, sub, 29_780_010) == OK
    assert move_token(desk, sub, "USDC", "0.22") == OK
    (row,) = desk.info("subAccounts")
    assert "abstraction" not in desk.info("subAccounts2")[0]
    assert (row["name"], row["subAccountUser"], row["master"]) == ("one", sub, MASTER)
    assert row["clearinghouseState"]["marginSummary"]["accountValue"] == "29.78001"
    assert row["spotState"]["balances"][0]["total"] == "0.22"
    assert desk.info("userRole", user=sub) == {"role": "subAccount", "data": {"master": MASTER}}
    assert rows(desk, sub)[0]["delta"] == {
        "type": "subAccountTransfer",
        "usdc": "29.78001",
        "user": MASTER,
        "destination": sub,
    }
    assert rows(desk) == rows(desk, sub)


def test_a_sub_account_is_renamed(desk: Desk, other: Desk) -> None:
    sub = create(desk)
    action = {"type": "subAccountModify", "subAccountUser": sub, "name": "two"}
    assert err(other.act(action)) == f"Sub-account {sub} is not registered to {other.address}"
    assert desk.act(action) == OK
    assert desk.info("subAccounts")[0]["name"] == "two"


def test_transfers_to_others_are_refused(desk: Desk, other: Desk) -> None:
    sub = create(desk)
    text = f"Invalid sub-account transfer from {other.address} to {sub}"
    assert err(move(other, sub, 1)) == text
    assert err(move_token(other, sub, "USDC", "1")) == text


def test_no_more_is_moved_than_there_is(desk: Desk) -> None:
    sub = create(desk)
    assert err(move(desk, sub, 10_000_000_001)) == "Insufficient balance for withdrawal."
    assert err(move(desk, sub, 1, is_deposit=False)) == "Insufficient balance for withdrawal."
    assert err(move_token(desk, sub, "PURR", "50001")) == "Insufficient balance for token transfer"
    assert move_token(desk, sub, "PURR", "50000") == OK
    assert move_token(desk, sub, "PURR", "50000", is_deposit=False) == OK


def test_master_and_agent_trade_for_it(desk: Desk) -> None:
    sub = create(desk)
    move(desk, sub, 1_000_000_000)
    agent = Desk(desk.net, "0x" + "42" * 32)
    desk.approve(agent.address)
    bid = orders(order(p="3000"))
    for who in (desk, agent):
        answer = who.act(bid, vault=sub)
        assert "resting" in answer["response"]["data"]["statuses"][0]
    assert desk.open_oids() == []
    assert len(desk.info("openOrders", user=sub)) == 2
    desk.act(leverage(5), vault=sub)
    desk.act(orders(order(p="3200", s="0.1", tif="Ioc")), vault=sub)
    (row,) = desk.info("subAccounts")
    assert row["clearinghouseState"]["assetPositions"][0]["position"]["leverage"]["value"] == 5


def test_others_cannot_act_for_it(desk: Desk, other: Desk) -> None:
    sub = create(desk)
    assert other.send(other.envelope(orders(order()), vault=sub)).not_implemented
    assert err(desk.act(orders(order()), vault=NEW)) == f"Vault not registered: {NEW}"


@pytest.mark.parametrize(
    "action",
    [
        {"type": "createSubAccount", "name": "two"},
        {"type": "subAccountTransfer", "subAccountUser": NEW, "isDeposit": True, "usd": 1},
        {"type": "setReferrer", "code": "NOPE"},
    ],
)
def test_it_cannot_do_everything(desk: Desk, action: dict[str, Any]) -> None:
    sub = create(desk)
    assert err(desk.act(action, vault=sub)) == "Vault may not perform this action."


def test_transfers_of_the_master_name_it(desk: Desk) -> None:
    sub = create(desk)
    move(desk, sub, 50_000_000)
    assert class_transfer(desk, f"20 subaccount:{sub}", to_perp=False) == OK
    assert desk.user_act(send_asset(MASTER, "5", sub=sub)) == OK
    (row,) = desk.info("subAccounts")
    assert row["clearinghouseState"]["withdrawable"] == "30.0"
    assert row["spotState"]["balances"][0]["total"] == "15.0"
    text = "Vault may not perform this action."
    named = {"type": "usdClassTransfer", "amount": "1", "toPerp": True}
    assert err(desk.user_act(named, vaultAddress=sub)) == text
    text = f"Sub-account {NEW} is not registered to {MASTER}"
    assert err(class_transfer(desk, f"20 subaccount:{NEW}", to_perp=False)) == text


def test_each_brings_two_more_named_agents(desk: Desk) -> None:
    # Wire rule 78.
    create(desk)
    for number in range(1, 6):
        assert desk.approve(f"0x{number}" + "1" * 39, f"agent {number}") == OK
    text = "Too many extra agents for cumulative volume traded. Current limit is 5"
    assert err(desk.approve("0x9" + "1" * 39, "agent 9")) == text


def test_names_whose_fate_is_not_known_are_not_guessed(desk: Desk) -> None:
    create(desk)
    for name in ("", "one", "x" * 17):
        body = desk.envelope({"type": "createSubAccount", "name": name})
        assert desk.send(body).not_implemented


def test_more_volume_brings_more(desk: Desk) -> None:
    desk.net.exchange.ledgers[MASTER].volume = 100_000_000 * 10**6
    for number in range(11):
        create(desk, f"sub {number}")
    assert err(desk.act({"type": "createSubAccount", "name": "x"})) == "Too many sub-accounts."
    assert Decimal(desk.info("userRateLimit")["cumVlm"]) == 100_000_000
