"""What all processes of one run have at stake together: workers of pytest-xdist share one cap."""

import time
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, NamedTuple

from harness.errors import GuardError
from harness.safety.machine import Shared, Turn

_NONE: Final = Decimal(0)
# What is left here of a run that was killed is of no use after it; no run is as long as this.
_KEPT_S: Final = 7 * 24 * 3600.0


class _Part(NamedTuple):
    """What one process of a run has at stake, and when it said so."""

    run: str
    process: str
    usd: Decimal
    at_s: float


class Stakes:
    """One process's part of what its run has at stake.

    Args:
        folder: where the processes of this machine keep what they share.
        run: the name of the run; all its processes give the same.
        process: the name of this one.
    """

    def __init__(self, folder: Path, run: str, process: str) -> None:
        self._path = folder / "exposure.json"
        self._shared = Shared(self._path)
        self._run = run
        self._process = process

    def take(self, usd: Decimal, limit: Decimal) -> Decimal:
        """Have `usd` at stake from now on, unless that and the others' parts are more than `limit`.

        Returns:
            What the other processes of the run have at stake.

        Raises:
            GuardError: what they have cannot be read.
            HarnessError: the shared file cannot be used.
        """
        with self._shared.turn() as turn:
            rest = self._rest(turn)
            others = sum((part.usd for part in rest if part.run == self._run), _NONE)
            if usd + others <= limit:
                self._write(turn, rest, usd)
        return others

    def note(self, usd: Decimal) -> None:
        """Have `usd` at stake from now on: what has happened already is not asked for.

        Raises:
            GuardError: what the others have cannot be read.
            HarnessError: the shared file cannot be used.
        """
        with self._shared.turn() as turn:
            self._write(turn, self._rest(turn), usd)

    def drop(self, is_over: Callable[[str], bool]) -> None:
        """Forget the parts of processes of this run that are no more, and left nothing.

        Args:
            is_over: says so of a process by its name.

        Raises:
            GuardError: the parts cannot be read.
            HarnessError: the shared file cannot be used.
        """
        with self._shared.turn() as turn:
            parts = self._parts(turn)
            kept = [part for part in parts if part.run != self._run or not is_over(part.process)]
            if kept != parts:
                turn.write([_row(part) for part in kept])

    def _rest(self, turn: Turn) -> list[_Part]:
        """Return the parts of all other processes."""
        mine = (self._run, self._process)
        return [part for part in self._parts(turn) if (part.run, part.process) != mine]

    def _parts(self, turn: Turn) -> list[_Part]:
        parts: list[_Part] | None = turn.read(_parts, None)
        if parts is None and self._path.exists():
            raise GuardError(
                f"{self._path} cannot be read.",
                needed="What the other workers of this run have at stake: the cap holds for all together.",
                do="Delete it when no run on testnet is under way.",
            )
        oldest_s = time.time() - _KEPT_S
        return [part for part in parts or () if part.at_s > oldest_s]

    def _write(self, turn: Turn, rest: list[_Part], usd: Decimal) -> None:
        own = [_Part(self._run, self._process, usd, time.time())] if usd else []
        turn.write([_row(part) for part in [*rest, *own]])


def _parts(value: Any) -> list[_Part]:
    return [_Part(str(run), str(process), _usd(usd), float(at)) for run, process, usd, at in value]


def _usd(text: Any) -> Decimal:
    try:
        usd = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if usd.is_nan() or usd < 0:
        raise ValueError(text)
    return usd


def _row(part: _Part) -> list[Any]:
    return [part.run, part.process, str(part.usd), part.at_s]
