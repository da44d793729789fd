"""The dead man's switch: everything is cancelled when its time comes."""

import copy
from typing import Any

import pytest

from tests.localnet.desk import BTC, Desk, grouped, order, trigger

OK = {"status": "ok", "response": {"type": "default"}}


@pytest.fixture(autouse=True)
def traded(desk: Desk) -> None:
    """Give the desk the volume that the switch needs."""
    desk.net.exchange.ledgers[desk.address].volume = 1_000_000 * 10**6


def schedule(desk: Desk, ahead_ms: int | None) -> dict[str, Any]:
    """Return the action that sets the time, so many milliseconds after the next block."""
    time = {} if ahead_ms is None else {"time": desk.net.clock.now_ms() + ahead_ms}
    return {"type": "scheduleCancel", **time}


def test_all_open_orders_end_when_the_time_comes(desk: Desk, other: Desk) -> None:
    stranger = other.rest()
    oids = [desk.rest(), desk.rest(a=BTC, p="80000")]
    due_ms = desk.net.clock.now_ms() + 5_000
    assert desk.act(schedule(desk, 5_000)) == OK
    desk.net.advance(4_800)
    assert len(desk.open_oids()) == 2
    assert desk.open_oids() == []
    found = [desk.info("orderStatus", oid=oid)["order"] for oid in oids]
    assert {(row["status"], row["statusTimestamp"]) for row in found} == {("scheduledCancel", due_ms)}
    assert other.open_oids() == [stranger]


def test_waiting_orders_and_children_end_too(desk: Desk) -> None:
    sl = trigger(b=False, px="2900", p="2600", s="0.1", r=True)
    desk.elements(grouped("normalTpsl", order(s="0.1"), sl))
    desk.statuses(sl)
    oids = desk.open_oids()
    desk.act(schedule(desk, 5_000))
    desk.net.advance(5_000)
    assert desk.open_oids() == []
    assert [desk.status_of(oid) for oid in oids] == ["scheduledCancel"] * 3


def test_a_later_time_replaces_an_earlier_one(desk: Desk) -> None:
    desk.rest()
    desk.act(schedule(desk, 5_000))
    desk.act(schedule(desk, 60_000))
    desk.net.advance(30_000)
    assert len(desk.open_oids()) == 1
    desk.net.advance(30_000)
    assert desk.open_oids() == []


def test_the_time_can_be_cleared(desk: Desk) -> None:
    desk.rest()
    desk.act(schedule(desk, 5_000))
    assert desk.act(schedule(desk, None)) == OK
    desk.net.advance(60_000)
    assert len(desk.open_oids()) == 1


def test_a_time_that_has_come_is_used_up(desk: Desk) -> None:
    desk.act(schedule(desk, 5_000))
    desk.net.advance(5_000)
    desk.rest()
    desk.net.advance(60_000)
    assert len(desk.open_oids()) == 1


def test_a_time_less_than_five_seconds_ahead_is_not_guessed(desk: Desk) -> None:
    assert desk.send(desk.envelope(schedule(desk, 4_999))).not_implemented


def test_an_eleventh_firing_of_a_utc_day_is_not_guessed(desk: Desk) -> None:
    for _ in range(10):
        assert desk.act(schedule(desk, 5_000)) == OK
        desk.net.advance(5_000)
    assert desk.send(desk.envelope(schedule(desk, 5_000))).not_implemented
    assert desk.act(schedule(desk, None)) == OK
    desk.net.advance(86_400_000)
    assert desk.act(schedule(desk, 5_000)) == OK


def test_a_copy_of_the_exchange_keeps_its_own_time(desk: Desk) -> None:
    desk.rest()
    desk.act(schedule(desk, 5_000))
    kept = copy.deepcopy(desk.net)
    desk.act(schedule(desk, None))
    for net, left in ((kept, 0), (desk.net, 1)):
        net.advance(10_000)
        assert len(net.exchange.ledgers[desk.address].open) == left


@pytest.mark.parametrize("ahead_ms", [None, 1_000, 60_000])
def test_setting_and_clearing_need_traded_volume(desk: Desk, ahead_ms: int | None) -> None:
    desk.net.exchange.ledgers[desk.address].volume = 999_999_999_999
    text = (
        "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $999999.99."
    )
    assert desk.act(schedule(desk, ahead_ms)) == {"status": "err", "response": text}
