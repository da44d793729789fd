"""Groups of orders: an entry with its take profit and stop loss, and TP/SL of a position."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import BTC, Desk, cancel, grouped, leverage, modify, order, quiet, trigger

CLOID = "0x00000000000000000000000000000abc"
GONE = {"error": "Order was never placed, already canceled, or filled. asset=4"}
TP: dict[str, Any] = {"b": False, "px": "3300", "p": "3000", "s": "0.1", "r": True, "tpsl": "tp"}
SL: dict[str, Any] = {"b": False, "px": "2900", "p": "2600", "s": "0.1", "r": True}


def family(desk: Desk, **entry: Any) -> tuple[list[Any], list[int]]:
    """Place an entry with both children; return the statuses, and the oids: entry, take profit, stop loss."""
    made = order(**{"p": "3000", "s": "0.1"} | entry)
    statuses = desk.elements(grouped("normalTpsl", made, trigger(**TP), trigger(**SL)))
    rows = [row for row in desk.info("historicalOrders") if row["status"] == "open"]
    return statuses, sorted(row["order"]["oid"] for row in rows)[-3:]


def whole(desk: Desk, *made: dict[str, Any]) -> list[Any]:
    """Place TP/SL of the position."""
    return desk.elements(grouped("positionTpsl", *made))


def mark(desk: Desk, px: str) -> None:
    """Move the mark."""
    desk.net.set_mid("ETH", Decimal(px))


def history(desk: Desk, oid: int) -> list[str]:
    """Return what became of an order, oldest first."""
    rows = desk.info("historicalOrders")
    return [row["status"] for row in reversed(rows) if row["order"]["oid"] == oid]


def test_children_wait_for_the_fill_of_an_entry_that_rests(desk: Desk) -> None:
    statuses, (entry, tp, sl) = family(desk)
    assert statuses == [{"resting": {"oid": entry}}, "waitingForFill", "waitingForFill"]
    assert desk.open_oids() == [sl, tp, entry]
    mark(desk, "3310")
    assert history(desk, tp) == ["open"]


def test_children_wait_for_their_trigger_when_the_entry_fills_at_once(desk: Desk) -> None:
    statuses, (_, tp, sl) = family(desk, p="3200", tif="Ioc")
    assert statuses[1:] == ["waitingForTrigger", "waitingForTrigger"]
    mark(desk, "2900")
    assert history(desk, sl) == ["open", "triggered", "filled"]
    assert history(desk, tp) == ["open", "siblingFilledCanceled"]
    assert (desk.position(), desk.open_oids()) == ("0.0", [])


def test_children_come_to_life_when_the_entry_is_filled_completely(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    _, (entry, tp, sl) = family(desk)
    other.place(b=False, p="3000", s="0.06", tif="Ioc")
    mark(desk, "3301")
    assert history(desk, tp) == ["open"]
    mark(desk, "3100")
    quiet(desk.net)
    other.place(b=False, p="3000", s="0.04", tif="Ioc")
    assert history(desk, entry) == ["open", "filled"]
    mark(desk, "3300")
    assert history(desk, tp) == ["open", "triggered", "filled"]
    assert history(desk, sl) == ["open", "siblingFilledCanceled"]


def test_a_child_whose_price_is_reached_when_the_entry_fills_triggers_at_once(desk: Desk) -> None:
    _, (entry, tp, sl) = family(desk)
    mark(desk, "2890")
    assert history(desk, entry) == ["open", "filled"]
    assert history(desk, sl) == ["open", "triggered", "filled"]
    assert history(desk, tp) == ["open", "siblingFilledCanceled"]


def test_the_frontend_shows_children_inside_their_parent_too(desk: Desk) -> None:
    _, (entry, tp, sl) = family(desk)
    rows = desk.info("frontendOpenOrders")
    assert [row["oid"] for row in rows] == [sl, tp, entry]
    assert rows[2]["children"] == [rows[1], rows[0]]
    assert [row["children"] for row in rows[:2]] == [[], []]
    assert rows[1]["orderType"] == "Take Profit Market"
    assert not rows[1]["isPositionTpsl"]
    nested = desk.info("orderStatus", oid=entry)["order"]["order"]["children"]
    assert [child["oid"] for child in nested] == [tp, sl]


def test_cancelling_the_entry_cancels_its_children_at_the_same_time(desk: Desk) -> None:
    _, oids = family(desk)
    assert desk.elements(cancel(oids[0])) == ["success"]
    found = [desk.info("orderStatus", oid=oid)["order"] for oid in oids]
    assert [row["status"] for row in found] == ["canceled"] * 3
    assert len({row["statusTimestamp"] for row in found}) == 1
    assert found[0]["order"]["children"] == []


@pytest.mark.parametrize(
    ("order_of", "expected"), [((0, 1, 2), [True, False, False]), ((2, 1, 0), [True] * 3)]
)
def test_in_a_batch_of_cancels_the_order_of_a_family_matters(
    desk: Desk, order_of: tuple[int, ...], expected: list[bool]
) -> None:
    _, oids = family(desk)
    action = {"type": "cancel", "cancels": [{"a": 4, "o": oids[index]} for index in order_of]}
    assert desk.elements(action) == ["success" if well else GONE for well in expected]


def test_cancelling_a_partly_filled_entry_cancels_its_children(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    _, (entry, tp, sl) = family(desk)
    other.place(b=False, p="3000", s="0.06", tif="Ioc")
    assert desk.elements(cancel(entry)) == ["success"]
    assert history(desk, tp) == history(desk, sl) == ["open", "canceled"]
    assert desk.position() == "0.06"


def test_children_come_to_life_when_a_partly_filled_entry_lacks_the_margin(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    _, (entry, tp, _) = family(desk)
    other.place(b=False, p="3000", s="0.06", tif="Ioc")
    desk.net.exchange.ledgers[desk.address].balance = 2_000_000
    other.place(b=False, p="3000", s="0.04", tif="Ioc")
    assert history(desk, entry) == ["open", "marginCanceled"]
    mark(desk, "3300")
    assert history(desk, tp)[1] == "triggered"


def test_a_child_can_be_cancelled_alone(desk: Desk) -> None:
    _, (entry, tp, sl) = family(desk)
    assert desk.elements(cancel(tp)) == ["success"]
    assert desk.open_oids() == [sl, entry]
    assert [child["oid"] for child in desk.info("frontendOpenOrders")[1]["children"]] == [sl]


def is_covered(desk: Desk, **entry: Any) -> bool:
    """Send a family; what is not covered has changed nothing."""
    taker = {"p": "3100", "s": "0.1", "tif": "Ioc"} | entry
    made = [order(**taker), trigger(**TP), trigger(**SL)]
    resting, rows = desk.info("l2Book", coin="ETH")["levels"], desk.info("historicalOrders")
    answer = desk.send(desk.envelope(grouped("normalTpsl", *made)))
    if answer.not_implemented:
        assert desk.info("l2Book", coin="ETH")["levels"] == resting
        assert (desk.info("historicalOrders"), desk.position()) == (rows, "0.0")
        return False
    statuses = json.loads(answer.body)["response"]["data"]["statuses"]
    assert statuses[0]["filled"]["totalSz"] == taker["s"]
    assert statuses[1:] == ["waitingForTrigger", "waitingForTrigger"]
    return True


@pytest.mark.parametrize("tif", ["Ioc", "FrontendMarket"])
@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        ([], False),
        ([("3100", "0.06")], False),
        ([("3100", "0.06"), ("3101", "0.04")], False),
        ([("3099", "0.06"), ("3100", "0.04")], True),
        ([("3100", "0.1")], True),
    ],
)
def test_an_entry_that_takes_is_filled_whole_or_not_covered(
    desk: Desk, tif: str, asks: list[tuple[str, str]], expected: bool
) -> None:
    desk.net.set_liquidity("ETH", [], [(Decimal(px), Decimal(sz)) for px, sz in asks])
    assert is_covered(desk, tif=tif) is expected


def test_an_entry_that_sells_is_held_against_the_bids(desk: Desk) -> None:
    children = (trigger(**TP | {"b": True, "px": "2900", "p": "3200"}),)
    for sz, expected in (("0.09", True), ("0.1", False)):
        desk.net.set_liquidity("ETH", [(Decimal("3100"), Decimal(sz)), (Decimal("3099"), Decimal(1))], [])
        entry = order(b=False, p="3100", s="0.1", tif="Ioc")
        answer = desk.send(desk.envelope(grouped("normalTpsl", entry, *children)))
        assert answer.not_implemented is expected


def test_own_orders_are_no_liquidity_for_an_entry(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    desk.rest(b=False, p="3100", s="0.05")
    assert not is_covered(desk)
    other.rest(b=False, p="3100", s="0.05")
    assert not is_covered(desk)
    other.rest(b=False, p="3100", s="0.05")
    assert is_covered(desk)


def test_orders_without_margin_are_no_liquidity_for_an_entry(desk: Desk, fresh: Desk) -> None:
    quiet(desk.net)
    for px in ("3098", "3099"):
        fresh.rest(b=False, p=px, s="0.05")
    ledger = fresh.net.exchange.ledgers[fresh.address]
    per_order = 3_099 * 0.05 / 20 * 1_000_000
    ledger.balance = round(1.5 * per_order)
    assert not is_covered(desk)
    ledger.balance = round(2.5 * per_order)
    assert is_covered(desk)


def test_a_reduce_only_order_is_liquidity_as_far_as_its_position_will_last(desk: Desk, other: Desk) -> None:
    quiet(desk.net, ask="3100")
    other.place(p="3100", s="0.08", tif="Ioc")
    quiet(desk.net)
    plain = other.rest(b=False, p="3099", s="0.06")
    other.rest(b=False, p="3100", s="0.08", r=True)
    assert not is_covered(desk)
    other.elements(cancel(plain))
    desk.net.set_liquidity("ETH", [], [(Decimal("3100"), Decimal("0.02"))])
    assert is_covered(desk)


def test_a_position_that_turns_in_two_steps_is_no_liquidity_without_margin(desk: Desk, other: Desk) -> None:
    quiet(desk.net, ask="3100")
    other.act(leverage(3))
    other.place(p="3100", s="0.1", tif="Ioc")
    quiet(desk.net)
    for sz in ("0.09", "0.03"):
        other.rest(b=False, p="3100", s=sz)
    ledger = desk.net.exchange.ledgers[other.address]
    ledger.balance = 15 * 1_000_000
    assert not is_covered(desk, s="0.12")
    ledger.balance = 1_000 * 1_000_000
    assert not is_covered(desk, s="0.12")
    assert is_covered(desk)


@given(
    held=st.lists(st.tuples(st.booleans(), st.integers(1, 60)), min_size=3, max_size=3),
    rested=st.lists(
        st.tuples(st.integers(0, 3), st.integers(3_100, 3_104), st.integers(1, 60), st.booleans()),
        min_size=1,
        max_size=6,
    ),
    usd=st.lists(st.integers(0, 120) | st.none(), min_size=3, max_size=3),
    entry=st.tuples(st.booleans(), st.integers(1, 120)),
)
def test_what_the_book_is_said_to_fill_it_fills(
    held: list[tuple[bool, int]],
    rested: list[tuple[int, int, int, bool]],
    usd: list[int | None],
    entry: tuple[bool, int],
) -> None:
    """Others come with positions, reduce-only orders and too little money; a wrong promise would raise."""
    net = Localnet()
    desk, *others = (Desk(net, account.private_key) for account in ACCOUNTS[:4])
    quiet(net, bid="3099", ask="3105")
    for one, (is_long, cents) in zip(others, held, strict=True):
        one.place(b=is_long, p="3105" if is_long else "3099", s=str(Decimal(cents) / 100), tif="Ioc")
    quiet(net)
    is_buy, cents = entry
    for who, px, sz, reduce_only in rested:
        made = order(b=not is_buy, p=str(px), s=str(Decimal(sz) / 100), r=reduce_only)
        [desk, *others][who].statuses(made)
    for one, left in zip(others, usd, strict=True):
        if left is not None:
            net.exchange.ledgers[one.address].balance = left * 1_000_000
    child = trigger(**SL) if is_buy else trigger(**SL | {"b": True, "px": "3300", "p": "3600"})
    taker = order(b=is_buy, p="3104" if is_buy else "3100", s=str(Decimal(cents) / 100), tif="Ioc")
    answer = desk.send(desk.envelope(grouped("normalTpsl", taker, child)))
    if not answer.not_implemented:
        filled, waiting = json.loads(answer.body)["response"]["data"]["statuses"]
        assert Decimal(filled["filled"]["totalSz"]) == Decimal(cents) / 100
        assert waiting == "waitingForTrigger"


ENTRY = order(p="3000", s="0.1")


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ([trigger(**SL), trigger(**TP)], "Main order cannot be trigger order."),
        ([trigger(**SL)], "Main order cannot be trigger order."),
        ([ENTRY], "Unexpected number of trigger orders"),
        ([ENTRY, ENTRY], "Unexpected number of trigger orders"),
        ([ENTRY, *[trigger(**SL)] * 3], "Unexpected number of trigger orders"),
        ([ENTRY, trigger(**SL | {"r": False})], "Trigger order is not reduce only."),
        ([ENTRY, trigger(**SL | {"b": True})], "Trigger order has unexpected side."),
        ([ENTRY | {"s": "0"}, trigger(**SL)], "Order has zero size."),
        ([], "Orders are empty."),
    ],
)
def test_a_family_of_the_wrong_kind_is_refused_as_a_whole(
    desk: Desk, made: list[dict[str, Any]], text: str
) -> None:
    assert desk.elements(grouped("normalTpsl", *made)) == [{"error": text}]
    assert desk.info("historicalOrders") == []


@pytest.mark.parametrize(
    "made",
    [
        [ENTRY, trigger(**SL), trigger(**SL)],
        [ENTRY, trigger(**SL | {"a": BTC, "px": "80000", "p": "72000"})],
        [ENTRY, trigger(**SL | {"px": "2900.12"})],
        [ENTRY, trigger(**SL | {"p": "2950"})],
        [order(p="3000", s="0.1", tif="Ioc"), trigger(**SL)],
    ],
)
def test_a_family_of_unknown_fate_is_not_guessed(desk: Desk, made: list[dict[str, Any]]) -> None:
    assert desk.send(desk.envelope(grouped("normalTpsl", *made))).not_implemented
    assert desk.info("historicalOrders") == []


def test_members_of_a_family_are_not_modified(desk: Desk) -> None:
    _, (entry, tp, _) = family(desk)
    for oid, new in ((entry, order(p="2990")), (tp, order(b=False, p="3300"))):
        assert desk.send(desk.envelope(modify(oid, new))).not_implemented


def test_a_tp_sl_of_the_whole_position_closes_all_of_it(desk: Desk) -> None:
    desk.place(p="3200", s="0.1", tif="Ioc")
    assert whole(desk, trigger(**TP | {"s": "0"}), trigger(**SL | {"s": "0"})) == ["waitingForTrigger"] * 2
    rows = desk.info("frontendOpenOrders")
    assert {(row["sz"], row["origSz"], row["isPositionTpsl"], row["tif"]) for row in rows} == {
        ("0.0", "0.0", True, None)
    }
    desk.place(p="3200", s="0.05", tif="Ioc")
    mark(desk, "2900")
    assert (desk.position(), desk.open_oids()) == ("0.0", [])
    sl, tp = (row["oid"] for row in rows)
    assert history(desk, sl) == ["open", "triggered", "filled"]
    assert history(desk, tp) == ["open", "reduceOnlyCanceled"]
    assert sum(Decimal(fill["sz"]) for fill in desk.info("userFills") if fill["oid"] == sl) == Decimal("0.15")


def test_a_sized_tp_sl_of_a_position_keeps_its_size(desk: Desk) -> None:
    desk.place(p="3200", s="0.1", tif="Ioc")
    whole(desk, trigger(**SL | {"s": "0.04"}))
    mark(desk, "2900")
    assert desk.position() == "0.06"


def test_a_tp_sl_of_a_position_ends_with_the_position(desk: Desk) -> None:
    desk.place(p="3200", s="0.1", tif="Ioc")
    whole(desk, trigger(**TP | {"s": "0"}), trigger(**SL))
    oids = desk.open_oids()
    desk.place(b=False, p="3000", s="0.04", tif="Ioc")
    assert desk.open_oids() == oids
    desk.place(b=False, p="3000", s="0.1", tif="Ioc")
    assert [desk.status_of(oid) for oid in oids] == ["reduceOnlyCanceled"] * 2
    assert desk.position() == "-0.04"


def test_a_small_whole_position_may_be_closed_by_its_stop(desk: Desk) -> None:
    quiet(desk.net, bid="3100", ask="3101")
    desk.place(p="3101", s="0.01", tif="Ioc")
    desk.place(b=False, p="3100", s="0.007", tif="Ioc")
    assert desk.position() == "0.003"
    whole(desk, trigger(**SL | {"s": "0"}))
    mark(desk, "2900")
    assert desk.position() == "0.0"


def test_a_tp_sl_of_a_position_is_refused_like_other_triggers(desk: Desk) -> None:
    desk.place(p="3200", s="0.1", tif="Ioc")
    assert whole(desk, trigger(**SL | {"px": "3200"})) == [{"error": "Invalid TP/SL price. asset=4"}]
    text = "Trigger order is not reduce only."
    assert whole(desk, trigger(**SL), trigger(**TP | {"r": False})) == [{"error": text}]
    assert desk.open_oids() == []


def test_position_groups_of_unknown_fate_are_not_guessed(desk: Desk) -> None:
    for made in ([trigger(**SL)], [order()], [trigger(**SL), trigger(**SL)], [trigger(**SL)] * 3):
        assert desk.send(desk.envelope(grouped("positionTpsl", *made))).not_implemented
    desk.place(p="3200", s="0.1", tif="Ioc")
    whole(desk, trigger(**SL, c=CLOID))
    new = trigger(**SL | {"px": "2950"})
    assert desk.send(desk.envelope(modify(CLOID, new) | {"a": True})).not_implemented


def test_a_copy_of_the_exchange_keeps_families_together(desk: Desk) -> None:
    _, (entry, tp, sl) = family(desk)
    kept = Desk(copy.deepcopy(desk.net))
    desk.elements(cancel(entry))
    for each, ended in ((desk, ["open", "canceled"]), (kept, ["open", "triggered", "filled"])):
        mark(each, "2890")
        assert history(each, sl) == ended
        assert history(each, tp)[0] == "open"
        assert each.open_oids() == []
