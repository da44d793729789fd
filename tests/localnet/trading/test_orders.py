"""Placing orders: static and run-time checks, matching, resting, cancelling."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet, Rules
from harness.localnet.accounts.ledger import ORDER_RECORDS
from tests.localnet.desk import BTC, ETH, Desk, cancel, grouped, order, orders, quiet, trigger

CLOID = "0x00000000000000000000000000000abc"


def test_a_bid_below_the_book_rests(desk: Desk) -> None:
    assert desk.place(p="3000") == {"resting": {"oid": desk.open_oids()[0]}}


def test_a_cloid_comes_back_normalised(desk: Desk) -> None:
    upper = "0x" + CLOID[2:].upper()
    answer = desk.act(orders(order(c=upper)), signed=orders(order(c=CLOID)))
    assert answer["response"]["data"]["statuses"][0]["resting"]["cloid"] == CLOID
    assert desk.status_of(CLOID) == "open"


def test_an_order_fills_at_the_resting_price_and_the_average_is_cut(desk: Desk) -> None:
    desk.net.set_liquidity(
        "ETH", [], [(Decimal("3102.8"), Decimal("0.0001")), (Decimal("3102.9"), Decimal("0.0002"))]
    )
    status = desk.place(p="3200", tif="Ioc")
    assert status["filled"]["totalSz"] == "0.0003"
    assert status["filled"]["avgPx"] == "3102.86"


def test_a_gtc_fills_in_part_and_rests_with_the_rest(desk: Desk) -> None:
    quiet(desk.net)
    desk.net.set_liquidity("ETH", [], [(Decimal(3100), Decimal("0.4"))])
    status = desk.place(p="3100", s="1")
    assert status["filled"]["totalSz"] == "0.4"
    (row,) = desk.info("openOrders")
    assert (row["sz"], row["origSz"]) == ("0.6", "1.0")
    # orderStatus shows the order as of its last change of status.
    assert desk.info("orderStatus", oid=row["oid"])["order"]["order"]["sz"] == "1.0"


def test_time_decides_at_one_price(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    first, second = desk.rest(p="3000"), other.rest(p="3000")
    desk.net.set_liquidity("ETH", [], [(Decimal(3000), Decimal("0.01"))])
    assert desk.status_of(first) == "filled"
    assert other.status_of(second) == "open"


def test_price_decides_before_time(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    first, second = desk.rest(p="3000"), other.rest(p="3001")
    desk.net.set_liquidity("ETH", [], [(Decimal(3000), Decimal("0.01"))])
    assert desk.status_of(first) == "open"
    assert other.status_of(second) == "filled"


def test_an_own_resting_order_is_cancelled_and_not_traded_with(desk: Desk) -> None:
    quiet(desk.net, ask="3100.5")
    own = desk.rest(b=False, p="3100")
    status = desk.place(p="3101", tif="Ioc")
    assert status["filled"]["avgPx"] == "3100.5"
    assert desk.status_of(own) == "selfTradeCanceled"
    assert len(desk.info("userFills")) == 1


def test_an_ioc_that_meets_only_its_own_order_is_refused(desk: Desk) -> None:
    quiet(desk.net)
    own = desk.rest(b=False, p="3100")
    assert desk.error(p="3101", tif="Ioc").startswith("Order could not immediately match")
    assert desk.status_of(own) == "selfTradeCanceled"


RUN_TIME = [
    ({"p": "3000.12"}, "Price must be divisible by tick size. asset=4", "tickRejected"),
    ({"s": "0.003"}, "Order must have minimum value of $10. asset=4", "minTradeNtlRejected"),
    (
        {"p": "3000", "tif": "Ioc"},
        "Order could not immediately match against any resting orders. asset=4",
        "iocCancelRejected",
    ),
    (
        {"p": "3200", "tif": "Alo"},
        "Post only order would have immediately matched, bbo was 3102.4@3103.1. asset=4",
        "badAloPxRejected",
    ),
    ({"r": True}, "Reduce only order would increase position. asset=4", "reduceOnlyRejected"),
    ({"a": 0, "p": "100", "s": "10000"}, "Insufficient margin to place order. asset=0", "perpMarginRejected"),
    (
        {"s": "8"},
        "Order would cause position to exceed margin tier limit at current leverage asset=4",
        "perpMaxPositionRejected",
    ),
]


@pytest.mark.parametrize(("made", "text", "status"), RUN_TIME)
def test_a_run_time_refusal_has_its_text_and_a_record(
    desk: Desk, made: dict[str, Any], text: str, status: str
) -> None:
    assert desk.error(**made) == text
    (row,) = desk.info("historicalOrders")
    assert row["status"] == status
    assert desk.status_of(row["order"]["oid"]) == status


def test_a_market_order_without_any_liquidity_is_refused(desk: Desk) -> None:
    quiet(desk.net)
    assert desk.error(p="3200", tif="FrontendMarket") == "No liquidity available for market order."
    assert desk.info("historicalOrders")[0]["status"] == "marketOrderNoLiquidityRejected"


STATIC = [
    ({"p": "3000.123"}, "Order has invalid price."),
    ({"p": "0"}, "Order has invalid price."),
    ({"s": "0.00001"}, "Order has invalid size."),
    ({"s": "0"}, "Order has zero size."),
    ({"p": "155"}, "Order price cannot be more than 95% away from the reference price"),
    ({"p": "62057"}, "Order price cannot be more than 95% away from the reference price"),
    ({"s": "200000"}, "Order value too large. Max is $300000000."),
    ({"s": "20000", "tif": "FrontendMarket"}, "Order value too large. Max is $30000000."),
    ({"a": 67, "p": "0.009383", "s": "600000000"}, "Order value too large. Max is $5000000."),
]


@pytest.mark.parametrize(("made", "text"), STATIC)
def test_a_static_fault_refuses_the_batch_with_one_status_and_no_record(
    desk: Desk, made: dict[str, Any], text: str
) -> None:
    assert desk.statuses(order(), order(**made), order()) == [{"error": text}]
    assert desk.info("historicalOrders") == []


def test_the_band_reaches_from_a_twentieth_to_twenty_times_the_reference(desk: Desk) -> None:
    assert "resting" in desk.place(p="156", s="0.1")
    assert "oid" in str(desk.place(b=False, p="62056", s="0.01"))


def test_an_empty_batch_is_refused(desk: Desk) -> None:
    assert desk.statuses() == [{"error": "Orders are empty."}]


def test_earlier_orders_of_a_batch_stay_when_a_later_one_is_refused(desk: Desk) -> None:
    first, second, third = desk.statuses(order(), order(s="0.001"), order(p="2999"))
    assert "resting" in first
    assert "minimum value" in second["error"]
    assert "resting" in third


def test_whole_number_prices_are_always_legal(desk: Desk) -> None:
    assert desk.error(a=BTC, p="12345.6", s="0.01") == "Price must be divisible by tick size. asset=3"
    assert "resting" in desk.place(a=BTC, b=False, p="123456", s="0.001")


def test_a_price_far_beyond_the_oracle_is_refused_only_when_it_would_be_entered(desk: Desk) -> None:
    quiet(desk.net, ask="3300")
    assert desk.error(p="3300", tif="Ioc") == "Price too far from oracle asset=4"
    assert desk.info("historicalOrders")[0]["status"] == "oracleRejected"
    assert "resting" in desk.place(p="2000")


def test_the_oracle_check_can_be_switched_off() -> None:
    desk = Desk(Localnet(rules=Rules(oracle_check=False)))
    quiet(desk.net, ask="3300")
    assert "filled" in desk.place(p="3300", tif="Ioc")


def test_a_builder_is_never_approved(desk: Desk) -> None:
    builder = {"b": "0x" + "11" * 20, "f": 10}
    action = orders(order()) | {"builder": builder}
    assert desk.elements(action) == [{"error": "Builder fee has not been approved."}]
    action = orders(order()) | {"builder": builder | {"f": 101}}
    assert desk.elements(action) == [{"error": "Builder fee is too high."}]
    assert desk.info("historicalOrders") == []


def test_a_frontend_market_order_reads_as_market(desk: Desk) -> None:
    desk.place(p="3200", tif="FrontendMarket")
    row = desk.info("historicalOrders")[0]["order"]
    assert (row["orderType"], row["tif"], row["sz"]) == ("Market", "FrontendMarket", "0.0")


def test_a_cancel_works_once_and_only_for_its_owner(desk: Desk, other: Desk) -> None:
    oid = desk.rest()
    gone = {"error": "Order was never placed, already canceled, or filled. asset=4"}
    assert other.elements(cancel(oid)) == [gone]
    assert desk.elements(cancel(oid, a=BTC)) == [{"error": gone["error"].replace("=4", "=3")}]
    assert desk.elements(cancel(oid)) == ["success"]
    assert desk.elements(cancel(oid)) == [gone]
    assert desk.elements(cancel(1)) == [gone]


def test_a_cancel_by_cloid_finds_the_order(desk: Desk) -> None:
    desk.rest(c=CLOID)
    action = {"type": "cancelByCloid", "cancels": [{"asset": ETH, "cloid": CLOID}]}
    assert desk.elements(action) == ["success"]
    assert desk.elements(action) == [
        {"error": "Order was never placed, already canceled, or filled. asset=4"}
    ]


def test_a_cloid_may_be_used_again_and_finds_the_newest(desk: Desk) -> None:
    first = desk.rest(c=CLOID)
    desk.elements(cancel(first))
    second = desk.rest(c=CLOID)
    assert desk.info("orderStatus", oid=CLOID)["order"]["order"]["oid"] == second


def test_what_happens_to_a_cloid_that_is_still_open_is_not_guessed(desk: Desk) -> None:
    desk.rest(c=CLOID)
    assert desk.send(desk.envelope(orders(order(c=CLOID)))).not_implemented
    twice = orders(order(c=CLOID[:-1] + "d"), order(c=CLOID[:-1] + "d"))
    assert desk.send(desk.envelope(twice)).not_implemented
    assert len(desk.open_oids()) == 1


@pytest.mark.parametrize("asset", [5, 999, 10_002, 120_000, 100_000_000])
def test_assets_that_localnet_does_not_trade_are_not_guessed(desk: Desk, asset: int) -> None:
    answer = desk.send(desk.envelope(orders(order(a=asset))))
    assert answer.not_implemented
    assert answer.status == 422


def test_old_records_are_forgotten_and_open_orders_are_not(desk: Desk) -> None:
    resting = desk.rest()
    first = desk.rest(p="2999")
    desk.elements(cancel(first))
    for _ in range(ORDER_RECORDS // 100):
        desk.statuses(*[order(s="0.001")] * 100)
    assert desk.status_of(first) == "unknownOid"
    assert desk.status_of(resting) == "open"


def test_orders_beyond_the_limit_of_open_ones_are_refused(desk: Desk) -> None:
    quiet(desk.net, bid="2990", ask="3010")
    for _ in range(5):
        desk.statuses(*[order(p="2000")] * 200)
    assert len(desk.open_oids()) == 1_000
    assert desk.error(p="2000") == "Too many open orders asset=4"
    assert desk.info("historicalOrders")[0]["status"] == "tooManyOpenOrdersRejected"
    assert "filled" in desk.place(p="3010", tif="Ioc"), "it never rests"
    desk.elements(cancel(desk.open_oids()[0]))
    assert "resting" in desk.place(p="2000")


def test_the_limit_of_open_orders_can_be_told(desk: Desk) -> None:
    desk.net.limit_open_orders(2)
    assert ["resting" in row for row in desk.statuses(*[order(p="2000")] * 3)] == [True, True, False]
    spot = order(a=11_035, p="26", s="1")
    assert desk.statuses(spot) == [{"error": "Too many open orders asset=11035"}]
    stop = trigger(px="2500", p="2400", b=False, r=True)
    assert desk.statuses(stop) == [{"error": "Too many open orders asset=4"}]
    desk.net.limit_open_orders(None)
    assert "resting" in desk.place(p="2000")


def test_a_group_beyond_the_limit_is_not_guessed(desk: Desk) -> None:
    desk.net.limit_open_orders(1)
    children = (
        trigger(px="2500", p="2400", b=False, r=True),
        trigger(px="3500", p="3400", b=False, r=True, tpsl="tp"),
    )
    assert desk.send(desk.envelope(grouped("normalTpsl", order(p="2000"), *children))).not_implemented


def test_a_forgotten_order_is_not_found_by_its_cloid_either(desk: Desk) -> None:
    first = desk.rest(c=CLOID)
    desk.elements(cancel(first))
    for _ in range(ORDER_RECORDS // 100):
        desk.statuses(*[order(s="0.001")] * 100)
    assert desk.status_of(CLOID) == "unknownOid"
