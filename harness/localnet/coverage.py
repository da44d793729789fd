"""What of the real exchange localnet serves, from its own registries; the docs print this table."""

from harness.localnet.actions import ACTIONS
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from harness.localnet.feed.frames import KNOWN as KNOWN_FEEDS
from harness.localnet.feed.streams import STREAMS
from harness.localnet.queries import KNOWN as KNOWN_QUERIES
from harness.localnet.queries import QUERIES


def coverage() -> dict[str, dict[str, bool]]:
    """Return, for `/exchange`, `/info` and `/ws`, each known type and whether localnet serves it."""
    return {
        "/exchange": {kind: kind in ACTIONS for kind in sorted({*ACTIONS, *KNOWN_ACTIONS}, key=str.lower)},
        "/info": {kind: kind in QUERIES for kind in sorted({*QUERIES, *KNOWN_QUERIES}, key=str.lower)},
        "/ws": {kind: kind in STREAMS for kind in sorted({*STREAMS, *KNOWN_FEEDS}, key=str.lower)},
    }


def coverage_table() -> str:
    """Return the same as a Markdown table."""
    rows = [
        f"| `{path}` | `{kind}` | {'yes' if served else 'not yet'} |"
        for path, kinds in coverage().items()
        for kind, served in kinds.items()
    ]
    return "\n".join(["| endpoint | type | localnet |", "| --- | --- | --- |", *rows])
