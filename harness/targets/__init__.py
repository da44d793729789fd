"""What can stand behind the door: a tape, the embedded exchange, or the testnet."""

from typing import Literal, NamedTuple, Protocol

from harness.recording.tape import Reply, Request
from harness.recording.universe import Universe

DrawStream = Literal["sdk", "venue"]


class Arrival(NamedTuple):
    """A text that came over a websocket; `unproven` as for a reply."""

    text: str
    unproven: bool = False


class Line(Protocol):
    """One websocket to a target."""

    @property
    def is_open(self) -> bool:
        """False once the exchange or the client has ended it."""

    def send(self, text: str) -> None:
        """Send a text."""

    def take(self) -> list[Arrival]:
        """Return what has come and may be handed over now, oldest first."""

    def keep_alive(self, text: str) -> None:
        """Send a sign of life where the connection needs one; called from any thread."""

    def close(self) -> None:
        """End it, as the client asks."""

    def abandon(self) -> None:
        """End it because its scenario has ended."""


class Target(Protocol):
    """Answers requests, and is the only source of time and chance while a scenario runs."""

    @property
    def universe(self) -> Universe:
        """The metadata that the SDK's constructors are given."""

    def answer(self, request: Request) -> Reply:
        """Return what the exchange answers."""

    def answer_harness(self, request: Request) -> Reply:
        """Return what the exchange answers to the harness itself: no fault of a script comes between."""

    def connect(self, url: str) -> Line:
        """Open a websocket."""

    def now_ms(self) -> int:
        """Return the target's time in ms."""

    def nonce_ms(self) -> int:
        """Return what the SDK is to read from its clock: an instant that was no nonce yet, in ms."""

    def draw(self, stream: DrawStream, n_bytes: int) -> bytes:
        """Return the next random bytes of one stream: what the SDK draws, or what the venue does."""

    def wait(self, seconds: float) -> None:
        """Let time pass between two looks at something that takes time."""

    def command(self, name: str, arguments: list[str]) -> None:
        """Change the embedded exchange from outside; refused where there is none."""

    def fresh(self) -> None:
        """Start over, for the next Hypothesis example, where that is possible."""

    def finish(self, *, torn_down: bool) -> None:
        """Raise if the scenario, with its fixtures `torn_down` or not yet, ended too early."""
