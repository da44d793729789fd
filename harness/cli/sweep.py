"""`hl-harness sweep`: cancel and close what runs on testnet left that were killed."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.project import JOURNALS, below_root
from harness.errors import SettingsError
from harness.safety.channel import Owner
from harness.safety.machine import Nonces, account_lock, state_folder
from harness.safety.pacing import Pacer
from harness.safety.recovery import recover
from harness.settings import KEY_VARIABLE, ask_on_terminal, read_keys
from harness.signing import address_of
from harness.targets.testnet import TestnetTarget


def sweep(
    journals: Annotated[
        Path | None,
        typer.Option(
            "--journals",
            metavar="DIR",
            help="Where the runs' journals lie; .hl-harness/ in pytest's rootdir unless given.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be swept.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Sweep what is left of killed runs: orders, triggers, TWAPs and positions that they made, nothing else.

    A run on testnet does the same for earlier ones when it starts. Keys and journals are found as the run
    found them, from any folder of the project. Journals of runs that still live are left alone, and so are
    those of runs with --keep-orders.

    Exit codes: 0 nothing is left, 1 something is, 2 wrong use.
    """
    try:
        folder = _folder(journals)
        owners = _owners()
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    state = state_folder()
    target = TestnetTarget(pacer=Pacer(state), nonces=Nonces(state))
    with account_lock(state, owners[0].master):
        found = recover(
            folder, owners, target.answer, target.nonce_ms, lambda: target.universe, dry_run=dry_run
        )
    is_left = not all(one.is_clean for one in found)
    if as_json:
        runs = [asdict(one) for one in found]
        print(json.dumps({"dry_run": dry_run, "left": is_left, "runs": runs}, indent=2))
    else:
        for one in found:
            print(one.journal)
            print("\n".join(f"  {line}" for line in one.lines()) or "  nothing of it was there any more")
        if not found:
            is_there = folder.is_dir()
            why = "no journal in it is of a run that was killed" if is_there else "there is no such folder"
            print(f"Nothing to sweep in {folder.absolute()}: {why}.")
    raise typer.Exit(1 if is_left else 0)


def _folder(given: Path | None) -> Path:
    """Return where the journals lie: the folder that was given, or that of the project.

    Raises:
        SettingsError: the one that was given is not there.
    """
    if given is not None and not given.is_dir():
        raise SettingsError(
            f"--journals={given}: there is no such folder.",
            needed=f"The {JOURNALS} folder that the killed run wrote, in its rootdir.",
            do="Leave --journals out and call this from any folder of the project.",
        )
    return given or below_root(JOURNALS)


def _owners() -> list[Owner]:
    keys = read_keys(dotenv=below_root(".env"), ask_password=ask_on_terminal)
    if keys.key is None:
        raise SettingsError(
            "There is no key.",
            needed=f"{KEY_VARIABLE}, as for the run: what it left can only be cancelled with its key.",
        )
    owners = [Owner(keys.key, keys.account_address or address_of(keys.key.raw))]
    if keys.counterparty_key is not None:
        owners.append(Owner(keys.counterparty_key, address_of(keys.counterparty_key.raw)))
    return owners
