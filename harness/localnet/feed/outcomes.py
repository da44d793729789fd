"""The feed of outcomes.

Source: TI:70146751433 and TI:68349980431, frames of mainnet in 2026-09 and 2026-10.
"""

from typing import ClassVar

from harness.localnet.events import OutcomesChanged
from harness.localnet.feed.streams import Stream, Subscription, View, frame, stream


class OutcomeMetaUpdates(Subscription, frozen=True):
    """Outcomes and questions that are made, changed or settled."""

    kind: ClassVar[str] = "outcomeMetaUpdates"


@stream(OutcomeMetaUpdates)
class OutcomeMetaUpdatesStream(Stream):
    """A list for each block with changes; that nothing comes at first is UNVERIFIED."""

    def later(self, view: View) -> list[str]:
        """Return the changes, block by block."""
        changes = [
            [event.row for event in block if isinstance(event, OutcomesChanged)] for block in view.blocks
        ]
        return [frame(self.asked.kind, rows) for rows in changes if rows]
