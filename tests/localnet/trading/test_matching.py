"""What trades do: fees, positions, reduce-only orders that fit them."""

from decimal import Decimal

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk, cancel, leverage, order, quiet


def open_long(desk: Desk, sz: str = "0.02", px: str = "3100") -> None:
    """Buy from a house that then quotes nothing."""
    quiet(desk.net, ask=px)
    assert desk.place(p=px, s=sz, tif="Ioc")["filled"]["totalSz"] == sz
    quiet(desk.net)


def test_fees_are_cut_to_millionths_and_makers_pay_a_third(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    desk.rest(b=False, p="3100.1", s="0.0075")
    other.place(p="3101", s="0.0075", tif="Ioc")
    assert desk.info("userFills")[0]["fee"] == "0.003487"
    assert other.info("userFills")[0]["fee"] == "0.010462"
    assert desk.info("userFills")[0]["tid"] == other.info("userFills")[0]["tid"]
    assert (desk.info("userFills")[0]["crossed"], other.info("userFills")[0]["crossed"]) == (False, True)


@pytest.mark.parametrize(
    ("trades", "direction", "closed_pnl", "szi"),
    [
        ([(True, "1")], "Open Long", "0.0", "1.0"),
        ([(False, "1")], "Open Short", "0.0", "-1.0"),
        ([(True, "1"), (False, "0.4")], "Close Long", "-0.4", "0.6"),
        ([(False, "1"), (True, "0.4")], "Close Short", "-0.4", "-0.6"),
        ([(True, "1"), (False, "1.5")], "Long > Short", "-1.0", "-0.5"),
        ([(False, "1"), (True, "1.5")], "Short > Long", "-1.0", "0.5"),
    ],
)
def test_a_fill_says_what_it_did(
    desk: Desk, trades: list[tuple[bool, str]], direction: str, closed_pnl: str, szi: str
) -> None:
    quiet(desk.net, bid="3100", ask="3101")
    for is_buy, sz in trades:
        desk.place(b=is_buy, p="3200" if is_buy else "3000", s=sz, tif="Ioc")
    fill = desk.info("userFills")[0]
    assert (fill["dir"], fill["closedPnl"]) == (direction, closed_pnl)
    assert desk.position() == szi


def test_a_reduce_only_ioc_is_cut_to_the_position(desk: Desk) -> None:
    open_long(desk)
    quiet(desk.net, bid="3100")
    assert desk.place(b=False, p="3000", s="0.05", r=True, tif="Ioc")["filled"]["totalSz"] == "0.02"
    assert desk.position() == "0.0"


def test_a_resting_reduce_only_order_is_cut_and_keeps_its_original_size(desk: Desk) -> None:
    open_long(desk)
    desk.rest(b=False, p="3400", s="0.05", r=True)
    (row,) = desk.info("openOrders")
    assert (row["sz"], row["origSz"], row["reduceOnly"]) == ("0.02", "0.05", True)


def test_a_reduce_only_order_on_the_wrong_side_is_refused(desk: Desk) -> None:
    open_long(desk)
    assert (
        desk.error(b=True, p="3000", s="0.01", r=True) == "Reduce only order would increase position. asset=4"
    )


def test_the_older_of_two_reduce_only_orders_goes(desk: Desk) -> None:
    open_long(desk)
    older, newer = (desk.rest(b=False, p=px, s="0.02", r=True) for px in ("3400", "3500"))
    assert desk.open_oids() == [newer]
    assert desk.status_of(older) == "reduceOnlyCanceled"


def test_a_resting_reduce_only_order_shrinks_and_ends_with_the_position(desk: Desk) -> None:
    open_long(desk)
    oid = desk.rest(b=False, p="3400", s="0.02", r=True)
    quiet(desk.net, bid="3100")

    desk.place(b=False, p="3000", s="0.005", tif="Ioc")
    assert desk.info("openOrders")[0]["sz"] == "0.015"

    desk.place(b=False, p="3000", s="0.015", tif="Ioc")
    assert desk.open_oids() == []
    ended = desk.info("orderStatus", oid=oid)["order"]
    assert (ended["status"], ended["order"]["sz"]) == ("reduceOnlyCanceled", "0.015")


@pytest.mark.parametrize(
    ("made", "accepted"),
    [
        ({"s": "0.003", "r": True}, True),
        ({"s": "0.003", "r": True, "tif": "Ioc"}, True),
        ({"s": "0.003", "tif": "Ioc"}, True),
        ({"s": "0.05", "r": True}, True),
        ({"s": "0.002", "r": True}, False),
        ({"s": "0.002", "tif": "Ioc"}, False),
        ({"s": "0.003", "p": "3200"}, False),
    ],
)
def test_only_closing_a_whole_position_is_exempt_from_the_minimum_value(
    desk: Desk, made: dict[str, str], accepted: bool
) -> None:
    open_long(desk, "0.01")
    quiet(desk.net, bid="3100")
    desk.place(b=False, p="3100", s="0.007", tif="Ioc")
    status = desk.place(**({"b": False, "p": "3100"} | made))
    assert ("error" not in status) == accepted, status
    assert accepted or status == {"error": "Order must have minimum value of $10. asset=4"}


def test_a_resting_order_whose_owner_lost_the_margin_is_cancelled(
    net: Localnet, desk: Desk, other: Desk
) -> None:
    quiet(net, "BTC", ask="89926")
    quiet(net)
    assert "filled" in desk.place(a=3, p="89926", s="0.5", tif="Ioc")
    resting = desk.rest(p="3000", s="6")
    net.set_mid("BTC", Decimal(73_000))
    quiet(net)
    assert other.error(b=False, p="3000", s="1", tif="Ioc").startswith("Order could not")
    assert desk.status_of(resting) == "marginCanceled"


def test_a_price_move_fills_what_it_passes(desk: Desk) -> None:
    total = desk.net.total_usd()
    near, far = desk.rest(p="3000"), desk.rest(p="2500")
    desk.net.set_mid("ETH", Decimal(2800))
    assert (desk.status_of(near), desk.status_of(far)) == ("filled", "open")
    assert desk.info("userFills")[0]["px"] == "3000.0"
    assert desk.net.mid("ETH") == 2800
    assert desk.net.total_usd() == total


def test_the_house_renews_its_quotes_and_keeps_clear_of_resting_orders(desk: Desk) -> None:
    desk.place(p="3110", s="5")
    (row,) = desk.info("openOrders")
    book = desk.info("l2Book", coin="ETH")["levels"]
    assert book[0][0]["px"] == row["limitPx"] == "3110.0"
    assert book[1][0]["px"] == "3110.1"
    desk.elements(cancel(row["oid"]))


def test_a_batch_can_trade_with_itself_only_by_cancelling(desk: Desk) -> None:
    quiet(desk.net)
    first, second = desk.statuses(order(p="3000"), order(b=False, p="3000"))
    assert desk.status_of(first["resting"]["oid"]) == "selfTradeCanceled"
    assert "resting" in second


def test_a_resting_order_that_would_reach_beyond_the_tier_goes(desk: Desk, other: Desk) -> None:
    desk.net.fund(desk.address, Decimal(1_000_000))
    quiet(desk.net, bid="2900", ask="3100")
    desk.act(leverage(25))
    other.act(leverage(5))
    first, second = desk.rest(p="2999", s="5"), desk.rest(p="2998", s="5")
    assert "filled" in other.place(b=False, p="2999", s="5", tif="Ioc")
    assert desk.status_of(first) == "filled"
    assert "error" in other.place(b=False, p="2998", s="5", tif="Ioc")
    assert desk.status_of(second) == "perpMaxPositionCanceled"
