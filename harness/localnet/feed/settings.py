"""How often the feed pushes, how much it lets a client do, and how much it keeps for a slow one."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a feed that shows a state is pushed, in milliseconds.

    Above zero, all feeds with the same figure are pushed together, each time that many milliseconds have
    passed, changed or not. Zero pushes after each block in which the state changed. The defaults are what was
    measured on mainnet (wire rule 114; WSP, 2026-09); user states were seen every 4 to 5 s (TI:68955515377).
    What reports events (trades, candles, fills, order updates) and the best bid and ask always come block by
    block.
    """

    l2_book_ms: int = 5_400
    fast_l2_book_ms: int = 540
    all_mids_ms: int = 5_000
    asset_ctx_ms: int = 1_000
    all_dexs_asset_ctxs_ms: int = 13_600
    user_state_ms: int = 5_000


# For a virtual clock: a push after each block that changed something, so that nothing is waited for.
EACH_BLOCK: Final = Cadence(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may do; None is no limit.

    The exchange counts by IP address (wire rule 118); here all connections count together. Its answers are
    known for users and for posts in flight; that it hangs up in the other cases, and refuses the handshake,
    is UNVERIFIED.
    """

    connections: int | None = None
    new_connections_a_minute: int | None = None
    subscriptions: int | None = None
    users: int | None = None
    messages_a_minute: int | None = None
    posts_in_flight: int | None = None


# Wire rule 118.
EXCHANGE_LIMITS: Final = Limits(10, 30, 1_000, 10, 2_000, 100)

# What is kept for a client that does not read, in characters; beyond it the connection is dropped.
OUTBOX_CHARS: Final = 8 * 1024 * 1024
# What is kept for all of them together; beyond it who is owed most is dropped, but nobody for so little.
OUTBOXES_CHARS: Final = 64 * 1024 * 1024
KEPT_CHARS: Final = 256 * 1024
