"""Feeds of what happens to one account."""

from decimal import Decimal

from harness.localnet import Localnet
from tests.localnet.desk import Desk, cancel, modify, order, orders, quiet
from tests.localnet.feed.line import Line
from tests.localnet.trading.test_liquidation import move, small

CLOID = "0x00000000000000000000000000000abc"


def changes(line: Line) -> list[list[tuple[str, int]]]:
    return [
        [(change["status"], change["order"]["oid"]) for change in block] for block in line.on("orderUpdates")
    ]


def test_order_updates_have_no_snapshot(line: Line, desk: Desk) -> None:
    desk.rest()
    assert line.subscribe("orderUpdates", user=desk.address) == []


def test_a_resting_order_is_told_as_recorded(net: Localnet, line: Line, desk: Desk) -> None:
    line.subscribe("orderUpdates", user=desk.address)
    oid = desk.rest(c=CLOID)
    now = net.clock.now_ms() - 100
    assert line.on("orderUpdates") == [
        [
            {
                "order": {
                    "coin": "ETH",
                    "side": "B",
                    "limitPx": "3000.0",
                    "sz": "0.01",
                    "oid": oid,
                    "timestamp": now,
                    "origSz": "0.01",
                    "cloid": CLOID,
                },
                "status": "open",
                "statusTimestamp": now,
            }
        ]
    ]


def test_a_fill_on_arrival_is_open_and_filled_in_one_frame(line: Line, desk: Desk) -> None:
    line.subscribe("orderUpdates", user=desk.address)
    oid = desk.place(p="3200")["filled"]["oid"]
    ((first, second),) = line.on("orderUpdates")
    assert (first["status"], first["order"]["sz"]) == ("open", "0.01")
    assert (second["status"], second["order"]["sz"], second["order"]["oid"]) == ("filled", "0.0", oid)


def test_a_batch_is_one_block_and_one_frame(line: Line, desk: Desk) -> None:
    line.subscribe("orderUpdates", user=desk.address)
    desk.act(orders(order(), order(p="3001")))
    assert [[status for status, _ in block] for block in changes(line)] == [["open", "open"]]


def test_a_modify_is_told_as_open_then_canceled(line: Line, desk: Desk) -> None:
    old = desk.rest()
    line.subscribe("orderUpdates", user=desk.address)
    (status,) = desk.elements(modify(old, order(p="3001")))
    assert changes(line) == [[("open", status["resting"]["oid"]), ("canceled", old)]]


def test_a_refusal_gives_its_status_and_a_cancel_keeps_the_rest(line: Line, desk: Desk) -> None:
    line.subscribe("orderUpdates", user=desk.address)
    desk.error(s="0.001")
    desk.error(s="1000")
    oid = desk.rest()
    desk.act(cancel(oid))
    assert [[status for status, _ in block] for block in changes(line)] == [
        ["minTradeNtlRejected"],
        ["perpMaxPositionRejected"],
        ["open"],
        ["canceled"],
    ]


def test_reduce_only_shows_and_its_end_is_told_with_the_closing_fill(line: Line, desk: Desk) -> None:
    desk.place(p="3200", s="0.01")
    line.subscribe("orderUpdates", user=desk.address)
    line.subscribe("userEvents", user=desk.address)
    desk.rest(b=False, p="3700", s="0.01", r=True)
    (opened,) = line.on("orderUpdates")
    assert opened[0]["order"]["reduceOnly"] is True

    desk.place(b=False, p="2900", s="0.01")
    frames = line.heard()
    (block,) = (frame["data"] for frame in frames if frame["channel"] == "orderUpdates")
    assert {change["status"] for change in block} == {"open", "filled", "reduceOnlyCanceled"}
    assert [list(frame["data"]) for frame in frames if frame["channel"] == "user"] == [["fills"]]


def test_others_hear_nothing(line: Line, desk: Desk, other: Desk) -> None:
    for kind in ("orderUpdates", "userEvents", "userFills", "notification"):
        line.subscribe(kind, user=other.address)
    desk.place(p="3200")
    assert line.heard() == []


def test_fills_come_as_a_snapshot_oldest_first_and_then_as_they_happen(line: Line, desk: Desk) -> None:
    (empty,) = line.subscribe("userFills", user=desk.address)
    assert empty["data"] == {"isSnapshot": True, "user": desk.address, "fills": []}

    desk.place(p="3200", s="0.01")
    desk.place(p="3200", s="0.02")
    news = line.on("userFills")
    assert [list(data) for data in news] == [["user", "fills"]] * 2
    assert [data["fills"] for data in news] == [[row] for row in reversed(desk.info("userFills"))]

    line.send({"method": "unsubscribe", "subscription": {"type": "userFills", "user": desk.address}})
    (snapshot,) = line.subscribe("userFills", user=desk.address)
    assert snapshot["data"]["fills"] == list(reversed(desk.info("userFills")))


def test_joined_fills_are_joined(net: Localnet, line: Line, desk: Desk) -> None:
    net.set_liquidity("ETH", [], [(Decimal(3100), Decimal("0.01")), (Decimal(3101), Decimal("0.01"))])
    line.subscribe("userFills", user=desk.address)
    line.subscribe("userFills", user=desk.address, aggregateByTime=True)
    desk.place(p="3101", s="0.02")
    single, joined = line.on("userFills")
    assert [fill["sz"] for fill in single["fills"]] == ["0.01", "0.01"]
    assert [fill["sz"] for fill in joined["fills"]] == ["0.02"]


def test_events_tell_fills_and_cancels_that_nobody_asked_for(line: Line, desk: Desk) -> None:
    assert line.subscribe("userEvents", user=desk.address) == []
    desk.place(p="3200")
    assert line.on("user") == [{"fills": desk.info("userFills")}]

    oid = desk.rest(b=False, p="3103")
    assert line.on("user") == []
    desk.place(p="3103", s="0.005", tif="Gtc")
    assert {"nonUserCancel": [{"coin": "ETH", "oid": oid}]} in line.on("user")


def test_the_maker_is_notified_in_the_words_of_the_exchange(
    net: Localnet, line: Line, desk: Desk, other: Desk
) -> None:
    net.set_mid("ETH", Decimal(1908))
    quiet(net)
    line.subscribe("notification", user=desk.address)
    desk.rest(p="1907.6", s="0.0063")
    other.place(b=False, p="1907.6", s="0.0063")
    assert line.on("notification") == [{"notification": "Resting order filled: Bought 0.0063 ETH at $1907.6"}]


def test_a_liquidation_is_told_to_who_was_liquidated(net: Localnet, line: Line) -> None:
    poor = small(net)
    line.subscribe("userEvents", user=poor.address)
    move(net, "2850", bid="2849")
    told = [data["liquidation"] for data in line.on("user") if "liquidation" in data]
    rows = poor.info("userNonFundingLedgerUpdates", startTime=0)
    (delta,) = [row["delta"] for row in rows if row["delta"]["type"] == "liquidation"]
    (event,) = told
    assert isinstance(event.pop("lid"), int)
    assert event == {
        "liquidator": "0x" + "ff" * 20,
        "liquidated_user": poor.address,
        "liquidated_ntl_pos": delta["liquidatedNtlPos"],
        "liquidated_account_value": delta["accountValue"],
    }
