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

HYPE = 11_035
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
    odd = [
        detailed(trigger=("3000", True)),
        detailed(trigger=("3200", False)),
        detailed(trigger=("3200.01", True)),
        detailed(stop="3000"),
        detailed(stop="3200", b=False),
        detailed(stop="0"),
        twap(a=HYPE, s="50", r=True),
        twap(a=100_000_000, s="500"),
    ]
    for action in (*odd, twap(s="0.00001"), twap(s="0"), twap(a=5), twap(s="0.1", m=60)):
        assert desk.send(desk.envelope(action)).not_implemented
    assert begin(desk) == desk.info("twapHistory")[0]["twapId"]


def detailed(*, trigger: tuple[str, bool] | None = None, stop: str | None = None, **made: Any) -> Any:
    """Return a TWAP with a trigger (price, above) and a stop price."""
    begun = None if trigger is None else {"p": trigger[0], "a": trigger[1]}
    return twap(**made) | {"details": {"t": begun, "s": stop}}


def running(answer: Any) -> int:
    """Return the id of a TWAP that was accepted."""
    twap_id: int = answer["response"]["data"]["status"]["running"]["twapId"]
    return twap_id


@pytest.mark.parametrize(("px", "above"), [("3200", True), ("3000", False)])
def test_a_twap_with_a_trigger_waits_for_the_mark(desk: Desk, px: str, *, above: bool) -> None:
    start_ms = desk.net.clock.now_ms()
    twap_id = running(desk.act(detailed(trigger=(px, above))))
    (row,) = desk.info("twapHistory")
    assert (row["status"]["status"], row["twapId"]) == ("waitingForTrigger", twap_id)
    assert row["state"]["trigger"] == {"px": f"{px}.0", "above": above}
    desk.net.advance(20 * SLICE_MS)
    assert (desk.position(), changes(desk)) == ("0.0", ["waitingForTrigger"])
    desk.net.set_mid("ETH", Decimal(px))
    assert changes(desk) == ["waitingForTrigger", "activated"]
    desk.net.set_mid("ETH", Decimal(3100))
    desk.net.advance(SLICE_MS)
    assert desk.position() == "0.1"
    desk.net.advance(9 * SLICE_MS)
    assert (desk.position(), changes(desk)[-1]) == ("1.0", "finished")
    assert {row["state"]["timestamp"] for row in desk.info("twapHistory")} == {start_ms}


def test_a_twap_that_waits_can_be_cancelled(desk: Desk) -> None:
    twap_id = running(desk.act(detailed(trigger=("3200", True))))
    assert end(desk, twap_id) == "success"
    desk.net.set_mid("ETH", Decimal(3300))
    desk.net.advance(20 * SLICE_MS)
    assert (desk.position(), changes(desk)) == ("0.0", ["waitingForTrigger", "terminated"])


@pytest.mark.parametrize(("is_buy", "stop", "passed"), [(True, "3200", "3150"), (False, "3000", "3050")])
def test_a_twap_stops_at_its_price(desk: Desk, *, is_buy: bool, stop: str, passed: str) -> None:
    running(desk.act(detailed(stop=stop, b=is_buy)))
    assert desk.info("twapHistory")[0]["state"]["stopPx"] == f"{stop}.0"
    desk.net.advance(3 * SLICE_MS)
    desk.net.set_mid("ETH", Decimal(passed))
    assert changes(desk) == ["activated"]
    desk.net.set_mid("ETH", Decimal(stop))
    assert changes(desk) == ["activated", "stopped"]
    desk.net.advance(20 * SLICE_MS)
    assert desk.position() == ("0.3" if is_buy else "-0.3")


def test_a_twap_that_waits_is_not_stopped(desk: Desk) -> None:
    running(desk.act(detailed(trigger=("3000", False), stop="3200")))
    desk.net.set_mid("ETH", Decimal(3300))
    assert changes(desk) == ["waitingForTrigger"]
    desk.net.set_mid("ETH", Decimal(2990))
    assert changes(desk) == ["waitingForTrigger", "activated"]


@pytest.mark.parametrize(("is_buy", "direction"), [(True, "Buy"), (False, "Sell")])
def test_a_twap_works_on_spot(desk: Desk, *, is_buy: bool, direction: str) -> None:
    hype, usdc = desk.net.total_token("HYPE"), desk.net.total_token("USDC")
    running(desk.act(twap(a=HYPE, b=is_buy, s="20")))
    desk.net.advance(10 * SLICE_MS)
    finished = desk.info("twapHistory")[0]
    assert (finished["status"]["status"], finished["state"]["coin"]) == ("finished", "@1035")
    assert finished["state"]["executedSz"] == "20.0"
    fills = [row["fill"] for row in desk.info("userTwapSliceFills")]
    assert {fill["dir"] for fill in fills} == {direction}
    paid = sum(Decimal(fill["px"]) * Decimal(fill["sz"]) for fill in fills)
    assert Decimal(finished["state"]["executedNtl"]) == paid
    assert desk.info("userFills") == []
    assert (desk.net.total_token("HYPE"), desk.net.total_token("USDC")) == (hype, usdc)


def test_a_twap_on_spot_ends_without_a_balance(desk: Desk) -> None:
    running(desk.act(twap(a=HYPE, b=False, s="2000")))
    desk.net.advance(20 * SLICE_MS)
    newest = desk.info("twapHistory")[0]
    assert newest["status"] == {"status": "error", "description": "Insufficient spot balance"}
    assert Decimal(newest["state"]["executedSz"]) > 0


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
        found = Slice("0x", 1, number).size(made, market.perp)
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
