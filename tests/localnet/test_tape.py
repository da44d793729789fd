"""Candles and last trades, against a plain reckoning from all trades."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.events import Traded
from harness.localnet.tape import CANDLE_ROWS, INTERVALS, TRADE_ROWS, Candle, Tape, span

STEPS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 90_000), st.integers(0, 5 * 86_400_000)),
        st.integers(1, 9),
        st.integers(1, 9),
    ),
    max_size=60,
)


def traded(time_ms: int, px: int, sz: int) -> Traded:
    return Traded(4, True, px, sz, time_ms, "0x", 1, "a", "b")


@given(steps=STEPS, interval=st.sampled_from(sorted(INTERVALS)))
def test_candles_are_what_all_trades_of_their_span_make(
    steps: list[tuple[int, int, int]], interval: str
) -> None:
    tape, now, groups = Tape(), 1_767_225_600_000, {}
    for delay, px, sz in steps:
        now += delay
        tape.add(traded(now, px, sz))
        groups.setdefault(span(interval, now), []).append((px, sz))
        tape.candles(interval)

    expected = [
        Candle(
            start,
            end,
            trades[0][0],
            trades[-1][0],
            max(px for px, _ in trades),
            min(px for px, _ in trades),
            sum(sz for _, sz in trades),
            len(trades),
        )
        for (start, end), trades in groups.items()
    ]
    assert tape.candles(interval) == expected
    assert tape.last_candle(interval) == (expected[-1] if expected else None)
    assert len(tape.trades()) == min(len(steps), TRADE_ROWS)


def test_the_tape_is_bounded() -> None:
    tape = Tape()
    for minute in range(CANDLE_ROWS + 10):
        tape.add(traded(minute * 60_000, 1, 1))

    candles = tape.candles("1m")
    assert len(candles) == CANDLE_ROWS
    assert candles[0].start_ms == 10 * 60_000
    assert sum(candle.trades for candle in tape.candles("1d")) == CANDLE_ROWS + 10
    assert len(tape.trades()) == TRADE_ROWS


@pytest.mark.parametrize("month", range(1, 13))
def test_months_follow_the_calendar(month: int) -> None:
    first = datetime(2026, month, 1, tzinfo=UTC)
    start, end = span("1M", int(first.timestamp()) * 1000 + 12_345)

    assert start == int(first.timestamp()) * 1000
    following = datetime.fromtimestamp((end + 1) / 1000, UTC)
    assert (following.day, following.hour, following.month) == (1, 0, month % 12 + 1)
