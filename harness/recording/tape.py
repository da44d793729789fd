"""A tape in memory: the steps of one scenario, in the order in which they happened."""

import json
from functools import lru_cache
from typing import Any, Literal

import msgspec

from harness.recording.layout import canonical

Asker = Literal["scenario", "harness"]
TESTNET_URL = "https://api.hyperliquid-testnet.xyz"
FORMAT = 1
"""The number of the form in which tapes lie on disk."""
FRAMES_FORMAT = 2
"""The same for tapes that hold websocket frames; those that hold none stay what they were."""
# Of parsed tapes in the cache: rises with every change to the structs below or to the parser's checks.
COMPILED = 3


class Request(msgspec.Struct, frozen=True):
    """One HTTP request as the SDK hands it over.

    `headers` are those that matter: lower-case names, sorted, without what the HTTP library adds by
    itself. `timeout_s` is how long the caller is prepared to wait, None for ever.
    """

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...]
    body: str
    timeout_s: float | None = None

    @property
    def path(self) -> str:
        """Return the path of the URI, such as `/info`."""
        return _path(self.uri)

    @property
    def content_type(self) -> str | None:
        """Return the content type, None if there is none."""
        for name, value in self.headers:
            if name == "content-type":
                return value
        return None

    def decoded(self) -> Any:
        """Return the body as Python data, None when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def as_taped(self) -> "Request":
        """Return the request as a tape holds it: no white space in the body, times as floats."""
        timeout_s = None if self.timeout_s is None else float(self.timeout_s)
        return Request(self.method, self.uri, self.headers, canonical(self.body), timeout_s)


# A run asks a handful of paths.
@lru_cache(maxsize=256)
def _path(uri: str) -> str:
    return "/" + uri.split("://", 1)[-1].partition("/")[2].partition("?")[0]


class Reply(msgspec.Struct, frozen=True):
    """One HTTP answer. `delay_s` is how long it let the caller wait, beyond the ordinary."""

    status: int
    content_type: str
    body: str
    delay_s: float = 0.0
    unproven: bool = False
    """True when the answer proves nothing: localnet does not know what was asked, or a fault spoiled it."""


class Step(msgspec.Struct, frozen=True):
    """A request and its answer; `clock_ms` is the target's time just before the request."""

    request: Request
    reply: Reply
    asked_by: Asker
    clock_ms: int


class Place(msgspec.Struct, frozen=True):
    """Where on the tape something lies that is no step: how many of each had passed before it."""

    steps: int = 0
    commands: int = 0
    waits: int = 0

    def __str__(self) -> str:
        counts = ((self.commands, "commands"), (self.waits, "waits"))
        more = "".join(f", {count} {what}" for count, what in counts if count)
        return f"after step {self.steps}{more}"


FrameWay = Literal["opened", "sent", "received", "closed", "dropped"]


class Frame(msgspec.Struct, frozen=True):
    """What happened on one of the scenario's websockets, which are numbered from 1, and where on the tape.

    It was opened or closed by the SDK, dropped by the exchange, or carried a text one way. Of `opened` the
    text is the URL. `unproven` as for a step.
    """

    socket: int
    way: FrameWay
    text: str
    place: Place
    unproven: bool = False


class Command(msgspec.Struct, frozen=True):
    """What the scenario told the localnet to do before step number `before_step` (from 0)."""

    before_step: int
    name: str
    arguments: list[str]


class Example(msgspec.Struct, frozen=True):
    """One Hypothesis example: its encoded arguments, how it ended, and its steps [`first`, `last`)."""

    arguments: dict[str, Any]
    outcome: Literal["passed", "rejected"]
    first: int
    last: int


class Provenance(msgspec.Struct, frozen=True):
    """Where a tape comes from. `started_ms` is the target's clock at its start."""

    scenario: str
    target: Literal["localnet", "testnet"]
    sdk: str
    harness: str
    clock: Literal["virtual", "wall"]
    started_ms: int
    universe: dict[str, str]


class Tape(msgspec.Struct, frozen=True):
    """All that one scenario did, and where that was recorded."""

    provenance: Provenance
    steps: list[Step]
    sdk_draws: list[str] = []
    venue_draws: list[str] = []
    commands: list[Command] = []
    examples: list[Example] | None = None
    body_steps: int | None = None
    """How many steps came before the scenario's fixtures were torn down; None if all did."""
    frames: list[Frame] = []
    body_frames: int | None = None
    """The same for frames."""

    def next_nonces(self) -> list[int | None]:
        """Return for each position the nonce of the next recorded action, None after the last one."""
        nonces: list[int | None] = [None] * (len(self.steps) + 1)
        for position in range(len(self.steps) - 1, -1, -1):
            nonces[position] = nonce_of(self.steps[position].request)
            if nonces[position] is None:
                nonces[position] = nonces[position + 1]
        return nonces


def nonce_of(request: Request) -> int | None:
    """Return the nonce of a signed action; None for anything else."""
    if not request.path.endswith("/exchange"):
        return None
    envelope = request.decoded()
    nonce = envelope.get("nonce") if isinstance(envelope, dict) else None
    return nonce if isinstance(nonce, int) else None
