"""No connection beside the door: what a scenario opens by itself, past the SDK, is stopped as well.

It covers what Python code in this process opens with `socket`: requests, urllib, http.client, asyncio. It
cannot cover other processes, nor libraries that bring their own sockets.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from harness.errors import GuardError

_NAMES = ("connect", "connect_ex", "sendto")
_NETWORK = {socket.AF_INET, socket.AF_INET6}


class SocketGuard:
    """Refuses network connections while `is_closed()` says so.

    Args:
        is_closed: True while a scenario runs.
        refused: hears of each refusal, so that a scenario that swallows it fails all the same.
    """

    def __init__(self, is_closed: Callable[[], bool], refused: Callable[[GuardError], None]) -> None:
        self._is_closed = is_closed
        self._refused = refused
        self._opened = 0
        # What stood in the class before: nothing, or the guard of a session around this one.
        self._before: dict[str, Any] | None = None

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let the target itself through."""
        self._opened += 1
        try:
            yield
        finally:
            self._opened -= 1

    def put_up(self) -> None:
        """Guard every socket of this process."""
        self._before = {name: vars(socket.socket).get(name) for name in _NAMES}
        for name in _NAMES:
            setattr(socket.socket, name, self._guarded(name))

    def take_down(self) -> None:
        """Give the sockets their own methods back."""
        for name, before in (self._before or {}).items():
            if before is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, before)
        self._before = None

    def _guarded(self, name: str) -> Callable[..., Any]:
        # `socket.socket` inherits these from the class in C.
        real: Callable[..., Any] = getattr(socket.socket, name)

        def guarded(own: socket.socket, *arguments: Any) -> Any:
            if own.family in _NETWORK and not self._opened and self._is_closed():
                problem = GuardError(
                    f"A scenario was about to connect to {_where(arguments)} past the SDK.",
                    needed="Everything that a scenario sends goes through the SDK objects of its trader, "
                    "so that it can be guarded, checked and taped.",
                    do="Use trader.exchange and trader.info, or do it outside the scenario.",
                )
                self._refused(problem)
                # Whoever opened it expects an OSError, and closes it on no other error.
                own.close()
                raise problem
            return real(own, *arguments)

        return guarded


def _where(arguments: tuple[Any, ...]) -> str:
    address = arguments[-1] if arguments else "?"
    return ":".join(str(part) for part in address[:2]) if isinstance(address, tuple) else str(address)
