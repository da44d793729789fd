"""The journals of all runs in one folder: one file a process, locked as long as that process lives.

A journal that does not end in `done` and that nobody holds is of a run that was killed.
"""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from harness.journal import Journal
from harness.safety.evidence import Evidence, read_lines

_KEPT: Final = 40


@dataclass
class RunFile:
    """The journal of this process and the lock that says that it lives."""

    path: Path
    journal: Journal
    lock: FileLock

    def end(self, *, worth_keeping: bool) -> None:
        """Let go of it; without a signed request it tells nothing that anybody needs."""
        self.journal.close()
        if not worth_keeping:
            self.path.unlink(missing_ok=True)
        self.lock.release()
        if not worth_keeping:
            _lock_path(self.path).unlink(missing_ok=True)


def start(folder: Path, *, keep_orders: bool) -> RunFile:
    """Begin a journal for this process."""
    folder.mkdir(parents=True, exist_ok=True)
    at_ms = time.time_ns() // 1_000_000
    # Their names tell which of two runs came first, also within a second.
    stamp = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(at_ms // 1000))}.{at_ms % 1000:03d}"
    path = folder / f"journal-{stamp}-{os.getpid()}-{secrets.token_hex(3)}.jsonl"
    lock = FileLock(_lock_path(path))
    # Before the file is there, so that nobody takes it for one of a run that was killed.
    lock.acquire()
    journal = Journal(path)
    journal.note({"run": {"at": at_ms, "pid": os.getpid(), "keepOrders": keep_orders}})
    _sync_folder(folder)
    _prune(folder)
    return RunFile(path, journal, lock)


def _lock_path(path: Path) -> Path:
    return path.with_suffix(".lock")


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file survive a loss of power, where folders can be synced."""
    if os.name == "nt":  # pragma: no cover
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(folder: Path) -> None:
    done = [path for path in journals(folder) if read(path).is_done]
    # A lock's file goes with a journal that is done only: without it two could hold the same lock.
    for path in done[:-_KEPT]:
        path.unlink(missing_ok=True)
        _lock_path(path).unlink(missing_ok=True)


def journals(folder: Path) -> list[Path]:
    """Return all journals of a folder, oldest first."""
    return sorted(folder.glob("journal-*.jsonl"))


def open_ones(folder: Path) -> list[Path]:
    """Return the journals that nobody holds and that do not say that their run is over."""
    found = []
    for path in journals(folder):
        with taken(path) as one:
            if one is not None:
                found.append(path)
    return found


def read(path: Path) -> Evidence:
    """Return what a journal says; nothing when it is gone meanwhile."""
    try:
        return Evidence(read_lines(path.read_text("utf-8", "replace")))
    except FileNotFoundError:
        return Evidence([{"done": 0}])


def touched(path: Path) -> set[str]:
    """Return the accounts on which the run of a journal may still have something that it does not want."""
    evidence = read(path)
    if evidence.is_done or evidence.is_kept:
        return set()
    return {account.address for account in evidence.accounts.values() if account.is_touched}


def is_swept(path: Path) -> bool:
    """Say whether nothing is left of the run of a journal: it is done, or gone."""
    evidence = read(path)
    return evidence.is_done and not evidence.is_kept


@contextmanager
def taken(path: Path) -> Iterator[tuple[Journal, Evidence] | None]:
    """Take over the journal of a run that was killed; None when it lives, was swept, or wanted no sweep."""
    lock = FileLock(_lock_path(path))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield None
        return
    try:
        evidence = read(path)
        if evidence.is_done or evidence.is_kept:
            yield None
            return
        journal = Journal(path, first=evidence.last_number + 1)
        journal.heard = evidence.take
        # What was written last may have no end.
        journal.end_line()
        try:
            yield journal, evidence
        finally:
            journal.close()
    finally:
        lock.release()
