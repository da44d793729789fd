"""Uvicorn's HTTP protocol, with a way to reset the connection: what a fault script asks for."""

import socket
import struct
from collections.abc import MutableMapping
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

RESET: Final = "localnet.reset"
# On, and for zero seconds: closing then sends RST.
_LINGER: Final = struct.pack("ii", 1, 0)


class Protocol(HttpToolsProtocol):
    """The protocol; the scope's extensions carry `reset`."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        scope: MutableMapping[str, Any] = self.scope  # type: ignore[assignment]
        scope["extensions"] = {RESET: {"reset": self._reset}}

    def _reset(self) -> None:
        """Close the connection without an answer, so that the client sees a reset."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self.transport.abort()
