"""What all processes of one user on this machine share: small values, such as the last nonce, and locks.

It lies in `$XDG_STATE_HOME/hl-harness`, else in `~/.local/state/hl-harness` (on Windows in `%LOCALAPPDATA%`).
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from harness.errors import HarnessError

if TYPE_CHECKING:
    from filelock import FileLock

# Whoever holds a lock only reads and writes a small file.
_LOCK_S: Final = 30.0


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the user's state; it need not exist.

    Source: XDG Base Directory Specification; a relative path there is ignored.
    """
    given = Path(environment.get("XDG_STATE_HOME") or ".")
    if given.is_absolute():
        return given / "hl-harness"
    if os.name == "nt":  # pragma: no cover
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "hl-harness"
    return Path.home() / ".local" / "state" / "hl-harness"


class Shared:
    """One small JSON value that processes take turns at.

    Args:
        path: its file; the lock lies beside it.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock  # delayed: a replay shares nothing, but imports the testnet target

        self._path = path
        self._lock = FileLock(path.with_suffix(".lock"))

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """Hold the value.

        Raises:
            HarnessError: the folder cannot be written to, or another process does not let go.
        """
        from filelock import Timeout  # delayed: as above

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._lock.acquire(timeout=_LOCK_S):
                yield Turn(self._path)
        except (Timeout, OSError) as error:
            raise HarnessError(
                f"{self._path} cannot be used: {type(error).__name__}.",
                needed="A file that the processes of this machine share: nonces and caps hold for all.",
                do="Let XDG_STATE_HOME name a folder that can be written to.",
            ) from None


class Turn:
    """A process's turn at a value."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, form: Callable[[Any], Any], otherwise: Any) -> Any:
        """Return the value as `form` makes it; `otherwise` when there is none that it can take."""
        try:
            return form(json.loads(self._path.read_text("ascii")))
        except (OSError, ValueError, TypeError):
            return otherwise

    def write(self, value: Any) -> None:
        """Replace the value."""
        scratch = self._path.with_suffix(".new")
        scratch.write_text(json.dumps(value), "ascii")
        scratch.replace(self._path)


def account_lock(folder: Path, master: str) -> "FileLock":
    """Return the lock of an account: processes that trade on it take turns, a scenario each.

    Two that moved one position at the same time could not tell afterwards who has to move it back how far.
    """
    from filelock import FileLock  # delayed: as below

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return FileLock(folder / f"account-{master}.lock")


class Nonces:
    """Nonces that no process of this machine gives out twice, whatever key it signs with.

    The exchange counts by signer (wire rule 67); one count for all keys is stricter, and whoever asks for the
    time has not said yet who signs.
    """

    def __init__(self, folder: Path) -> None:
        self._shared = Shared(folder / "nonce.json")

    def next(self, now_ms: int) -> int:
        """Return the time, or one more than the last nonce.

        Raises:
            HarnessError: the file cannot be used.
        """
        with self._shared.turn() as turn:
            nonce: int = max(turn.read(int, 0) + 1, now_ms)
            turn.write(nonce)
        return nonce
