"""What a vault gives up for a withdrawal: which orders, how much of which positions, and who pays for it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.accounts.test_vaults import DAY_MS, create, transfer
from tests.localnet.desk import BTC, ETH, Desk, order, orders, quiet
from tests.localnet.transfers.test_money import OK, perp, rows


def shared(net: Localnet, desk: Desk, other: Desk) -> str:
    """Return a vault of 2,000 USD, half of which is the other's and can be withdrawn; ETH stands at 3,000."""
    net.set_mid("ETH", Decimal(3_000))
    vault = create(desk)
    other.act(transfer(vault, 1_000))
    net.advance(DAY_MS)
    return vault


def state(desk: Desk, vault: str) -> Any:
    return desk.info("clearinghouseState", user=vault)


def szi(desk: Desk, vault: str) -> Decimal:
    held = state(desk, vault)["assetPositions"]
    return Decimal(held[0]["position"]["szi"]) if held else Decimal(0)


def test_orders_without_margin_stay(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = shared(net, desk, other)
    quiet(net, bid="2999", ask="3000")
    desk.act(orders(order(p="3000", s="1", tif="Ioc")), vault=vault)
    for made in (order(b=False, p="3500", s="0.5", r=True), order(p="2000", s="6"), order(p="2000", s="7")):
        assert desk.act(orders(made), vault=vault)["status"] == "ok"
    assert other.act(transfer(vault, 900, is_deposit=False)) == OK
    ends = {row["order"]["origSz"]: row["status"] for row in desk.info("historicalOrders", user=vault)[::-1]}
    assert ends == {"1.0": "filled", "0.5": "open", "6.0": "vaultWithdrawalCanceled", "7.0": "open"}
    assert szi(desk, vault) == 1


def test_enough_margin_touches_nothing(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = shared(net, desk, other)
    quiet(net, bid="2999", ask="3000")
    desk.act(orders(order(p="3000", s="1", tif="Ioc")), vault=vault)
    desk.act(orders(order(p="2000", s="1")), vault=vault)
    assert other.act(transfer(vault, 900, is_deposit=False)) == OK
    assert szi(desk, vault) == 1
    assert len(desk.info("openOrders", user=vault)) == 1
    assert rows(other)[-1]["delta"]["closingCost"] == "0.0"


def test_fifths_are_closed_until_there_is_enough(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = shared(net, desk, other)
    quiet(net, bid="2999", ask="3000")
    desk.act(orders(order(p="3000", s="6", tif="Ioc")), vault=vault)
    before = net.total_usd(), perp(other)
    assert other.act(transfer(vault, 600, is_deposit=False)) == OK
    # 18,000 keep 1,800 of about 1,985 back; two fifths set 720 free.
    assert szi(desk, vault) == Decimal("3.6")
    delta = rows(other)[-1]["delta"]
    cost = Decimal(delta["closingCost"])
    # A dollar a coin and the fee, of 2.4 coins.
    assert abs(cost - Decimal("2.4") * (1 + 2_999 * Decimal("0.00045"))) < Decimal("0.00001")
    assert perp(other) - before[1] == 600 - cost == Decimal(delta["netWithdrawnUsd"])
    assert net.total_usd() == before[0]
    kinds = [row["order"]["orderType"] for row in desk.info("historicalOrders", user=vault)]
    assert kinds[:2] == ["Vault Close", "Vault Close"]
    closing = desk.info("historicalOrders", user=vault)[0]["order"]
    assert (closing["tif"], closing["reduceOnly"], closing["side"]) == (None, True, "A")


def test_a_short_is_bought_back(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = shared(net, desk, other)
    quiet(net, bid="3000", ask="3001")
    desk.act(orders(order(b=False, p="3000", s="6", tif="Ioc")), vault=vault)
    assert other.act(transfer(vault, 600, is_deposit=False)) == OK
    assert -6 < szi(desk, vault) < 0


def test_what_the_book_cannot_pay_is_not_guessed(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = shared(net, desk, other)
    quiet(net, bid="2999", ask="3000")
    desk.act(orders(order(p="3000", s="6", tif="Ioc")), vault=vault)
    net.set_liquidity("ETH", [], [(Decimal(3_100), Decimal(1))])
    before = state(desk, vault)
    assert other.send(other.envelope(transfer(vault, 900, is_deposit=False))).not_implemented
    assert state(desk, vault)["assetPositions"] == before["assetPositions"]


def test_a_vault_can_always_close_a_part(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = shared(net, desk, other)
    quiet(net, bid="3000", ask="3000.1")
    action = {"type": "vaultModify", "vaultAddress": vault, "allowDeposits": None}
    assert desk.act(action | {"alwaysCloseOnWithdraw": True}) == OK
    desk.act(orders(order(p="3000.1", s="1", tif="Ioc")), vault=vault)
    assert other.act(transfer(vault, 500, is_deposit=False)) == OK
    assert Decimal("0.745") < szi(desk, vault) < Decimal("0.755")


@pytest.mark.parametrize("asset", [ETH, BTC])
@given(sz=st.integers(1, 60), asked=st.integers(1, 990), always=st.booleans())
def test_closing_conserves_money_and_spares_those_who_stay(
    asset: int, sz: int, asked: int, always: bool
) -> None:
    net = Localnet()
    desk, other = Desk(net), Desk(net, ACCOUNTS[1].private_key)
    vault = shared(net, desk, other)
    net.exchange.vaults[vault].always_close = always
    coin, px, unit = ("ETH", "3300", 10) if asset == ETH else ("BTC", "99000", 300)
    net.set_mid(coin, Decimal(px) * Decimal("0.98"))
    desk.act(orders(order(a=asset, p=px, s=f"{Decimal(sz) / unit:.3f}", tif="Ioc")), vault=vault)
    before = net.total_usd(), perp(other)
    leading = Decimal(desk.info("userVaultEquities")[0]["equity"])
    answer = other.send(other.envelope(transfer(vault, asked, is_deposit=False)))
    if answer.not_implemented:
        return
    delta = rows(other)[-1]["delta"]
    assert perp(other) - before[1] == Decimal(delta["netWithdrawnUsd"]) <= asked
    assert Decimal(desk.info("userVaultEquities")[0]["equity"]) >= leading - Decimal("0.00001")
    assert net.total_usd() == before[0]
