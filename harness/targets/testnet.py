"""The real testnet as a target. Rehearsed over loopback only: it has not met the real one yet."""

import contextlib
import os
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import requests

from harness.errors import TargetUnavailable, UnsupportedError
from harness.recording.tape import TESTNET_URL, Reply, Request
from harness.recording.universe import KINDS, Universe
from harness.safety.machine import Nonces
from harness.safety.pacing import Backoff, Pacer, weight_of, weight_of_rows
from harness.targets import DrawStream

if TYPE_CHECKING:
    from harness.targets.testnet_line import TestnetLine

_DEFAULT_TIMEOUT_S = 30.0
_TOO_MANY = 429


class TestnetTarget:
    """Sends each request once, follows no redirect, and never sends a second time what may have arrived.

    What was answered 429 has not arrived (wire rule 3): it is sent again after a wait.

    Args:
        url: where requests for the testnet's URL go; another one is for rehearsals on loopback.
        opened: entered while a request is on its way, for the guard that stops all other connections.
        pacer: lets requests go when there is room for them; None for no pacing.
        nonces: what makes nonces unique on this machine; None where one process is enough.
        backoff: the waits after a 429.
    """

    __test__ = False

    def __init__(
        self,
        url: str = TESTNET_URL,
        opened: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
        *,
        pacer: Pacer | None = None,
        nonces: Nonces | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._url = url
        self._opened = opened
        self._pacer = pacer
        self._nonces = nonces
        self._backoff = backoff or Backoff()
        self._session = requests.Session()
        # No proxy that a variable names, and no password of ~/.netrc.
        self._session.trust_env = False
        self._last_nonce = 0
        self._instant_ms: int | None = None
        self._universe: Universe | None = None
        self._unavailable: TargetUnavailable | None = None

    @property
    def universe(self) -> Universe:
        """The testnet's metadata, fetched once."""
        if self._unavailable is not None:
            # Asked once a run: waiting again for each scenario would take hours to say the same.
            raise self._unavailable
        if self._universe is None:
            bodies = {kind: self._metadata(kind) for kind in KINDS}
            try:
                self._universe = Universe(bodies)
            except (ValueError, LookupError, TypeError) as error:
                raise TargetUnavailable(
                    f"{self._url} answered meta or spotMeta with what cannot be read: {error!r}.",
                    needed="The exchange's metadata.",
                    do="Try again later; if it stays, the exchange has changed.",
                ) from None
        return self._universe

    def _metadata(self, kind: str) -> str:
        headers = (("content-type", "application/json"),)
        request = Request("POST", f"{TESTNET_URL}/info", headers, f'{{"type":"{kind}"}}', _DEFAULT_TIMEOUT_S)
        try:
            reply = self.answer(request)
        except requests.RequestException as error:
            self._unavailable = TargetUnavailable(
                f"{self._url} did not answer {kind}: {type(error).__name__}.",
                needed="A testnet that can be reached from this machine.",
                do="Check the network; `pytest scenarios/` without --target needs none.",
            )
            raise self._unavailable from None
        if reply.status != 200:
            raise TargetUnavailable(f"{self._url} answered {kind} with HTTP {reply.status}.")
        return reply.body

    def answer(self, request: Request) -> Reply:
        """Send the request and return the answer.

        Raises:
            requests.RequestException: no whole answer came; what was sent may have been accepted.
        """
        self._instant_ms = None
        payload = request.decoded() if self._pacer is not None else None
        waits = self._backoff.waits()
        while True:
            if self._pacer is not None:
                self._pacer.take(weight_of(payload))
            reply = self._exchange(request)
            if reply.status != _TOO_MANY or not waits.wait():
                break
        self._backoff.ended(is_refused=reply.status == _TOO_MANY)
        if self._pacer is not None and reply.status == 200:
            self._pacer.add(weight_of_rows(payload, reply.body))
        return reply

    def answer_harness(self, request: Request) -> Reply:
        """Send the request as the scenario's are sent, and return the answer."""
        return self.answer(request)

    def _exchange(self, request: Request) -> Reply:
        with self._opened():
            response = self._session.request(
                request.method,
                request.uri.replace(TESTNET_URL, self._url, 1),
                data=request.body.encode(),
                headers=dict(request.headers),
                timeout=request.timeout_s or _DEFAULT_TIMEOUT_S,
                allow_redirects=False,
                verify=authorities() or True,
            )
        # Not response.text: requests takes a text without a charset for Latin-1.
        body = response.content.decode("utf-8", "replace")
        return Reply(response.status_code, response.headers.get("Content-Type", ""), body)

    def connect(self, url: str) -> "TestnetLine":
        """Open a websocket.

        Raises:
            TargetUnavailable: it cannot be opened.
        """
        from harness.targets.testnet_line import TestnetLine  # delayed: most runs open none

        with self._opened():
            there = url.replace(_websocket_url(TESTNET_URL), _websocket_url(self._url), 1)
            return TestnetLine(there, authorities())

    def now_ms(self) -> int:
        """Return the wall clock; it stands still between one request or wait and the next.

        A replay knows one time for each step. What a scenario reads before a request is the same there.
        """
        if self._instant_ms is None:
            self._instant_ms = int(time.time() * 1000)
        return self._instant_ms

    def nonce_ms(self) -> int:
        """Return the wall clock, or one more than the last nonce."""
        now_ms = max(self._last_nonce + 1, int(time.time() * 1000))
        self._last_nonce = now_ms if self._nonces is None else self._nonces.next(now_ms)
        return self._last_nonce

    def draw(self, stream: DrawStream, n_bytes: int) -> bytes:
        """Return truly random bytes: a predictable agent key on a user's account would be theft."""
        return secrets.token_bytes(n_bytes)

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)
        self._instant_ms = None

    def command(self, name: str, arguments: list[str]) -> None:
        """Refuse: nobody commands the testnet."""
        raise UnsupportedError(f"The testnet takes no command ({name}).", do="Use --target=localnet.")

    def fresh(self) -> None:
        """Do nothing: the testnet cannot start over."""

    def finish(self, *, torn_down: bool) -> None:
        """Do nothing: an exchange has no end."""


def authorities() -> str | None:
    """Return the certificates that the user trusts instead of the usual ones, as `requests` reads them."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def _websocket_url(url: str) -> str:
    """Return the URL of a host's websockets, as the SDK makes it."""
    return f"ws{url.removeprefix('http')}"
