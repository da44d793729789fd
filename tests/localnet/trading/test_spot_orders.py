"""What is refused on spot pairs, and when."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import Localnet
from tests.localnet.desk import Desk, modify, order, orders, quiet
from tests.localnet.trading.test_spot import HYPE, KORILA, PURR, UETH, hold, total, with_only

CLOID = "0x00000000000000000000000000000abc"


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (order(a=HYPE, p="20", s="1", r=True), "Reduce-only is invalid for spot trading"),
        (order(a=HYPE, p="20.1234567", s="1"), "Order has invalid price."),
        (order(a=HYPE, p="20", s="1.001"), "Order has invalid size."),
        (order(a=HYPE, p="20", s="0"), "Order has zero size."),
        (order(a=PURR, p="0.05", s="200.5"), "Order has invalid size."),
        (
            order(a=HYPE, p="5.7436", s="10"),
            "Order price cannot be more than 80% away from the reference price",
        ),
        (
            order(a=HYPE, p="143.6", s="10"),
            "Order price cannot be more than 80% away from the reference price",
        ),
    ],
)
def test_static_faults_refuse_the_whole_batch(desk: Desk, made: dict[str, object], text: str) -> None:
    good = order(a=HYPE, p="20", s="1", c=CLOID)
    assert desk.statuses(good, made) == [{"error": text}]
    assert desk.info("openOrders") == []
    assert desk.status_of(CLOID) == "unknownOid"


def test_triggers_are_refused(desk: Desk) -> None:
    trigger = {"trigger": {"isMarket": True, "triggerPx": "25", "tpsl": "sl"}}
    answer = desk.elements(orders(order(a=HYPE, b=False, p="20", s="1") | {"t": trigger}))
    assert answer == [{"error": "Placing trigger orders is not enabled on spot trading yet"}]


@given(st.integers(1, 99_999), st.sampled_from([Decimal("0.0001"), Decimal("0.001"), Decimal("0.01")]))
def test_the_band_excludes_its_lower_end_and_includes_its_upper(figures: int, step: Decimal) -> None:
    net = Localnet(accounts=1)
    net.set_mid("@1035", Decimal(1))
    px = figures * step
    status = Desk(net).place(a=HYPE, b=px >= 1, p=f"{px.normalize():f}", s="1000")
    outside = not Decimal("0.2") < px <= 5
    assert (
        status == {"error": "Order price cannot be more than 80% away from the reference price"}
    ) is outside


@pytest.mark.parametrize(
    ("made", "text", "status"),
    [
        (
            order(a=HYPE, p="20.0001", s="1"),
            "Price must be divisible by tick size. asset=11035",
            "tickRejected",
        ),
        (
            order(a=HYPE, p="20", s="0.49"),
            "Order must have minimum value of 10 USDC. asset=11035",
            "minTradeNtlRejected",
        ),
        (
            order(a=HYPE, p="28.9", s="1", tif="Alo"),
            "Post only order would have immediately matched, bbo was 28.6@28.8. asset=11035",
            "badAloPxRejected",
        ),
        (
            order(a=HYPE, p="28.7", s="1", tif="Ioc"),
            "Order could not immediately match against any resting orders. asset=11035",
            "iocCancelRejected",
        ),
        (
            order(a=HYPE, p="20", s="501"),
            "Insufficient spot balance asset=11035",
            "insufficientSpotBalanceRejected",
        ),
        (
            order(a=HYPE, b=False, p="40", s="100.01"),
            "Insufficient spot balance asset=11035",
            "insufficientSpotBalanceRejected",
        ),
        (
            order(a=KORILA, b=False, p="16", s="1"),
            "Insufficient spot balance asset=10008",
            "insufficientSpotBalanceRejected",
        ),
    ],
)
def test_run_time_refusals_leave_a_record(
    desk: Desk, made: dict[str, object], text: str, status: str
) -> None:
    quiet(desk.net, "@1035", bid="28.6", ask="28.8")
    assert desk.statuses(made | {"c": CLOID}) == [{"error": text}]
    assert desk.status_of(CLOID) == status


def test_refusals_of_an_ioc_come_in_the_measured_order(net: Localnet) -> None:
    # Wire rule 26: nothing to match, then nothing to pay with, then the minimum, then what can be paid.
    desk = with_only(net, "USDC", "0.00000001")
    poor = with_only(net, "PURR", "1000", who=7)
    assert "could not immediately match" in poor.error(a=HYPE, p="20", s="0.01", tif="Ioc")
    assert "Insufficient spot balance" in poor.error(a=HYPE, p="30", s="0.01", tif="Ioc")
    quiet(net, "@1035", ask="28")
    assert "minimum value" in desk.error(a=HYPE, p="30", s="0.35", tif="Ioc"), "9.80 at the price met"
    assert "Insufficient spot balance" in desk.error(a=HYPE, p="30", s="0.36", tif="Ioc")


@given(st.integers(1_000, 200_000), st.integers(36, 5_000))
def test_an_ioc_buys_the_lots_that_can_be_paid_at_the_prices_met(cents: int, lots: int) -> None:
    net = Localnet(accounts=0)
    money = Decimal(cents) / 100
    desk = with_only(net, "USDC", str(money))
    net.set_liquidity("@1035", [], [(Decimal(28), Decimal("0.5")), (Decimal(29), Decimal(10_000))])
    sz = Decimal(lots) / 100
    status = desk.place(a=HYPE, p="35", s=f"{sz.normalize():f}", tif="Ioc")
    first = min(sz, Decimal("0.5"), money // Decimal("0.28") / 100)
    rest = (money - first * 28) // Decimal("0.29") / 100 if first == Decimal("0.5") else Decimal(0)
    affordable = min(sz, first + rest)
    assert Decimal(status["filled"]["totalSz"]) == affordable
    paid = first * 28 + (affordable - first) * 29
    assert total(desk, "USDC") == money - paid
    assert desk.status_of(status["filled"]["oid"]) == "filled"


def test_money_that_is_held_cannot_be_spent_twice(net: Localnet) -> None:
    desk = with_only(net, "USDC", "30")
    desk.rest(a=HYPE, p="20", s="1")
    assert "Insufficient spot balance" in desk.error(a=HYPE, p="20", s="0.6")
    desk.rest(a=HYPE, p="20", s="0.5")
    assert hold(desk, "USDC") == 30
    assert "Insufficient spot balance" in desk.error(a=PURR, p="0.07", s="1000", tif="Ioc")


def test_a_modify_frees_its_own_hold(net: Localnet) -> None:
    desk = with_only(net, "USDC", "30")
    oid = desk.rest(a=HYPE, p="20", s="1.5")
    (status,) = desk.elements(modify(oid, order(a=HYPE, p="15", s="2")))
    assert status["resting"]["oid"] != oid
    assert desk.status_of(oid) == "canceled"
    (status,) = desk.elements(modify(status["resting"]["oid"], order(a=HYPE, p="15", s="2.01")))
    assert status == {"error": "Error placing new order during modify: Insufficient spot balance asset=11035"}
    assert hold(desk, "USDC") == 0
    assert desk.elements(modify(1, order(a=HYPE, p="15", s="2"))) == [
        {"error": "Cannot modify canceled or filled order"}
    ]


def test_a_modify_to_something_invalid_leaves_the_order(desk: Desk) -> None:
    oid = desk.rest(a=HYPE, p="20", s="1.5")
    invalid = {"error": "Attempted to modify to invalid new order"}
    assert desk.elements(modify(oid, order(a=HYPE, p="20", s="1.001"))) == [invalid]
    assert desk.elements(modify(oid, order(a=HYPE, p="20", s="1", tif="Ioc"))) == [invalid]
    assert desk.open_oids() == [oid]


def test_own_orders_do_not_trade_with_each_other(desk: Desk) -> None:
    quiet(desk.net, "@1035")
    oid = desk.rest(a=HYPE, b=False, p="28", s="1")
    desk.rest(a=HYPE, p="28", s="1")
    assert desk.status_of(oid) == "selfTradeCanceled"
    assert hold(desk, "HYPE") == 0
    assert desk.info("userFills") == []


def test_an_average_price_is_cut_to_the_decimals_of_the_pair(net: Localnet) -> None:
    # Wire rule 44.
    desk = with_only(net, "USDC", "100")
    net.set_mid("@1035", Decimal("7.7"))
    net.set_liquidity(
        "@1035", [], [(Decimal("7.6889"), Decimal("3.07")), (Decimal("7.7119"), Decimal("0.01"))]
    )
    assert desk.place(a=HYPE, p="8", s="3.08", tif="Ioc")["filled"]["avgPx"] == "7.688974"
    (joined,) = desk.info("userFills", aggregateByTime=True)
    assert (joined["px"], joined["sz"], joined["fee"]) == ("7.6889746753", "3.08", "0.00215598")


def test_what_is_not_known_is_not_guessed(desk: Desk) -> None:
    for action in (
        orders(order(), order(a=HYPE, p="20", s="1")),
        orders(order(a=10_002, p="20", s="1")),
        orders(order(a=HYPE, p="20", s="1")) | {"grouping": "normalTpsl"},
        orders(order(a=UETH, p="3000", s="0.01", c=CLOID), order(a=UETH, p="3000", s="0.01", c=CLOID)),
    ):
        assert desk.send(desk.envelope(action)).not_implemented


def test_builders_are_refused_up_to_one_percent_on_spot(desk: Desk) -> None:
    for fee, text in ((1_000, "Builder fee has not been approved."), (1_001, "Builder fee is too high.")):
        action = orders(order(a=HYPE, p="20", s="1")) | {"builder": {"b": "0x" + "12" * 20, "f": fee}}
        assert desk.elements(action) == [{"error": text}]
