"""Append-only record of each request and its answer: what sweep, report and checks read.

With a path, each request is on disk before it leaves (one JSON line, synced), so that a run that was killed
can still be cleaned up after.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Entry:
    """One request and what came back; `status` is None as long as no answer is known."""

    path: str
    body: str
    asked_by: str
    clock_ms: int
    status: int | None = None
    answer: str = ""
    findings: tuple[Any, ...] = field(default=())
    unproven: bool = False

    @property
    def request(self) -> Any:
        """Return the request as Python data, None when it was not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def action(self) -> dict[str, Any] | None:
        """Return the signed action that was sent, None for a read."""
        request = self.request
        return (
            request.get("action") if isinstance(request, dict) and self.path.endswith("/exchange") else None
        )


@dataclass(slots=True)
class FrameEntry:
    """What happened on a websocket: it was opened, closed or dropped, or a text was sent or received.

    `position` is how many requests the journal held before it.
    """

    socket: int
    way: str
    text: str
    clock_ms: int
    findings: tuple[Any, ...] = field(default=())
    unproven: bool = False
    position: int = 0

    @property
    def message(self) -> Any:
        """Return the text as Python data, None when it is not JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


class Journal:
    """The entries of one run, oldest first."""

    def __init__(self, path: Path | None = None) -> None:
        self._entries: list[Entry] = []
        self._frames: list[FrameEntry] = []
        self._descriptor: int | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def sent(self, entry: Entry) -> None:
        """Note a request that is about to leave."""
        self._entries.append(entry)
        if self._descriptor is not None:
            request = entry.request
            if isinstance(request, dict):
                request.pop("signature", None)
            self._write({"at": entry.clock_ms, "by": entry.asked_by, "path": entry.path, "sent": request})

    def answered(self, entry: Entry, status: int, answer: str, findings: tuple[Any, ...] = ()) -> None:
        """Note the answer to `entry`."""
        entry.status = status
        entry.answer = answer
        entry.findings = findings
        if self._descriptor is not None:
            self._write({"path": entry.path, "status": status, "answer": answer})

    def passed(self, frame: FrameEntry) -> None:
        """Note what happens on a websocket; what is sent has not left yet."""
        frame.position = len(self._entries)
        self._frames.append(frame)
        if self._descriptor is not None:
            message = frame.message
            posted = message.get("request") if isinstance(message, dict) else None
            if isinstance(posted, dict) and isinstance(posted.get("payload"), dict):
                posted["payload"].pop("signature", None)
            content = frame.text if message is None else message
            self._write({"at": frame.clock_ms, "socket": frame.socket, frame.way: content})

    def _write(self, line: dict[str, Any]) -> None:
        assert self._descriptor is not None
        os.write(self._descriptor, json.dumps(line).encode() + b"\n")
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def since(self, position: int) -> "JournalView":
        """Return a read-only view of the entries from `position` on."""
        return JournalView(self, position, len(self._frames))

    def entry(self, position: int) -> Entry:
        """Return one entry by its position."""
        return self._entries[position]

    def frames(self, start: int) -> list[FrameEntry]:
        """Return what happened on websockets from position `start` on."""
        return self._frames[start:]


class JournalView:
    """What one scenario sent and was answered, without the sweep; read-only, and growing as it goes on."""

    def __init__(self, journal: Journal, start: int, frames_start: int) -> None:
        self._journal = journal
        self._start = start
        self._frames_start = frames_start

    def _entries(self, end: int | None = None) -> list[Entry]:
        last = len(self._journal) if end is None else end
        entries = (self._journal.entry(number) for number in range(self._start, last))
        return [entry for entry in entries if entry.asked_by != "sweep"]

    def __len__(self) -> int:
        return len(self._entries())

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries())

    def __getitem__(self, position: int) -> Entry:
        return self._entries()[position]

    @property
    def actions(self) -> list[dict[str, Any]]:
        """Return the signed actions that were sent, oldest first."""
        return [action for entry in self if (action := entry.action) is not None]

    @property
    def frames(self) -> list[FrameEntry]:
        """Return what happened on websockets, oldest first."""
        return self._journal.frames(self._frames_start)

    def steps_before(self, frame: FrameEntry) -> int:
        """Return how many of these entries were sent before something happened on a websocket."""
        return len(self._entries(frame.position))

    @property
    def started_ms(self) -> int:
        """Return the target's time at the first request; without one at the first frame, else 0."""
        first: Entry | FrameEntry | None = next(iter(self), None) or next(iter(self.frames), None)
        return 0 if first is None else first.clock_ms
