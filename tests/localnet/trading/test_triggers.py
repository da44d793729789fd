"""Trigger orders of their own: how they wait, when they trigger, what they become."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import Localnet
from tests.localnet.desk import BTC, Desk, cancel, grouped, modify, order, orders, quiet, trigger

CLOID = "0x00000000000000000000000000000abc"


def hold(desk: Desk, sz: str = "1") -> None:
    """Let the desk be long ETH from 3100, with large quotes around."""
    quiet(desk.net, bid="3099", ask="3100")
    assert Decimal(desk.place(p="3100", s=sz, tif="Ioc")["filled"]["totalSz"]) == Decimal(sz)


def mark(desk: Desk, px: str) -> None:
    """Move the mark, with the house's usual quotes around it."""
    desk.net.set_mid("ETH", Decimal(px))


def history(desk: Desk, oid: int) -> list[str]:
    """Return what became of an order, oldest first."""
    rows = desk.info("historicalOrders")
    return [row["status"] for row in reversed(rows) if row["order"]["oid"] == oid]


STOP: dict[str, Any] = {"b": False, "px": "3000", "p": "2700", "s": "1", "r": True}


def test_a_stand_alone_trigger_order_rests_and_has_an_oid(desk: Desk) -> None:
    (status,) = desk.statuses(trigger(**STOP, c=CLOID))
    oid = status["resting"]["oid"]
    assert status == {"resting": {"oid": oid, "cloid": CLOID}}
    assert desk.open_oids() == [oid]
    assert desk.info("l2Book", coin="ETH")["levels"][0][0]["px"] > "3000"


def test_a_waiting_stop_is_a_plain_row_of_open_orders(desk: Desk) -> None:
    (status,) = desk.statuses(trigger(**STOP))
    (row,) = desk.info("openOrders")
    assert row == {
        "coin": "ETH",
        "side": "A",
        "limitPx": "2700.0",
        "sz": "1.0",
        "oid": status["resting"]["oid"],
        "timestamp": row["timestamp"],
        "origSz": "1.0",
        "reduceOnly": True,
    }


@pytest.mark.parametrize(
    ("made", "kind", "condition"),
    [
        ({"b": False, "px": "3000", "p": "2700", "tpsl": "sl"}, "Stop Market", "Price below 3000"),
        ({"b": False, "px": "3200.5", "p": "2900", "tpsl": "tp"}, "Take Profit Market", "Price above 3200.5"),
        ({"px": "3200", "p": "3500", "tpsl": "sl", "market": False}, "Stop Limit", "Price above 3200"),
        ({"px": "3000", "p": "3300", "tpsl": "tp", "market": False}, "Take Profit Limit", "Price below 3000"),
    ],
)
def test_the_frontend_row_says_when_a_trigger_order_triggers(
    desk: Desk, made: dict[str, Any], kind: str, condition: str
) -> None:
    desk.statuses(trigger(**made))
    (row,) = desk.info("frontendOpenOrders")
    assert (row["orderType"], row["triggerCondition"], row["tif"]) == (kind, condition, None)
    assert (row["isTrigger"], row["isPositionTpsl"], row["children"]) == (True, False, [])
    assert Decimal(row["triggerPx"]) == Decimal(made["px"])


def test_a_market_stop_closes_the_position_when_the_mark_reaches_its_price(desk: Desk) -> None:
    hold(desk)
    (status,) = desk.statuses(trigger(**STOP))
    oid = status["resting"]["oid"]
    mark(desk, "3000.1")
    assert desk.status_of(oid) == "open"
    mark(desk, "3000")
    assert desk.position() == "0.0"
    assert history(desk, oid) == ["open", "triggered", "filled"]
    fill = desk.info("userFills")[0]
    assert (fill["oid"], fill["dir"], fill["crossed"]) == (oid, "Close Long", True)
    assert Decimal(2990) < Decimal(fill["px"]) < Decimal(3000)
    found = desk.info("orderStatus", oid=oid)["order"]
    assert (found["status"], found["order"]["isTrigger"], found["order"]["sz"]) == ("filled", True, "0.0")


def test_a_market_stop_trades_no_further_than_its_limit(desk: Desk) -> None:
    hold(desk)
    (status,) = desk.statuses(trigger(**STOP | {"p": "2999"}))
    mark(desk, "2900")
    assert desk.position() == "1.0"
    assert history(desk, status["resting"]["oid"]) == ["open", "triggered", "iocCancelRejected"]
    assert desk.open_oids() == []


def test_a_limit_stop_rests_where_it_cannot_trade(desk: Desk) -> None:
    hold(desk)
    (status,) = desk.statuses(trigger(**STOP | {"p": "2999", "market": False}))
    oid = status["resting"]["oid"]
    mark(desk, "2900")
    assert history(desk, oid) == ["open", "triggered"]
    assert desk.open_oids() == [oid]
    assert any(level["px"] == "2999.0" for level in desk.info("l2Book", coin="ETH")["levels"][1])
    mark(desk, "3010")
    assert history(desk, oid) == ["open", "triggered", "filled"]
    assert desk.position() == "0.0"


def test_a_triggered_order_that_rests_can_be_cancelled(desk: Desk) -> None:
    hold(desk)
    (status,) = desk.statuses(trigger(**STOP | {"p": "2999", "market": False}))
    mark(desk, "2900")
    assert desk.elements(cancel(status["resting"]["oid"])) == ["success"]
    assert history(desk, status["resting"]["oid"])[-1] == "canceled"
    assert desk.open_oids() == []


def test_a_reduce_only_stop_never_flips_the_position(desk: Desk) -> None:
    hold(desk)
    desk.statuses(trigger(**STOP | {"s": "3"}))
    mark(desk, "3000")
    assert desk.position() == "0.0"
    assert sum(Decimal(fill["sz"]) for fill in desk.info("userFills")) == 2


def test_a_reduce_only_stop_without_a_position_is_refused_when_it_triggers(desk: Desk) -> None:
    (status,) = desk.statuses(trigger(**STOP))
    mark(desk, "3000")
    assert history(desk, status["resting"]["oid"]) == ["open", "triggered", "reduceOnlyRejected"]


def test_a_trigger_order_may_open_a_position(desk: Desk) -> None:
    desk.statuses(trigger(b=True, px="3200", p="3500", s="1", tpsl="sl"))
    mark(desk, "3200")
    assert desk.position() == "1.0"


def test_a_trigger_order_binds_margin_only_when_it_triggers(desk: Desk) -> None:
    before = desk.info("clearinghouseState")["withdrawable"]
    (status,) = desk.statuses(trigger(b=True, px="3200", p="3500", s="90", tpsl="sl"))
    assert desk.info("clearinghouseState")["withdrawable"] == before
    mark(desk, "3200")
    assert history(desk, status["resting"]["oid"]) == ["open", "triggered", "perpMaxPositionRejected"]


@pytest.mark.parametrize(
    ("made", "text", "status"),
    [
        (STOP | {"px": "3150"}, "Invalid TP/SL price. asset=4", "badTriggerPxRejected"),
        (STOP | {"px": "3000.12"}, "Invalid TP/SL price. asset=4", "badTriggerPxRejected"),
        (STOP | {"px": "0", "b": True}, "Invalid TP/SL price. asset=4", "badTriggerPxRejected"),
        (STOP | {"p": "3001"}, "Invalid TP/SL price. asset=4", "badTriggerPxRejected"),
        (STOP | {"p": "2700.12"}, "Price must be divisible by tick size. asset=4", "tickRejected"),
        (STOP | {"s": "0.003"}, "Order must have minimum value of $10. asset=4", "minTradeNtlRejected"),
    ],
)
def test_a_trigger_order_that_cannot_wait_is_refused_with_a_record(
    desk: Desk, made: dict[str, Any], text: str, status: str
) -> None:
    assert desk.statuses(trigger(**made)) == [{"error": text}]
    (row,) = desk.info("historicalOrders")
    assert row["status"] == status
    assert desk.open_oids() == []


def test_a_limit_stop_and_a_take_profit_may_have_a_limit_on_the_near_side(desk: Desk) -> None:
    for made in (STOP | {"p": "3001", "market": False}, STOP | {"px": "3200", "p": "3300", "tpsl": "tp"}):
        assert "resting" in desk.statuses(trigger(**made))[0]


def test_a_trigger_order_is_checked_statically_like_any_other(desk: Desk) -> None:
    assert desk.statuses(order(), trigger(**STOP | {"s": "0"})) == [{"error": "Order has zero size."}]
    assert desk.open_oids() == []


def test_trigger_orders_trigger_oldest_first(desk: Desk) -> None:
    hold(desk, "0.3")
    first, second = (desk.statuses(trigger(**STOP | {"s": sz}))[0]["resting"]["oid"] for sz in ("0.2", "1"))
    mark(desk, "2990")
    fills = [(fill["oid"], fill["sz"]) for fill in desk.info("userFills")]
    assert fills[:2] == [(second, "0.1"), (first, "0.2")]


def test_an_order_that_waits_can_be_cancelled_once(desk: Desk, other: Desk) -> None:
    (status,) = desk.statuses(trigger(**STOP))
    oid = status["resting"]["oid"]
    gone = [{"error": "Order was never placed, already canceled, or filled. asset=4"}]
    assert other.elements(cancel(oid)) == gone
    assert desk.elements(cancel(oid)) == ["success"]
    assert desk.elements(cancel(oid)) == gone
    mark(desk, "2900")
    assert history(desk, oid) == ["open", "canceled"]


def test_a_fast_cancel_of_a_trigger_order_is_not_guessed(desk: Desk) -> None:
    (status,) = desk.statuses(trigger(**STOP, c=CLOID))
    fast = cancel(status["resting"]["oid"]) | {"f": True}
    by_cloid = {"type": "cancelByCloid", "cancels": [{"asset": 4, "cloid": CLOID}], "f": True}
    assert desk.send(desk.envelope(fast)).not_implemented
    assert desk.send(desk.envelope(by_cloid)).not_implemented
    plain = desk.rest()
    assert desk.elements(cancel(plain) | {"f": True}) == ["success"]


def test_a_modify_makes_a_trigger_order_only_when_it_may_always_place(desk: Desk) -> None:
    (old,) = desk.statuses(trigger(**STOP))
    oid = old["resting"]["oid"]
    new = trigger(**STOP | {"px": "2950"})
    assert desk.elements(modify(oid, new)) == [{"error": "Attempted to modify to invalid new order"}]
    (status,) = desk.elements(modify(oid, new) | {"a": True})
    assert desk.open_oids() == [status["resting"]["oid"]]
    assert history(desk, oid) == ["open", "canceled"]
    mark(desk, "3000")
    assert desk.open_oids() == [status["resting"]["oid"]]


def test_a_modify_turns_a_trigger_order_into_a_plain_one(desk: Desk) -> None:
    (old,) = desk.statuses(trigger(**STOP | {"r": False}))
    (status,) = desk.elements(modify(old["resting"]["oid"], order(b=False, p="3300", s="1")))
    (row,) = desk.info("frontendOpenOrders")
    assert (row["oid"], row["isTrigger"], row["tif"]) == (status["resting"]["oid"], False, "Alo")


def test_a_modify_to_a_bad_trigger_price_takes_the_old_order(desk: Desk) -> None:
    (old,) = desk.statuses(trigger(**STOP))
    action = {"type": "modify", "oid": old["resting"]["oid"], "order": trigger(**STOP | {"px": "3200"})}
    assert desk.act(action | {"a": True}) == {
        "status": "err",
        "response": "Error placing new order during modify: Invalid TP/SL price. asset=4",
    }
    assert desk.open_oids() == []


def test_a_modify_that_always_places_needs_no_old_order(desk: Desk) -> None:
    (status,) = desk.elements(modify(1, order()) | {"a": True})
    assert desk.open_oids() == [status["resting"]["oid"]]


def test_a_priority_order_needs_stake(desk: Desk) -> None:
    text = [{"error": "Insufficient delegatable balance for priority order"}]
    ioc, alo = order(p="3200", tif="Ioc"), order(tif="Alo")
    for made in ([ioc], [ioc, ioc], [alo]):
        assert desk.elements(grouped({"p": 80_000}, *made)) == text
    assert desk.info("historicalOrders") == []
    for made in ([order()], [ioc, alo], [alo | {"r": True}], [trigger(**STOP)]):
        assert desk.send(desk.envelope(grouped({"p": 1}, *made))).not_implemented
    assert desk.send(desk.envelope(grouped({"p": 0}, ioc))).not_implemented


def test_the_limit_of_reduce_only_and_trigger_orders_is_not_guessed(desk: Desk) -> None:
    for sizes in (200, 200, 200, 200, 199):
        desk.statuses(*[order(p="2000")] * sizes)
    assert "resting" in desk.statuses(trigger(**STOP))[0]
    for made in (trigger(**STOP), order(r=True)):
        assert desk.send(desk.envelope(orders(made))).not_implemented


@given(px=st.integers(2_500, 3_700), to=st.integers(2_500, 3_700), b=st.booleans(), tp=st.booleans())
def test_an_order_triggers_exactly_when_the_mark_passes_its_price(
    px: int, to: int, b: bool, tp: bool
) -> None:
    desk = Desk(Localnet(accounts=1))
    above = b != tp
    far = str(px + 300 if b else px - 300)
    (status,) = desk.statuses(
        trigger(b=b, px=str(px), p=far, s="0.1", tpsl="tp" if tp else "sl", market=False)
    )
    if px < 3102.8 if above else px > 3102.8:
        assert status == {"error": "Invalid TP/SL price. asset=4"}
        return
    mark(desk, str(to))
    reached = to >= px if above else to <= px
    assert ("triggered" in history(desk, status["resting"]["oid"])) is reached


def test_a_trigger_order_on_another_coin_stays_as_it_is(desk: Desk) -> None:
    (status,) = desk.statuses(trigger(a=BTC, b=False, px="80000", p="72000", s="0.01"))
    mark(desk, "2900")
    assert desk.status_of(status["resting"]["oid"]) == "open"
