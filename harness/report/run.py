"""The run file: one run as data, in JSON.

It holds what was asked and answered, without signatures, so that two runs can be compared
(`hl-harness drift`) and one can be shown (`hl-harness report`). Private keys never pass the door, so none can
be in it; on testnet the addresses of the accounts are.
"""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec

from harness.errors import SettingsError
from harness.files import write_atomically
from harness.journal import Entry, FrameEntry
from harness.report.drift.findings import Drift

FORMAT = 1
OUTCOMES = ("failed", "error", "xpassed", "passed", "xfailed", "skipped")
"""How scenarios end, what went wrong first."""
Outcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]


class Exchanged(msgspec.Struct, frozen=True):
    """A request and its answer; both bodies are texts as on the wire, `status` is None when no answer came.

    `by` is `scenario` or `harness`, `clock_ms` the target's time just before the request. `unproven` says
    that localnet does not know what was asked.
    """

    by: str
    path: str
    request: str
    status: int | None
    answer: str
    unproven: bool = False
    findings: list[str] = []
    clock_ms: int = 0


class Framed(msgspec.Struct, frozen=True):
    """What happened on one of the scenario's websockets, which are numbered over the whole run.

    `way` is `opened`, `sent`, `received`, `closed` or `dropped`; `text` is the frame's, or the URL;
    `findings` is what its check found, `after` how many steps came before it. The rest is as of a step.
    """

    socket: int
    way: str
    text: str
    after: int
    unproven: bool = False
    findings: list[str] = []
    clock_ms: int = 0


class ScenarioRun(msgspec.Struct, frozen=True):
    """One scenario: how it ended, why, and what it exchanged; `drawn` if Hypothesis drew its examples.

    `frames` is what passed on its websockets.
    """

    id: str
    outcome: Outcome
    seconds: float
    reason: str = ""
    steps: list[Exchanged] = []
    drawn: bool = False
    frames: list[Framed] = []


class Run(msgspec.Struct, frozen=True):
    """One run of pytest.

    `started` is UTC, `coverage` as `Coverage.as_data` gives it; `drift` is None when the run was not compared
    with its cassettes.
    """

    format: int
    target: str
    sdk: str
    harness: str
    python: str
    started: str
    seconds: float
    scenarios: list[ScenarioRun]
    coverage: dict[str, dict[str, int]] = {}
    drift: Drift | None = None


def exchanged(entry: Entry) -> Exchanged:
    """Return a journal's entry as a run file holds it: what was signed, but not the signature."""
    return Exchanged(
        entry.asked_by,
        entry.path,
        without_signatures(entry.body),
        entry.status,
        entry.answer,
        entry.unproven,
        [str(finding) for finding in entry.findings],
        entry.clock_ms,
    )


def framed(frame: FrameEntry, after: int) -> Framed:
    """Return what happened on a websocket after so many steps as a run file holds it; no signature."""
    return Framed(
        frame.socket,
        frame.way,
        without_signatures(frame.text),
        after,
        frame.unproven,
        [str(finding) for finding in frame.findings],
        frame.clock_ms,
    )


def decoded(body: str) -> Any:
    """Return a request as Python data, None when it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def without_signatures(body: str) -> str:
    """Return a request without its signatures: the sender's, and those inside a multi-sig action."""
    if '"signature' not in body:
        return body
    content = decoded(body)
    return body if content is None else json.dumps(_unsigned(content), separators=(",", ":"))


def _unsigned(content: Any) -> Any:
    if isinstance(content, dict):
        return {
            key: _unsigned(value) for key, value in content.items() if key not in ("signature", "signatures")
        }
    return [_unsigned(one) for one in content] if isinstance(content, list) else content


def write(path: Path, run: Run) -> None:
    """Write a run file, whole or not at all.

    Raises:
        SettingsError: the file cannot be written.
    """
    try:
        write_atomically(path, msgspec.json.format(msgspec.json.encode(run), indent=1), durable=False)
    except OSError as error:
        raise SettingsError(
            f"The run file {path} cannot be written: {error.strerror}.",
            needed="A path for a regular file, in a folder that may be written to.",
        ) from None


def read(path: Path) -> Run:
    """Read a run file.

    Raises:
        SettingsError: it is missing, damaged, no run file, or of another format.
    """
    try:
        run = msgspec.json.decode(path.read_bytes(), type=Run)
    except OSError as error:
        raise SettingsError(f"The run file {path} cannot be read: {error.strerror}.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is no run file: {error}.", needed="A file that `pytest --run-file=PATH.json` wrote."
        ) from None
    if run.format != FORMAT:
        raise SettingsError(
            f"{path} is a run file of format {run.format}.",
            needed=f"Format {FORMAT}.",
            do="Run again with this version of the harness.",
        )
    return run
