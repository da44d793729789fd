"""Websockets side by side: what came on them, channel by channel.

How many messages come, and when, is chance. So all messages of a channel in A are held against all in B, by
their forms, as the rows of a list are.
"""

from collections.abc import Iterator, Sequence

from harness.errors import ShapeError
from harness.report.drift.findings import Difference, Place
from harness.report.drift.sources import Frame
from harness.shapes.frames import parts

Channel = tuple[str, str]
"""`ws` and a channel; `info` or `exchange` and a kind for the answer that a post brought."""
UNREADABLE: Channel = ("ws", "")
"""Where messages stand that are none."""
PARTIAL: Channel = ("ws", "fastAssetCtxs")
"""The channel whose later messages leave out what has not changed: how often a field is there is chance."""


def by_channel(frames: Sequence[Frame]) -> dict[Channel, list[bytes]]:
    """Return the data of all messages received, oldest first, but for those that prove nothing."""
    found: dict[Channel, list[bytes]] = {}
    for frame in frames:
        if frame.way != "received" or frame.unproven:
            continue
        body = frame.text.encode()
        try:
            for part in parts(body):
                found.setdefault((part.endpoint, part.kind), []).append(part.body)
        except (ShapeError, RecursionError):
            found.setdefault(UNREADABLE, []).append(body)
    return found


def endings(a: Sequence[Frame], b: Sequence[Frame], place: Place) -> Iterator[Difference]:
    """Yield a difference when the exchange ended websockets in one side alone."""
    was, now = (sum(frame.way == "dropped" for frame in side) for side in (a, b))
    if bool(was) != bool(now):
        told = [f"{count} ended by the exchange" if count else "none ended" for count in (was, now)]
        yield Difference(place, "other behaviour", "$", *told)
