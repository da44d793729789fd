"""Puts the door under the SDK: its HTTP session, its websocket, its clock and its source of chance.

Four names inside the SDK's modules are replaced; they reach every SDK object, whoever builds it, also the
`Info` that `Exchange` builds for itself. Outside a scenario clock and chance are the real ones, and only
loopback is let through.
"""

import importlib
import importlib.abc
import importlib.machinery
import math
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import requests
from requests.exceptions import InvalidJSONError, ReadTimeout
from requests.structures import CaseInsensitiveDict

from harness.errors import GuardError, UnsupportedError
from harness.recording.tape import Reply, Request
from harness.safety.guard import check_host, is_loopback
from harness.wire import Wire

# The JSON module that requests encodes with: simplejson where it is installed.
_JSON: Any = requests.compat.json  # type: ignore[attr-defined]
# What the HTTP library adds by itself, and what differs between its releases.
_TRANSPORT_HEADERS = frozenset(
    {"user-agent", "accept-encoding", "accept", "connection", "content-length", "host", "cookie"}
)
# int(time.time() * 1000) has to give the instant, and round() another one: an SDK that rounds is another SDK.
_MS_FRACTION = 0.6
# How many bytes the standard library's `secrets` draws unless it is told.
_DEFAULT_ENTROPY = 32


class DoorSession(requests.Session):
    """A `requests.Session` that hands every request to the door."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        # Or ~/.netrc would put the user's passwords on tape.
        self.trust_env = False
        self._wire = wire

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send a request through the door; the parameters are those of `requests.Session.request`."""
        if not self._wire.is_open:
            return self._outside(method, url, options)
        timeout_s = _timeout(options.pop("timeout", None))
        payload = options.pop("json", None)
        headers = _items(self.headers)
        if payload is not None and not any(options.values()) and self._is_plain(headers):
            request = Request(
                method.upper(), url, _significant_with_json(headers), _encode(payload), timeout_s
            )
        else:
            request, payload = self._prepare(method, url, payload, options, timeout_s), None
        return self._respond(request, payload)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a prepared request through the door."""
        if not self._wire.is_open:
            self._refuse_outside(request.url or "", options)
            return super().send(request, **options)
        return self._respond(_from_prepared(request, _timeout(options.get("timeout"))), None)

    def _outside(self, method: str, url: str, options: Mapping[str, Any]) -> requests.Response:
        self._refuse_outside(url, options)
        return super().request(method, url, **options)

    def _refuse_outside(self, url: str, options: Mapping[str, Any]) -> None:
        """Refuse what does not go straight to loopback: a proxy would get it wherever it is.

        Raises:
            GuardError: it does not, or the scenario of its thread has ended.
        """
        self._wire.turn_away()
        check_host(url)
        proxies = [one for one in (*self.proxies.values(), *(options.get("proxies") or {}).values()) if one]
        if proxies or not is_loopback(url):
            raise GuardError(
                f"Refusing to send to {url}{' by a proxy' if proxies else ''} while no scenario is running.",
                needed="A test that asks for `venue`, `trader` or `market`; only loopback is open to others.",
            )

    def _prepare(
        self, method: str, url: str, payload: Any, options: dict[str, Any], timeout_s: float | None
    ) -> Request:
        parts = {
            name: options.get(name) for name in ("params", "data", "headers", "cookies", "files", "auth")
        }
        return _from_prepared(
            self.prepare_request(requests.Request(method.upper(), url, json=payload, **parts)), timeout_s
        )

    def _is_plain(self, headers: tuple[tuple[str, Any], ...]) -> bool:
        """Say whether the session adds nothing but headers of text, so that requests need not prepare it."""
        return not (self.auth or self.params) and all(type(value) is str for _, value in headers)

    def _respond(self, request: Request, payload: Any) -> requests.Response:
        reply = self._wire.send(request, payload=payload)
        if request.timeout_s is not None and reply.delay_s > request.timeout_s:
            raise ReadTimeout(f"Read timed out. (read timeout={request.timeout_s:g})")
        return _response(request.uri, reply)


def _encode(payload: Any) -> str:
    try:
        # Without white space: as tapes hold it, so that nothing has to be taken out again.
        return str(_JSON.dumps(payload, allow_nan=False, separators=(",", ":")))
    except ValueError as error:
        raise InvalidJSONError(error) from None


def _timeout(timeout: Any) -> float | None:
    if isinstance(timeout, tuple):
        timeout = timeout[-1]
    return None if timeout is None or math.isinf(timeout) else float(timeout)


def _items(headers: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    # Its `items` looks every name up again; this is done for each request.
    return tuple(headers.lower_items() if isinstance(headers, CaseInsensitiveDict) else headers.items())


@lru_cache(maxsize=64)
def _significant(headers: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, str], ...]:
    lowered = ((name.lower(), str(value)) for name, value in headers)
    return tuple(sorted((name, value) for name, value in lowered if name not in _TRANSPORT_HEADERS))


@lru_cache(maxsize=64)
def _significant_with_json(headers: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, str], ...]:
    significant = _significant(headers)
    if any(name == "content-type" for name, _ in significant):
        return significant
    return tuple(sorted([*significant, ("content-type", "application/json")]))


def _from_prepared(prepared: requests.PreparedRequest, timeout_s: float | None) -> Request:
    body = prepared.body or ""
    if not isinstance(body, str | bytes):
        raise UnsupportedError(
            f"A request to {prepared.url} streams its body.", needed="A body that can be compared and taped."
        )
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    headers = _significant(_items(prepared.headers))
    return Request(prepared.method or "", prepared.url or "", headers, text, timeout_s)


def _response(url: str, reply: Reply) -> requests.Response:
    response = requests.Response()
    response.status_code = reply.status
    response.url = url
    response.encoding = "utf-8"
    response.headers["Content-Type"] = reply.content_type
    response._content = reply.body.encode()
    return response


class _Stand(types.ModuleType):
    """Stands in an SDK module where it named another module; what is not replaced is that module's own."""

    def __init__(self, real: types.ModuleType, **replaced: Any) -> None:
        super().__init__(real.__name__)
        self._real = real
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def _replacements(wire: Wire) -> dict[tuple[str, str], Callable[[types.ModuleType], _Stand]]:
    def http(real: types.ModuleType) -> _Stand:
        def session() -> DoorSession:
            return DoorSession(wire)

        def one_request(method: str, url: str, **options: Any) -> requests.Response:
            return DoorSession(wire).request(method, url, **options)

        def by_verb(verb: str) -> Callable[..., requests.Response]:
            return lambda url, **options: one_request(verb, url, **options)

        verbs = {verb: by_verb(verb) for verb in ("get", "options", "head", "post", "put", "patch", "delete")}
        return _Stand(real, Session=session, session=session, request=one_request, **verbs)

    def websocket(real: types.ModuleType) -> _Stand:
        def guarded(name: str) -> Callable[..., Any]:
            def opened(url: str = "", *arguments: Any, **options: Any) -> Any:
                wire.turn_away()
                if not wire.is_open and isinstance(url, str) and is_loopback(url):
                    return getattr(real, name)(url, *arguments, **options)
                raise wire.refuse_websocket(str(url))

            return opened

        def app(url: str = "", *arguments: Any, **options: Any) -> Any:
            if not wire.is_open or arguments:
                return guarded("WebSocketApp")(url, *arguments, **options)
            from harness.websocket import WebSocketApp  # delayed: most scenarios open none

            return WebSocketApp(wire.sockets, url, **options)

        def bare(*_: Any, **__: Any) -> Any:
            raise wire.refuse_websocket("an address that is not known yet")

        return _Stand(
            real,
            WebSocketApp=app,
            create_connection=guarded("create_connection"),
            WebSocket=bare,
        )

    def time(real: types.ModuleType) -> _Stand:
        def now() -> float:
            return (wire.nonce_ms() + _MS_FRACTION) / 1000 if wire.is_open else float(real.time())

        return _Stand(real, time=now, time_ns=lambda: int(now() * 1_000_000_000))

    def secrets(real: types.ModuleType) -> _Stand:
        def token_bytes(nbytes: int | None = None) -> bytes:
            n_bytes = _DEFAULT_ENTROPY if nbytes is None else nbytes
            return wire.draw("sdk", n_bytes) if wire.is_open else bytes(real.token_bytes(n_bytes))

        def token_hex(nbytes: int | None = None) -> str:
            return token_bytes(nbytes).hex()

        return _Stand(real, token_bytes=token_bytes, token_hex=token_hex)

    return {
        ("hyperliquid.api", "requests"): http,
        ("hyperliquid.websocket_manager", "websocket"): websocket,
        ("hyperliquid.utils.signing", "time"): time,
        ("hyperliquid.exchange", "secrets"): secrets,
    }


class Underlay:
    """The replaced names of the SDK, so that they can be put back."""

    def __init__(self, wire: Wire) -> None:
        self._replacements = _replacements(wire)
        self._real: dict[tuple[str, str], types.ModuleType] = {}
        self._finder: _OnImport | None = None

    def watch(self) -> None:
        """Replace the names now where the SDK is imported, and elsewhere as soon as somebody imports it.

        Raises:
            GuardError: see `lay`.
        """
        self._finder = _OnImport({module for module, _ in self._replacements}, self._replace)
        sys.meta_path.insert(0, self._finder)
        for module_name, name in self._replacements:
            if module_name in sys.modules:
                self._replace(module_name, name)

    def lay(self) -> None:
        """Replace the names, importing the SDK.

        Raises:
            GuardError: this SDK has no such name, so requests could pass beside the door.
        """
        for module_name, name in self._replacements:
            _module(module_name)
            self._replace(module_name, name)

    def _replace(self, module_name: str, name: str | None = None) -> None:
        for (known, known_name), replacement in self._replacements.items():
            if known != module_name or name not in (None, known_name) or (known, known_name) in self._real:
                continue
            real = getattr(sys.modules.get(module_name), known_name, None)
            if not isinstance(real, types.ModuleType):
                raise GuardError(
                    f"This SDK's {module_name} does not use `{known_name}`.",
                    needed="The door lies under that name; without it requests would pass beside it.",
                    do="Use hyperliquid-python-sdk 0.24.0, or tell the harness about the new one.",
                )
            self._real[known, known_name] = real
            setattr(sys.modules[module_name], known_name, replacement(real))

    def lift(self) -> None:
        """Put the SDK's own names back."""
        if self._finder is not None:
            sys.meta_path.remove(self._finder)
            self._finder = None
        for (module_name, name), real in self._real.items():
            setattr(sys.modules[module_name], name, real)
        self._real.clear()


class _OnImport(importlib.abc.MetaPathFinder):
    """Calls `imported` with a module's name right after it was imported, before anybody can use it."""

    def __init__(self, names: set[str], imported: Callable[[str], None]) -> None:
        self._names = names
        self._imported = imported

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find what Python would find, and have its execution followed by the call."""
        if name not in self._names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_tell(module: types.ModuleType) -> None:
            execute(module)
            self._imported(name)

        spec.loader.exec_module = execute_and_tell  # type: ignore[method-assign]
        return spec


def _module(name: str) -> types.ModuleType | None:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        return None
