"""The table of what is served."""

import inspect
from pathlib import Path
from typing import Final, NoReturn, get_args, get_type_hints

import pytest

from harness.cli.localnet import localnet
from harness.localnet.actions import ACTIONS
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from harness.localnet.control.commands import COMMANDS
from harness.localnet.coverage import coverage, coverage_table, with_table
from harness.localnet.faults import Kind

DOCS: Final = Path(__file__).parents[2] / "docs" / "localnet.md"


def test_nothing_is_both_served_and_not_covered() -> None:
    assert not ACTIONS.keys() & KNOWN_ACTIONS


def test_the_table_names_every_type() -> None:
    assert coverage()["/exchange"]["order"] == "whole"
    assert coverage()["/exchange"]["outcomeDeploy"] == "not there"
    assert coverage()["/ws"] == coverage()["/ws"] | {"bbo": "whole", "explorerTxs": "whole"}
    table = coverage_table()
    assert "| `/exchange` | `order` | whole |" in table
    assert "| `/exchange` | `outcomeDeploy` | not there |" in table
    assert len(table.splitlines()) == 2 + sum(len(kinds) for kinds in coverage().values())


def test_each_variant_has_a_row() -> None:
    rows = coverage()["/exchange"]
    assert "spotDeploy" not in rows
    assert rows["spotDeploy.genesis"] == "whole"
    assert rows["CSignerAction.jailSelf"] == rows["CValidatorAction.register"] == "whole"


def test_what_only_refuses_never_returns() -> None:
    returns = {kind: get_type_hints(entry.handler)["return"] for kind, entry in ACTIONS.items()}
    refusing = {kind for kind, entry in ACTIONS.items() if entry.only_refuses}
    # A multi-sig action is taken out of its wrapping before it comes to a handler.
    assert refusing | {"multiSig"} == {kind for kind, hint in returns.items() if hint is NoReturn}


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
