"""Feeds of what happens to one account: order updates, fills, events, notifications.

Anybody may watch anybody.

Source: API docs, "Subscriptions"; recorded frames (wire facts, ws_*). That frames after the first leave
`isSnapshot` out, where the docs have false, was measured (TI:68955515377) and is so in NK.
"""

from typing import Any, ClassVar, Final

from harness.localnet.accounts.ledger import HOUSE, Fill
from harness.localnet.events import Event, Filled, LedgerUpdated, OrderChanged
from harness.localnet.feed.rows import Cursor, funding_rows, new_slice_fills, new_twap_rows
from harness.localnet.feed.settings import Cadence
from harness.localnet.feed.streams import OfUser, Stream, View, frame, stream
from harness.localnet.numbers import plain
from harness.localnet.queries import QUERIES
from harness.localnet.queries.fills import joined_rows, rows
from harness.localnet.queries.orders import basic

# Ends that nobody asked for. reduceOnlyCanceled is none of them (wire rule 132); the rest is UNVERIFIED.
_NON_USER_CANCELS: Final = frozenset(
    {
        "marginCanceled",
        "vaultWithdrawalCanceled",
        "openInterestCapCanceled",
        "selfTradeCanceled",
        "delistedCanceled",
        "liquidatedCanceled",
    }
)


class OrderUpdates(OfUser, frozen=True):
    """Every change of an order's status."""

    kind: ClassVar[str] = "orderUpdates"


class UserEvents(OfUser, frozen=True):
    """What happens to an account, but for the changes of its orders."""

    kind: ClassVar[str] = "userEvents"
    channels: ClassVar[tuple[str, ...]] = ("user",)


class UserFills(OfUser, frozen=True):
    """Fills, one by one or joined per crossing order."""

    kind: ClassVar[str] = "userFills"
    aggregateByTime: bool = False


class Notifications(OfUser, frozen=True):
    """Sentences for people."""

    kind: ClassVar[str] = "notification"


@stream(OrderUpdates)
class OrderUpdatesStream(Stream):
    """The changes of one block in one frame (wire rules 116, 125 and 132); nothing at first."""

    def later(self, view: View) -> list[str]:
        """Return a frame for each block with changes."""
        return [
            frame("orderUpdates", updates)
            for block in view.blocks
            if (updates := [_update(view, event) for event in block if _is_change(event, self.asked.user)])
        ]


@stream(UserEvents)
class UserEventsStream(Stream):
    """Fills, unasked cancels, TWAPs (NK), and a frame for each funding payment.

    The channel is `user` (wire rule 115).

    UNVERIFIED: the order of the kinds within a block.
    """

    def __init__(self, asked: Any, cadence: Cadence) -> None:
        super().__init__(asked, cadence)
        self._fundings = Cursor("userFunding", asked.user)

    def first(self, view: View) -> list[str]:
        """Send nothing; what has been paid before is not told."""
        self._new_fundings(view)
        return []

    def _new_fundings(self, view: View) -> list[dict[str, Any]]:
        return funding_rows(self._fundings.new(view)) if "userFunding" in QUERIES else []

    def later(self, view: View) -> list[str]:
        """Return a frame of each kind for each block that has one."""
        frames: list[str] = []
        for block in view.blocks:
            fills = _fills(block, self.asked.user)
            if fills:
                frames.append(frame("user", {"fills": rows(fills)}))
            cancels = [
                {"coin": view.exchange.universe.coin_of(event.order.asset), "oid": event.order.oid}
                for event in block
                if isinstance(event, OrderChanged)
                and event.owner == self.asked.user
                and event.status in _NON_USER_CANCELS
            ]
            if cancels:
                frames.append(frame("user", {"nonUserCancel": cancels}))
            frames += [frame("user", {"liquidation": row}) for row in _liquidations(block, self.asked.user)]
            slices = new_slice_fills(block, self.asked.user)
            if slices:
                frames.append(frame("user", {"twapSliceFills": slices}))
            twaps = new_twap_rows(block, self.asked.user)
            if twaps:
                frames.append(frame("user", {"twapHistory": twaps}))
        frames += [frame("user", {"funding": row}) for row in self._new_fundings(view)]
        return frames


def _liquidations(block: list[Event], user: str) -> list[dict[str, object]]:
    """Return an account's liquidations; the keys are the documented ones.

    UNVERIFIED: the id, here made of the block's hash; that the liquidator is the exchange's own, here the
    house, also when the book has taken the position; that others who traded with it hear nothing.
    """
    updates = [
        event.update
        for event in block
        if isinstance(event, LedgerUpdated)
        and event.owner == user
        and event.update.delta["type"] == "liquidation"
    ]
    return [
        {
            "lid": int(update.tx_hash[2:14], 16) + number,
            "liquidator": HOUSE,
            "liquidated_user": user,
            "liquidated_ntl_pos": update.delta["liquidatedNtlPos"],
            "liquidated_account_value": update.delta["accountValue"],
        }
        for number, update in enumerate(updates)
    ]


@stream(UserFills)
class UserFillsStream(Stream):
    """Fills: a snapshot, oldest first (wire rule 109), then those of each block."""

    def first(self, view: View) -> list[str]:
        """Return the latest fills, also when there are none (wire rule 166)."""
        newest_first = view.ask("userFills", user=self.asked.user, aggregateByTime=self.asked.aggregateByTime)
        return [
            frame(
                "userFills",
                {"isSnapshot": True, "user": self.asked.user, "fills": list(reversed(newest_first))},
            )
        ]

    def later(self, view: View) -> list[str]:
        """Return a frame for each block with fills."""
        printed = joined_rows if self.asked.aggregateByTime else rows
        return [
            frame("userFills", {"user": self.asked.user, "fills": printed(fills)})
            for block in view.blocks
            if (fills := _fills(block, self.asked.user))
        ]


@stream(Notifications)
class NotificationStream(Stream):
    """A sentence for each fill of a resting order (ROQ); what else the exchange notifies of is not known.

    UNVERIFIED: that a fill in part is told in the same words.
    """

    def later(self, view: View) -> list[str]:
        """Return a frame for each fill."""
        return [
            frame("notification", {"notification": _sentence(fill)})
            for block in view.blocks
            for fill in _fills(block, self.asked.user)
            if not fill.crossed
        ]


def _sentence(fill: Fill) -> str:
    did = "Bought" if fill.is_buy else "Sold"
    return f"Resting order filled: {did} {plain(fill.sz)} {fill.coin} at ${plain(fill.px)}"


def _fills(block: list[Event], user: str) -> list[Fill]:
    """Return an account's fills. Those of TWAPs have a feed of their own (TI:68955515377)."""
    return [event.fill for event in block if isinstance(event, Filled) and event.owner == user]


def _is_change(event: Event, user: str) -> bool:
    return isinstance(event, OrderChanged) and event.owner == user


def _update(view: View, event: Any) -> dict[str, object]:
    """Return an order with its status, as they were when it changed."""
    return {
        "order": basic(view.exchange.universe, event.order, event.sz),
        "status": event.status,
        "statusTimestamp": event.time_ms,
    }
