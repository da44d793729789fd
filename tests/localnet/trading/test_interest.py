"""Open-interest caps."""

import json
from decimal import Decimal

import pytest

from harness.localnet import Localnet, Rules
from tests.localnet.desk import BTC, Desk, quiet

CAPPED = "Order would increase open interest while open interest is capped asset=4"


@pytest.fixture
def net() -> Localnet:
    """An exchange that caps ETH at 6,000 USD."""
    return Localnet(rules=Rules(open_interest_caps_usd={"ETH": 6_000}))


def test_no_coin_has_a_cap_unless_given() -> None:
    desk = Desk(Localnet())
    desk.place(p="3200", s="3", tif="Ioc")
    assert desk.info("perpsAtOpenInterestCap") == []


def test_at_the_cap_positions_may_only_shrink(net: Localnet, desk: Desk, other: Desk) -> None:
    quiet(net, bid="3099", ask="3100")
    assert desk.info("perpsAtOpenInterestCap") == []
    assert "filled" in desk.place(p="3100", s="2", tif="Ioc"), "the order that reaches the cap passes"
    assert desk.info("perpsAtOpenInterestCap") == ["ETH"]
    assert desk.error(p="3100", s="0.1", tif="Ioc") == CAPPED
    assert other.error(b=False, p="3099", s="0.1") == CAPPED
    assert desk.error(b=False, p="3099", s="2.1") == CAPPED
    statuses = [row["status"] for row in desk.info("historicalOrders")[:2]]
    assert statuses == [
        "positionFlipAtOpenInterestCapRejected",
        "positionIncreaseAtOpenInterestCapRejected",
    ]
    assert "filled" in desk.place(b=False, p="3099", s="0.5", tif="Ioc")
    assert desk.info("perpsAtOpenInterestCap") == []
    assert "resting" in other.place(p="3000", s="0.1")


def test_other_coins_are_free(net: Localnet, desk: Desk) -> None:
    quiet(net, ask="3100")
    desk.place(p="3100", s="2", tif="Ioc")
    assert "resting" in desk.place(a=BTC, p="80000", s="0.01")


def test_other_dexes_are_refused(desk: Desk) -> None:
    body = json.dumps({"type": "perpsAtOpenInterestCap", "dex": "nope"}).encode()
    assert desk.net.handle("/info", "application/json", body).status == 500


def test_a_cap_can_be_told_and_lifted() -> None:
    desk = Desk(Localnet())
    quiet(desk.net, bid="3099", ask="3100")
    desk.net.cap_open_interest("ETH", Decimal(300))
    desk.place(p="3100", s="0.1", tif="Ioc")
    assert desk.info("perpsAtOpenInterestCap") == ["ETH"]
    assert desk.info("webData2")["perpsAtOpenInterestCap"] == ["ETH"]
    desk.net.cap_open_interest("ETH", None)
    assert "perpsAtOpenInterestCap" not in desk.info("webData2")
    assert "filled" in desk.place(p="3100", s="0.1", tif="Ioc")


@pytest.mark.parametrize(
    ("is_buy", "oracle", "px", "status"),
    [
        (True, 2900, "2929.1", "tooAggressive"),
        (True, 2900, "2929", "positionIncrease"),
        (False, 3100, "3068.9", "tooAggressive"),
        (False, 3100, "3069", "positionIncrease"),
        (True, 3050, "3101", "positionIncrease"),
    ],
)
def test_orders_may_not_rest_beyond_one_percent_of_the_oracle_at_the_cap(
    desk: Desk, other: Desk, *, is_buy: bool, oracle: int, px: str, status: str
) -> None:
    desk.net.set_mid("ETH", Decimal(3000))
    quiet(desk.net, bid="2800", ask="3100")
    other.place(p="3100", s="3", tif="Ioc")
    desk.net.set_oracle("ETH", Decimal(oracle))
    desk.net.cap_open_interest("ETH", Decimal(6_000))
    desk.error(b=is_buy, p=px)
    assert desk.info("historicalOrders")[0]["status"] == f"{status}AtOpenInterestCapRejected"


def test_resting_orders_that_are_too_aggressive_go_at_the_cap(desk: Desk, other: Desk) -> None:
    desk.net.set_mid("ETH", Decimal(3000))
    quiet(desk.net, bid="2950", ask="3001")
    far, near = desk.rest(p="2990"), desk.rest(p="2920")
    desk.net.set_oracle("ETH", Decimal(2900))
    assert desk.status_of(far) == "open"
    desk.net.cap_open_interest("ETH", Decimal(3_000))
    other.place(p="3001", s="2", tif="Ioc")
    assert (desk.status_of(far), desk.status_of(near)) == ("openInterestCapCanceled", "open")
    assert desk.net.exchange.house.open, "the house may quote what it likes"


def test_open_interest_that_increases_too_quickly(desk: Desk, other: Desk) -> None:
    quiet(desk.net, bid="3099", ask="3100")
    desk.place(p="3100", s="0.2", tif="Ioc")
    desk.net.slow_open_interest("ETH")
    assert desk.error(p="3100", tif="Ioc") == "Order would increase open interest too quickly asset=4"
    assert desk.info("historicalOrders")[0]["status"] == "openInterestIncreaseRejected"
    assert "filled" in desk.place(b=False, p="3099", s="0.1", tif="Ioc"), "what shrinks a position passes"
    desk.net.slow_open_interest("ETH", is_too_quick=False)
    assert "filled" in other.place(p="3100", tif="Ioc")
