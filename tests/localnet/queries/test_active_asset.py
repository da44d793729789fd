"""`activeAssetData`."""

from decimal import Decimal

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, leverage, quiet


def test_a_recorded_answer_comes_out() -> None:
    """680.955673 at 10x is 72.42 HYPE at 94.017 (info_activeAssetData__sonirico_cross, testnet, 2025).

    HYPE was no isolated coin then.
    """
    net = Localnet(accounts=0)
    net.fund(ACCOUNTS[0].address, Decimal("680.955673"))
    net.set_mid("HYPE", Decimal("94.017"))
    found = Desk(net).info("activeAssetData", coin="HYPE")
    assert found == {
        "user": ACCOUNTS[0].address.lower(),
        "coin": "HYPE",
        "leverage": {"type": "isolated", "value": 10, "rawUsd": "0.0"},
        "maxTradeSzs": ["72.42", "72.42"],
        "availableToTrade": ["680.955673", "680.955673"],
        "markPx": "94.017",
    }


def test_a_coin_that_was_never_set_is_cross_at_twenty(desk: Desk) -> None:
    """Wire rule 152."""
    assert desk.info("activeAssetData", coin="BTC")["leverage"] == {"type": "cross", "value": 20}


def test_what_is_asked_for_can_be_traded(desk: Desk) -> None:
    desk.act(leverage(1))
    size, other_size = desk.info("activeAssetData", coin="ETH")["maxTradeSzs"]
    assert size == other_size == "3.2228"
    quiet(desk.net, ask="3102.8")
    assert "error" in desk.place(p="3102.8", s="3.2229", tif="Ioc")
    assert "filled" in desk.place(p="3102.8", s=size, tif="Ioc")
    adding, against = desk.info("activeAssetData", coin="ETH")["availableToTrade"]
    assert (adding, against) == ("0.0", "19999.40768")


def test_orders_lower_what_is_available(desk: Desk) -> None:
    desk.act(leverage(5))
    desk.rest(p="2568", s="0.05")
    assert desk.info("activeAssetData", coin="ETH")["availableToTrade"] == ["9974.32", "9974.32"]


@pytest.mark.parametrize("coin", ["NOPE", "UNLISTED5", "PURR/USDC"])
def test_coins_that_cannot_be_traded_are_not_guessed(desk: Desk, coin: str) -> None:
    body = {"type": "activeAssetData", "user": desk.address, "coin": coin}
    assert desk.send(body, "/info").not_implemented
