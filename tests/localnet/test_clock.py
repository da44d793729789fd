"""The two clocks."""

import pytest

from harness.localnet import Localnet, VirtualClock, WallClock


def test_a_virtual_clock_moves_after_each_request() -> None:
    net = Localnet(VirtualClock(1_000, step_ms=7))
    assert net.clock.now_ms() == 1_000

    answer = net.handle("/info", "application/json", b'{"type":"l2Book","coin":"ETH"}')

    assert b'"time":1000,' in answer.body
    assert net.clock.now_ms() == 1_007


def test_a_virtual_clock_starts_in_2026_and_advances() -> None:
    clock = VirtualClock()
    clock.advance(5)
    assert clock.now_ms() == 1_767_225_600_005


def test_a_wall_clock_runs_ahead_by_its_offset() -> None:
    plain, ahead = WallClock(), WallClock(60_000)
    ahead.advance(60_000)
    ahead.tick()
    assert 119_000 < ahead.now_ms() - plain.now_ms() < 121_000


@pytest.mark.parametrize("clock", [VirtualClock(), WallClock()])
def test_no_clock_runs_backwards(clock: VirtualClock | WallClock) -> None:
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(-1)


def test_a_paused_virtual_clock_makes_no_room_between_requests() -> None:
    clock = VirtualClock(0)
    clock.pause()
    clock.tick()
    assert (clock.now_ms(), clock.is_paused) == (0, True)
    clock.advance(5)
    clock.resume()
    clock.tick()
    assert clock.now_ms() == 105


def test_a_paused_wall_clock_goes_on_from_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000]
    monkeypatch.setattr("harness.localnet.clock._machine_ms", lambda: now[0])
    clock = WallClock()
    clock.pause()
    now[0] = 9_000
    clock.advance(50)
    assert clock.now_ms() == 1_050
    clock.resume()
    clock.resume()
    now[0] = 9_010
    assert clock.now_ms() == 1_060
