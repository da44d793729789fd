"""The command line `hl-harness`: one small file a command, imported when it is called.

Exit codes: 0 ok, 1 found something, 2 wrong use, or the output cannot be written; 141 when who reads the
output stops, as of a tool that SIGPIPE ends.
"""

import contextlib
import errno
import importlib
import io
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import typer

from harness import __version__
from harness.errors import HarnessError, SettingsError

_CLOSED_PIPE = 141
_CANNOT_BE_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Command(NamedTuple):
    """Where a command lives.

    Args:
        module: imported when the command is called, so that `--help` stays fast.
        name: the function, or the `typer.Typer` of a group, in that module.
        summary: one line for `--help`.
    """

    module: str
    name: str
    summary: str


COMMANDS = {
    "cassettes": Command(
        "harness.cli.cassettes", "app", "List, show, verify and prune what has been recorded."
    ),
    "doctor": Command("harness.cli.doctor", "doctor", "Tell whether a run against an exchange can start."),
    "drift": Command(
        "harness.cli.drift", "drift", "Compare the answers of two runs, or of a run and cassettes."
    ),
    "localnet": Command("harness.cli.localnet", "localnet", "Serve the embedded exchange on loopback."),
    "report": Command("harness.cli.report", "report", "Write a run file as a page."),
    "sweep": Command("harness.cli.sweep", "sweep", "Cancel and close what killed runs left on testnet."),
    "shapes": Command("harness.cli.shapes", "app", "Check recorded answers against their shapes."),
}


def app_for(arguments: list[str]) -> typer.Typer:
    """Return the app with the called command loaded; of all others it knows only name and summary."""
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        # plain help is on the screen three times as fast as rich's
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Scenario harness for the Hyperliquid exchange.",
        epilog="Exit codes: 0 ok, 1 found something, 2 wrong use; 141 when who reads the output stops.",
    )
    app.callback()(_options)
    called = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, command in COMMANDS.items():
        if name != called:
            app.command(name, help=command.summary)(_not_loaded)
            continue
        loaded: typer.Typer | Callable[..., Any]
        loaded = getattr(importlib.import_module(command.module), command.name)
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=name, help=command.summary)
        else:
            app.command(name)(loaded)
    return app


def main() -> None:
    """Run the command line on `sys.argv`."""
    for stream in (sys.stdout, sys.stderr):
        # What a terminal's encoding does not have is escaped; it must not end a command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    code: str | int | None = 0
    try:
        try:
            app_for(sys.argv[1:])(prog_name="hl-harness")
        except SystemExit as end:
            # Typer makes 1 of a closed pipe, which would say that something was found.
            if isinstance(end.__context__, BrokenPipeError):
                raise end.__context__ from None
            code = end.code
        except HarnessError as error:
            print(error, file=sys.stderr)
            code = 2 if isinstance(error, SettingsError) else 1
        # What is buffered would fail when Python ends, too late for an exit code.
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        code = _CLOSED_PIPE
    except OSError as error:
        if error.errno not in _CANNOT_BE_WRITTEN or error.filename is not None:
            raise
        _forget_output()
        print(
            f"The output cannot be written: {error.strerror}.\n"
            "A standard output that takes all of it is needed; free some space, or send it elsewhere.",
            file=sys.stderr,
        )
        code = 2
    raise SystemExit(code)


def _forget_output() -> None:
    """Let Python drop what is still buffered when it ends.

    Source: Python docs, `signal`, "Note on SIGPIPE".
    """
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def _not_loaded() -> None:
    """Stand in for a command that was not called."""


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"hl-harness {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""
