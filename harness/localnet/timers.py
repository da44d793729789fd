"""What happens by itself when its time comes: each in a block of its own, in the order of time."""

import heapq
from collections.abc import Callable
from typing import Generic, TypeVar

World = TypeVar("World")


class Timers(Generic[World]):
    """Tasks by the time at which they fall due; of the same time, the one set first comes first.

    A task is called with the world that it happens in.
    """

    def __init__(self) -> None:
        self._tasks: list[tuple[int, int, Callable[[World], None]]] = []
        self._set = 0

    def set(self, at_ms: int, task: Callable[[World], None]) -> None:
        """Let `task` happen at `at_ms`. A task that is no longer wanted finds that out by itself."""
        self._set += 1
        heapq.heappush(self._tasks, (at_ms, self._set, task))

    def is_due(self, now_ms: int) -> bool:
        """Say whether a task is due at `now_ms`."""
        return bool(self._tasks) and self._tasks[0][0] <= now_ms

    def next_due(self, now_ms: int) -> tuple[int, Callable[[World], None]] | None:
        """Take the next task that is due at `now_ms`, with its time, or None."""
        if not self._tasks or self._tasks[0][0] > now_ms:
            return None
        at_ms, _, task = heapq.heappop(self._tasks)
        return at_ms, task
