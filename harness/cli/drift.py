"""`hl-harness drift`: what two runs, or a run and its cassettes, answer differently."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from harness.errors import SettingsError
from harness.report.drift import sources, telling, verdict


def drift(
    a: Annotated[Path, typer.Argument(help="What was: a run file, a cassette, or a folder of cassettes.")],
    b: Annotated[Path, typer.Argument(help="What is: one of the same.")],
    show_all: Annotated[bool, typer.Option("--all", help="List the harmless values too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Compare the answers of two runs, and sort each difference by what it means.

    A run file is what `pytest --run-file=PATH.json` wrote. Scenarios are compared by their node ids, step by
    step; harmless values (prices, ids, times, how many rows) are counted. What is only in one of the two, or
    proves nothing because localnet does not know what was asked, is listed as not compared.

    Exit codes: 0 no drift, 1 drift or nothing to compare, 2 a path is missing or no such file.
    """
    try:
        found = verdict.compare(sources.read(a), sources.read(b), keep_harmless=show_all)
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        data = msgspec.to_builtins(found) | {"drift": bool(found.graver)}
        print(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
    else:
        print("\n".join(telling.lines(found)))
    raise typer.Exit(1 if found.graver or not found.compared else 0)
