"""Account modes, and what a unified account is refused."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet, Rules
from tests.localnet.desk import Desk

OK = {"status": "ok", "response": {"type": "default"}}
TRANSITION = {"status": "err", "response": "Abstraction transition not allowed"}


def set_mode(desk: Desk, mode: str, user: str | None = None) -> Any:
    return desk.user_act({"type": "userSetAbstraction", "user": user or desk.address, "abstraction": mode})


def agent_set(desk: Desk, letter: str) -> Any:
    return desk.act({"type": "agentSetAbstraction", "abstraction": letter})


def test_a_mode_reads_back(desk: Desk) -> None:
    assert desk.info("userAbstraction") == "default"
    assert desk.info("userDexAbstraction") is None
    for mode in ("disabled", "unifiedAccount"):
        assert set_mode(desk, mode) == OK
        assert desk.info("userAbstraction") == mode
    assert desk.info("userDexAbstraction") is False


def test_dex_abstraction_goes_on_and_off(net: Localnet, desk: Desk) -> None:
    agent = Desk(net, "0x" + "13" * 32)
    desk.approve(agent.address)
    assert agent.act({"type": "agentEnableDexAbstraction"}) == OK
    assert (desk.info("userAbstraction"), desk.info("userDexAbstraction")) == ("dexAbstraction", True)
    other = Desk(net, ACCOUNTS[1].private_key)
    action = {"type": "userDexAbstraction", "user": other.address, "enabled": True}
    assert other.user_act(action) == OK
    assert other.info("userDexAbstraction") is True
    assert other.user_act(action | {"enabled": False}) == OK
    assert (other.info("userAbstraction"), other.info("userDexAbstraction")) == ("disabled", False)


def test_a_mode_can_be_set_again(desk: Desk) -> None:
    for mode in ("disabled", "disabled", "unifiedAccount", "unifiedAccount"):
        assert set_mode(desk, mode) == OK
        assert desk.info("userAbstraction") == mode


def test_the_way_back_leaves_the_money_on_spot(desk: Desk) -> None:
    set_mode(desk, "unifiedAccount")
    assert set_mode(desk, "disabled") == OK
    assert desk.info("clearinghouseState")["marginSummary"]["accountValue"] == "0.0"
    spot = desk.info("spotClearinghouseState")
    assert list(spot) == ["balances"]
    assert (spot["balances"][0]["total"], spot["balances"][0]["hold"]) == ("20000.0", "0.0")
    assert desk.error(p="3000").startswith("Insufficient margin")
    back = {"type": "usdClassTransfer", "amount": "5000", "toPerp": True}
    assert desk.user_act(back) == OK
    desk.rest(p="3000")


def test_the_way_back_can_be_closed() -> None:
    desk = Desk(Localnet(rules=Rules(unified_to_standard=False)))
    set_mode(desk, "unifiedAccount")
    assert set_mode(desk, "disabled") == TRANSITION
    assert desk.info("userAbstraction") == "unifiedAccount"


def test_the_way_back_with_something_open_is_not_guessed(desk: Desk) -> None:
    set_mode(desk, "unifiedAccount")
    oid = desk.rest(p="3000")
    with pytest.raises(AssertionError, match="the way back from unified"):
        set_mode(desk, "disabled")
    desk.act({"type": "cancel", "cancels": [{"a": 4, "o": oid}]})
    assert set_mode(desk, "disabled") == OK


@pytest.mark.parametrize("enabled", [True, False])
def test_dex_abstraction_is_not_for_a_unified_account(desk: Desk, enabled: bool) -> None:
    set_mode(desk, "unifiedAccount")
    asked = {"type": "userDexAbstraction", "user": desk.address, "enabled": enabled}
    assert desk.user_act(asked) == TRANSITION
    assert desk.info("userAbstraction") == "unifiedAccount"


def test_a_vault_has_no_mode(desk: Desk) -> None:
    make = {"type": "createVault", "name": "vault", "description": "a vault here", "initialUsd": 10**8}
    vault = desk.act(make | {"nonce": (stamp := desk.nonce())}, nonce=stamp)["response"]["data"]
    action = {"type": "agentSetAbstraction", "abstraction": "u"}
    assert desk.send(desk.envelope(action, vault=vault)).not_implemented


def test_an_agent_unifies_only_an_account_that_has_no_mode(desk: Desk, other: Desk) -> None:
    assert agent_set(desk, "i") == agent_set(desk, "p") == TRANSITION
    assert agent_set(desk, "u") == OK
    assert desk.info("userAbstraction") == "unifiedAccount"
    assert agent_set(desk, "u") == agent_set(desk, "i") == TRANSITION
    assert desk.act({"type": "agentEnableDexAbstraction"}) == TRANSITION
    set_mode(other, "disabled")
    assert agent_set(other, "u") == TRANSITION


@pytest.mark.parametrize("kind", ["userSetAbstraction", "userDexAbstraction", "userPortfolioMargin"])
def test_only_ones_own_accounts_have_ones_modes(desk: Desk, kind: str) -> None:
    stranger = "0xcb3f0bd249a89e45e86a44bcfc7113e4ffe84cd1"
    what = {"abstraction": "disabled"} if kind == "userSetAbstraction" else {"enabled": True}
    answer = desk.user_act({"type": kind, "user": stranger} | what)
    assert answer["response"].startswith(f"Sub-account {stranger} is not registered to")


def test_a_sub_account_has_a_mode_of_its_own(desk: Desk) -> None:
    sub = desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    assert set_mode(desk, "disabled", sub) == OK
    assert desk.info("userAbstraction", user=sub) == "disabled"
    (row,) = desk.info("subAccounts2")
    assert row["abstraction"] == "disabled"
    second = desk.act({"type": "createSubAccount", "name": "two"})["response"]["data"]
    assert "abstraction" not in desk.info("subAccounts2")[1]
    assert desk.act({"type": "agentEnableDexAbstraction"}, vault=second) == OK
    assert desk.info("userDexAbstraction", user=second) is True
    assert desk.info("userAbstraction") == "default"


def test_portfolio_margin_needs_10_000_usd(net: Localnet) -> None:
    poor = Desk(net, "0x" + "31" * 32)
    net.fund(poor.address, Decimal("9999.99"))
    text = "Portfolio margin requires account value of $10000 or total volume of $5000000."
    for answer in (
        set_mode(poor, "portfolioMargin"),
        poor.user_act({"type": "userPortfolioMargin", "user": poor.address, "enabled": True}),
    ):
        assert answer == {"status": "err", "response": text}


def test_a_unified_account_sends_through_spot_only(desk: Desk, other: Desk) -> None:
    set_mode(desk, "unifiedAccount")
    to = {"destination": other.address, "amount": "1"}
    disabled = {"status": "err", "response": "Action disabled when unified account is active"}
    nonce = desk.nonce()
    head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
    for action in (
        {"type": "usdSend", "time": nonce} | to,
        {"type": "spotSend", "token": "USDC", "time": nonce + 1} | to,
        {"type": "usdClassTransfer", "amount": "1", "toPerp": True, "nonce": nonce + 2},
    ):
        stamp: int = action.get("time", action.get("nonce", 0))
        assert desk.send_user_signed(head | action, stamp) == disabled
    send = {"type": "sendAsset", "token": "USDC", "fromSubAccount": "", "sourceDex": "spot"} | to
    answer = desk.user_act(send | {"destinationDex": "", "nonce": (stamp := nonce + 9)}, nonce=stamp)
    assert answer["response"] == "Unified account only supports sending assets through spot"


def test_the_money_of_a_unified_account_is_on_spot(desk: Desk) -> None:
    set_mode(desk, "unifiedAccount")
    assert desk.info("clearinghouseState")["marginSummary"]["accountValue"] == "0.0"
    spot = desk.info("spotClearinghouseState")
    assert spot["balances"][0] | {"entryNtl": "0.0"} == spot["balances"][0]
    assert spot["balances"][0]["total"] == "20000.0"
    assert spot["tokenToAvailableAfterMaintenance"][0] == [0, "20000.0"]


def test_what_arrives_at_a_unified_account_is_on_spot(desk: Desk, fresh: Desk) -> None:
    set_mode(fresh, "unifiedAccount")
    nonce = desk.nonce()
    send = {"type": "usdSend", "destination": fresh.address, "amount": "5", "time": nonce}
    desk.send_user_signed({"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"} | send, nonce)
    (row,) = fresh.info("spotClearinghouseState")["balances"]
    assert (row["coin"], row["total"]) == ("USDC", "10005.0")
