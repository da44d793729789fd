"""Open-interest caps."""

import json

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
