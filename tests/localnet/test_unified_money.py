"""A unified account's money: what leaves it, who may move it, and what is not known."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.localnet import Localnet
from harness.localnet.control import saves
from tests.localnet.desk import Desk, leverage, order, orders, quiet
from tests.localnet.unified import OK, send, unify, usdc

DISABLED = {"status": "err", "response": "Action disabled when unified account is active"}


def test_money_leaves_from_the_one_balance(net: Localnet, unified: Desk, other: Desk) -> None:
    assert send(unified, other.address, "100") == OK
    stamp = unified.nonce()
    out = {"type": "withdraw3", "destination": unified.address, "amount": "200", "time": stamp}
    head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
    assert unified.send_user_signed(head | out, stamp) == OK
    assert usdc(unified) == (700, 0)
    assert send(unified, other.address, "700.00000001")["status"] == "err"


def test_what_is_margin_does_not_leave(net: Localnet, unified: Desk, other: Desk) -> None:
    """Initial margin or a tenth of the value stays behind, the larger (wire rule 89)."""
    unified.act(leverage(20))
    quiet(net, ask="3100")
    net.set_mark("ETH", Decimal(3100))
    unified.place(p="3100", s="2", tif="Ioc")
    left = 1_000 - Decimal("2.79")
    assert usdc(unified) == (left, 310)
    assert send(unified, other.address, str(left - 620 + Decimal("0.000001")))["status"] == "err"
    assert send(unified, other.address, str(left - 620)) == OK


def test_deposits_into_vaults_come_from_the_balance(net: Localnet, unified: Desk) -> None:
    leader = Desk(net)
    make = {"type": "createVault", "name": "vault", "description": "a vault here", "initialUsd": 10**9}
    vault = leader.act(make | {"nonce": (stamp := leader.nonce())}, nonce=stamp)["response"]["data"]
    transfer = {"type": "vaultTransfer", "vaultAddress": vault, "isDeposit": True, "usd": 100_000_000}
    assert unified.act(transfer) == OK
    assert usdc(unified) == (900, 0)


def test_a_unified_sub_account_of_a_standard_master(net: Localnet, desk: Desk) -> None:
    sub = desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    give = {"type": "subAccountTransfer", "subAccountUser": sub, "isDeposit": True, "usd": 500_000_000}
    assert desk.act(give) == OK
    unify(desk, sub)
    assert usdc(desk, sub) == (500, 0)
    (row,) = desk.info("subAccounts2")
    assert row["abstraction"] == "unifiedAccount"
    assert desk.act(orders(order(p="3000", s="0.1")), vault=sub)["status"] == "ok"
    assert usdc(desk, sub) == (500, 15)
    assert desk.act(give | {"isDeposit": False}) == DISABLED
    move = {"type": "usdClassTransfer", "amount": f"1 subaccount:{sub}", "toPerp": True}
    assert desk.user_act(move) == DISABLED
    refused = send(desk, desk.address, "5", source="", sub=sub)
    assert refused["response"] == "Unified account only supports sending assets through spot"
    assert send(desk, desk.address, "5", sub=sub) == OK
    assert usdc(desk, sub) == (495, 15)


def test_a_unified_master_moves_no_perp_usdc(desk: Desk) -> None:
    sub = desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    unify(desk)
    give = {"type": "subAccountTransfer", "subAccountUser": sub, "isDeposit": True, "usd": 500_000_000}
    assert desk.act(give) == DISABLED
    assert desk.act(give | {"isDeposit": False}) == DISABLED


def test_spot_usdc_counts_for_portfolio_margin(net: Localnet, unified: Desk) -> None:
    ask = {"type": "userSetAbstraction", "user": unified.address, "abstraction": "portfolioMargin"}
    assert unified.user_act(ask)["response"].startswith("Portfolio margin requires")
    Desk(net).user_act(
        {
            "type": "sendAsset",
            "destination": unified.address,
            "sourceDex": "spot",
            "destinationDex": "spot",
            "token": "USDC",
            "amount": "9000",
            "fromSubAccount": "",
        }
    )
    assert unified.user_act(ask) == OK
    assert usdc(unified) == (10_000, 0)


def test_a_unified_builder_cannot_be_approved(net: Localnet, desk: Desk, other: Desk) -> None:
    unify(other)
    approval = {"type": "approveBuilderFee", "maxFeeRate": "0.01%", "builder": other.address}
    assert desk.user_act(approval)["response"] == "Builder has insufficient balance to be approved."


def test_portfolio_counts_the_balance_once(net: Localnet, unified: Desk) -> None:
    quiet(net, ask="3100")
    unified.place(p="3100", s="1", tif="Ioc")
    rows = dict(unified.info("portfolio"))
    total, _ = usdc(unified)
    assert Decimal(rows["allTime"]["accountValueHistory"][0][1]) == total
    margin = Decimal(unified.info("clearinghouseState")["marginSummary"]["accountValue"])
    assert Decimal(rows["perpAllTime"]["accountValueHistory"][0][1]) == margin


def test_fifty_thousand_actions_a_day(net: Localnet, unified: Desk) -> None:
    ledger = net.exchange.ledgers[unified.address]
    ledger.unified_actions = (net.now_ms() // 86_400_000, 49_999)
    assert unified.act({"type": "noop"}) == OK
    assert unified.send(unified.envelope({"type": "noop"})).not_implemented
    net.advance(86_400_000)
    assert unified.act({"type": "noop"}) == OK
    assert ledger.unified_actions[1] == 1


@pytest.mark.parametrize("kind", ["perpDeploy", "subAccountSpotTransfer"])
def test_what_nobody_has_told_is_not_guessed(desk: Desk, kind: str) -> None:
    sub = desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    unify(desk)
    action: dict[str, Any] = {"type": kind, "setFeeScale": {"dex": "test", "scale": "2.5"}}
    if kind == "subAccountSpotTransfer":
        action = {"type": kind, "subAccountUser": sub, "isDeposit": True, "token": "USDC", "amount": "1"}
    assert desk.send(desk.envelope(action)).not_implemented


def test_a_unified_state_is_saved_and_loaded(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    unify(desk)
    desk.rest(p="3000")
    saves.dump(net, tmp_path / "state")
    again = Desk(saves.load(tmp_path / "state"))
    assert again.info("userAbstraction") == "unifiedAccount"
    assert usdc(again) == usdc(desk)


def test_the_seal_knows_the_mode(net: Localnet, desk: Desk) -> None:
    before = saves.seal(net.exchange)
    snapshot = net.snapshot()
    net.exchange.ledgers[desk.address].mode = "unifiedAccount"
    assert saves.seal(net.exchange) != before
    net.revert(snapshot)
    assert saves.seal(net.exchange) == before
