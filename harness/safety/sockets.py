"""No connection beside the door: what a scenario opens by itself, past the SDK, is stopped as well.

It is told by Python's audit events, which `socket` raises in C before the first byte: so it covers requests,
urllib, http.client, asyncio, ssl, websockets and bare sockets, also of `_socket`, and the look-up of names.
It cannot cover other processes, nor libraries that bring their own sockets (uvloop, pycurl, grpc).
"""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, ClassVar, Final

from harness.errors import GuardError
from harness.safety.guard import is_mainnet

_CONNECTIONS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOK_UPS: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_NETWORK: Final = frozenset({socket.AF_INET, socket.AF_INET6})


class SocketGuard:
    """Refuses network connections and look-ups while `is_closed()` says so; mainnet's name at all times.

    Args:
        is_closed: True while a scenario runs.
        refused: hears of each refusal, so that a scenario that swallows it fails all the same.
    """

    def __init__(self, is_closed: Callable[[], bool], refused: Callable[[GuardError], None]) -> None:
        self._is_closed = is_closed
        self._refused = refused
        # By thread: while the target sends, no other thread of the scenario may connect.
        self._opened = threading.local()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let the target itself through, in this thread."""
        self._opened.depth = self._depth + 1
        try:
            yield
        finally:
            self._opened.depth -= 1

    @property
    def _depth(self) -> int:
        return int(getattr(self._opened, "depth", 0))

    def put_up(self) -> None:
        """Guard every socket of this process."""
        _Hook.install()
        _Hook.guards.append(self)

    def take_down(self) -> None:
        """Guard them no more."""
        if self in _Hook.guards:
            _Hook.guards.remove(self)

    def meet(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Judge one thing that is about to happen.

        Raises:
            GuardError: it must not.
        """
        is_closed = not self._depth and self._is_closed()
        if event in _LOOK_UPS:
            host = _as_text(arguments[0])
            if is_mainnet(host):
                self._refuse(f"{host}, which is mainnet,")
            elif is_closed and not _is_local(host):
                self._refuse(host)
        elif is_closed:
            own, address = arguments
            if own.family in _NETWORK and address is not None:
                # Whoever opened it expects an OSError, and closes it on no other error.
                own.close()
                self._refuse(_where(address))

    def _refuse(self, where: str) -> None:
        problem = GuardError(
            f"A scenario was about to connect to {where} past the SDK.",
            needed="Everything that a scenario sends goes through the SDK objects of its trader, "
            "so that it can be guarded, checked and taped.",
            do="Use trader.exchange and trader.info, or do it outside the scenario.",
        )
        self._refused(problem)
        raise problem


class _Hook:
    """The one audit hook of the process, which Python cannot take away again; it serves all guards."""

    guards: ClassVar[list[SocketGuard]] = []
    _is_installed = False

    @classmethod
    def install(cls) -> None:
        if not cls._is_installed:
            cls._is_installed = True
            sys.addaudithook(cls._heard)

    @classmethod
    def _heard(cls, event: str, arguments: tuple[Any, ...]) -> None:
        if cls.guards and (event in _CONNECTIONS or event in _LOOK_UPS):
            for guard in reversed(cls.guards):
                guard.meet(event, arguments)


def _as_text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host or "")


def _is_local(host: str) -> bool:
    """Say whether nobody has to be asked for the address of `host`; what then connects is judged too."""
    if host in ("", "localhost"):
        return True
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _where(address: Any) -> str:
    return ":".join(str(part) for part in address[:2]) if isinstance(address, tuple) else str(address)
