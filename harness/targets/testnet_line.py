"""A websocket to the real testnet. Rehearsed over loopback only: it has not met the real one yet.

A thread reads what comes; nothing is handed over before the scenario next talks to the door.
"""

import contextlib
import json
import socket
import ssl
import threading
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

import websocket
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from harness.errors import TargetUnavailable
from harness.targets import Arrival

_OPEN_S = 30.0
# How long the exchange may take to say goodbye before the connection is cut.
_CLOSE_S = 3.0
_THREAD_S = 5.0


class TestnetLine:
    """One websocket to `url`, past proxies, and without following where an answer leads.

    Args:
        url: where.
        authorities: the file or folder of certificates to trust instead of the usual ones.

    Raises:
        TargetUnavailable: it cannot be opened.
    """

    __test__ = False

    def __init__(self, url: str, authorities: str | None = None) -> None:
        try:
            # The library would follow redirects, and go through the proxy that a variable names.
            self._socket = websocket.create_connection(
                url,
                timeout=_OPEN_S,
                enable_multithread=True,
                socket=_connected(url, authorities),
                redirect_limit=0,
            )
        except (OSError, websocket.WebSocketException) as error:
            raise TargetUnavailable(
                f"{url} could not be opened ({type(error).__name__}).",
                needed="The target within reach of this machine.",
                do="Check the network; `pytest scenarios/` without --target needs none.",
            ) from None
        self._socket.settimeout(None)
        self._came: deque[str] = deque()
        self._is_open = True
        # Signs of life whose answer has not come; when it comes is chance, so it is not handed over.
        self._unanswered = 0
        self._reader = threading.Thread(target=self._read, name="hl-harness websocket", daemon=True)
        self._reader.start()

    @property
    def is_open(self) -> bool:
        """False once either side has ended it, and all that came has been taken."""
        return self._is_open or bool(self._came)

    def _read(self) -> None:
        try:
            while self._is_open:
                opcode, data = self._socket.recv_data()
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    return
                self._came.append(data.decode("utf-8", "replace"))
        except (OSError, websocket.WebSocketException):
            return
        finally:
            self._is_open = False

    def send(self, text: str) -> None:
        """Send a text."""
        self._socket.send(text)

    def take(self) -> list[Arrival]:
        """Return what has come."""
        arrived = []
        while self._came:
            text = self._came.popleft()
            if self._unanswered and _is_pong(text):
                self._unanswered -= 1
            else:
                arrived.append(Arrival(text))
        return arrived

    def keep_alive(self, text: str) -> None:
        """Send a sign of life: the exchange hangs up after a minute in which it has sent nothing."""
        self._unanswered += 1
        # On a connection that is lost the reader has seen the end; the SDK's thread must not die of it.
        with contextlib.suppress(OSError, websocket.WebSocketException):
            self._socket.send(text)

    def close(self) -> None:
        """End it, and the thread that reads."""
        if self._is_open:
            self._is_open = False
            with contextlib.suppress(OSError, websocket.WebSocketException):
                self._socket.send_close()
                self._reader.join(_CLOSE_S)
        if self._socket.sock is not None:
            # To close a socket does not wake who reads from it.
            with contextlib.suppress(OSError):
                self._socket.sock.shutdown(socket.SHUT_RDWR)
        self._socket.shutdown()  # type: ignore[no-untyped-call]
        self._reader.join(_THREAD_S)

    def abandon(self) -> None:
        """End it."""
        self.close()


def _connected(url: str, authorities: str | None) -> socket.socket:
    """Return a socket that is connected to the host of `url` itself, encrypted for wss."""
    parts = urlsplit(url)
    host, is_secure = parts.hostname or "", parts.scheme == "wss"
    plain = socket.create_connection((host, parts.port or (443 if is_secure else 80)), _OPEN_S)
    if not is_secure:
        return plain
    trusted = authorities or DEFAULT_CA_BUNDLE_PATH
    context = ssl.create_default_context(
        cafile=None if Path(trusted).is_dir() else trusted, capath=trusted if Path(trusted).is_dir() else None
    )
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def _is_pong(text: str) -> bool:
    try:
        return bool(json.loads(text) == {"channel": "pong"})
    except ValueError:
        return False
