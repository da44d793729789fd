"""Feeds of an account's rows that only grow: all of them at first, then the new ones after each block.

They read what the info queries answer; what localnet does not serve there it does not serve here. Source:
API docs, "Subscriptions"; ROQ for fundings; TI:68955515377 and TI:70146751433 for the keys and the missing
`isSnapshot`.
"""

from typing import Any, ClassVar

from harness.localnet.feed.settings import Cadence
from harness.localnet.feed.streams import OfUser, Stream, View, frame, stream


class UserFundings(OfUser, frozen=True):
    """Funding payments."""

    kind: ClassVar[str] = "userFundings"


class UserNonFundingLedgerUpdates(OfUser, frozen=True):
    """Deposits, withdrawals, transfers, liquidations."""

    kind: ClassVar[str] = "userNonFundingLedgerUpdates"


class UserTwapSliceFills(OfUser, frozen=True):
    """Fills of TWAPs."""

    kind: ClassVar[str] = "userTwapSliceFills"


class UserTwapHistory(OfUser, frozen=True):
    """Changes of TWAPs."""

    kind: ClassVar[str] = "userTwapHistory"


class Cursor:
    """Reads the rows of a query that takes a start and answers oldest first, page by page."""

    def __init__(self, query: str, user: str) -> None:
        self._query = query
        self._user = user
        self._since = 0
        # The rows of that time that have been read.
        self._read: list[Any] = []

    def new(self, view: View) -> list[Any]:
        """Return the rows that were not there when this was last asked."""
        found: list[Any] = []
        while page := self._page(view):
            found += page
            last = page[-1]["time"]
            kept = self._read if last == self._since else []
            self._since, self._read = last, kept + [row for row in page if row["time"] == last]
        return found

    def _page(self, view: View) -> list[Any]:
        rows = view.ask(self._query, user=self._user, startTime=self._since)
        return [row for row in rows if row not in self._read]


class RowStream(Stream):
    """A snapshot, then the new rows."""

    query: ClassVar[str]
    key: ClassVar[str]

    def __init__(self, asked: Any, cadence: Cadence) -> None:
        super().__init__(asked, cadence)
        self._cursor: Cursor | None = None

    def first(self, view: View) -> list[str]:
        """Return all rows, oldest first."""
        cursor = Cursor(self.query, self.asked.user)
        found = self.printed(cursor.new(view))
        self._cursor = self._cursor or cursor
        return [frame(self.asked.kind, {"isSnapshot": True, "user": self.asked.user, self.key: found})]

    def later(self, view: View) -> list[str]:
        """Return the rows that were not there before."""
        assert self._cursor is not None
        found = self.printed(self._cursor.new(view))
        return [frame(self.asked.kind, {"user": self.asked.user, self.key: found})] if found else []

    def printed(self, rows: list[Any]) -> list[Any]:
        """Return rows as the feed prints them."""
        return rows


@stream(UserFundings)
class UserFundingsStream(RowStream):
    """Funding payments, without the hash that the query shows (ROQ)."""

    query = "userFunding"
    key = "fundings"

    def printed(self, rows: list[Any]) -> list[Any]:
        """Return rows as the feed prints them."""
        return funding_rows(rows)


@stream(UserNonFundingLedgerUpdates)
class UserNonFundingLedgerUpdatesStream(RowStream):
    """Ledger updates; that the snapshot is oldest first, as the query answers, is UNVERIFIED."""

    query = "userNonFundingLedgerUpdates"
    key = "nonFundingLedgerUpdates"


class NewestFirstStream(Stream):
    """A snapshot, then the new rows, of a query that answers all rows, newest first.

    UNVERIFIED: that the snapshot is oldest first, as that of fills is.
    """

    query: ClassVar[str]
    key: ClassVar[str]

    def __init__(self, asked: Any, cadence: Cadence) -> None:
        super().__init__(asked, cadence)
        self._newest: object = None

    def first(self, view: View) -> list[str]:
        """Return all rows, oldest first."""
        rows = view.ask(self.query, user=self.asked.user)
        self._newest = self._newest or next(iter(rows), None)
        data = {"isSnapshot": True, "user": self.asked.user, self.key: list(reversed(rows))}
        return [frame(self.asked.kind, data)]

    def later(self, view: View) -> list[str]:
        """Return the rows that were not there before."""
        found: list[Any] = []
        for row in view.ask(self.query, user=self.asked.user):
            if row == self._newest:
                break
            found.insert(0, row)
        if not found:
            return []
        self._newest = found[-1]
        return [frame(self.asked.kind, {"user": self.asked.user, self.key: found})]


@stream(UserTwapSliceFills)
class UserTwapSliceFillsStream(NewestFirstStream):
    """Fills of TWAPs."""

    query = "userTwapSliceFills"
    key = "twapSliceFills"


@stream(UserTwapHistory)
class UserTwapHistoryStream(NewestFirstStream):
    """Changes of TWAPs."""

    query = "twapHistory"
    key = "history"


def funding_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return funding payments as the feed prints them."""
    keys = ("coin", "usdc", "szi", "fundingRate", "nSamples")
    return [{"time": row["time"]} | {key: row["delta"][key] for key in keys} for row in rows]
