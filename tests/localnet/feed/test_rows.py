"""Feeds of rows that only grow: a snapshot, then what is new."""

from typing import Any

import pytest

from harness.localnet import Localnet
from harness.localnet.feed.rows import Cursor, funding_rows
from harness.localnet.feed.streams import View
from harness.localnet.queries import QUERIES
from tests.localnet.desk import Desk, cancel
from tests.localnet.feed.line import Line

TWAP = {"type": "twapOrder", "twap": {"a": 4, "b": True, "s": "1", "r": False, "m": 5, "t": False}}


def move(desk: Desk, amount: str) -> None:
    answer = desk.user_act({"type": "usdClassTransfer", "amount": amount, "toPerp": False})
    assert answer["status"] == "ok", answer


def test_ledger_updates_follow_their_snapshot(net: Localnet, line: Line, desk: Desk) -> None:
    move(desk, "1")
    (first,) = line.subscribe("userNonFundingLedgerUpdates", user=desk.address)
    assert first["data"] == {
        "isSnapshot": True,
        "user": desk.address,
        "nonFundingLedgerUpdates": desk.info("userNonFundingLedgerUpdates", startTime=0),
    }
    move(desk, "2")
    (data,) = line.on("userNonFundingLedgerUpdates")
    assert data == {
        "user": desk.address,
        "nonFundingLedgerUpdates": desk.info("userNonFundingLedgerUpdates", startTime=0)[1:],
    }


def test_twaps_have_feeds_of_their_own(net: Localnet, line: Line, desk: Desk) -> None:
    for kind in ("userTwapHistory", "userTwapSliceFills", "twapStates", "userEvents", "userFills"):
        line.subscribe(kind, user=desk.address)
    desk.act(TWAP)
    net.advance(400_000)

    heard = line.heard()
    news: dict[str, list[Any]] = {}
    for frame in heard:
        news.setdefault(frame["channel"], []).append(frame["data"])
    assert "userFills" not in news
    assert [row["status"]["status"] for data in news["userTwapHistory"] for row in data["history"]] == [
        "activated",
        "finished",
    ]
    fills = [row for data in news["userTwapSliceFills"] for row in data["twapSliceFills"]]
    assert fills == list(reversed(desk.info("userTwapSliceFills")))
    assert len(fills) >= 10
    assert [list(data) for data in news["user"]].count(["twapHistory"]) == 2
    assert [row for data in news["user"] for row in data.get("twapSliceFills", [])] == fills
    assert [len(data["states"]) for data in news["twapStates"]] == [1, 0]

    (snapshot,) = Line(net).subscribe("userTwapHistory", user=desk.address)
    assert snapshot["data"]["history"] == list(reversed(desk.info("twapHistory")))


def test_a_cursor_reads_page_by_page_and_no_row_twice(net: Localnet, desk: Desk) -> None:
    cursor = Cursor("userNonFundingLedgerUpdates", desk.address)
    for _ in range(3):
        move(desk, "1")
    assert len(cursor.new(View(net.exchange, []))) == 3
    assert cursor.new(View(net.exchange, [])) == []

    updates = net.exchange.ledgers[desk.address].updates
    last = updates[-1]
    net.advance(5_000)
    # Three a millisecond, so that pages end between rows of one time.
    for number in range(1_200):
        updates.append(last._replace(time_ms=last.time_ms + 1 + number // 3, tx_hash=str(number)))
    assert [row["hash"] for row in cursor.new(View(net.exchange, []))] == [str(n) for n in range(1_200)]
    assert cursor.new(View(net.exchange, [])) == []


def test_fundings_lose_their_hash() -> None:
    delta = {
        "type": "funding",
        "coin": "BTC",
        "usdc": "0.1",
        "szi": "1.0",
        "fundingRate": "0.0",
        "nSamples": None,
    }
    printed = {"time": 1} | {key: value for key, value in delta.items() if key != "type"}
    assert funding_rows([{"time": 1, "hash": "0x", "delta": delta}]) == [printed]


def test_fundings_come_as_they_are_paid(net: Localnet, line: Line, desk: Desk) -> None:
    if "userFunding" not in QUERIES:
        pytest.skip("userFunding is not served yet")
    (first,) = line.subscribe("userFundings", user=desk.address)
    assert first["data"] == {"isSnapshot": True, "user": desk.address, "fundings": []}
    line.subscribe("userEvents", user=desk.address)
    desk.place(p="3200", s="1")
    line.heard()
    net.advance(2 * 3_600_000)

    frames = line.heard()
    paid = [
        row for frame in frames if frame["channel"] == "userFundings" for row in frame["data"]["fundings"]
    ]
    assert paid == funding_rows(desk.info("userFunding", startTime=0))
    events = [frame["data"] for frame in frames if frame["channel"] == "user"]
    assert [event["funding"] for event in events if "funding" in event] == paid
    assert paid


def test_orders_follow_their_history(line: Line, desk: Desk) -> None:
    oid = desk.rest()
    (first,) = line.subscribe("userHistoricalOrders", user=desk.address)
    assert first["data"] == {
        "isSnapshot": True,
        "user": desk.address,
        "orderHistory": desk.info("historicalOrders")[::-1],
    }
    desk.act(cancel(oid))
    desk.place(p="3200")
    canceled, filled = line.on("userHistoricalOrders")
    assert list(canceled) == ["user", "orderHistory"]
    newest_first = desk.info("historicalOrders")
    assert [*canceled["orderHistory"], *filled["orderHistory"]] == newest_first[2::-1]
