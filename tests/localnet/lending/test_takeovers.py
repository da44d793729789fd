"""Loans that are liquidated, a fifth at a time or as a whole."""

from decimal import Decimal
from itertools import pairwise

import pytest

from harness.localnet import ACCOUNTS, Localnet, Rules
from harness.localnet.clock import VirtualClock
from tests.localnet.desk import Desk
from tests.localnet.lending.bank import in_debt, lending, margin, price, row, spot

STEP_MS = 3_000


def to_next_step(net: Localnet) -> None:
    """Let the liquidator come once."""
    net.advance(STEP_MS - net.now_ms() % STEP_MS)


def sum_of_interest(desk: Desk) -> Decimal:
    """Return what an account has paid for its loan."""
    return sum(
        (Decimal(each["borrow"]) for each in desk.info("userBorrowLendInterest", startTime=0)), Decimal(0)
    )


def test_a_fifth_at_a_time(net: Localnet, owner: Desk, lender: Desk) -> None:
    """Each at the price times (LTV + 2) / 3, until the loan is small enough."""
    in_debt(net, owner, lender, 1_700)
    price(net, "20")
    assert lending(owner)["health"] == "marketLiquidatable"
    assert row(owner, "HYPE")["total"] == "100.0"
    to_next_step(net)
    fill = owner.info("userFills")[0]
    assert (fill["dir"], fill["sz"], fill["side"]) == ("Partial Borrow Liquidation", "20.0", "A")
    assert fill["px"] == "17.66666666"
    assert row(owner, "HYPE")["total"] == "80.0"
    left = Decimal(row(owner, "USDC")["total"]) + Decimal(1_700) - Decimal(1_060) / 3
    assert abs(left + sum_of_interest(owner)) < Decimal("1e-7")
    assert lending(owner)["health"] == "marketLiquidatable"
    net.advance(10 * STEP_MS)
    taken = [fill for fill in owner.info("userFills") if fill["dir"] == "Partial Borrow Liquidation"]
    assert [fill["sz"] for fill in taken] == ["12.8", "16.0", "20.0"]
    assert [late["time"] - soon["time"] for late, soon in pairwise(taken)] == [STEP_MS, STEP_MS]
    assert lending(owner)["health"] == "atRisk"


def test_one_fifth_may_do(net: Localnet, owner: Desk, lender: Desk) -> None:
    """Of a loan just above the lower threshold."""
    in_debt(net, owner, lender, 1_670)
    price(net, "20")
    net.advance(10 * STEP_MS)
    assert row(owner, "HYPE")["total"] == "80.0"
    assert lending(owner)["health"] == "atRisk"


def test_all_of_it(net: Localnet, owner: Desk, lender: Desk) -> None:
    """Beyond the second threshold collateral and loan go together."""
    in_debt(net, owner, lender, 1_700)
    price(net, "19")
    assert lending(owner)["health"] == "backstopLiquidatable"
    to_next_step(net)
    assert (row(owner, "HYPE")["total"], row(owner, "USDC")["total"]) == ("0.0", "0.0")
    fill = owner.info("userFills")[0]
    assert (fill["dir"], fill["sz"]) == ("Backstop Borrow Liquidation", "100.0")
    assert Decimal(fill["px"]) == 17 + sum_of_interest(owner) / 100 // Decimal("1e-8") * Decimal("1e-8")
    assert lending(owner)["health"] == "healthy"


def test_nothing_of_the_loan_is_left(net: Localnet, owner: Desk, lender: Desk) -> None:
    """The interest of the hour goes with it, so the next one brings no new loan."""
    in_debt(net, owner, lender, 1_700)
    net.advance(1_800_000)
    price(net, "19")
    to_next_step(net)
    assert (row(owner, "HYPE")["total"], row(owner, "USDC")["total"]) == ("0.0", "0.0")
    assert Decimal(owner.info("userFills")[0]["px"]) > 17
    net.advance(7_200_000)
    assert row(owner, "USDC")["total"] == "0.0"


def test_worked_example_of_the_faq(net: Localnet, owner: Desk, lender: Desk) -> None:
    """Thresholds are shares of the value; with an LTV of 65% instead of 50% they are these."""
    in_debt(net, owner, lender, 825)
    price(net, "10")
    assert lending(owner)["health"] == "atRisk"
    price(net, "9.99")
    assert lending(owner)["health"] == "marketLiquidatable"


def test_orders_go_first(net: Localnet, owner: Desk, lender: Desk) -> None:
    """What a bid had borrowed is repaid, and then nothing has to be taken."""
    in_debt(net, owner, lender, 800)
    oid = spot(owner, buy=True, p="9", s="100", tif="Gtc")["resting"]["oid"]
    price(net, "20.5")
    assert lending(owner)["health"] == "marketLiquidatable"
    to_next_step(net)
    assert owner.status_of(oid) == "liquidatedCanceled"
    assert lending(owner)["health"] == "healthy"
    assert row(owner, "HYPE")["total"] == "100.0"


def test_price_that_comes_back_in_time(net: Localnet, owner: Desk, lender: Desk) -> None:
    """The liquidator finds nothing to do."""
    in_debt(net, owner, lender, 1_700)
    price(net, "20")
    price(net, "25")
    net.advance(3 * STEP_MS)
    assert row(owner, "HYPE")["total"] == "100.0"


def test_interest_can_be_too_much(net: Localnet, owner: Desk, lender: Desk) -> None:
    """A loan at its threshold grows over it."""
    in_debt(net, owner, lender, 1_650)
    price(net, "20")
    assert lending(owner)["health"] == "atRisk"
    net.advance(3_600_000 + STEP_MS)
    assert row(owner, "HYPE")["total"] == "80.0"


@pytest.mark.parametrize("px", ["20", "15"])
def test_nobody_is_liquidated_without_liquidations(px: str) -> None:
    """As of positions."""
    net = Localnet(VirtualClock(), rules=Rules(liquidations=False))
    desk, lender = Desk(net), Desk(net, ACCOUNTS[1].private_key)
    margin(desk)
    in_debt(net, desk, lender, 1_700)
    price(net, px)
    net.advance(10 * STEP_MS)
    assert row(desk, "HYPE")["total"] == "100.0"
