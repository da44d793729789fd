"""What may be borrowed, what may leave, and how a loan stands."""

from decimal import Decimal

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk, order, orders
from tests.localnet.lending.bank import (
    HYPE_SPOT,
    OK,
    PURR_SPOT,
    in_debt,
    lend,
    lending,
    margin,
    price,
    reserve,
    row,
    spot,
)
from tests.localnet.unified import send


def test_borrows_up_to_the_ltv(net: Localnet, owner: Desk, lender: Desk) -> None:
    """100 HYPE at 20 allow 1,300."""
    price(net, "20")
    in_debt(net, owner, lender, 1_300)
    assert lending(owner)["healthFactor"] == "1.0"
    assert spot(owner, buy=True, p="0.1", s="100", a=PURR_SPOT)["error"].startswith("Insufficient spot")


def test_a_bid_borrows_when_it_is_placed(net: Localnet, owner: Desk, lender: Desk) -> None:
    """And repays when it is cancelled."""
    assert lend(lender, "supply", "5000") == OK
    oid = spot(owner, buy=True, p="21", s="1000", tif="Gtc")["resting"]["oid"]
    usdc = row(owner, "USDC")
    assert (usdc["total"], usdc["hold"], usdc["borrowed"]) == ("20000.0", "21000.0", "1000.0")
    assert owner.act({"type": "cancel", "cancels": [{"a": HYPE_SPOT, "o": oid}]})["status"] == "ok"
    assert row(owner, "USDC")["supplied"] == "20000.0"


def test_nothing_is_lent_beyond_what_was_supplied(net: Localnet, owner: Desk, lender: Desk) -> None:
    """With a reserve of 300, 300 can be borrowed, and the supplier cannot withdraw meanwhile."""
    assert lend(lender, "supply", "300") == OK
    net.set_liquidity("PURR/USDC", [], [(Decimal("0.1"), Decimal(10**7))])
    spot(owner, buy=True, p="0.1", s="300000", a=PURR_SPOT)
    assert row(owner, "USDC")["total"] == "-300.0"
    assert reserve(owner)["balance"] == 0
    assert reserve(owner)["borrowYearlyRate"] == 1
    answer = lender.send(
        lender.envelope({"type": "borrowLend", "operation": "withdraw", "token": 0, "amount": "1"})
    )
    assert answer.not_implemented


@pytest.mark.parametrize(
    ("px", "health"),
    [
        ("25.01", "healthy"),
        ("25", "healthy"),
        ("24.99", "atRisk"),
        ("19.7", "atRisk"),
        ("19.69", "marketLiquidatable"),
        ("18.4", "marketLiquidatable"),
        ("18.39", "backstopLiquidatable"),
    ],
)
def test_words_of_health(net: Localnet, owner: Desk, lender: Desk, px: str, health: str) -> None:
    """1,625 owed on 100 HYPE: 65%, 82.5% and 88.33% of the value (FAQ's thresholds)."""
    in_debt(net, owner, lender, 1_625)
    price(net, px)
    state = lending(owner)
    assert state["health"] == health
    assert Decimal(state["healthFactor"]) == round(Decimal(px) * 65 / 1_625, 10)


def test_price_is_a_median(net: Localnet, owner: Desk) -> None:
    """Of the spot price and the perpetual's mark and oracle."""
    price(net, "20")
    net.set_mid("@1035", Decimal(30))
    assert reserve(owner, 1105)["oraclePx"] == 20
    net.set_mark("HYPE", Decimal(25))
    assert reserve(owner, 1105)["oraclePx"] == 25
    net.set_oracle("HYPE", Decimal(40))
    assert reserve(owner, 1105)["oraclePx"] == 30


def test_borrowed_money_does_not_leave(net: Localnet, owner: Desk, lender: Desk) -> None:
    """Nor collateral that secures a loan: 650 USDC lock 50 HYPE at 65% of 20, as the FAQ reckons."""
    price(net, "20")
    in_debt(net, owner, lender, 650)
    assert send(owner, lender.address, "1")["status"] == "err"
    move = {
        "type": "sendAsset",
        "destination": lender.address,
        "sourceDex": "spot",
        "destinationDex": "spot",
        "token": "HYPE:0x7317beb7cceed72ef0b346074cc8e7ab",
        "fromSubAccount": "",
    }
    assert owner.user_act(move | {"amount": "50.00000001"})["status"] == "err"
    assert owner.user_act(move | {"amount": "50"}) == OK
    assert lending(owner)["healthFactor"] == "1.0"


def test_what_is_ones_own_leaves_from_the_balance(net: Localnet, owner: Desk, lender: Desk) -> None:
    """By the bridge and into a vault, as of a unified account; not what is borrowed."""
    before = net.total_token("USDC")
    stamp = owner.nonce()
    out = {"type": "withdraw3", "destination": owner.address, "amount": "500", "time": stamp}
    head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
    assert owner.send_user_signed(head | out, stamp) == OK
    assert row(owner, "USDC")["supplied"] == "19500.0"
    make = {"type": "createVault", "name": "vault", "description": "a vault here", "initialUsd": 10**9}
    vault = lender.act(make | {"nonce": (stamp := lender.nonce())}, nonce=stamp)["response"]["data"]
    deposit = {"type": "vaultTransfer", "vaultAddress": vault, "isDeposit": True, "usd": 500 * 10**6}
    assert owner.act(deposit) == OK
    assert row(owner, "USDC")["total"] == "19000.0"
    in_debt(net, owner, lender)
    assert owner.act(deposit)["status"] == "err"
    stamp = owner.nonce()
    assert owner.send_user_signed(head | out | {"time": stamp}, stamp)["status"] == "err"
    assert net.total_token("USDC") == before


def test_usdc_of_one_kind_is_not_covered(owner: Desk, lender: Desk) -> None:
    """What a unified account is refused with, nobody tells of portfolio margin."""
    sub = owner.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    give = {"type": "subAccountTransfer", "subAccountUser": sub, "isDeposit": True, "usd": 10**6}
    assert owner.send(owner.envelope(give)).not_implemented
    for action in (
        {"type": "usdClassTransfer", "amount": "1", "toPerp": True},
        {"type": "userDexAbstraction", "user": owner.address, "enabled": True},
    ):
        nonce = owner.nonce()
        head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
        assert owner.send(owner.user_envelope(head | action, nonce)).not_implemented


def test_collateral_may_be_sold(net: Localnet, owner: Desk, lender: Desk) -> None:
    """What it brings repays the loan."""
    in_debt(net, owner, lender, 1_000)
    net.set_liquidity("@1035", [(Decimal(20), Decimal(1000))], [])
    assert spot(owner, buy=False, p="20", s="100")["filled"]["totalSz"] == "100.0"
    assert Decimal(row(owner, "USDC")["total"]) > 900


def test_ratio_follows_the_docs(net: Localnet, owner: Desk, lender: Desk) -> None:
    """20 USDC and what is owed, over (0.5 + 0.5 * 0.65) of the collateral's value."""
    price(net, "20")
    in_debt(net, owner, lender, 1_000)
    state = owner.info("spotClearinghouseState")
    assert Decimal(state["portfolioMarginRatio"]) == round(Decimal(1_020) / 1_650, 10)
    assert state["tokenToPortfolioBorrowRatio"] == [[0, "0.00002"]]
    assert state["tokenToPortfolioSupplyRatio"] == [[1105, "0.0001"]]
    assert state["tokenToAvailableAfterMaintenance"] == [[0, "630.0"], [1105, "100.0"]]


def test_perpetuals_are_not_covered(owner: Desk) -> None:
    """Neither orders on them nor their leverage; spot is."""
    for action in (
        orders(order(p="3000", s="0.01")),
        {"type": "updateLeverage", "asset": 4, "isCross": True, "leverage": 5},
        {"type": "twapOrder", "twap": {"a": 4, "b": True, "s": "1", "r": False, "m": 30, "t": False}},
    ):
        assert owner.send(owner.envelope(action)).not_implemented


def test_gates_of_portfolio_margin(net: Localnet, desk: Desk, lender: Desk, fresh: Desk) -> None:
    """Too little is refused; orders, and 25 million, are not known to be."""
    net.fund(fresh.address, Decimal(-1))
    action = {"type": "userPortfolioMargin", "enabled": True}
    refused = fresh.user_act(action | {"user": fresh.address})
    assert refused["response"].startswith("Portfolio margin requires")
    desk.place(p="2000", s="0.01")
    net.fund(lender.address, Decimal(25_000_000))
    for each in (desk, lender):
        nonce = each.nonce()
        head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
        asked = head | action | {"user": each.address}
        assert each.send(each.user_envelope(asked, nonce)).not_implemented


def test_sub_account_with_portfolio_margin(net: Localnet, desk: Desk) -> None:
    """It is margined by itself, and `subAccounts2` names its mode."""
    sub = desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    give = {"type": "subAccountTransfer", "subAccountUser": sub, "isDeposit": True, "usd": 10_000_000_000}
    assert desk.act(give) == OK
    margin(desk, sub)
    (found,) = desk.info("subAccounts2")
    assert found["abstraction"] == "portfolioMargin"
    assert found["spotState"]["portfolioMarginEnabled"]
    assert lending(desk, sub)["tokenToState"][0][1]["supply"]["value"] == "10000.0"
