"""The feed of outcomes, of which localnet has none."""

from typing import ClassVar

from harness.localnet.feed.streams import Stream, Subscription, stream


class OutcomeMetaUpdates(Subscription, frozen=True):
    """Outcomes and questions that are made, changed or settled."""

    kind: ClassVar[str] = "outcomeMetaUpdates"


@stream(OutcomeMetaUpdates)
class OutcomeMetaUpdatesStream(Stream):
    """Nothing, as there are no outcomes here; that nothing comes at first is UNVERIFIED."""
