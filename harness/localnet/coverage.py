"""What of the real exchange localnet serves, from its own registries; the docs print this table."""

import sys
from pathlib import Path
from typing import Final

from harness.localnet.actions import ACTIONS
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from harness.localnet.feed.frames import KNOWN as KNOWN_FEEDS
from harness.localnet.feed.streams import STREAMS
from harness.localnet.queries import KNOWN as KNOWN_QUERIES
from harness.localnet.queries import QUERIES

_BEGIN: Final = "<!-- coverage -->"
_END: Final = "<!-- /coverage -->"


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


def with_table(page: str) -> str:
    """Return a page of the docs with the table in its place, between two comments.

    Raises:
        ValueError: the page has no place for it.
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"no {_BEGIN} and {_END}")
    return f"{before}{_BEGIN}\n{coverage_table()}\n{_END}{after}"


if __name__ == "__main__":  # pragma: no cover
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")
