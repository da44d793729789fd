"""Fixtures of the harness's own tests."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from harness.sdk import Underlay
from harness.wire import Wire

# Machines are shared, and a slow example is no wrong one.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

Handle = Callable[[str, str | None, bytes], tuple[int, dict[str, str], bytes]]


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that has gone reads no answer; another test's output must not tell of it."""


@pytest.fixture
def serve() -> Iterator[Callable[[Handle], str]]:
    """Serves POST on loopback with a function of path, content type and body; returns the URL."""
    with ExitStack() as servers:

        def start(handle: Handle) -> str:
            class Handler(BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                disable_nagle_algorithm = True

                def do_POST(self) -> None:
                    body = self.rfile.read(int(self.headers.get("content-length", 0)))
                    status, headers, answer = handle(self.path, self.headers.get("content-type"), body)
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer)

                def log_message(self, *_: object) -> None:
                    pass

            server = servers.enter_context(_QuietServer(("127.0.0.1", 0), Handler))
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            servers.callback(thread.join)
            servers.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield start


@pytest.fixture
def loopback_server(serve: Callable[[Handle], str]) -> str:
    """The URL of a server that sends back the JSON it gets."""
    return serve(
        lambda path, content_type, body: (
            200,
            {"Content-Type": "application/json"},
            json.dumps(json.loads(body)).encode(),
        )
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The facts of a running localnet: url, and accounts with address and private_key."""
    facts = tmp_path / "facts.json"
    command = [sys.executable, "-m", "harness", "localnet", "--port", "0", "--silent", "--json", str(facts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Listening on http://")
        yield json.loads(facts.read_text())
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.fixture
def under() -> Iterator[Callable[[Wire], Wire]]:
    """Lays a door under the SDK, and takes it away again."""
    laid: list[Underlay] = []

    def lay(wire: Wire) -> Wire:
        underlay = Underlay(wire)
        laid.append(underlay)
        underlay.lay()
        return wire

    yield lay
    for underlay in reversed(laid):
        underlay.lift()


@pytest.fixture
def api() -> ModuleType:
    """The module in which the SDK names its HTTP library."""
    from hyperliquid import api

    return api
