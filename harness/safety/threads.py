"""Whose a thread is: what a scenario starts is its own, and so is what such a thread starts in its turn.

`threading.Thread.start` is replaced, which tells of pools, of timers that set themselves again and of threads
inside other libraries too; what is started past `threading`, by C or by `_thread`, has no owner.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

Owner = TypeVar("Owner")


class Threads(Generic[Owner]):
    """The threads that have an owner.

    Args:
        starting: the owner of what the current thread starts, when that thread has none itself.
    """

    def __init__(self, starting: Callable[[], Owner | None]) -> None:
        self._starting = starting
        self._owners: WeakKeyDictionary[threading.Thread, Owner] = WeakKeyDictionary()
        self._are_lasting = False
        self._start: Callable[[threading.Thread], Any] | None = None

    def watch(self) -> None:
        """Take notice of every thread that is started."""
        start = self._start = threading.Thread.start

        def own_and_start(started: threading.Thread) -> None:
            self._own(started)
            start(started)

        threading.Thread.start = own_and_start  # type: ignore[method-assign,assignment]

    def ignore(self) -> None:
        """Take notice no more."""
        if self._start is not None:
            threading.Thread.start = self._start  # type: ignore[method-assign,assignment]
            self._start = None

    @contextlib.contextmanager
    def lasting(self) -> Iterator[None]:
        """Let what is started now have no owner."""
        before, self._are_lasting = self._are_lasting, True
        try:
            yield
        finally:
            self._are_lasting = before

    def owner(self) -> Owner | None:
        """Return the owner of the current thread."""
        return self._owners.get(threading.current_thread())

    def _own(self, started: threading.Thread) -> None:
        owner = self.owner()
        if owner is None and not self._are_lasting:
            owner = self._starting()
        if owner is not None:
            self._owners[started] = owner
