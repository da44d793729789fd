"""The websockets of a tape: frame m must equal recorded frame m, and pass at the recorded place."""

import json
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from harness.errors import ReplayMismatch
from harness.recording import compare
from harness.recording.layout import canonical
from harness.recording.tape import Frame, FrameWay, Place, Tape
from harness.targets import Arrival

_AMISS = "On the websocket something else happened than was recorded."


class _Placed(Protocol):
    def __call__(self) -> Place: ...


class _Failing(Protocol):
    def __call__(self, what: str, *, remedy: str = "") -> ReplayMismatch: ...


class _Posted(NamedTuple):
    """A signed action that was posted: its frame, how many steps came before it, and its nonce."""

    frame: int
    steps: int
    nonce: int


class ReplayedFrames:
    """The cursor over the frames of a tape, for all of its websockets.

    Args:
        tape: what was recorded.
        place: where the replay is.
        failed: makes the error for a difference.
    """

    def __init__(self, tape: Tape, place: _Placed, failed: _Failing) -> None:
        self._tape = tape
        self._place = place
        self._failed = failed
        self._cursor = 0
        self._opened = 0
        self._posted = deque(_posted(tape.frames))

    def next_nonce(self) -> _Posted | None:
        """Return the next signed action that was posted; None after the last one."""
        while self._posted and self._posted[0].frame < self._cursor:
            self._posted.popleft()
        return self._posted[0] if self._posted else None

    def connect(self, url: str) -> "ReplayLine":
        """Open the recorded websocket.

        Raises:
            ReplayMismatch: none was opened here when this was recorded, or to another URL.
        """
        self._opened += 1
        self.play(self._opened, "opened", url)
        return ReplayLine(self, self._opened)

    def play(self, socket: int, way: FrameWay, text: str = "") -> None:
        """Compare with the recorded frame what the SDK does.

        Raises:
            ReplayMismatch: it differs, or was done elsewhere.
        """
        now = Frame(socket, way, canonical(text), self._place())
        frames = self._tape.frames
        recorded = frames[self._cursor] if self._cursor < len(frames) else None
        if recorded is None or (recorded.socket, recorded.way) != (socket, way):
            raise self._failed(f"{_AMISS}\n  recorded: {_shown(recorded)}\n  now: {_shown(now)}")
        if recorded.text != now.text:
            found = compare.frame_differences(recorded.text, now.text)
            raise self._failed(
                f"{_AMISS}\n  recorded: {_shown(recorded)}\n  now: {_shown(now)}\n"
                f"Differences:\n{compare.table(found)}\n{compare.meaning_of_frame(found)}",
                remedy=compare.remedy(found),
            )
        if recorded.place != now.place:
            raise self._failed(
                f"{_AMISS}\n  recorded: {_shown(recorded)}\n  now: {_shown(now)}\n"
                "It is the recorded one, at another place: something else was lost, repeated or swapped."
            )
        self._cursor += 1

    def next_for(self, socket: int, way: FrameWay) -> Frame | None:
        """Return the next frame if it came this way over this websocket at this place, and go on."""
        frames = self._tape.frames
        if self._cursor == len(frames):
            return None
        frame = frames[self._cursor]
        if (frame.socket, frame.way, frame.place) != (socket, way, self._place()):
            return None
        self._cursor += 1
        return frame

    def finish(self, *, torn_down: bool) -> None:
        """Raise if recorded frames were not played.

        Args:
            torn_down: False as long as the scenario's fixtures may still do what they did when recorded.

        Raises:
            ReplayMismatch: names the first of them.
        """
        count = len(self._tape.frames)
        expected = count if torn_down or self._tape.body_frames is None else self._tape.body_frames
        if self._cursor < expected:
            raise self._failed(
                f"The scenario ended after frame {self._cursor} of {count}; recorded next is:\n"
                f"  {_shown(self._tape.frames[self._cursor])}"
            )


def _posted(frames: list[Frame]) -> Iterator[_Posted]:
    for number, frame in enumerate(frames):
        if frame.way != "sent" or '"nonce"' not in frame.text:
            continue
        try:
            nonce = json.loads(frame.text)["request"]["payload"]["nonce"]
        except (ValueError, KeyError, TypeError):
            continue
        if isinstance(nonce, int):
            yield _Posted(number, frame.place.steps, nonce)


def _shown(frame: Frame | None) -> str:
    if frame is None:
        return "nothing more on a websocket"
    text = f" {compare.shortened(frame.text)}" if frame.text else ""
    return f"websocket {frame.socket} {frame.way} {frame.place}{':' if text else ''}{text}"


class ReplayLine:
    """One websocket of a tape."""

    def __init__(self, frames: ReplayedFrames, socket: int) -> None:
        self._frames = frames
        self._socket = socket
        self.is_open = True

    def send(self, text: str) -> None:
        """Compare with the recorded frame.

        Raises:
            ReplayMismatch: it differs.
        """
        self._frames.play(self._socket, "sent", text)

    def take(self) -> list[Arrival]:
        """Return the one frame that was handed over here, if one was: what its callback does comes first."""
        if not self.is_open:
            return []
        frame = self._frames.next_for(self._socket, "received")
        if frame is None:
            self.is_open = self._frames.next_for(self._socket, "dropped") is None
        return [] if frame is None else [Arrival(frame.text, frame.unproven)]

    def keep_alive(self, text: str) -> None:
        """Do nothing: nobody hangs up here for silence."""

    def close(self) -> None:
        """Compare with the recorded end.

        Raises:
            ReplayMismatch: it was not ended here.
        """
        self._frames.play(self._socket, "closed")

    def abandon(self) -> None:
        """Take no more of it."""
        self.is_open = False
