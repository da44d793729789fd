"""Uvicorn's HTTP protocol, with a way to reset the connection and a short way for ordinary requests.

A request to the API that is whole and has nothing in its way is answered where it is read, in one write. Any
other takes uvicorn's way through ASGI: faults, large bodies, pipelining, connections that end.
"""

import socket
import struct
from collections import deque
from collections.abc import MutableMapping
from typing import Any, Final
from typing import Protocol as Form

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

RESET: Final = "localnet.reset"
# On, and for zero seconds: closing then sends RST.
_LINGER: Final = struct.pack("ii", 1, 0)
_SHORT: Final = frozenset({b"/info", b"/exchange"})
# Beyond it uvicorn stops reading until the app asks for more.
_LARGEST: Final = 65_536
# A request whose line and headers are longer ends the connection; the exchange's limit is not known.
HEAD_BYTES: Final = 65_536


class Prompt(Form):
    """What answers requests of the short way."""

    @property
    def is_prompt(self) -> bool:
        """Whether every answer is there at once."""

    def reply(self, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
        """Answer a POST, head and all."""
        ...


class Protocol(HttpToolsProtocol):
    """The protocol; the scope's extensions carry `reset`. Its app is a `Prompt` as well."""

    # The body of a request that goes the short way so far.
    _short: bytearray | None = None
    # Requests that have not been answered, oldest first.
    _cycles: deque[RequestResponseCycle] | None = None
    # How much of a head without an end has been read.
    _head: int | None = None

    def data_received(self, data: bytes) -> None:
        """Read, but no head without end: the parser would keep all of it."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._head = 0
        scope: MutableMapping[str, Any] = self.scope  # type: ignore[assignment]
        scope["extensions"] = {RESET: {"reset": self._reset}}

    def on_headers_complete(self) -> None:
        """Choose the way of a request."""
        self._head = None
        is_free = self.cycle is None or self.cycle.response_complete
        if (
            is_free
            and self.url in _SHORT
            and self.parser.get_method() == b"POST"
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
        ):
            self._short = bytearray()
        else:
            self._begin_long_way()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        if self._short is None:
            super().on_body(body)
            return
        self._short += body
        if len(self._short) > _LARGEST:
            self._take_the_long_way()

    def on_message_complete(self) -> None:
        """Answer a request, or let uvicorn do it."""
        app: Prompt = self.config.app  # type: ignore[assignment]
        body = self._short
        if body is not None:
            if (
                app.is_prompt
                and self.parser.get_http_version() == "1.1"
                and self.parser.should_keep_alive()
                and not self.flow.write_paused
                and not self.transport.is_closing()
            ):
                self._short = None
                self.transport.write(app.reply(self.url.decode("ascii"), self.headers, bytes(body)))
                self.on_response_complete()
                return
            self._take_the_long_way()
        super().on_message_complete()

    def shutdown(self) -> None:
        """End the connection, after the request that is being read."""
        if self._short is not None:
            self._take_the_long_way()
        super().shutdown()

    def _take_the_long_way(self) -> None:
        """Give what has been read of a request to ASGI."""
        body, self._short = self._short, None
        self._begin_long_way()
        if body:
            super().on_body(bytes(body))

    def _begin_long_way(self) -> None:
        super().on_headers_complete()
        if self.cycle is not None:
            waiting = self._cycles = self._cycles or deque()
            while waiting and waiting[0].response_complete:
                waiting.popleft()
            waiting.append(self.cycle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let nobody answer who has left; uvicorn tells so of the last request only."""
        for cycle in self._cycles or ():
            cycle.disconnected = True
        super().connection_lost(exc)

    def _reset(self) -> None:
        """Close the connection without an answer, so that the client sees a reset."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self.transport.abort()
