"""Collects what a scenario does while it runs, and makes a tape of it."""

from typing import Any, Literal

from harness.recording.tape import Command, Example, Frame, FrameWay, Place, Provenance, Step, Tape


class Recorder:
    """One scenario's tape in the making."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._draws: dict[str, list[str]] = {"sdk": [], "venue": []}
        self._commands: list[Command] = []
        self._examples: list[Example] | None = None
        self._body_steps: int | None = None
        self._waits = 0
        self._frames: list[Frame] = []
        self._body_frames: int | None = None

    @property
    def position(self) -> int:
        """The number of steps so far."""
        return len(self._steps)

    def step(self, step: Step) -> None:
        """Add a request and its answer."""
        self._steps.append(step)

    def draw(self, stream: str, drawn: bytes) -> None:
        """Add drawn bytes."""
        self._draws[stream].append(drawn.hex())

    def command(self, name: str, arguments: list[str]) -> None:
        """Add a command to the localnet."""
        self._commands.append(Command(self.position, name, arguments))

    def wait(self) -> None:
        """Count a wait: frames may have come meanwhile."""
        self._waits += 1

    def frame(self, socket: int, way: FrameWay, text: str, *, unproven: bool) -> None:
        """Add what happened on a websocket."""
        place = Place(self.position, len(self._commands), self._waits)
        self._frames.append(Frame(socket, way, text, place, unproven))

    def example(self, arguments: dict[str, Any], outcome: Literal["passed", "rejected"], first: int) -> None:
        """Add a Hypothesis example that began at step `first` and ended now."""
        self._examples = self._examples or []
        self._examples.append(Example(arguments, outcome, first, self.position))

    def end_body(self) -> None:
        """Note that what comes now is sent by fixtures that are torn down."""
        self._body_steps = self.position
        self._body_frames = len(self._frames)

    def tape(self, provenance: Provenance) -> Tape:
        """Return all of it."""
        return Tape(
            provenance,
            self._steps,
            self._draws["sdk"],
            self._draws["venue"],
            self._commands,
            self._examples,
            self._body_steps if self._body_steps != self.position else None,
            self._frames,
            self._body_frames if self._body_frames != len(self._frames) else None,
        )
