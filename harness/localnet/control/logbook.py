"""What has been done to an exchange from outside, with block times: enough to do it all again.

An exchange is deterministic, so its settings and this log are its whole state. Queries that changed nothing
are only counted, because they are blocks too.
"""

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

REQUEST: Final = "request"
POLL: Final = "poll"
TOUCH: Final = "touch"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One input.

    Args:
        at: the time of its block, in unix milliseconds.
        do: `request`, `poll` (let happen what is due), `touch` (bring a market to life), or a command.
        fields: what `do` needs.
        idle: how many blocks without consequence came before it.
    """

    at: int
    do: str
    fields: dict[str, Any] = {}
    idle: int = 0


class Logbook:
    """The inputs of one exchange, oldest first.

    Args:
        is_kept: False keeps nothing, for those who never ask.
    """

    def __init__(self, *, is_kept: bool) -> None:
        self.is_kept = is_kept
        self.entries: list[Entry] = []
        self.idle = 0
        self._alive = (0, 0)

    def note(self, exchange: "Exchange", do: str, **fields: Any) -> None:
        """Add an input that has happened; its block, if it has one, is still open."""
        if not self.is_kept:
            return
        self._add(exchange, do, fields)
        self._alive = _alive(exchange)

    def pass_by(self, exchange: "Exchange", *, was_due: bool) -> None:
        """Add a block that did nothing itself; `was_due` says that something has happened before it.

        Markets that it has brought to life are still to be noted: a poll does not read them.
        """
        if was_due:
            self._add(exchange, POLL, {})
        else:
            self.idle += 1

    def note_touched(self, exchange: "Exchange") -> None:
        """Add the markets that reading has brought to life since the last input."""
        if not self.is_kept or _alive(exchange) == self._alive:
            return
        perps, pairs = self._alive
        for asset in [*list(exchange.markets)[perps:], *list(exchange.spot_markets)[pairs:]]:
            self._add(exchange, TOUCH, {"asset": asset})
        self._alive = _alive(exchange)

    def _add(self, exchange: "Exchange", do: str, fields: dict[str, Any]) -> None:
        self.entries.append(Entry(exchange.now_ms(), do, fields, self.idle))
        self.idle = 0

    def forget_since(self, position: int, idle: int, exchange: "Exchange") -> None:
        """Go back to when there were `position` entries and `idle` blocks after them."""
        del self.entries[position:]
        self.idle = idle
        self._alive = _alive(exchange)


def _alive(exchange: "Exchange") -> tuple[int, int]:
    return len(exchange.markets), len(exchange.spot_markets)
