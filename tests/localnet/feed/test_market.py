"""Feeds of the market."""

import base64
import json
import zlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import Cadence, Localnet
from tests.localnet.desk import Desk, order, orders, quiet
from tests.localnet.feed.line import Line


def unpacked(frame: Any) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(frame), wbits=-15))


def test_all_mids_come_whole_and_again_when_one_has_changed(net: Localnet, line: Line, desk: Desk) -> None:
    (first,) = line.subscribe("allMids")
    assert first["data"]["mids"] == desk.info("allMids")
    assert line.on("allMids") == []

    net.set_mid("ETH", Decimal(3200))
    (data,) = line.on("allMids")
    assert set(data) == {"mids"}
    assert data["mids"] == desk.info("allMids")


def test_a_book_is_that_of_the_query_and_comes_when_it_changed(net: Localnet, line: Line, desk: Desk) -> None:
    (first,) = line.subscribe("l2Book", coin="ETH")
    assert first["data"]["levels"] == desk.info("l2Book", coin="ETH")["levels"]
    assert line.on("l2Book") == []

    desk.rest()
    (data,) = line.on("l2Book")
    assert list(data) == ["coin", "time", "levels"]
    assert data["levels"][0][-1] == {"px": "3000.0", "sz": "0.01", "n": 1}


def test_a_fast_book_has_five_levels_and_says_so(line: Line, desk: Desk) -> None:
    for px in range(3000, 3010):
        desk.rest(p=str(px))
    (first,) = line.subscribe("l2Book", coin="ETH", fast=True)
    assert [len(side) for side in first["data"]["levels"]] == [5, 5]
    assert list(first["data"].items())[-1] == ("fast", True)


def test_an_aggregated_book_carries_the_true_spread(net: Localnet, line: Line, desk: Desk) -> None:
    quiet(net, bid="3100.1", ask="3100.4")
    (first,) = line.subscribe("l2Book", coin="ETH", nSigFigs=3)
    assert [side[0]["px"] for side in first["data"]["levels"]] == ["3100.0", "3110.0"]
    assert first["data"]["spread"] == "0.3"

    quiet(net, bid="3100.1")
    (data,) = line.on("l2Book")
    assert "spread" not in data


def test_a_delisted_coin_has_empty_books_and_a_silent_bbo(net: Localnet, line: Line) -> None:
    (first,) = line.subscribe("l2Book", coin="UNLISTED5")
    assert first["data"]["levels"] == [[], []]
    assert line.subscribe("bbo", coin="UNLISTED5") == []
    net.set_mid("ETH", Decimal(3200))
    assert line.heard() == []


def test_bbo_comes_when_it_changed_and_null_is_an_empty_side(net: Localnet, line: Line, desk: Desk) -> None:
    quiet(net, bid="3100", ask="3101")
    (first,) = line.subscribe("bbo", coin="ETH")
    assert first["data"]["bbo"] == [
        {"px": "3100.0", "sz": "100.0", "n": 1},
        {"px": "3101.0", "sz": "100.0", "n": 1},
    ]
    desk.rest(p="3000")
    assert line.on("bbo") == []

    desk.rest(p="3100.5")
    (data,) = line.on("bbo")
    assert data["bbo"][0]["px"] == "3100.5"

    quiet(net, ask="3101")
    desk.act({"type": "cancel", "cancels": [{"a": 4, "o": oid} for oid in desk.open_oids()]})
    assert line.on("bbo")[-1]["bbo"] == [None, {"px": "3101.0", "sz": "100.0", "n": 1}]


def test_trades_repeat_the_last_thirty_and_then_come_block_by_block(
    net: Localnet, line: Line, desk: Desk
) -> None:
    assert line.subscribe("trades", coin="ETH") == []
    quiet(net, ask="3101")
    for _ in range(35):
        desk.place(p="3101", s="0.01")
    blocks = line.on("trades")
    assert [len(block) for block in blocks] == [1] * 35
    assert blocks[0][0]["users"][0] == desk.address
    assert (blocks[0][0]["side"], blocks[0][0]["px"]) == ("B", "3101.0")

    (first,) = Line(net).subscribe("trades", coin="ETH")
    assert first["data"] == [block[0] for block in blocks[5:]]

    desk.act(orders(order(p="3101", s="0.01"), order(p="3101", s="0.02")))
    assert [[trade["sz"] for trade in block] for block in line.on("trades")] == [["0.01", "0.02"]]


def test_the_candle_under_way_follows_each_trade(net: Localnet, line: Line, desk: Desk) -> None:
    assert line.subscribe("candle", coin="ETH", interval="1m") == []
    quiet(net, ask="3101")
    desk.place(p="3101", s="0.01")
    quiet(net, ask="3110")
    desk.place(p="3110", s="0.02")

    first, second = line.on("candle")
    assert first["n"] == 1
    start = first["t"]
    assert second == {
        "t": start, "T": start + 59_999, "s": "ETH", "i": "1m",
        "o": "3101.0", "c": "3110.0", "h": "3110.0", "l": "3101.0", "v": "0.03", "n": 2,
    }  # fmt: skip
    assert Line(net).subscribe("candle", coin="ETH", interval="1m")[0]["data"] == second
    net.advance(60_000)
    assert Line(net).subscribe("candle", coin="ETH", interval="1m") == []
    assert desk.info("candleSnapshot", req={"coin": "ETH", "interval": "1m", "startTime": 0}) == [second]


def test_an_unknown_interval_is_not_covered(line: Line, desk: Desk) -> None:
    asked = {"method": "subscribe", "subscription": {"type": "candle", "coin": "ETH", "interval": "7m"}}
    assert line.send(asked)[0]["channel"] == "error"
    assert list(line.connection.missing) == ["a candle interval that is not documented"]


def test_an_asset_context_is_that_of_the_query(net: Localnet, line: Line, desk: Desk) -> None:
    (first,) = line.subscribe("activeAssetCtx", coin="ETH")
    assert first["data"] == {"coin": "ETH", "ctx": desk.info("metaAndAssetCtxs")[1][4]}

    net.set_mid("ETH", Decimal(3200))
    (data,) = line.on("activeAssetCtx")
    assert data["ctx"]["markPx"] == "3200.0"


def test_spot_pairs_have_the_same_feeds_and_a_context_of_their_own(line: Line, desk: Desk) -> None:
    (context,) = line.subscribe("activeAssetCtx", coin="@1035")
    assert context["channel"] == "activeSpotAssetCtx"
    rows = desk.info("spotMetaAndAssetCtxs")[1]
    assert context["data"] == {
        "coin": "@1035",
        "ctx": next(row for row in rows if row["coin"] == "@1035"),
    }
    (book,) = line.subscribe("l2Book", coin="PURR/USDC")
    assert book["data"]["coin"] == "PURR/USDC"
    line.subscribe("trades", coin="@1035")
    line.subscribe("candle", coin="@1035", interval="1h")

    desk.place(a=11_035, p="30", s="1", tif="Ioc")
    heard = {frame["channel"]: frame["data"] for frame in line.heard()}
    assert [trade["coin"] for trade in heard["trades"]] == ["@1035"]
    assert (heard["candle"]["s"], heard["candle"]["v"]) == ("@1035", "1.0")
    assert len(desk.info("candleSnapshot", req={"coin": "@1035", "interval": "1h", "startTime": 0})) == 1


def test_all_contexts_come_by_dex(line: Line, desk: Desk) -> None:
    (first,) = line.subscribe("allDexsAssetCtxs")
    assert first["data"] == {
        "ctxs": [[dex, desk.info("metaAndAssetCtxs", dex=dex)[1]] for dex in ("", "test")]
    }


def test_fast_contexts_are_packed_and_then_show_changes_only(net: Localnet, line: Line) -> None:
    (first,) = line.subscribe("fastAssetCtxs")
    prices = unpacked(first["data"])
    assert prices["ETH"] == {"markPx": "3102.8", "midPx": "3102.75"}
    assert prices["UNLISTED5"] == {"markPx": "1.0", "midPx": None}
    assert prices["test:ABC"].keys() == {"markPx", "midPx"}

    net.set_mid("ETH", Decimal(3200))
    (data,) = line.on("fastAssetCtxs")
    assert list(unpacked(data)) == ["ETH"]

    net.set_liquidity("ETH", [(Decimal(3100), Decimal(1))], [])
    (data,) = line.on("fastAssetCtxs")
    assert unpacked(data)["ETH"] == {"midPx": None}
    net.set_mark("ETH", Decimal(3201))
    (data,) = line.on("fastAssetCtxs")
    assert unpacked(data) == {"ETH": {"markPx": "3201.0"}}


def test_the_docs_example_of_fast_contexts_unpacks() -> None:
    example = "q1ZyCnFWsqpWyk0syg6oULJSsjQ3NTDQM1Wq1VFyDfFAkTI2MzXQMwJLVVRWWfmFuTiiyBuamOoZKdXWAgA="
    assert unpacked(example)["BTC"] == {"markPx": "97500.5"}


@settings(max_examples=25, deadline=None)
@given(delays=st.lists(st.integers(1, 9_000), min_size=1, max_size=20))
def test_with_the_cadence_of_the_exchange_one_clock_drives_all_books(delays: list[int]) -> None:
    net = Localnet(cadence=Cadence())
    line = Line(net)
    for coin in ("ETH", "BTC"):
        line.subscribe("l2Book", coin=coin)
        line.subscribe("l2Book", coin=coin, fast=True)
    now = net.clock.now_ms()
    slots, fast_slots = now // 5_400, now // 540
    for delay in delays:
        net.advance(delay)
        now = net.clock.now_ms()
        pushed = line.on("l2Book")
        slow = [data for data in pushed if "fast" not in data]
        quick = [data for data in pushed if "fast" in data]
        assert len(slow) == (2 if now // 5_400 != slots else 0)
        assert len(quick) == (2 if now // 540 != fast_slots else 0)
        assert {data["time"] for data in pushed} <= {now}
        slots, fast_slots = now // 5_400, now // 540


@pytest.mark.parametrize("kind", ["allMids", "activeAssetCtx", "fastAssetCtxs"])
def test_with_the_cadence_of_the_exchange_changes_wait(kind: str) -> None:
    net = Localnet(cadence=Cadence())
    line = Line(net)
    line.subscribe(kind, **({"coin": "ETH"} if kind == "activeAssetCtx" else {}))
    net.set_mid("ETH", Decimal(3200))
    assert line.on(kind) == []
    net.advance(5_000)
    assert len(line.on(kind)) == 1
