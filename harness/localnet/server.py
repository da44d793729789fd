"""A localnet behind HTTP: a raw ASGI app under uvicorn, on loopback only.

Source for the choice: DESIGN.md, section 5: a raw app serves twice the requests of a framework.
"""

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

try:
    import uvloop
# It is no dependency on Windows.
except ImportError:  # pragma: no cover
    uvloop = None  # type: ignore[assignment]

from harness.localnet.answers import UNSERVABLE, Answer
from harness.localnet.control import Localnet, LocalnetError

_LOG: Final = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class App:
    """The ASGI app of one localnet."""

    def __init__(self, net: Localnet) -> None:
        self._net = net

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request; a websocket is refused in its handshake."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            _LOG.warning("refused a websocket on %s: localnet serves no feeds yet", scope["path"])
            await receive()
            await send({"type": "websocket.close"})

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        chunks: list[bytes] = []
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            chunks.append(message.get("body", b""))
            more = message.get("more_body", False)
        content_type = next((value for name, value in scope["headers"] if name == b"content-type"), None)
        answer = self._answer(
            scope["method"],
            scope["path"],
            None if content_type is None else content_type.decode("latin-1"),
            b"".join(chunks),
        )
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *((name.encode(), value.encode("latin-1")) for name, value in answer.headers.items()),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, method: str, path: str, content_type: str | None, body: bytes) -> Answer:
        try:
            answer = self._net.handle(path, content_type, body, method)
        # In-process a mistake of localnet is loud; over HTTP a client must still get an answer.
        except Exception:  # noqa: BLE001
            _LOG.exception("localnet failed on %s %s", method, path)
            return UNSERVABLE
        if answer.not_implemented:
            _LOG.warning("not implemented: %s", answer.headers.get("x-localnet-missing", path))
        return answer


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket on loopback; port 0 takes a free one.

    Raises:
        LocalnetError: the host is not loopback, or the port is taken.
    """
    if not _is_loopback(host):
        raise LocalnetError(
            f"Refusing to listen on {host}: the accounts' keys are public and anybody could trade.",
            needed="A loopback address, such as 127.0.0.1.",
            do="Leave --host out.",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise LocalnetError(
            f"Cannot listen on {host}:{port}: {error.strerror}.",
            needed="A port that no other program uses.",
            do="Use --port with another number.",
        ) from error
    return listener


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def make_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's event loop, or asyncio's where there is no uvloop."""
    return asyncio.new_event_loop() if uvloop is None else uvloop.new_event_loop()


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to who runs it; uvicorn's own ends the process by the signal."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def make_server(net: Localnet) -> Server:
    """Return a server that has not started; run it with the socket of `bind`, stop it by `should_exit`."""
    config = uvicorn.Config(
        App(net),
        http="httptools",
        ws="websockets-sansio",
        loop="auto",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )
    return Server(config)
