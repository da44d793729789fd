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


class Journal:
    """The entries of one run, oldest first."""

    def __init__(self, path: Path | None = None) -> None:
        self._entries: list[Entry] = []
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
        return JournalView(self, position)

    def entry(self, position: int) -> Entry:
        """Return one entry by its position."""
        return self._entries[position]


class JournalView:
    """What one scenario sent and was answered, without the sweep; read-only, and growing as it goes on."""

    def __init__(self, journal: Journal, start: int) -> None:
        self._journal = journal
        self._start = start

    def _entries(self) -> list[Entry]:
        entries = (self._journal.entry(number) for number in range(self._start, len(self._journal)))
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
