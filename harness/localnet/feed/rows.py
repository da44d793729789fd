"""Feeds of an account's rows that only grow: all of them at first, then the new ones after each block.

They read what the info queries answer; what localnet does not serve there it does not serve here. Source:
API docs, "Subscriptions"; ROQ for fundings; TI:68955515377 and TI:70146751433 for the keys and the missing
`isSnapshot`.
"""

from typing import Any, ClassVar

from harness.localnet.events import Event, LedgerUpdated, OrderChanged, SliceFilled, TwapChanged
from harness.localnet.feed.settings import Cadence
from harness.localnet.feed.streams import OfUser, Stream, View, frame, stream
from harness.localnet.queries.money import update_row
from harness.localnet.queries.orders import status_row
from harness.localnet.queries.twaps import slice_rows, twap_row


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


class UserHistoricalOrders(OfUser, frozen=True):
    """Changes of orders, with all keys of an order."""

    kind: ClassVar[str] = "userHistoricalOrders"


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
    """A snapshot, oldest first, then the new rows of each block.

    UNVERIFIED but for fills: that the snapshot is oldest first.
    """

    key: ClassVar[str]

    def first(self, view: View) -> list[str]:
        """Return all rows."""
        data = {"isSnapshot": True, "user": self.asked.user, self.key: self.snapshot(view)}
        return [frame(self.asked.kind, data)]

    def later(self, view: View) -> list[str]:
        """Return the rows that are new."""
        return [
            frame(self.asked.kind, {"user": self.asked.user, self.key: rows})
            for rows in self.news(view)
            if rows
        ]

    def snapshot(self, view: View) -> list[Any]:
        """Return all rows, oldest first."""
        raise NotImplementedError

    def news(self, view: View) -> list[list[Any]]:
        """Return the new rows, block by block."""
        raise NotImplementedError


@stream(UserFundings)
class UserFundingsStream(RowStream):
    """Funding payments, without the hash that the query shows (ROQ)."""

    key = "fundings"

    def __init__(self, asked: Any, cadence: Cadence) -> None:
        super().__init__(asked, cadence)
        self._cursor: Cursor | None = None

    def snapshot(self, view: View) -> list[Any]:
        """Return all payments."""
        cursor = Cursor("userFunding", self.asked.user)
        found = funding_rows(cursor.new(view))
        self._cursor = self._cursor or cursor
        return found

    def news(self, view: View) -> list[list[Any]]:
        """Return the payments that were not there before; those of several hours come together."""
        assert self._cursor is not None
        return [funding_rows(self._cursor.new(view))]


@stream(UserNonFundingLedgerUpdates)
class UserNonFundingLedgerUpdatesStream(RowStream):
    """Ledger updates."""

    key = "nonFundingLedgerUpdates"

    def snapshot(self, view: View) -> list[Any]:
        """Return all updates."""
        return Cursor("userNonFundingLedgerUpdates", self.asked.user).new(view)

    def news(self, view: View) -> list[list[Any]]:
        """Return the updates of each block."""
        return [
            [
                update_row(event.update)
                for event in block
                if isinstance(event, LedgerUpdated) and event.owner == self.asked.user
            ]
            for block in view.blocks
        ]


@stream(UserTwapSliceFills)
class UserTwapSliceFillsStream(RowStream):
    """Fills of TWAPs."""

    key = "twapSliceFills"

    def snapshot(self, view: View) -> list[Any]:
        """Return the latest fills."""
        return list(reversed(view.ask("userTwapSliceFills", user=self.asked.user)))

    def news(self, view: View) -> list[list[Any]]:
        """Return the fills of each block."""
        return [new_slice_fills(block, self.asked.user) for block in view.blocks]


@stream(UserTwapHistory)
class UserTwapHistoryStream(RowStream):
    """Changes of TWAPs."""

    key = "history"

    def snapshot(self, view: View) -> list[Any]:
        """Return the latest changes."""
        return list(reversed(view.ask("twapHistory", user=self.asked.user)))

    def news(self, view: View) -> list[list[Any]]:
        """Return the changes of each block."""
        return [new_twap_rows(block, self.asked.user) for block in view.blocks]


@stream(UserHistoricalOrders)
class UserHistoricalOrdersStream(RowStream):
    """Changes of orders; the key is that of NK."""

    key = "orderHistory"

    def snapshot(self, view: View) -> list[Any]:
        """Return the latest changes."""
        return list(reversed(view.ask("historicalOrders", user=self.asked.user)))

    def news(self, view: View) -> list[list[Any]]:
        """Return the changes of each block."""
        return [
            [
                status_row(view.exchange.universe, event.order, event.sz, event.status, event.time_ms)
                for event in block
                if isinstance(event, OrderChanged) and event.owner == self.asked.user
            ]
            for block in view.blocks
        ]


def new_slice_fills(block: list[Event], user: str) -> list[dict[str, Any]]:
    """Return the fills of an account's TWAPs in a block."""
    return slice_rows(
        (event.twap_id, event.fill)
        for event in block
        if isinstance(event, SliceFilled) and event.owner == user
    )


def new_twap_rows(block: list[Event], user: str) -> list[dict[str, Any]]:
    """Return the changes of an account's TWAPs in a block."""
    return [twap_row(event.row) for event in block if isinstance(event, TwapChanged) and event.owner == user]


def funding_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return funding payments as the feed prints them."""
    keys = ("coin", "usdc", "szi", "fundingRate", "nSamples")
    return [{"time": row["time"]} | {key: row["delta"][key] for key in keys} for row in rows]
