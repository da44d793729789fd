"""The exchange's clock: virtual for reproducible runs, wall for a server that people talk to."""

import time
from typing import Protocol

# Thursday, 1 January 2026, 00:00 UTC.
START_MS = 1_767_225_600_000


class Clock(Protocol):
    """What the exchange asks of a clock; all times are unix milliseconds."""

    is_paused: bool

    def now_ms(self) -> int:
        """Return the time of the current block."""
        ...

    def advance(self, ms: int) -> None:
        """Move the clock forward by `ms`."""
        ...

    def tick(self) -> None:
        """Hear that a request has been served."""
        ...

    def pause(self) -> None:
        """Stand still until `resume`, but for `advance`."""
        ...

    def resume(self) -> None:
        """Go on from where the clock stands."""
        ...


class VirtualClock:
    """A clock that moves only when told to, and by a fixed step after each request.

    It moves after the request, so that the time read before a request is the time of its block.
    """

    def __init__(self, start_ms: int = START_MS, *, step_ms: int = 100) -> None:
        self._now_ms = start_ms
        self._step_ms = step_ms
        self.is_paused = False

    def now_ms(self) -> int:
        """Return the time of the next request's block."""
        return self._now_ms

    def advance(self, ms: int) -> None:
        """Move the clock forward by `ms`; time never runs backwards."""
        _refuse_backwards(ms)
        self._now_ms += ms

    def tick(self) -> None:
        """Make room between this request and the next."""
        if not self.is_paused:
            self._now_ms += self._step_ms

    def pause(self) -> None:
        """Make no room between requests."""
        self.is_paused = True

    def resume(self) -> None:
        """Make room again."""
        self.is_paused = False


class WallClock:
    """The machine's clock, set forward by an offset that `advance` adds to, and back by pauses."""

    def __init__(self, offset_ms: int = 0) -> None:
        self._offset_ms = offset_ms
        self._last_ms = 0
        self.is_paused = False

    def now_ms(self) -> int:
        """Return the time; it does not fall when the machine's clock is set back."""
        if not self.is_paused:
            self._last_ms = max(self._last_ms, _machine_ms() + self._offset_ms)
        return self._last_ms

    def advance(self, ms: int) -> None:
        """Set the clock forward by `ms`."""
        _refuse_backwards(ms)
        self._offset_ms += ms
        if self.is_paused:
            self._last_ms += ms

    def tick(self) -> None:
        """Do nothing: this clock runs by itself."""

    def pause(self) -> None:
        """Stand still."""
        self.now_ms()
        self.is_paused = True

    def resume(self) -> None:
        """Run on; the exchange's time stays behind by as long as the pause was."""
        if self.is_paused:
            self.is_paused = False
            self._offset_ms = self._last_ms - _machine_ms()


def _machine_ms() -> int:
    return time.time_ns() // 1_000_000


def _refuse_backwards(ms: int) -> None:
    if ms < 0:
        raise ValueError(f"Cannot advance a clock by {ms} ms; it only moves forward.")
