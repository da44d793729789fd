"""Websockets over ASGI: a thin skin around `Connection`, which knows what they carry.

The exchange ends a connection without a close frame, which a client sees as code 1006: on what it will not
serve (wire rule 113) and after a minute in which it has sent nothing (rule 111).
"""

import asyncio
import codecs
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request

from harness.localnet.control.localnet import Localnet
from harness.localnet.feed import Connection

_LOG: Final = logging.getLogger(__name__)

# The exchange hangs up within this time (wire rule 113).
_LINGER_S: Final = 0.1

_UTF_8: Final = codecs.getincrementaldecoder("utf-8")

# Where the app finds what cuts a connection.
ABORT: Final = "localnet.abort"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class SocketProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's protocol, which also lets the app cut a connection whose client does not read.

    It takes text that is no UTF-8 for a client's mistake, where uvicorn logs one of its own.
    """

    _decoder: codecs.IncrementalDecoder | None = None

    def handle_connect(self, event: Request) -> None:
        """Start the app, which runs when this has returned."""
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            extensions: dict[str, object] = dict(self.scope["extensions"])
            self.scope["extensions"] = extensions | {ABORT: self.transport.abort}  # type: ignore[typeddict-item]

    def handle_text(self, event: Frame) -> None:
        """Begin a text."""
        self._decoder = _UTF_8()
        if self._is_readable(event):
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        """Begin bytes, which nobody reads here."""
        self._decoder = None
        super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        """Go on with what was begun."""
        if self._is_readable(event):
            super().handle_cont(event)

    def _is_readable(self, event: Frame) -> bool:
        """Close with 1007 on text that is no UTF-8.

        Source: RFC 6455, section 8.1. UNVERIFIED: what the exchange does then.
        """
        if self._decoder is None or self.close_sent:
            return True
        try:
            self._decoder.decode(event.data, event.fin)
        except UnicodeDecodeError:
            self.conn.fail(CloseCode.INVALID_DATA)
            self.handle_parser_exception()
            return False
        return True


async def serve_socket(
    net: Localnet, receive: Receive, send: Send, *, idle_s: float, abort: Callable[[], None] | None = None
) -> None:
    """Serve one websocket until either side ends it; to return without a close frame is to hang up.

    Args:
        net: what the client talks to.
        receive: from ASGI.
        send: from ASGI.
        idle_s: after how many seconds in which nothing was sent the connection ends.
        abort: cuts the connection, with what has not been sent yet.
    """
    await receive()
    connection = net.connect()
    if not connection.is_open:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    connection.later = asyncio.get_running_loop().call_later
    ended = asyncio.Event()
    writing = asyncio.create_task(_write(connection, send, idle_s, ended))
    tasks = [asyncio.create_task(_read(connection, receive)), writing, asyncio.create_task(_linger(ended))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if connection.was_dropped and not writing.done() and abort is not None:
            abort()
        connection.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(connection: Connection, receive: Receive) -> None:
    """Hand over what the client sends, until it leaves."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        try:
            connection.send(message["bytes"].decode("utf-8", "replace") if text is None else text)
        # As over HTTP: a mistake of localnet is logged, and the client hears of it.
        except Exception:  # noqa: BLE001
            _LOG.exception("localnet failed on a websocket")
            return
        while connection.missing:
            _LOG.warning("not implemented: %s", connection.missing.popleft())
        # A queue that is never empty would let nobody else run.
        await asyncio.sleep(0)


async def _linger(ended: asyncio.Event) -> None:
    """Give what a dropped client was still owed a moment to leave."""
    await ended.wait()
    await asyncio.sleep(_LINGER_S)


async def _write(connection: Connection, send: Send, idle_s: float, ended: asyncio.Event) -> None:
    """Send what comes, until the exchange ends the connection or has been silent for too long.

    A client that does not read blocks `send`; `ended` is set when the connection ends meanwhile.
    """
    changed = asyncio.Event()

    def wake() -> None:
        changed.set()
        if not connection.is_open:
            ended.set()

    connection.on_change = wake
    while True:
        changed.clear()
        for text in connection.take():
            await send({"type": "websocket.send", "text": text})
        if not connection.is_open:
            return
        try:
            async with asyncio.timeout(idle_s):
                await changed.wait()
        except TimeoutError:
            return
