"""`hl-harness report`: a run file as a page."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.errors import SettingsError
from harness.report import page, run


def report(
    path: Annotated[
        Path, typer.Argument(help="What `pytest --run-file=PATH.json` wrote.", metavar="RUN.json")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the page; beside the run file unless given.")
    ] = None,
) -> None:
    """Write a run as one page of HTML that needs no other file and no network.

    Exit codes: 0 ok, 2 the run file is missing or damaged, or the page cannot be written.
    """
    target = out or path.with_suffix(".html")
    try:
        page.write(target, run.read(path))
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    print(f"Page written: {target}")
