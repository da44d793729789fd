"""The embedded exchange as a target: in this process, with a virtual clock, fresh for each scenario."""

import hashlib
import json
from collections import Counter, deque
from functools import lru_cache
from urllib.parse import urlsplit

import requests

from harness.errors import UnsupportedError
from harness.localnet import Localnet, LocalnetError, VirtualClock
from harness.localnet.control.commands import carry_out
from harness.localnet.feed import Connection
from harness.recording.tape import Reply, Request
from harness.recording.universe import Universe
from harness.targets import Arrival, DrawStream


@lru_cache(maxsize=1)
def localnet_universe() -> Universe:
    """Return the metadata of the embedded exchange; the same for every one of them."""
    net = Localnet(VirtualClock())
    return Universe({"meta": net.meta().decode(), "spotMeta": net.spot_meta().decode()})


class LocalnetLine:
    """A websocket to the embedded exchange, without a socket: what it causes has come when it returns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def is_open(self) -> bool:
        """False once either side has ended it."""
        return self._connection.is_open

    def send(self, text: str) -> None:
        """Send a text."""
        self._connection.send(text)

    def take(self) -> list[Arrival]:
        """Return what has come; the answer to what localnet does not serve is unproven."""
        arrived = [Arrival(text) for text in self._connection.take()]
        if self._connection.missing and arrived:
            self._connection.missing.clear()
            arrived[-1] = Arrival(arrived[-1].text, unproven=True)
        return arrived

    def keep_alive(self, text: str) -> None:
        """Do nothing: nobody hangs up here for silence."""

    def close(self) -> None:
        """End it."""
        self._connection.close()

    def abandon(self) -> None:
        """End it."""
        self._connection.close()


class LocalnetTarget:
    """A new exchange; all chance comes from `scenario`, so that recording twice gives the same bytes.

    Args:
        scenario: what the draws are derived from, such as the scenario's node id.
    """

    def __init__(self, scenario: str) -> None:
        self._scenario = scenario
        self._drawn: Counter[str] = Counter()
        self._delays: deque[float] = deque()
        self._last_nonce = 0
        # What was to go wrong and never did; None once there are examples, which need not all meet it.
        self._idle: list[str] | None = []
        # By the name that the scenario gave: the localnet's id, and the last nonce.
        self._snapshots: dict[str, tuple[int, int]] = {}
        self._net = Localnet(VirtualClock())

    @property
    def universe(self) -> Universe:
        """The metadata of the embedded exchange."""
        return localnet_universe()

    @property
    def net(self) -> Localnet:
        """The exchange itself."""
        return self._net

    def answer(self, request: Request) -> Reply:
        """Return what the exchange answers.

        Raises:
            requests.exceptions.ConnectionError: the fault script says that no answer comes.
        """
        delay_s = self._delays.popleft() if self._delays else 0.0
        delivery = self._net.deliver(
            request.path, request.content_type, request.body.encode(), request.method
        )
        answer = delivery.answer
        delay_s += delivery.delay_s
        if delay_s:
            self._net.advance(round(delay_s * 1000))
        if answer is None:
            raise requests.exceptions.ConnectionError(
                "Connection aborted: the localnet's fault script reset it."
            )
        unproven = delivery.is_spoiled or answer.not_implemented
        return Reply(answer.status, answer.content_type, answer.body.decode(), delay_s, unproven)

    def answer_harness(self, request: Request) -> Reply:
        """Return what the exchange answers to the harness itself: delays and faults wait for the scenario."""
        answer = self._net.handle(request.path, request.content_type, request.body.encode(), request.method)
        return Reply(
            answer.status, answer.content_type, answer.body.decode(), unproven=answer.not_implemented
        )

    def connect(self, url: str) -> LocalnetLine:
        """Open a websocket to the exchange's feed.

        Raises:
            UnsupportedError: the exchange has its websocket elsewhere.
        """
        path = urlsplit(url).path
        if path != "/ws":
            raise UnsupportedError(
                f"A websocket to {path or '/'} was about to be opened.", needed="The exchange's: /ws."
            )
        return LocalnetLine(self._net.connect())

    def now_ms(self) -> int:
        """Return the exchange's time."""
        return self._net.clock.now_ms()

    def nonce_ms(self) -> int:
        """Return the exchange's time, or one more than the last nonce."""
        self._last_nonce = max(self._last_nonce + 1, self.now_ms())
        return self._last_nonce

    def draw(self, stream: DrawStream, n_bytes: int) -> bytes:
        """Return bytes that depend on scenario, stream and position alone."""
        self._drawn[stream] += 1
        seed = f"{self._scenario}/{stream}/{self._drawn[stream]}".encode()
        return hashlib.shake_256(seed).digest(n_bytes)

    def wait(self, seconds: float) -> None:
        """Move the exchange's clock forward."""
        self._net.advance(round(seconds * 1000))

    def command(self, name: str, arguments: list[str]) -> None:
        """Carry out a command of the `localnet` fixture: of its own, or of the control API."""
        if name == "delay":
            self._delays.append(float(arguments[0]))
        elif name == "setFaults":
            self._note_idle()
            carry_out(self._net, name, json.loads(arguments[0]))
        elif name == "snapshot":
            self._snapshots[arguments[0]] = (self._net.snapshot(), self._last_nonce)
        elif name == "revert":
            self._revert(arguments[0])
        else:
            carry_out(self._net, name, json.loads(arguments[0]))

    def _revert(self, name: str) -> None:
        """Go back to a snapshot; the nonces that follow are those that followed then."""
        if name not in self._snapshots:
            raise LocalnetError(f"There is no snapshot {name}.", needed="One that this scenario has taken.")
        kept, self._last_nonce = self._snapshots[name]
        self._net.revert(kept)

    def fresh(self) -> None:
        """Put a new exchange in the place of this one."""
        self._net = Localnet(VirtualClock())
        self._delays.clear()
        self._snapshots.clear()
        self._last_nonce = 0
        self._idle = None

    def finish(self, *, torn_down: bool) -> None:
        """Raise if something was to go wrong and never did: the scenario has not shown what it says.

        Raises:
            LocalnetError: a delay, or a fault that was not left to chance, has met no request.
        """
        if not torn_down:
            return
        self._note_idle()
        if self._idle is not None:
            self._idle += [f"a delay of {seconds:g} s" for seconds in self._delays]
        if self._idle:
            raise LocalnetError(
                f"This was to go wrong and never did: {', '.join(self._idle)}.",
                needed="Something that the scenario sends afterwards, and that the conditions name.",
                do="Send it, or take the fault out.",
            )

    def _note_idle(self) -> None:
        """Keep which faults of the running script have not happened."""
        if self._idle is not None:
            self._idle += [str(rule) for rule in self._net.faults_idle]
