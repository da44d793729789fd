"""Vaults that share out, end, and stand above others."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.asks import LocalnetError
from harness.localnet.control import saves
from tests.localnet.accounts.test_vaults import DAY_MS, create, transfer
from tests.localnet.desk import Desk, order, orders, quiet
from tests.localnet.transfers.test_money import NEW, OK, err, perp, rows


def distribute(vault: str, usd: Decimal | int) -> dict[str, Any]:
    return {"type": "vaultDistribute", "vaultAddress": vault, "usd": int(usd * 10**6)}


def told(desk: Desk, vault: str) -> Any:
    return desk.info("vaultDetails", vaultAddress=vault)


def test_what_is_no_vault_has_no_details(desk: Desk) -> None:
    assert told(desk, NEW) is None


def test_a_distribution_is_shared(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = create(desk)
    other.act(transfer(vault, 3_000))
    before, usd = net.total_usd(), (perp(desk), perp(other))
    assert desk.act(distribute(vault, 400)) == OK
    assert (perp(desk) - usd[0], perp(other) - usd[1]) == (100, 300)
    assert rows(other)[-1]["delta"] == {"type": "vaultDistribution", "vault": vault, "usdc": "300.0"}
    assert [(row["vaultEquity"], row["pnl"]) for row in told(desk, vault)["followers"]] == [
        ("900.0", "0.0"),
        ("2700.0", "0.0"),
    ]
    assert net.total_usd() == before


def test_a_distribution_has_a_least_sum(desk: Desk, other: Desk) -> None:
    vault = create(desk)
    assert err(desk.act(distribute(vault, Decimal("9.999999")))) == "Must distribute at least $10"
    assert err(other.act(distribute(vault, 10))) == "Only leader can perform this vault action"
    assert desk.send(desk.envelope(distribute(vault, 1_001))).not_implemented


def test_who_has_too_little_for_a_share_is_passed_over(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = create(desk)
    net.fund(vault, Decimal(3_000))
    assert other.act(transfer(vault, 1) | {"usd": 1}) == OK
    assert net.exchange.vaults[vault].followers[other.address].shares == 0
    assert desk.act(distribute(vault, 100)) == OK
    assert [row["delta"]["type"] for row in rows(other)] == ["vaultDeposit"]


def test_a_closed_vault_has_nobody(net: Localnet, desk: Desk, other: Desk) -> None:
    vault = create(desk)
    other.act(transfer(vault, 3_000))
    quiet(net, bid="2999", ask="3000")
    desk.act(orders(order(p="3000", s="0.1", tif="Ioc")), vault=vault)
    assert desk.send(desk.envelope(distribute(vault, 0))).not_implemented
    desk.act(orders(order(b=False, p="2999", s="0.1", tif="Ioc")), vault=vault)
    before = net.total_usd()
    assert desk.act(distribute(vault, 0)) == OK
    closed = told(desk, vault)
    assert (closed["isClosed"], closed["followers"], closed["leaderFraction"]) == (True, [], 0.0)
    assert net.total_usd() == before
    assert other.send(other.envelope(transfer(vault, 100))).not_implemented
    assert desk.send(desk.envelope(distribute(vault, 0))).not_implemented
    assert desk.info("vaultSummaries")[0]["isClosed"] is True


@pytest.fixture
def parent(net: Localnet, desk: Desk) -> str:
    return net.open_protocol_vault(desk.address, Decimal(4_000), children=3)


def test_a_parent_is_worth_its_children(net: Localnet, desk: Desk, parent: str) -> None:
    above = told(desk, parent)
    children = above["relationship"]["data"]["childAddresses"]
    assert (above["relationship"]["type"], len(children)) == ("parent", 3)
    assert (above["followers"][0]["vaultEquity"], above["leaderCommission"]) == ("4000.0", 0)
    for child in children:
        below = told(desk, child)
        assert (below["relationship"], below["followers"][0]["user"]) == ({"type": "child"}, parent)
        assert below["allowDeposits"] is False
    assert net.exchange.total_usd() % 10**6 == 0


def test_children_pay_what_their_parent_lacks(net: Localnet, desk: Desk, other: Desk, parent: str) -> None:
    other.act(transfer(parent, 1_000))
    net.advance(DAY_MS)
    assert other.send(other.envelope(transfer(parent, 1_000, is_deposit=False))).not_implemented
    net.advance(3 * DAY_MS)
    before = net.total_usd()
    assert desk.act(transfer(parent, 3_500, is_deposit=False)) == OK
    assert other.act(transfer(parent, 1_000, is_deposit=False)) == OK
    assert perp(other) == 10_000
    (row,) = desk.info("userVaultEquities")
    assert abs(Decimal(row["equity"]) - 500) < Decimal("0.00001")
    assert net.total_usd() == before


def test_a_protocols_vault_takes_no_commission(net: Localnet, desk: Desk, other: Desk, parent: str) -> None:
    other.act(transfer(parent, 4_000))
    net.advance(4 * DAY_MS)
    net.fund(parent, Decimal(800))
    assert other.act(transfer(parent, 4_100, is_deposit=False)) == OK
    delta = rows(other)[-1]["delta"]
    assert (delta["commission"], delta["netWithdrawnUsd"]) == ("0.0", "4100.0")


def test_children_net_opposite_positions(net: Localnet, desk: Desk, parent: str) -> None:
    first, second, third = net.exchange.vaults[parent].children
    quiet(net, bid="2999", ask="3000")
    for child, is_buy, sz in ((first, True, "0.5"), (second, False, "0.2"), (third, False, "0.4")):
        desk.act(orders(order(b=is_buy, p="3000" if is_buy else "2999", s=sz, tif="Ioc")), vault=child)
    resting = orders(order(p="2900", s="0.2", r=True))
    assert desk.act(resting, vault=second)["status"] == "ok"
    before = net.total_usd()
    net.net_child_vaults(parent)
    left = [net.exchange.ledgers[child].szi(4) for child in (first, second, third)]
    assert left == [0, 0, -(10**7)]
    fills = desk.info("userFills", user=first)
    assert [(row["dir"], row["sz"], row["fee"]) for row in fills[:2]] == [
        ("Net Child Vaults", "0.3", "0.0"),
        ("Net Child Vaults", "0.2", "0.0"),
    ]
    assert fills[0]["tid"] == desk.info("userFills", user=third)[0]["tid"]
    assert desk.info("historicalOrders", user=second)[0]["status"] == "reduceOnlyCanceled"
    assert net.total_usd() == before
    net.net_child_vaults(parent)
    assert len(desk.info("userFills", user=first)) == len(fills)


def test_only_a_parent_has_something_to_net(net: Localnet, desk: Desk) -> None:
    for vault in (create(desk), NEW):
        with pytest.raises(LocalnetError, match="no vault with children"):
            net.net_child_vaults(vault)
    with pytest.raises(LocalnetError, match="children"):
        net.open_protocol_vault(desk.address, Decimal(100), children=0)


def test_vaults_of_the_protocol_are_saved(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    vault = net.open_protocol_vault(ACCOUNTS[0].address, Decimal(100))
    net.net_child_vaults(vault)
    saves.dump(net, tmp_path / "state")
    assert vault in saves.load(tmp_path / "state").exchange.vaults


@given(
    deposit=st.integers(100, 3_000),
    value=st.integers(-900, 3_000),
    shared=st.integers(10, 4_000),
)
def test_distributions_conserve_money(deposit: int, value: int, shared: int) -> None:
    net = Localnet()
    desk, other = Desk(net), Desk(net, ACCOUNTS[1].private_key)
    vault = create(desk)
    other.act(transfer(vault, deposit))
    net.exchange.ledgers[vault].balance += value * 10**6
    net.exchange.fees -= value * 10**6
    before, both = net.total_usd(), perp(desk) + perp(other)
    answer = desk.send(desk.envelope(distribute(vault, shared)))
    if answer.not_implemented:
        assert shared > 1_000 + deposit + value
        return
    paid = perp(desk) + perp(other) - both
    assert shared - Decimal("0.000002") <= paid <= shared
    assert net.total_usd() == before
    desk.act(distribute(vault, 0))
    assert net.total_usd() == before
