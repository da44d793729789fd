"""The feed: what `/ws` serves. It knows connections and frames, no sockets."""

from harness.localnet.feed.connection import Connection
from harness.localnet.feed.hub import Feed
from harness.localnet.feed.settings import EACH_BLOCK, EXCHANGE_LIMITS, Cadence, Limits

__all__ = ["EACH_BLOCK", "EXCHANGE_LIMITS", "Cadence", "Connection", "Feed", "Limits"]
