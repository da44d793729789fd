"""A TLS server on loopback that answers as the testnet does: HTTP and websockets, with a localnet behind it.

It ends the encryption and passes bytes on. All it changes is the name of the host in the head of a request,
because a localnet answers to loopback's names alone.
"""

import contextlib
import socket
import ssl
import struct
import threading
from pathlib import Path

import trustme

TESTNET = "api.hyperliquid-testnet.xyz"
MAINNET = "api.hyperliquid.xyz"
_RESET = struct.pack("ii", 1, 0)


class Front:
    """Listens from the start; `end` closes everything.

    Args:
        behind: the Unix socket of the localnet; None: whoever comes is read and hears nothing.
        folder: where the certificate of the authority is written.
        names: the hosts that its certificate is for.
    """

    def __init__(self, behind: bytes | None, folder: Path, names: tuple[str, ...] = (TESTNET,)) -> None:
        authority = trustme.CA()
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.authority))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(self._context)
        self._behind = behind
        self._open: set[socket.socket] = set()
        self._serving: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        # What came out of the encryption, from all clients.
        self.heard = bytearray()
        # Answers in the exchange's place: to every request, or to those that open a websocket.
        self.instead: bytes | None = None
        self.instead_of_socket: bytes | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            serving = threading.Thread(target=self._serve, args=(plain,), daemon=True)
            self._serving.append(serving)
            serving.start()

    def _serve(self, plain: socket.socket) -> None:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            client = self._context.wrap_socket(plain, server_side=True)
        except OSError:
            plain.close()
            return
        if self._behind is None:
            self._listen_only(client)
            return
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._behind)
        self._open |= {client, server}
        # An SSL socket is not safe in two threads at once but for one that reads and one that writes.
        back = threading.Thread(target=self._back, args=(server, client), daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            while data := client.recv(65_536):
                self.heard += data
                instead = self.instead_of_socket if data.startswith(b"GET /ws") else None
                if instead := instead or self.instead:
                    client.sendall(instead)
                    continue
                server.sendall(data.replace(b"Host: " + TESTNET.encode(), b"Host: localhost", 1))
        _shut(server)
        back.join()
        for one in (client, server):
            self._open.discard(one)
            one.close()

    def _back(self, server: socket.socket, client: ssl.SSLSocket) -> None:
        try:
            while data := server.recv(65_536):
                client.sendall(data)
        except ConnectionResetError:
            with contextlib.suppress(OSError):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        except OSError:
            pass
        _shut(client)

    def _listen_only(self, client: ssl.SSLSocket) -> None:
        self._open.add(client)
        with contextlib.suppress(OSError):
            while data := client.recv(65_536):
                self.heard += data
        self._open.discard(client)
        client.close()

    def end(self) -> None:
        """Close the listener and all connections."""
        _shut(self._listener)
        self._listener.close()
        for one in tuple(self._open):
            _shut(one)
        for serving in self._serving:
            serving.join(timeout=5)


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
