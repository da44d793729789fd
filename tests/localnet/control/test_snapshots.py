"""Going back: everything is as it was, and goes on as it did."""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from harness.localnet import Localnet, LocalnetError, VirtualClock, WallClock
from harness.localnet.control import saves
from harness.localnet.control.snapshots import MOST
from tests.localnet.desk import Desk, cancel, order, orders, trigger

QUERIES = (
    "allMids",
    "clearinghouseState",
    "frontendOpenOrders",
    "historicalOrders",
    "l2Book",
    "openOrders",
    "spotClearinghouseState",
    "userFills",
    "userRateLimit",
)


def ask_all(net: Localnet, desk: Desk) -> list[bytes]:
    bodies = [json.dumps({"type": kind, "user": desk.address, "coin": "ETH"}).encode() for kind in QUERIES]
    return [net.handle("/info", "application/json", body).body for body in bodies]


def busy(net: Localnet, desk: Desk) -> None:
    """Do something of everything."""
    desk.place(p="3200", s="0.5", tif="Ioc")
    oid = desk.rest(p="3000")
    desk.rest(p="2990", c=f"0x{net.now_ms():032x}")
    desk.statuses(trigger(px="2900", p="2800", b=False, r=True))
    desk.act({"type": "twapOrder", "twap": {"a": 4, "b": True, "s": "2", "r": False, "m": 5, "t": False}})
    desk.act({"type": "scheduleCancel", "time": net.now_ms() + 600_000})
    desk.place(a=11_035, p="29", s="1", tif="Ioc")
    desk.act(cancel(oid))
    net.set_mid("SOL", Decimal(140))
    net.advance(45_000)


def test_revert_gives_the_same_answers_as_before(net: Localnet, desk: Desk) -> None:
    busy(net, desk)
    snapshot = net.snapshot()
    before = (net.now_ms(), saves.seal(net.exchange), ask_all(net, desk))
    busy(net, desk)
    net.advance(3_600_000)

    net.revert(snapshot)

    assert (net.now_ms(), saves.seal(net.exchange), ask_all(net, desk)) == before


def test_what_follows_a_revert_is_what_followed_the_snapshot(net: Localnet, desk: Desk) -> None:
    snapshot = net.snapshot()
    bodies = [json.dumps(desk.envelope(orders(order(p=px)))).encode() for px in ("3000", "3200")]

    def act() -> list[bytes]:
        answers = [net.handle("/exchange", "application/json", body).body for body in bodies]
        net.advance(60_000)
        return answers + ask_all(net, desk)

    first = act()
    assert act() != first
    net.revert(snapshot)
    assert act() == first


def test_a_snapshot_stays_and_later_ones_go(net: Localnet) -> None:
    ids = [net.snapshot() for _ in range(3)]
    net.revert(ids[1])
    net.revert(ids[1])
    assert net.snapshots == ids[:2]
    assert net.snapshot() == ids[2] + 1
    net.revert(ids[0])
    assert net.snapshots == ids[:1]


def test_an_unknown_snapshot_is_named(net: Localnet) -> None:
    with pytest.raises(LocalnetError, match=r"no snapshot 7\.\nA snapshot; none is kept"):
        net.revert(7)


def test_snapshots_are_bounded(net: Localnet) -> None:
    for _ in range(MOST):
        net.snapshot()
    with pytest.raises(LocalnetError, match="are kept already"):
        net.snapshot()


def test_websockets_end_at_a_revert(net: Localnet) -> None:
    connection = net.connect()
    net.revert(net.snapshot())
    assert connection.was_dropped
    assert net.connect().is_open


@pytest.mark.parametrize("clock", [VirtualClock, WallClock])
def test_a_pause_outlives_a_revert(clock: Callable[[], VirtualClock | WallClock]) -> None:
    net = Localnet(clock())
    running = net.snapshot()
    net.pause()
    paused = net.snapshot()
    net.revert(running)
    assert net.clock.is_paused
    net.revert(running)
    net.resume()
    assert not net.clock.is_paused
    with pytest.raises(LocalnetError):
        net.revert(paused)


def test_a_wall_clock_goes_back_by_what_was_advanced() -> None:
    net = Localnet(WallClock())
    snapshot, before = net.snapshot(), net.now_ms()
    net.advance(86_400_000)
    net.revert(snapshot)
    assert 0 <= net.now_ms() - before < 60_000
