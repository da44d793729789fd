"""Dust is sold at each minute, in proportion and to the last unit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.accounts.ledger import DUSTER
from tests.localnet.desk import Desk, quiet
from tests.localnet.trading.test_spot import balance, total, with_only


def has_row(desk: Desk, coin: str) -> bool:
    return any(row["coin"] == coin for row in desk.info("spotClearinghouseState")["balances"])


def dusty(net: Localnet, *amounts: str) -> list[Desk]:
    """Return fresh accounts with so much PURR, which is quoted at 4.5795 as it was when this was measured."""
    desks = [with_only(net, "PURR", amount, who=5 + who) for who, amount in enumerate(amounts)]
    net.set_mid("PURR/USDC", Decimal("4.6"))
    quiet(net, "PURR/USDC", bid="4.5795")
    net.advance(60_000)
    return desks


def test_proceeds_as_they_were_measured(net: Localnet) -> None:
    # RIFT, observations and dust follow-up.
    small, large = dusty(net, "0.25", "0.75")
    assert (balance(small, "USDC")["total"], balance(large, "USDC")["total"]) == ("1.14407358", "3.43222077")
    a, d = dusty(Localnet(), "0.99019", "0.5")
    assert (balance(a, "USDC")["total"], balance(d, "USDC")["total"]) == ("3.04082091", "1.53547344")


def test_order_of_a_conversion_is_that_of_the_address_that_sells(net: Localnet) -> None:
    small, _ = dusty(net, "0.25", "0.75")
    (row,) = small.info("userFills")

    found = small.info("orderStatus", user=DUSTER, oid=row["oid"])["order"]

    assert (found["status"], found["order"]["orderType"]) == ("filled", "Spot Dust Conversion")
    assert (found["order"]["coin"], found["order"]["sz"], found["order"]["origSz"]) == (
        "PURR/USDC",
        "0.0",
        "1.0",
    )
    assert [each["status"] for each in small.info("historicalOrders", user=DUSTER)] == ["filled", "open"]


def test_rows_of_dust(net: Localnet) -> None:
    small, large = dusty(net, "0.25", "0.75")
    (row,) = small.info("userFills")
    (other,) = large.info("userFills")
    assert row == {
        "coin": "PURR/USDC",
        "px": "4.5795",
        "sz": "0.25",
        "side": "A",
        "time": row["time"],
        "startPosition": "0.25",
        "dir": "Spot Dust Conversion",
        "closedPnl": "0.0",
        "hash": "0x" + "00" * 32,
        "oid": other["oid"],
        "crossed": True,
        "fee": "0.0",
        "tid": 0,
        "feeToken": "USDC",
        "twapId": None,
    }
    assert row["time"] % 60_000 == 0
    assert small.status_of(row["oid"]) == "unknownOid"
    assert small.info("userFills", aggregateByTime=True) == []
    assert not has_row(small, "PURR")


def test_a_lot_and_more_is_no_dust(net: Localnet) -> None:
    (desk,) = dusty(net, "1.99")
    assert total(desk, "PURR") == Decimal("1.99")
    assert not has_row(desk, "USDC")


def test_less_than_a_lot_in_all_is_burned(net: Localnet) -> None:
    before = net.total_token("PURR")
    (desk,) = dusty(net, "0.5")
    assert not has_row(desk, "PURR")
    assert total(desk, "USDC") == 0
    assert net.total_token("PURR") == before + Decimal("0.5"), "what was funded, burned or not"


def test_dust_waits_for_a_bid(net: Localnet) -> None:
    desks = [with_only(net, "PURR", "0.5", who=who) for who in (5, 6)]
    quiet(net, "PURR/USDC")
    net.advance(180_000)
    assert [total(desk, "PURR") for desk in desks] == [Decimal("0.5")] * 2
    quiet(net, "PURR/USDC", bid="0.066")
    net.advance(60_000)
    assert not has_row(desks[0], "PURR")


def test_a_trade_that_leaves_dust_starts_the_clock(desk: Desk) -> None:
    desk.place(a=11_035, p="30", s="1", tif="Ioc")
    desk.place(a=11_035, b=False, p="20", s="100.99", tif="Ioc")
    assert 0 < total(desk, "HYPE") < Decimal("0.01")
    desk.net.advance(60_000)
    assert not has_row(desk, "HYPE")


@given(st.lists(st.integers(1, 99_999), min_size=1, max_size=5))
def test_nothing_is_lost_to_rounding(amounts: list[int]) -> None:
    net = Localnet(accounts=0)
    net.set_mid("PURR/USDC", Decimal("4.6"))
    desks = [Desk(net, ACCOUNTS[who].private_key) for who in range(len(amounts))]
    for desk, amount in zip(desks, amounts, strict=True):
        net.fund_token(desk.address, "PURR", Decimal(amount) / 100_000)
    before = net.total_token("USDC"), net.total_token("PURR")
    net.advance(60_000)
    assert not any(has_row(desk, "PURR") for desk in desks)
    assert (net.total_token("USDC"), net.total_token("PURR")) == before
