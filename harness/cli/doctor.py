"""`hl-harness doctor`: whether a run can start, in one screen."""

import json
import shutil
import textwrap
import time
from collections.abc import Iterator
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Annotated

import typer
from packaging.requirements import Requirement

from harness.cli.project import JOURNALS, below_root
from harness.doctor import Doctor, Line, unreadable_settings
from harness.errors import HarnessError, SettingsError
from harness.localnet.accounts.development import ACCOUNTS
from harness.recording import cassette
from harness.recording.tape import TESTNET_URL
from harness.safety.guard import is_loopback
from harness.settings import Key, Keys, ask_on_terminal, read_keys

_LOCALNET_URL = "http://127.0.0.1:3001"
_OLD_DAYS = 90
# Releases that are known to break, beside what pyproject.toml asks for, and why.
BROKEN = {
    ("hyperliquid-python-sdk", "0.23.0"): "it sends a multi-sig account's mode spelled out",
    ("requests", "2.32.0"): "it was withdrawn: sessions mix up their verification of certificates",
    ("requests", "2.32.1"): "it was withdrawn: sessions mix up their verification of certificates",
}


class Place(StrEnum):
    """What may be examined."""

    testnet = "testnet"
    localnet = "localnet"


def doctor(
    target: Annotated[Place, typer.Option(help="Which exchange to look at.")] = Place.testnet,
    url: Annotated[
        str | None, typer.Option(help=f"Where the localnet is (default {_LOCALNET_URL}).", metavar="URL")
    ] = None,
    cassettes: Annotated[
        Path | None, typer.Option(help="The cassette folder; cassettes/ in the project unless given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Tell whether a run can start: network, clock, key, funds, what is open, versions, cassettes.

    It only reads. Exit codes: 0 a run can start (perhaps with warnings), 1 it cannot, 2 wrong use.
    """
    if url is not None and (target is Place.testnet or not is_loopback(url)):
        raise SettingsError(
            f"--url={url} was given for {target.value}.", needed="--target=localnet and a loopback address."
        )
    if cassettes is not None and not cassettes.is_dir():
        raise SettingsError(f"--cassettes={cassettes}: there is no such folder.", needed="A cassette folder.")
    where = (url or _LOCALNET_URL).rstrip("/") if target is Place.localnet else TESTNET_URL
    lines: list[Line] = []
    for line in _examine(target, where, cassettes or below_root("cassettes")):
        lines.append(line)
        if not as_json:
            print(_shown(line), flush=True)
    failed = [line for line in lines if line.state == "fail"]
    if as_json:
        print(
            json.dumps({"url": where, "ok": not failed, "checks": [one._asdict() for one in lines]}, indent=2)
        )
    else:
        warned = sum(line.state == "warn" for line in lines)
        print(
            f"\n{'A run cannot start' if failed else 'A run can start'}: "
            f"{len(failed)} failed, {warned} to look at."
        )
    raise typer.Exit(1 if failed else 0)


def _examine(target: Place, url: str, cassettes: Path) -> Iterator[Line]:
    yield from _versions()
    try:
        keys = read_keys(dotenv=below_root(".env"), ask_password=ask_on_terminal)
    except HarnessError as error:
        yield unreadable_settings(error)
        keys = Keys()
    if target is Place.localnet and keys.key is None:
        keys = Keys(Key(ACCOUNTS[0].private_key))
    yield from Doctor(keys, url).examine()
    yield _journals(below_root(JOURNALS))
    yield _ages(cassettes)


def _versions() -> Iterator[Line]:
    bad = []
    try:
        needs = requires("hyperliquid-scenarios") or []
    except PackageNotFoundError:
        yield Line("versions", "warn", "The harness itself is not installed.", "python -m pip install -e .")
        return
    for text in needs:
        asked = Requirement(text)
        if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(asked.name)
        except PackageNotFoundError:
            bad.append(f"{asked.name} is not installed")
            continue
        if (asked.name, found) in BROKEN:
            bad.append(f"{asked.name} {found} is known to break: {BROKEN[asked.name, found]}")
        elif not asked.specifier.contains(found, prereleases=True):
            bad.append(f"{asked.name} {found} is installed, {asked.specifier} is asked for")
    sdk = version("hyperliquid-python-sdk")
    if bad:
        yield Line("versions", "warn", "; ".join(bad) + ".", "python -m pip install -e .")
    else:
        yield Line("versions", "ok", f"SDK {sdk}; all that is needed is installed.")


def _journals(folder: Path) -> Line:
    """Look for a request without an answer at the end of a journal: its run was killed."""
    open_ones = []
    for path in sorted(folder.glob("*.jsonl")):
        last = path.read_bytes().rstrip().rpartition(b"\n")[2]
        if b'"sent"' in last:
            open_ones.append(path.name)
    if open_ones:
        names = ", ".join(open_ones)
        return Line("journals", "warn", f"{names} ends with a request without an answer.", "hl-harness sweep")
    if not folder.is_dir():
        return Line("journals", "ok", f"No run was here yet: there is no folder {folder}.")
    return Line("journals", "ok", f"No run was killed while it sent something, says {folder}.")


def _ages(folder: Path) -> Line:
    paths = sorted(folder.glob("*/**/*.yaml"))
    told = [cassette.glance(path) for path in paths]
    recorded = [path for path, one in zip(paths, told, strict=True) if one and one.target == "testnet"]
    if not recorded:
        return Line("cassettes", "ok", f"{len(paths)} in {folder}, none recorded on testnet.")
    from harness.report.drift.sources import age_days  # delayed: only for tapes that have an age

    now_ms = int(time.time() * 1000)
    ages = [age_days(cassette.read(path, record_command=""), now_ms) or 0 for path in recorded]
    found = f"{len(recorded)} recorded on testnet, the oldest {max(ages):.0f} days ago."
    old = max(ages) > _OLD_DAYS
    return Line("cassettes", "warn" if old else "ok", found, "Record them again." if old else "")


def _shown(line: Line) -> str:
    """Return a line as it stands on the screen, broken where the terminal ends."""
    width = max(40, shutil.get_terminal_size((80, 24)).columns)
    head = f"{line.state:5}{line.what:11}"
    text = line.found if line.state == "ok" or not line.do else f"{line.found} -> {line.do}"
    return textwrap.fill(
        text,
        width,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )
