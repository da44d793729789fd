"""A localnet behind HTTP and websockets: a raw ASGI app under uvicorn, on loopback only.

Source for the choice: DESIGN.md, section 5: a raw app serves twice the requests of a framework.

Web pages may call it, as they may call the exchange: every answer carries the headers for other origins that
were recorded (http_response_headers__sdk). A page whose host name was made to point here is turned away by
its `Host`.
"""

import asyncio
import gc
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import Final

import uvicorn

try:
    import uvloop
# It is no dependency on Windows.
except ImportError:  # pragma: no cover
    uvloop = None  # type: ignore[assignment]

from harness.localnet.answers import UNSERVABLE, Answer, not_implemented
from harness.localnet.asks import LocalnetError
from harness.localnet.control.localnet import Localnet
from harness.localnet.faults import Delivery
from harness.localnet.serving.control_api import answer_control, is_control
from harness.localnet.serving.loopback import is_loopback, is_loopback_host
from harness.localnet.serving.protocol import RESET, Head, Protocol
from harness.localnet.serving.sockets import ABORT, Message, Receive, Send, SocketProtocol, serve_socket

_LOG: Final = logging.getLogger(__name__)

# Larger bodies are answered as what localnet lacks; what the exchange does with them is not known.
BODY_BYTES: Final = 2 * 1024 * 1024
# A larger websocket message ends the connection with code 1009; the exchange's limit is not known.
FRAME_BYTES: Final = 1024 * 1024
# Wire rule 111.
IDLE_S: Final = 60.0

_CORS: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
    (b"vary", b"origin"),
    (b"vary", b"access-control-request-method"),
    (b"vary", b"access-control-request-headers"),
)
_CORS_LINES: Final = b"".join(b"%b: %b\r\n" % header for header in _CORS)
# UNVERIFIED: no preflight was recorded; this is what a server with the headers above usually answers.
_PREFLIGHT: Final = (
    (b"access-control-allow-methods", b"*"),
    (b"access-control-allow-headers", b"*"),
)
_FOREIGN: Final = Answer(403, b"This localnet is served to loopback hosts only.", "text/plain; charset=utf-8")


class App:
    """The ASGI app of one localnet.

    Args:
        net: what is served.
        idle_s: after how many seconds in which it was sent nothing a websocket ends.
    """

    def __init__(self, net: Localnet, *, idle_s: float = IDLE_S) -> None:
        self._net = net
        self._idle_s = idle_s

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one HTTP request or one websocket."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            if scope["path"] == "/ws" and _is_ours(scope):
                abort = scope["extensions"].get(ABORT)
                await serve_socket(self._net, receive, send, idle_s=self._idle_s, abort=abort)
            else:
                await receive()
                await send({"type": "websocket.close"})

    @property
    def is_prompt(self) -> bool:
        """Whether every answer is there at once: no fault script holds any back."""
        return not self._net.has_faults

    def read_head(self, path: str, headers: list[tuple[bytes, bytes]]) -> Head:
        """Return what a POST to the API says before its body."""
        scope = {"headers": headers}
        return Head(path, _header(scope, b"content-type"), _is_ours(scope))

    def reply(self, head: Head, body: bytes) -> bytes:
        """Answer a POST to the API as `_http` does, without ASGI; no faults may be set."""
        if not head.is_ours:
            return _whole(_FOREIGN, b"")
        answer = self._deliver("POST", head.path, head.content_type, body).answer
        assert answer is not None
        return _whole(answer, _CORS_LINES)

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        if not _is_ours(scope):
            await _reply(send, _FOREIGN, ())
            return
        body = await _body(receive)
        if body is None:
            return
        if is_control(scope["path"]):
            # Without the headers that let web pages read answers.
            await _reply(send, self._command(scope, body), ())
        elif scope["method"] == "OPTIONS":
            await _reply(send, Answer(200, b"", "text/plain; charset=utf-8"), _CORS + _PREFLIGHT)
        elif len(body) > BODY_BYTES:
            headers = (*_CORS, (b"connection", b"close"))
            await _reply(send, not_implemented(f"a body above {BODY_BYTES} bytes"), headers)
        else:
            content_type = _header(scope, b"content-type")
            delivery = self._deliver(scope["method"], scope["path"], content_type, body)
            if delivery.delay_s:
                await asyncio.sleep(delivery.delay_s)
            if delivery.answer is None:
                scope["extensions"][RESET]["reset"]()
            else:
                await _reply(send, delivery.answer, _CORS)

    def _deliver(self, method: str, path: str, content_type: str | None, body: bytes) -> Delivery:
        try:
            delivery = self._net.deliver(path, content_type, body, method)
        # In-process a mistake of localnet is loud; over HTTP a client must still get an answer.
        except Exception:  # noqa: BLE001
            _LOG.exception("localnet failed on %s %s", method, path)
            return Delivery(UNSERVABLE)
        if delivery.answer is not None and delivery.answer.not_implemented:
            _LOG.warning("not implemented: %s", delivery.answer.headers.get("x-localnet-missing", path))
        return delivery

    def _command(self, scope: Message, body: bytes) -> Answer:
        """Answer a request to the control API."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        peer = scope["client"][0] if scope.get("client") else None
        try:
            return answer_control(self._net, scope["method"], scope["path"], headers, peer, body)
        except Exception:  # noqa: BLE001
            _LOG.exception("localnet failed on %s", scope["path"])
            return UNSERVABLE


async def _body(receive: Receive) -> bytes | None:
    """Return a request's body, no more of it than shows that it is too large; None if the client left."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > BODY_BYTES or not message.get("more_body", False):
            return b"".join(chunks)


async def _reply(send: Send, answer: Answer, extra: tuple[tuple[bytes, bytes], ...]) -> None:
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *((name.encode(), value.encode("latin-1")) for name, value in answer.headers.items()),
        *extra,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _whole(answer: Answer, extra: bytes) -> bytes:
    """Print an answer with its status line and headers, those that `_reply` sends."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    return b"%bcontent-length: %d\r\n%b%b\r\n%b" % (
        _first_lines(answer.status, answer.content_type),
        len(answer.body),
        lines.encode("latin-1"),
        extra,
        answer.body,
    )


# There are about ten of them.
@cache
def _first_lines(status: int, content_type: str) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: {content_type}\r\n".encode()


def _header(scope: Message, wanted: bytes) -> str | None:
    found: bytes | None = next((value for name, value in scope["headers"] if name == wanted), None)
    return None if found is None else found.decode("latin-1")


def _is_ours(scope: Message) -> bool:
    """Say whether a request names a loopback host, with any port; without a host it comes from no browser."""
    host = _header(scope, b"host")
    if host is None:
        return True
    return is_loopback_host(host)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket on loopback; port 0 takes a free one.

    Raises:
        LocalnetError: the host is not loopback, or the port is taken.
    """
    if not is_loopback(host):
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


def make_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's event loop, or asyncio's where there is no uvloop."""
    return asyncio.new_event_loop() if uvloop is None else uvloop.new_event_loop()


class Server(uvicorn.Server):
    """A uvicorn server that lets a localnet's clock run.

    It leaves signals to who runs it; uvicorn's own ends the process by the signal.
    """

    def __init__(self, config: uvicorn.Config, net: Localnet) -> None:
        super().__init__(config)
        self._net = net

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and let the garbage collector pass over what is loaded by now.

        Walking through all of it would hold up a request for 10 ms, again and again.
        """
        gc.freeze()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and give everything back to the garbage collector."""
        await super().shutdown(sockets)
        gc.unfreeze()

    async def on_tick(self, counter: int) -> bool:
        """Let happen what has fallen due; uvicorn asks ten times a second."""
        try:
            self._net.poll()
        # The server outlives a mistake of localnet, as it does in `App`.
        except Exception:  # noqa: BLE001
            _LOG.exception("localnet failed on its own")
        return await super().on_tick(counter)


def make_server(net: Localnet, *, idle_s: float = IDLE_S) -> Server:
    """Return a server that has not started; run it with the socket of `bind`, stop it by `should_exit`."""
    config = uvicorn.Config(
        App(net, idle_s=idle_s),
        http=Protocol,
        ws=SocketProtocol,
        # As the exchange: no compression, no pings of its own (WSP).
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws_max_size=FRAME_BYTES,
        loop="auto",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )
    return Server(config, net)
