"""Feeds of the explorer: blocks, and the actions in them, as bare lists.

The exchange serves them on another host (rpc.hyperliquid.xyz, rpc.hyperliquid-testnet.xyz); that of the API
acknowledges them and sends one empty list (id 70894571685 of the text index), which localnet sends first too.
Source: NK, explorerBlock and explorerTxs. UNVERIFIED: that what is known of earlier blocks is not sent; that
an action that was refused before it came to its handler (a bad signature, a used nonce) is in no block, and
that orders refused one by one are no error of their action.

On localnet each action is a block of its own; the height counts those without actions too, where the
exchange's does not (API docs, "Staking").
"""

from hashlib import blake2b
from typing import ClassVar

from harness.localnet.events import Acted
from harness.localnet.feed.streams import Stream, Subscription, View, printed, stream


class ExplorerBlock(Subscription, frozen=True):
    """Blocks with actions."""

    kind: ClassVar[str] = "explorerBlock"
    channels: ClassVar[tuple[str, ...]] = ()


class ExplorerTxs(Subscription, frozen=True):
    """Actions."""

    kind: ClassVar[str] = "explorerTxs"
    channels: ClassVar[tuple[str, ...]] = ()


class _ExplorerStream(Stream):
    """A list for each block with actions."""

    def first(self, view: View) -> list[str]:
        """Return no earlier ones."""
        return ["[]"]

    def later(self, view: View) -> list[str]:
        """Return a list for each block."""
        return [
            printed(self.rows(view, acted))
            for block in view.blocks
            if (acted := [event for event in block if isinstance(event, Acted)])
        ]

    def rows(self, view: View, acted: list[Acted]) -> list[dict[str, object]]:
        """Return what is told of one block."""
        raise NotImplementedError


@stream(ExplorerBlock)
class ExplorerBlockStream(_ExplorerStream):
    """Blocks; who is active proposes by turns, which is localnet's own rule."""

    def rows(self, view: View, acted: list[Acted]) -> list[dict[str, object]]:
        """Return the block."""
        height, active = acted[0].height, view.exchange.validators.active
        digest = blake2b(f"{view.exchange.seed} hash of block {height}".encode(), digest_size=32)
        return [
            {
                "height": height,
                "blockTime": acted[0].time_ms,
                "hash": "0x" + digest.hexdigest(),
                "proposer": active[height % len(active)].address,
                "numTxs": len(acted),
            }
        ]


@stream(ExplorerTxs)
class ExplorerTxsStream(_ExplorerStream):
    """Actions; their hashes are those that fills and ledgers tell."""

    def rows(self, view: View, acted: list[Acted]) -> list[dict[str, object]]:
        """Return the block's actions."""
        return [
            {
                "time": event.time_ms,
                "user": event.owner,
                "action": event.action,
                "block": event.height,
                "hash": event.tx_hash,
                "error": event.error,
            }
            for event in acted
        ]
