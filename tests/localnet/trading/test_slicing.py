"""TWAPs: what is refused, how the slices come with the clock, how they end."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import Localnet
from harness.localnet.accounts.twaps import Twap
from harness.localnet.trading.slicing import SLICE_MS, Slice, slices
from tests.localnet.desk import BTC, ETH, Desk, quiet

NO_TX = "0x" + "00" * 32


def twap(
    *, a: int = ETH, b: bool = True, s: str = "1", r: bool = False, m: int = 5, t: bool = False
) -> dict[str, Any]:
    """Return the action that starts a TWAP, in the key order that is signed."""
    return {"type": "twapOrder", "twap": {"a": a, "b": b, "s": s, "r": r, "m": m, "t": t}}


def begin(desk: Desk, **made: Any) -> int:
    """Start a TWAP and return its id."""
    answer = desk.act(twap(**made))
    assert answer["response"]["type"] == "twapOrder"
    twap_id: int = answer["response"]["data"]["status"]["running"]["twapId"]
    return twap_id


def end(desk: Desk, twap_id: int, a: int = ETH) -> Any:
    """Cancel a TWAP and return the status."""
    answer = desk.act({"type": "twapCancel", "a": a, "t": twap_id})
    assert answer["response"]["type"] == "twapCancel"
    return answer["response"]["data"]["status"]


def changes(desk: Desk) -> list[str]:
    """Return the statuses of the desk's TWAPs, oldest first."""
    return [row["status"]["status"] for row in reversed(desk.info("twapHistory"))]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"m": 4}, "Invalid TWAP duration: 4 min(s)"),
        ({"m": 10_081}, "Invalid TWAP duration: 10081 min(s)"),
        ({"m": 1, "s": "0.001"}, "Invalid TWAP duration: 1 min(s)"),
        ({"s": "0.0322"}, "TWAP order value too small. Min is $100."),
        ({"s": "0.01", "r": True}, "TWAP order value too small. Min is $100."),
        ({"r": True}, "Reduce-only TWAP order would increase position."),
    ],
)
def test_a_twap_is_refused_in_its_own_status(desk: Desk, made: dict[str, Any], text: str) -> None:
    data = {"status": {"error": text}}
    assert desk.act(twap(**made)) == {"status": "ok", "response": {"type": "twapOrder", "data": data}}
    assert desk.info("twapHistory") == []


def test_a_twap_trades_a_slice_every_half_minute(desk: Desk) -> None:
    start_ms = desk.net.clock.now_ms()
    twap_id = begin(desk)
    assert desk.position() == "0.0"
    desk.net.advance(SLICE_MS)
    assert desk.position() == "0.1"
    desk.net.advance(8 * SLICE_MS)
    assert (desk.position(), changes(desk)) == ("0.9", ["activated"])
    desk.net.advance(SLICE_MS)
    assert (desk.position(), changes(desk)) == ("1.0", ["activated", "finished"])
    rows = desk.info("userTwapSliceFills")
    assert {row["twapId"] for row in rows} == {twap_id}
    assert {row["fill"]["twapId"] for row in rows} == {None}
    times = {row["fill"]["time"] for row in rows}
    assert times == {start_ms + SLICE_MS * number for number in range(1, 11)}
    assert {row["fill"]["hash"] for row in rows} == {NO_TX}
    desk.net.advance(60 * SLICE_MS)
    assert desk.position() == "1.0"


def test_the_history_of_a_twap_has_a_row_for_each_change(desk: Desk) -> None:
    start_ms = desk.net.clock.now_ms()
    twap_id = begin(desk, t=True)
    desk.net.advance(11 * SLICE_MS)
    finished, activated = desk.info("twapHistory")
    assert activated == {
        "time": start_ms // 1000,
        "state": {
            "coin": "ETH",
            "user": desk.address,
            "side": "B",
            "sz": "1.0",
            "executedSz": "0.0",
            "executedNtl": "0.0",
            "minutes": 5,
            "reduceOnly": False,
            "randomize": True,
            "timestamp": start_ms,
            "trigger": None,
            "stopPx": None,
        },
        "status": {"status": "activated"},
        "twapId": twap_id,
    }
    assert finished["time"] == (start_ms + 10 * SLICE_MS) // 1000
    assert finished["status"] == {"status": "finished"}
    fills = [row["fill"] for row in desk.info("userTwapSliceFills")]
    paid = sum(Decimal(fill["px"]) * Decimal(fill["sz"]) for fill in fills)
    assert Decimal(finished["state"]["executedNtl"]) == paid
    assert finished["state"]["executedSz"] == "1.0"


def test_slices_are_orders_of_a_kind_of_their_own(desk: Desk) -> None:
    begin(desk)
    desk.net.advance(SLICE_MS)
    filled, opened = desk.info("historicalOrders")
    assert (filled["status"], opened["status"]) == ("filled", "open")
    assert filled["order"]["orderType"] == "Twap Slice"
    assert desk.info("userFills") == []
    assert desk.info("clearinghouseState")["assetPositions"][0]["position"]["szi"] == "0.1"


def test_what_was_missed_is_made_up_for_with_three_times_the_size_at_most(desk: Desk) -> None:
    begin(desk)
    quiet(desk.net)
    desk.net.advance(6 * SLICE_MS)
    assert desk.position() == "0.0"
    quiet(desk.net, ask="3103")
    held = []
    for _ in range(4):
        desk.net.advance(SLICE_MS)
        held.append(desk.position())
    assert held == ["0.3", "0.6", "0.9", "1.0"]
    assert changes(desk) == ["activated", "finished"]


def test_a_twap_that_misses_too_much_finishes_all_the_same(desk: Desk) -> None:
    begin(desk)
    quiet(desk.net)
    desk.net.advance(9 * SLICE_MS)
    quiet(desk.net, ask="3103")
    desk.net.advance(SLICE_MS)
    assert desk.position() == "0.3"
    assert desk.info("twapHistory")[0]["state"]["executedSz"] == "0.3"
    assert changes(desk) == ["activated", "finished"]


def test_a_slice_pays_at_most_three_percent_more(desk: Desk) -> None:
    begin(desk)
    for bid, ask, expected in (("3000", "3186", "0.0"), ("3000", "3180", "0.2")):
        quiet(desk.net, bid=bid, ask=ask)
        desk.net.advance(SLICE_MS)
        assert desk.position() == expected


def test_a_reduce_only_twap_closes_no_more_than_there_is(desk: Desk) -> None:
    desk.place(p="3200", s="0.35", tif="Ioc")
    begin(desk, b=False, r=True)
    desk.net.advance(4 * SLICE_MS)
    assert desk.position() == "0.0"
    desk.net.advance(SLICE_MS)
    row = desk.info("twapHistory")[0]
    assert row["status"] == {
        "status": "error",
        "description": "Reduce only order would increase position.",
    }
    assert row["state"]["executedSz"] == "0.35"


def test_a_twap_without_margin_ends_as_an_error(desk: Desk) -> None:
    begin(desk, s="5")
    desk.net.exchange.ledgers[desk.address].balance = 0
    desk.net.advance(SLICE_MS)
    assert desk.info("twapHistory")[0]["status"] == {
        "status": "error",
        "description": "Insufficient margin to place order.",
    }
    assert end(desk, desk.info("twapHistory")[0]["twapId"])["error"].startswith("TWAP was never placed")


def test_a_twap_can_be_cancelled_once_by_its_owner(desk: Desk, other: Desk) -> None:
    twap_id = begin(desk)
    gone = {"error": "TWAP was never placed, already canceled, or filled."}
    desk.net.advance(2 * SLICE_MS)
    assert end(other, twap_id) == gone
    assert end(desk, twap_id, a=BTC) == gone
    assert end(desk, twap_id) == "success"
    assert end(desk, twap_id) == gone
    desk.net.advance(20 * SLICE_MS)
    assert (desk.position(), changes(desk)) == ("0.2", ["activated", "terminated"])


def test_slice_fills_can_be_asked_for_by_time(desk: Desk) -> None:
    start_ms = desk.net.clock.now_ms()
    begin(desk)
    desk.net.advance(10 * SLICE_MS)
    span = {"startTime": start_ms + 2 * SLICE_MS, "endTime": start_ms + 4 * SLICE_MS}
    rows = desk.info("userTwapSliceFillsByTime", **span)
    assert [row["fill"]["time"] for row in rows] == [start_ms + SLICE_MS * number for number in (2, 3, 4)]


def test_twaps_of_unknown_fate_are_not_guessed(desk: Desk) -> None:
    details = {"t": {"p": "3200", "a": True}, "s": None}
    wide = twap() | {"details": details}
    for action in (wide, twap(s="0.00001"), twap(s="0"), twap(a=5), twap(s="0.1", m=60)):
        assert desk.send(desk.envelope(action)).not_implemented
    assert begin(desk) == desk.info("twapHistory")[0]["twapId"]


def test_empty_details_are_signed_with_their_nulls(desk: Desk) -> None:
    answer = desk.act(twap() | {"details": {"t": None, "s": None}})
    assert "running" in answer["response"]["data"]["status"]


def test_a_copy_of_the_exchange_goes_on_alone(desk: Desk) -> None:
    twap_id = begin(desk)
    desk.net.advance(2 * SLICE_MS)
    kept = copy.deepcopy(desk.net)
    assert end(desk, twap_id) == "success"
    for net, expected in ((kept, "1.0"), (desk.net, "0.2")):
        net.advance(10 * SLICE_MS)
        assert Desk(net).position() == expected


@given(sz=st.integers(1_000, 10**9), minutes=st.integers(5, 600))
def test_undisturbed_slices_reach_the_target_and_never_exceed_it(sz: int, minutes: int) -> None:
    market = Localnet(accounts=0).exchange.market(Localnet(accounts=0).exchange.perp(ETH))  # type: ignore[arg-type]
    step = market.perp.sz_step
    made = Twap(1, "0x", ETH, "ETH", True, sz * step, minutes, False, False, 0)
    for number in range(1, slices(minutes) + 1):
        found = Slice("0x", 1, number).size(made, market)
        assert 0 <= found <= 3 * made.sz // slices(minutes)
        assert found % step == 0
        made.executed_sz += found
    assert made.executed_sz == made.sz


@given(gaps=st.lists(st.booleans(), min_size=10, max_size=10))
@settings(max_examples=20, deadline=None)
def test_a_twap_never_trades_more_than_its_size(gaps: list[bool]) -> None:
    desk = Desk(Localnet(accounts=1))
    total = desk.net.total_usd()
    begin(desk)
    for gap in gaps:
        quiet(desk.net, ask=None if gap else "3103", bid="3102")
        desk.net.advance(SLICE_MS)
        assert Decimal(desk.position()) <= 1
        assert desk.net.total_usd() == total
    assert changes(desk) == ["activated", "finished"]
