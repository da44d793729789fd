"""The table of what is served."""

import inspect
from pathlib import Path
from typing import Final, get_args

import pytest

from harness.cli.localnet import localnet
from harness.localnet.actions import ACTIONS
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from harness.localnet.commands import COMMANDS
from harness.localnet.coverage import coverage, coverage_table, with_table
from harness.localnet.faults import Kind
from harness.localnet.feed.frames import KNOWN as KNOWN_FEEDS
from harness.localnet.feed.streams import STREAMS
from harness.localnet.queries import KNOWN as KNOWN_QUERIES
from harness.localnet.queries import QUERIES

DOCS: Final = Path(__file__).parents[2] / "docs" / "localnet.md"


def test_nothing_is_both_served_and_not_covered() -> None:
    assert not ACTIONS.keys() & KNOWN_ACTIONS
    assert not QUERIES.keys() & KNOWN_QUERIES
    assert not STREAMS.keys() & KNOWN_FEEDS


def test_the_table_names_every_type() -> None:
    assert coverage()["/exchange"]["order"]
    assert not coverage()["/info"]["gossipRootIps"]
    assert coverage()["/ws"] == coverage()["/ws"] | {"bbo": True, "explorerTxs": False}
    table = coverage_table()
    assert "| `/exchange` | `order` | yes |" in table
    assert "| `/info` | `gossipRootIps` | not yet |" in table
    assert len(table.splitlines()) == 2 + sum(len(kinds) for kinds in coverage().values())


def test_the_docs_print_the_table() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert with_table(page) == page, "python -m harness.localnet.coverage docs/localnet.md"


def test_the_docs_name_every_command_fault_and_flag() -> None:
    page = DOCS.read_text(encoding="utf-8")
    flags = inspect.signature(localnet).parameters.keys() - {"context", "json_path"}
    named = [f"`{name}`" for name in [*COMMANDS, *get_args(Kind)]]
    named += ["`--" + flag.replace("_", "-") for flag in flags]
    assert [name for name in named if name not in page and name.strip("`") not in page] == []


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="coverage"):
        with_table("nothing")
