"""One client of the feed: frames in, frames out, no network."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Literal

from harness.localnet.feed.settings import OUTBOX_CHARS


class Backlog:
    """What is kept for all clients together, in characters; a frame that many share counts for each."""

    def __init__(self) -> None:
        self.chars = 0


class Connection:
    """A websocket without the socket; `Localnet.connect` makes it.

    Args:
        hear: what happens with a frame that the client sends.
        leave: what happens when the connection ends, for whatever reason.
        backlog: what is kept for this client counts there too.
    """

    def __init__(
        self,
        hear: "Callable[[Connection, str], None]",
        leave: "Callable[[Connection], None]",
        backlog: Backlog,
    ) -> None:
        self._hear = hear
        self._leave = leave
        self._backlog = backlog
        self._outbox: deque[str] = deque()
        # What waits for the client to take it, in characters.
        self.waiting_chars = 0
        self.is_open = True
        # Whether the exchange ended the connection, which it does without a word (wire rule 113).
        self.was_dropped = False
        # What was asked for that the exchange serves and localnet does not.
        self.missing: deque[str] = deque(maxlen=100)
        # Posts whose answer the client has not taken yet.
        self.posts_in_flight = 0
        # Called when there is something to take, or the connection has ended.
        self.on_change: Callable[[], None] | None = None
        # Calls something after so many seconds; None where no time passes by itself.
        self.later: Callable[[float, Callable[[], None]], object] | None = None
        # What a fault script does to a frame: the connection ends, or the frame is left out.
        self.fault: Callable[[str], Literal["wsDrop", "wsGap"] | None] | None = None

    def send(self, text: str) -> None:
        """Send one frame, as a client does; on a closed connection it is lost."""
        if self.is_open:
            self._hear(self, text)

    def take(self) -> list[str]:
        """Return the frames that have come since this was last asked, oldest first."""
        frames = list(self._outbox)
        self._empty()
        self.posts_in_flight = 0
        return frames

    def _empty(self) -> None:
        self._outbox.clear()
        self._backlog.chars -= self.waiting_chars
        self.waiting_chars = 0

    def close(self) -> None:
        """End the connection, as a client does."""
        if self.is_open:
            self.is_open = False
            self._leave(self)
            self._wake()

    def drop(self) -> None:
        """End the connection, as the exchange does: code 1006 for the client, and no message."""
        self.was_dropped = self.was_dropped or self.is_open
        self.close()

    def forsake(self) -> None:
        """Drop a client that does not read, and what was kept for it."""
        self._empty()
        self.drop()

    def push(self, text: str) -> None:
        """Put a frame into the outbox; a client that has let too much pile up is dropped."""
        fault = None if self.fault is None or not self.is_open else self.fault(text)
        if fault == "wsDrop":
            self.drop()
        if fault is not None or not self.is_open:
            return
        self.waiting_chars += len(text)
        self._backlog.chars += len(text)
        if self.waiting_chars > OUTBOX_CHARS:
            self.forsake()
            return
        self._outbox.append(text)
        self._wake()

    def push_late(self, text: str, delay_s: float) -> None:
        """Put a frame into the outbox after a while; what comes meanwhile is not held up."""
        if self.later is None or not delay_s:
            self.push(text)
        else:
            self.later(delay_s, partial(self.push, text))

    def _wake(self) -> None:
        if self.on_change is not None:
            self.on_change()
