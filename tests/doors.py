"""A door with a target of a test's own making behind it."""

from typing import Any

from harness.errors import UnsupportedError
from harness.journal import Journal
from harness.recording.tape import Reply, Request
from harness.recording.universe import Universe
from harness.settings import Settings
from harness.targets import Arrival
from harness.targets.localnet import localnet_universe
from harness.wire import Wire

JSON = "application/json"


class ScriptedLine:
    """A websocket that notes what is sent, and brings what is put into `comes`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sent: list[str] = []
        self.kept_alive: list[str] = []
        self.comes: list[str] = []
        self.first: list[str] = []
        self.answers: dict[str, list[str]] = {}
        self.is_open = True

    def send(self, text: str) -> None:
        """Note, and let the answers come that are scripted for it."""
        self.sent.append(text)
        self.comes += [*self.first, *self.answers.get(text, [])]
        self.first = []

    def take(self) -> list[Arrival]:
        """Bring what is there."""
        came, self.comes = self.comes, []
        return [Arrival(text) for text in came]

    def keep_alive(self, text: str) -> None:
        """Note."""
        self.kept_alive.append(text)

    def close(self) -> None:
        """End."""
        self.is_open = False

    def abandon(self) -> None:
        """End."""
        self.is_open = False


class Scripted:
    """A target that notes what it is asked, and answers as it is told."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.asked: list[Request] = []
        self.commanded: list[tuple[str, list[str]]] = []
        self.drawn: list[tuple[str, int]] = []
        self._replies = list(replies)
        self.waited = 0.0
        self.lines: list[ScriptedLine] = []
        # What comes on each line after the first text that is sent.
        self.first: list[str] = []

    @property
    def universe(self) -> Universe:
        """The localnet's."""
        return localnet_universe()

    def answer(self, request: Request) -> Reply:
        """Give the next scripted reply; an unproven null when there is none."""
        self.asked.append(request)
        reply = self._replies.pop(0) if self._replies else Reply(200, JSON, "null", unproven=True)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def answer_harness(self, request: Request) -> Reply:
        """Give the same."""
        return self.answer(request)

    def connect(self, url: str) -> ScriptedLine:
        """A line that the test holds too."""
        self.lines.append(ScriptedLine(url))
        self.lines[-1].first = list(self.first)
        return self.lines[-1]

    def now_ms(self) -> int:
        """A time that moves with every request."""
        return 1_000_000 + len(self.asked)

    def nonce_ms(self) -> int:
        """An instant."""
        return 1_767_225_600_123

    def draw(self, stream: Any, n_bytes: int) -> bytes:
        """Sevens."""
        self.drawn.append((stream, n_bytes))
        return b"\x07" * n_bytes

    def wait(self, seconds: float) -> None:
        """Add up."""
        self.waited += seconds

    def command(self, name: str, arguments: list[str]) -> None:
        """Note; refuse what is called forbidden."""
        if name == "forbidden":
            raise UnsupportedError("No such command.")
        self.commanded.append((name, arguments))

    def fresh(self) -> None:
        """Nothing."""

    def finish(self, *, torn_down: bool) -> None:
        """Nothing."""


def door(*replies: Reply | Exception, **settings: Any) -> tuple[Wire, Scripted]:
    """Return an open door and the target behind it."""
    wire, target = closed_door(**settings), Scripted(*replies)
    wire.begin("scenarios/test_x.py::test_y", target)
    return wire, target


def closed_door(**settings: Any) -> Wire:
    """Return a door without a scenario."""
    return Wire(Settings(**settings), Journal())
