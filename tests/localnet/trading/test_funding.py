"""Funding: rates, payments each hour, and where they can be read."""

import copy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.control import saves
from harness.localnet.trading.funding import HOUR_MS, hourly_rate
from harness.localnet.trading.impact import E10
from tests.localnet.desk import Desk, leverage, order, orders, quiet

NO_HASH = "0x" + "00" * 32


def next_hour(net: Localnet) -> int:
    """Let the clock run to the next full hour and return it."""
    now_ms = net.clock.now_ms()
    hour = (now_ms // HOUR_MS + 1) * HOUR_MS
    net.advance(hour - now_ms)
    return hour


def held(desk: Desk, *, s: str = "1") -> None:
    """Buy ETH with quotes around the mark of 3102.8."""
    quiet(desk.net, bid="3102", ask="3103")
    assert "filled" in desk.place(p="3103", s=s, tif="Ioc")


@pytest.mark.parametrize(
    ("premium", "rate"),
    [
        ("0", "0.0000125"),
        ("0.0003761389", "0.0000125"),
        ("0.0006", "0.0000125"),
        ("0.0008", "0.0000375"),
        ("-0.0004", "0.0000125"),
        ("-0.0009", "-0.00005"),
        ("0.9", "0.04"),
        ("-0.9", "-0.04"),
    ],
)
def test_rates_are_those_of_the_formula(premium: str, rate: str) -> None:
    """The second is a recorded context of SOL (ws_activeAssetCtx__roq_simple, testnet)."""
    assert hourly_rate(Fraction(premium) * E10) == Fraction(rate) * E10


def test_a_long_pays_each_hour_on_the_oracle_price(desk: Desk) -> None:
    held(desk)
    before = Decimal(desk.info("clearinghouseState")["marginSummary"]["accountValue"])
    hour = next_hour(desk.net)
    assert desk.info("userFunding", startTime=0) == [
        {
            "time": hour,
            "hash": NO_HASH,
            "delta": {
                "type": "funding",
                "coin": "ETH",
                "usdc": "-0.038785",
                "szi": "1.0",
                "fundingRate": "0.0000125",
                "nSamples": None,
            },
        }
    ]
    state = desk.info("clearinghouseState")
    assert Decimal(state["marginSummary"]["accountValue"]) == before - Decimal("0.038785")
    assert state["assetPositions"][0]["position"]["cumFunding"] == {
        "allTime": "0.038785",
        "sinceOpen": "0.038785",
        "sinceChange": "0.038785",
    }


def test_the_premium_moves_the_rate(desk: Desk) -> None:
    held(desk)
    desk.net.set_oracle("ETH", Decimal(3000))
    next_hour(desk.net)
    next_hour(desk.net)
    row = desk.info("userFunding", startTime=0)[-1]["delta"]
    # Bids at 3102 against 3000: a premium of 3.4%, of which 0.05% are taken off.
    assert row["fundingRate"] == "0.0041875"
    assert row["usdc"] == "-12.5625"
    context = desk.info("metaAndAssetCtxs")[1][4]
    assert (context["premium"], context["oraclePx"], context["markPx"]) == ("0.034", "3000.0", "3102.8")
    assert context["funding"] == "0.0041875"


def test_the_rate_is_that_of_the_average_premium(desk: Desk) -> None:
    held(desk)
    next_hour(desk.net)
    desk.net.advance(HOUR_MS // 2)
    desk.net.set_oracle("ETH", Decimal(3000))
    hour = next_hour(desk.net)
    row = desk.info("fundingHistory", coin="ETH", startTime=0)[-1]
    assert row["time"] == hour
    assert abs(Decimal(row["premium"]) - Decimal("0.017")) < Decimal("0.0001")


def test_shorts_receive_and_nothing_is_lost(desk: Desk, other: Desk) -> None:
    quiet(desk.net, bid="3102", ask="3103")
    total = desk.net.total_usd()
    desk.place(p="3103", s="2", tif="Ioc")
    other.place(b=False, p="3102", s="0.5", tif="Ioc")
    next_hour(desk.net)
    paid, got = (one.info("userFunding")[0]["delta"]["usdc"] for one in (desk, other))
    assert (paid, got) == ("-0.07757", "0.019392")
    assert desk.net.total_usd() == total


def test_isolated_positions_pay_from_their_margin(desk: Desk) -> None:
    desk.act(leverage(5, is_cross=False))
    held(desk)
    free = desk.info("clearinghouseState")["withdrawable"]
    next_hour(desk.net)
    state = desk.info("clearinghouseState")
    assert state["withdrawable"] == free
    assert state["assetPositions"][0]["position"]["leverage"]["rawUsd"] == "-2482.438785"


def test_what_was_paid_is_counted_since_the_position_changed(desk: Desk) -> None:
    held(desk)
    next_hour(desk.net)
    desk.place(p="3103", s="1", tif="Ioc")
    next_hour(desk.net)
    desk.place(b=False, p="3102", s="3", tif="Ioc")
    row = desk.info("clearinghouseState")["assetPositions"][0]["position"]
    assert row["cumFunding"] == {"allTime": "0.116355", "sinceOpen": "0.0", "sinceChange": "0.0"}
    next_hour(desk.net)
    row = desk.info("clearinghouseState")["assetPositions"][0]["position"]
    assert row["cumFunding"]["sinceOpen"] == "-0.038785"


def flat(hour: int) -> dict[str, object]:
    return {"coin": "ETH", "fundingRate": "0.0000125", "premium": "0.0", "time": hour}


def test_hours_without_a_position_are_flat_and_nothing_is_due(desk: Desk) -> None:
    began = desk.net.now_ms()
    desk.rest(p="3000")
    assert desk.info("fundingHistory", coin="ETH", startTime=0) == []
    hours = [next_hour(desk.net) for _ in range(3)]
    assert desk.info("fundingHistory", coin="ETH", startTime=began) == [flat(hour) for hour in hours]
    assert not desk.net.exchange.is_due()
    held(desk)
    hours.append(next_hour(desk.net))
    assert desk.info("fundingHistory", coin="ETH", startTime=0) == [flat(hour) for hour in hours]
    assert len(desk.info("userFunding", startTime=0)) == 1


@pytest.mark.parametrize("at", [0, 1, HOUR_MS - 1])
def test_no_hour_is_twice_or_missing_where_counting_begins(desk: Desk, at: int) -> None:
    hour = next_hour(desk.net)
    quiet(desk.net, bid="3102", ask="3103")
    desk.net.advance(hour + at - desk.net.now_ms() if at else 0)
    desk.place(p="3103", s="1", tif="Ioc")
    next_hour(desk.net)
    times = [row["time"] for row in desk.info("fundingHistory", coin="BTC", startTime=0)]
    assert times == [*range(hour, desk.net.now_ms(), HOUR_MS)]


def test_the_first_500_hours_of_a_span_are_shown(desk: Desk) -> None:
    hour = next_hour(desk.net)
    desk.net.advance(600 * HOUR_MS)
    rows = desk.info("fundingHistory", coin="ETH", startTime=hour + 1)
    assert [row["time"] for row in rows] == [hour + (each + 1) * HOUR_MS for each in range(500)]
    rows = desk.info("fundingHistory", coin="ETH", startTime=hour, endTime=hour + HOUR_MS - 1)
    assert rows == [flat(hour)]
    assert desk.info("fundingHistory", coin="ETH", startTime=2**63) == []


def test_a_premium_made_by_hand_is_counted_without_a_position(desk: Desk) -> None:
    next_hour(desk.net)
    desk.net.set_oracle("ETH", Decimal(3000))
    next_hour(desk.net)
    first, second = desk.info("fundingHistory", coin="ETH", startTime=0)
    assert (first["premium"], first["fundingRate"]) == ("0.0", "0.0000125")
    assert Decimal(second["premium"]) > Decimal("0.03")
    assert Decimal(second["fundingRate"]) > Decimal("0.004")


def test_flat_hours_stay_in_a_copy_and_in_a_saved_state(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    hours = [next_hour(net) for _ in range(2)]
    kept = net.snapshot()
    held(desk)
    next_hour(net)
    saves.dump(net, tmp_path / "state")
    net.revert(kept)
    assert [row["time"] for row in desk.info("fundingHistory", coin="ETH", startTime=0)] == hours
    loaded = Desk(saves.load(tmp_path / "state"))
    assert len(loaded.info("fundingHistory", coin="ETH", startTime=0)) == 3


def test_a_span_is_answered_and_its_mistakes_are(desk: Desk) -> None:
    held(desk)
    hours = [next_hour(desk.net) for _ in range(3)]
    for kind in ("userFunding", "fundingHistory"):
        rows = desk.info(kind, coin="ETH", startTime=hours[1], endTime=hours[1])
        assert [row["time"] for row in rows] == [hours[1]]
        body = {"type": kind, "user": desk.address, "coin": "ETH", "endTime": 5}
        assert desk.send(body, "/info").status == 500
    assert desk.send({"type": "fundingHistory", "coin": "NOPE"}, "/info").not_implemented


def test_rates_to_come_are_those_of_the_contexts(desk: Desk) -> None:
    found = dict(desk.info("predictedFundings"))
    next_one = {"fundingRate": "0.0000125", "nextFundingTime": 1_767_229_200_000, "fundingIntervalHours": 1}
    assert found["ETH"] == [["HlPerp", next_one]]
    assert desk.info("metaAndAssetCtxs")[1][4]["funding"] == "0.0000125"


def test_hours_go_on_in_a_copy_as_in_the_original(desk: Desk) -> None:
    held(desk)
    twin = Desk(copy.deepcopy(desk.net))
    for one in (desk, twin):
        next_hour(one.net)
    assert twin.info("userFunding") == desk.info("userFunding")


@given(
    sizes=st.lists(st.integers(-500, 500), min_size=1, max_size=3),
    oracle=st.integers(2500, 3700),
    hours=st.integers(1, 5),
)
def test_payments_always_sum_to_nothing(sizes: list[int], oracle: int, hours: int) -> None:
    net = Localnet(accounts=3)
    total = net.total_usd()
    for who, size in enumerate(sizes):
        if size:
            made = order(b=size > 0, p="3400" if size > 0 else "2800", s=f"{abs(Decimal(size)) / 100:f}")
            desk = Desk(net, ACCOUNTS[who].private_key)
            desk.act(orders(made | {"t": {"limit": {"tif": "Ioc"}}}))
    net.set_oracle("ETH", Decimal(oracle))
    net.advance(hours * HOUR_MS)
    assert net.total_usd() == total
