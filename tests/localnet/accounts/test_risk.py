"""Margin: held against recorded figures, and what orders bind."""

from decimal import Decimal
from fractions import Fraction

import pytest

from harness.localnet import Localnet, Rules
from harness.localnet.accounts.ledger import Ledger, Position
from harness.localnet.accounts.risk import maintenance, max_leverage_at
from harness.localnet.markets.universe import Universe
from harness.localnet.numbers import E8, MICRO
from tests.localnet.desk import BTC, Desk, leverage, quiet


def test_a_recorded_position_prints_the_recorded_figures(desk: Desk) -> None:
    """The account of `info_clearinghouseState__roq_simple` (mainnet, 2026), rebuilt."""
    exchange = desk.net.exchange
    desk.net.set_mid("BTC", Decimal(78135))
    ledger = exchange.ledgers[desk.address] = Ledger(desk.address, balance=179_007_426 + 2_828_480)
    ledger.positions[BTC] = Position(61_000, 50_490_830)

    state = desk.info("clearinghouseState")

    assert state["crossMarginSummary"] == state["marginSummary"]
    assert state["marginSummary"] == {
        "accountValue": "179.007426",
        "totalNtlPos": "47.66235",
        "totalRawUsd": "131.345076",
        "totalMarginUsed": "2.383117",
    }
    assert state["crossMaintenanceMarginUsed"] == "0.595779"
    assert state["withdrawable"] == "174.241191"
    position = state["assetPositions"][0]["position"]
    assert position == {
        "coin": "BTC",
        "szi": "0.00061",
        "leverage": {"type": "cross", "value": 20},
        "entryPx": "82771.8",
        "positionValue": "47.66235",
        "unrealizedPnl": "-2.82848",
        "returnOnEquity": "-1.1203935447",
        "liquidationPx": None,
        "marginUsed": "2.383117",
        "maxLeverage": 40,
        "cumFunding": {"allTime": "0.0", "sinceOpen": "0.0", "sinceChange": "0.0"},
    }


def test_a_resting_order_lowers_what_may_be_withdrawn_by_its_margin(desk: Desk) -> None:
    """128.40 of notional at 5x lowered it by 25.68 (wire rule 149)."""
    desk.act(leverage(5))
    desk.rest(p="2568", s="0.05")
    state = desk.info("clearinghouseState")
    assert state["withdrawable"] == "9974.32"
    assert state["marginSummary"]["totalMarginUsed"] == "0.0"


def test_a_short_is_liquidated_above_its_price(desk: Desk) -> None:
    quiet(desk.net, bid="3100")
    desk.place(b=False, p="3100", s="6", tif="Ioc")
    state = desk.info("clearinghouseState")
    price = Fraction(state["assetPositions"][0]["position"]["liquidationPx"])
    value = Fraction(state["marginSummary"]["accountValue"])
    at_liquidation = value - (price - Fraction("3102.8")) * 6
    assert abs(at_liquidation - price * 6 / 50) < Fraction(1, 1000)


@pytest.mark.parametrize(
    ("value", "highest"), [(0, 25), (20_000, 25), (20_001, 10), (50_000, 10), (50_001, 5)]
)
def test_margin_tiers_begin_above_their_bound(value: int, highest: int) -> None:
    assert max_leverage_at(Universe().perp_of["ETH"], value * MICRO) == highest


def test_maintenance_is_continuous_at_the_tiers() -> None:
    eth = Universe().perp_of["ETH"]
    for bound in (20_000 * MICRO, 50_000 * MICRO):
        step = maintenance(eth, bound + 1) - maintenance(eth, bound)
        assert 0 < step < 1
    assert maintenance(eth, 20_000 * MICRO) == Fraction(20_000 * MICRO, 50)


def test_orders_on_both_sides_bind_the_worse_one(desk: Desk) -> None:
    desk.act(leverage(1))
    desk.rest(p="3000", s="3")
    assert "resting" in desk.place(b=False, p="3300", s="3")
    assert desk.error(p="2999", s="0.4") == "Insufficient margin to place order. asset=4"
    assert desk.error(b=False, p="3300", s="0.1") == "Insufficient margin to place order. asset=4"


def test_a_position_can_be_closed_and_turned_within_its_margin(desk: Desk) -> None:
    desk.act(leverage(1))
    quiet(desk.net, bid="3100", ask="3100.1")
    desk.place(p="3200", s="3.1", tif="Ioc")
    assert desk.error(p="3000", s="0.2") == "Insufficient margin to place order. asset=4"
    assert "resting" in desk.place(b=False, p="3200", s="6")
    assert "error" in desk.place(b=False, p="3201", s="1")


def test_an_account_under_water_can_close(desk: Desk) -> None:
    net = Localnet(rules=Rules(oracle_check=False, liquidations=False))
    desk = Desk(net)
    quiet(net, ask="3100")
    desk.place(p="3100", s="6", tif="Ioc")
    net.set_mid("ETH", Decimal(1000))
    assert Decimal(desk.info("clearinghouseState")["marginSummary"]["accountValue"]) < 0
    assert desk.info("clearinghouseState")["withdrawable"] == "0.0"
    assert desk.error(p="900", s="1") == "Insufficient margin to place order. asset=4"
    assert "filled" in desk.place(b=False, p="900", s="1", r=True, tif="Ioc")


def test_the_size_of_a_lot_is_exact() -> None:
    assert Universe().perp_of["BTC"].sz_step == E8 // 10**5
