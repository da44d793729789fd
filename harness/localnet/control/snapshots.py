"""Copies of an exchange to go back to, in memory."""

import copy
from typing import Final, NamedTuple

from harness.localnet.asks import LocalnetError
from harness.localnet.control.logbook import Logbook
from harness.localnet.door import Door
from harness.localnet.exchange import Exchange

# Each one is as large as the exchange.
MOST: Final = 100


class _Snapshot(NamedTuple):
    exchange: Exchange
    door: Door
    # Where the log stood.
    entries: int
    idle: int


class Snapshots:
    """The snapshots of one localnet, by id: 1 and up, never used twice."""

    def __init__(self) -> None:
        self._kept: dict[int, _Snapshot] = {}
        self._taken = 0

    @property
    def ids(self) -> list[int]:
        """The ids, oldest first."""
        return list(self._kept)

    @staticmethod
    def copy(exchange: Exchange, door: Door) -> tuple[Exchange, Door]:
        """Return a copy of an exchange, its clock and its door, with nothing in common but what is fixed."""
        return copy.deepcopy((exchange, door))

    def take(self, exchange: Exchange, door: Door, log: Logbook) -> int:
        """Keep a copy and return its id.

        Raises:
            LocalnetError: too many are kept.
        """
        if len(self._kept) >= MOST:
            raise LocalnetError(
                f"{MOST} snapshots are kept already.",
                needed="Fewer; each one is a whole exchange in memory.",
                do="Revert to an older one, which forgets those after it.",
            )
        self._taken += 1
        self._kept[self._taken] = _Snapshot(*self.copy(exchange, door), len(log.entries), log.idle)
        return self._taken

    def revert(self, snapshot_id: int, log: Logbook) -> tuple[Exchange, Door]:
        """Return the exchange as it was, and take back in the log what came after.

        Raises:
            LocalnetError: there is no such snapshot.
        """
        kept = self._kept.get(snapshot_id)
        if kept is None:
            raise LocalnetError(
                f"There is no snapshot {snapshot_id}.",
                needed=f"One of {self.ids}." if self._kept else "A snapshot; none is kept.",
            )
        for later in [one for one in self._kept if one > snapshot_id]:
            del self._kept[later]
        exchange, door = self.copy(kept.exchange, kept.door)
        log.forget_since(kept.entries, kept.idle, exchange)
        return exchange, door
