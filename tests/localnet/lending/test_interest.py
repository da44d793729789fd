"""Supplies and loans that follow balances, and interest by the hour."""

from decimal import Decimal

from harness.localnet import Localnet
from tests.localnet.desk import Desk
from tests.localnet.lending.bank import (
    HYPE,
    OK,
    in_debt,
    leg,
    lend,
    lending,
    margin,
    reserve,
    row,
    spot,
)
from tests.localnet.unified import send

HOUR_S = 3_600


def test_what_is_idle_is_supplied(owner: Desk) -> None:
    """Perpetual and spot USDC are one; what a bid holds is not idle."""
    assert row(owner, "USDC")["supplied"] == "20000.0"
    assert row(owner, "HYPE")["supplied"] == "100.0"
    assert "resting" in spot(owner, buy=True, p="20", s="100", tif="Gtc")
    usdc = row(owner, "USDC")
    assert (usdc["total"], usdc["hold"], usdc["spotHold"]) == ("20000.0", "2000.0", "2000.0")
    assert usdc["supplied"] == "18000.0"
    assert reserve(owner)["totalSupplied"] == 18_000


def test_deposits_repay(net: Localnet, owner: Desk, lender: Desk) -> None:
    """What comes to perpetuals or to spot goes against the loan."""
    in_debt(net, owner, lender)
    net.fund(owner.address, Decimal(400))
    assert row(owner, "USDC")["borrowed"] == "600.0"
    assert send(lender, owner.address, "700") == OK
    assert row(owner, "USDC")["total"] == "100.0"
    assert row(owner, "USDC")["supplied"] == "100.0"


def test_each_hour_interest_is_paid(net: Localnet, owner: Desk, lender: Desk) -> None:
    """A loan costs 5% a year, of which suppliers get nine tenths; the rows tell it by the hour."""
    in_debt(net, owner, lender)
    net.advance(2 * HOUR_S * 1000)
    rows = owner.info("userBorrowLendInterest", startTime=0)
    assert [(each["token"], each["supply"], each["nSamples"]) for each in rows] == [("USDC", "0.0", None)] * 2
    assert [each["time"] % (HOUR_S * 1000) for each in rows] == [0, 0]
    hour = Decimal(1_000) * Decimal("0.05") / 8_760
    assert abs(Decimal(rows[1]["borrow"]) - hour) < Decimal("0.00000010")
    basis, value = leg(owner, "borrow")
    assert basis == 1_000
    assert value == 1_000 + sum(Decimal(each["borrow"]) for each in rows)
    assert row(owner, "USDC")["total"] == f"-{value}"
    earned = lender.info("userBorrowLendInterest", startTime=0)
    assert abs(Decimal(earned[1]["supply"]) - hour * 9 / 10) < Decimal("0.00000010")
    assert leg(lender, "supply") == (9_000, 9_000 + sum(Decimal(each["supply"]) for each in earned))


def test_rows_of_a_span(net: Localnet, owner: Desk, lender: Desk) -> None:
    """Both ends are part of it."""
    in_debt(net, owner, lender)
    net.advance(3 * HOUR_S * 1000)
    first, second, third = owner.info("userBorrowLendInterest", startTime=0)
    found = owner.info("userBorrowLendInterest", startTime=second["time"], endTime=second["time"])
    assert found == [second]
    assert owner.info("userBorrowLendInterest", startTime=second["time"]) == [second, third]
    assert first not in owner.info("userBorrowLendInterest", startTime=first["time"] + 1)


def test_own_supply_becomes_part_of_the_balance(net: Localnet, lender: Desk) -> None:
    """What was supplied by hand is supplied with portfolio margin, and stays behind as balance."""
    assert lend(lender, "supply", "4000") == OK
    margin(lender)
    assert row(lender, "USDC")["total"] == "20000.0"
    assert reserve(lender)["totalSupplied"] == 20_000
    action = {"type": "userPortfolioMargin", "user": lender.address, "enabled": False}
    assert lender.user_act(action) == OK
    assert lender.info("userAbstraction") == "disabled"
    assert row(lender, "USDC") == {
        "coin": "USDC",
        "token": 0,
        "total": "20000.0",
        "hold": "0.0",
        "entryNtl": "0.0",
    }
    assert lending(lender)["tokenToState"] == []


def test_nobody_lends_hype(net: Localnet, owner: Desk) -> None:
    """It secures loans, earns nothing, and has the documented rate."""
    state = reserve(owner, HYPE)
    assert (state["borrowYearlyRate"], state["supplyYearlyRate"]) == (Decimal("0.05"), 0)
    net.advance(HOUR_S * 1000)
    assert row(owner, "HYPE")["total"] == "100.0"
