"""What of the real exchange localnet serves, from its own registries; the docs print this table."""

import sys
from pathlib import Path
from typing import Final, Literal

from harness.localnet.actions import ACTIONS
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from harness.localnet.actions.typed import variants_of
from harness.localnet.feed.streams import STREAMS
from harness.localnet.queries import QUERIES

_BEGIN: Final = "<!-- coverage -->"
_END: Final = "<!-- /coverage -->"


State = Literal["whole", "refusal only", "not there"]


def coverage() -> dict[str, dict[str, State]]:
    """Return, for `/exchange`, `/info` and `/ws`, what localnet has of each known type.

    An action that holds one of several variants has a row for each, such as `spotDeploy.genesis`.
    """
    actions: dict[str, State] = dict.fromkeys(KNOWN_ACTIONS, "not there")
    for kind, entry in ACTIONS.items():
        for row in rows_of(kind):
            actions[row] = "refusal only" if entry.only_refuses else "whole"
    return {
        "/exchange": _sorted(actions),
        "/info": _sorted(dict.fromkeys(QUERIES, "whole")),
        "/ws": _sorted(dict.fromkeys(STREAMS, "whole")),
    }


def rows_of(kind: str) -> list[str]:
    """Return the rows of an action type."""
    return [f"{kind}.{name}" for name in variants_of(ACTIONS[kind].form)] or [kind]


def _sorted(rows: dict[str, State]) -> dict[str, State]:
    return {kind: rows[kind] for kind in sorted(rows, key=str.lower)}


def coverage_table() -> str:
    """Return the same as a Markdown table."""
    rows = [
        f"| `{path}` | `{kind}` | {state} |"
        for path, kinds in coverage().items()
        for kind, state in kinds.items()
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
