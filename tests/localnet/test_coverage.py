"""The table of what is served."""

from harness.localnet.actions import ACTIONS
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from harness.localnet.coverage import coverage, coverage_table
from harness.localnet.feed.frames import KNOWN as KNOWN_FEEDS
from harness.localnet.feed.streams import STREAMS
from harness.localnet.queries import KNOWN as KNOWN_QUERIES
from harness.localnet.queries import QUERIES


def test_nothing_is_both_served_and_not_covered() -> None:
    assert not ACTIONS.keys() & KNOWN_ACTIONS
    assert not QUERIES.keys() & KNOWN_QUERIES
    assert not STREAMS.keys() & KNOWN_FEEDS


def test_the_table_names_every_type() -> None:
    assert coverage()["/exchange"]["order"]
    assert not coverage()["/info"]["leadingVaults"]
    assert coverage()["/ws"] == coverage()["/ws"] | {"bbo": True, "webData3": False}
    table = coverage_table()
    assert "| `/exchange` | `order` | yes |" in table
    assert "| `/info` | `leadingVaults` | not yet |" in table
    assert len(table.splitlines()) == 2 + sum(len(kinds) for kinds in coverage().values())
