"""Uvicorn's HTTP protocol, with a way to reset the connection and a short way for ordinary requests.

A request to the API that is whole and has nothing in its way is answered where it is read, in one write. Any
other takes uvicorn's way through ASGI: faults, large bodies, pipelining, connections that end.

Clients send the same head again and again, but for its `content-length`. What a connection has read once it
does not parse again: the same bytes mean the same.
"""

import socket
import struct
from collections import deque
from collections.abc import MutableMapping
from typing import Any, Final, NamedTuple
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
_HEAD_ENDS: Final = b"\r\n\r\n"
# What one connection remembers: so many heads, none longer than this.
_HEADS: Final = 64
_LONGEST_HEAD: Final = 1_024


class Head(NamedTuple):
    """What a POST to the API says before its body; `is_ours` is False for another site's page."""

    path: str
    content_type: str | None
    is_ours: bool


class Prompt(Form):
    """What answers requests of the short way."""

    @property
    def is_prompt(self) -> bool:
        """Whether every answer is there at once."""

    def read_head(self, path: str, headers: list[tuple[bytes, bytes]]) -> Head:
        """Return what a POST says before its body."""
        ...

    def reply(self, head: Head, body: bytes) -> bytes:
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
    # True while no part of a request has been read that is not answered or passed on.
    _is_between = True
    # What came in last, if one request began with it and none has ended since.
    _begun_with = b""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # By its bytes: a head, and how long the body is that follows it.
        self._heads: dict[bytes, tuple[Head, int]] = {}

    def data_received(self, data: bytes) -> None:
        """Read what has come in; a whole request with a known head is answered without parsing."""
        if self._is_between:
            raw, _, body = data.partition(_HEAD_ENDS)
            known = self._heads.get(raw)
            if known is not None and len(body) == known[1] and self._is_free and self._can_answer:
                self._unset_keepalive_if_required()
                self._answer(known[0], body)
                return
            self._begun_with = data
        super().data_received(data)
        # No head without end: the parser would keep all of it.
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.abort()

    @property
    def _is_free(self) -> bool:
        """Whether uvicorn is at work on no request of this connection."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def _can_answer(self) -> bool:
        """Whether an answer can be had and written at once."""
        app: Prompt = self.config.app  # type: ignore[assignment]
        return app.is_prompt and not self.flow.write_paused and not self.transport.is_closing()

    def _answer(self, head: Head, body: bytes) -> None:
        app: Prompt = self.config.app  # type: ignore[assignment]
        self.transport.write(app.reply(head, body))
        self.on_response_complete()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._is_between = False
        super().on_message_begin()
        self._head = 0
        scope: MutableMapping[str, Any] = self.scope  # type: ignore[assignment]
        scope["extensions"] = {RESET: {"reset": self._reset}}

    def on_headers_complete(self) -> None:
        """Choose the way of a request."""
        self._head = None
        if (
            self._is_free
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
        begun_with, self._begun_with = self._begun_with, b""
        self._is_between = True
        body = self._short
        if body is not None:
            if (
                self._can_answer
                and self.parser.get_http_version() == "1.1"
                and self.parser.should_keep_alive()
            ):
                self._short = None
                app: Prompt = self.config.app  # type: ignore[assignment]
                head = app.read_head(self.url.decode("ascii"), self.headers)
                self._remember(begun_with, head, len(body))
                self._answer(head, bytes(body))
                return
            self._take_the_long_way()
        super().on_message_complete()

    def _remember(self, whole: bytes, head: Head, size: int) -> None:
        """Keep a head that came in one piece with a body of a stated length, and with nothing else."""
        raw, _, rest = whole.partition(_HEAD_ENDS)
        is_stated = (b"content-length", b"%d" % size) in self.headers
        if is_stated and len(rest) == size and 0 < len(raw) <= _LONGEST_HEAD:
            if len(self._heads) >= _HEADS:
                self._heads.clear()
            self._heads[raw] = head, size

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
