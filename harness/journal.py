"""Append-only record of each request and its answer: what sweep, report and checks read.

With a path, each signed request is on disk before it leaves (one JSON line, synced), so that a run that was
killed, or lost its power, can still be cleaned up after. Answers are written and not synced: one that is lost
reads as an answer that never came, and that is looked into.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Entry:
    """One request and what came back; `status` is None as long as no answer is known.

    `signer`, `account` (that is acted for) and `master` (whose key may act for it) are there for signed
    requests to testnet; `number` is the request's in its journal.
    """

    path: str
    body: str
    asked_by: str
    clock_ms: int
    status: int | None = None
    answer: str = ""
    findings: tuple[Any, ...] = field(default=())
    unproven: bool = False
    signer: str | None = None
    account: str | None = None
    master: str | None = None
    number: int = 0

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

    def __init__(self, path: Path | None = None, *, first: int = 1) -> None:
        self._entries: list[Entry] = []
        self._frames: list[FrameEntry] = []
        self._descriptor: int | None = None
        self._number = first - 1
        self.heard: Callable[[dict[str, Any]], None] | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def sent(self, entry: Entry) -> None:
        """Note a request that is about to leave; a signed one is on disk when this returns."""
        self._entries.append(entry)
        self._number += 1
        entry.number = self._number
        if self._is_noted:
            request = entry.request
            if isinstance(request, dict):
                request.pop("signature", None)
                if isinstance(request.get("action"), dict):
                    _without_signatures(request["action"])
            line = {"n": entry.number, "at": entry.clock_ms, "by": entry.asked_by, "path": entry.path}
            acted = {"signer": entry.signer, "account": entry.account, "master": entry.master}
            is_signed = entry.path.endswith("/exchange")
            self.note({**line, **(acted if entry.account else {}), "sent": request}, synced=is_signed)

    def answered(self, entry: Entry, status: int, answer: str, findings: tuple[Any, ...] = ()) -> None:
        """Note the answer to `entry`."""
        entry.status = status
        entry.answer = answer
        entry.findings = findings
        if self._is_noted:
            came_ms = int(time.time() * 1000)
            line = {"n": entry.number, "at": came_ms, "path": entry.path, "status": status, "answer": answer}
            self.note(line, synced=False)

    def passed(self, frame: FrameEntry) -> None:
        """Note what happens on a websocket; what is sent has not left yet."""
        frame.position = len(self._entries)
        self._frames.append(frame)
        if self._is_noted:
            message = frame.message
            posted = message.get("request") if isinstance(message, dict) else None
            if isinstance(posted, dict) and isinstance(posted.get("payload"), dict):
                posted["payload"].pop("signature", None)
            content = frame.text if message is None else message
            self.note({"at": frame.clock_ms, "socket": frame.socket, frame.way: content}, synced=False)

    @property
    def _is_noted(self) -> bool:
        return self._descriptor is not None or self.heard is not None

    def note(self, line: dict[str, Any], *, synced: bool = True) -> None:
        """Write a line, whole or not at all as far as its reader is concerned, and tell who listens."""
        if self._descriptor is not None:
            data = json.dumps(line).encode() + b"\n"
            while data:
                data = data[os.write(self._descriptor, data) :]
            if synced:
                os.fsync(self._descriptor)
        if self.heard is not None:
            self.heard(line)

    def end_line(self) -> None:
        """End a line that a killed run may have left without its end."""
        if self._descriptor is not None:
            os.write(self._descriptor, b"\n")

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


def _without_signatures(action: dict[str, Any]) -> None:
    """Take out the inner signatures of a multi-sig action."""
    action.pop("signatures", None)


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
