"""What happens by itself when its time comes: each in a block of its own, in the order of time."""

import heapq
from collections.abc import Callable
from math import inf
from typing import Generic, TypeVar

World = TypeVar("World")


class Timers(Generic[World]):
    """Tasks by the time at which they fall due; of the same time, the one set first comes first.

    A task is called with the world that it happens in.
    """

    def __init__(self) -> None:
        self._tasks: list[tuple[int, int, Callable[[World], None]]] = []
        self._set = 0
        # When the next one falls due; each block asks for it.
        self.first_ms: float = inf

    def set(self, at_ms: int, task: Callable[[World], None]) -> None:
        """Let `task` happen at `at_ms`. A task that is no longer wanted finds that out by itself."""
        self._set += 1
        heapq.heappush(self._tasks, (at_ms, self._set, task))
        self.first_ms = self._tasks[0][0]

    def take_first(self) -> tuple[int, Callable[[World], None]]:
        """Take the task that falls due next, with its time; there must be one."""
        at_ms, _, task = heapq.heappop(self._tasks)
        self.first_ms = self._tasks[0][0] if self._tasks else inf
        return at_ms, task
