"""`hl-harness cassettes`: list, show, verify and prune what has been recorded."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from harness.cli.project import below_root
from harness.cli.scenarios import belongings, why_untold
from harness.errors import CassetteError, SettingsError
from harness.recording import cassette
from harness.recording.checks import Problem, check, public_keys
from harness.recording.compare import shortened, summary
from harness.recording.envelopes import envelope_of, signatures
from harness.recording.layout import lay_out
from harness.recording.tape import Frame, Step, Tape

app = typer.Typer(no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Option(
        "--cassettes", metavar="DIR", help="The cassette folder; cassettes/ in the project unless given."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Scenarios = Annotated[
    Path | None,
    typer.Option(
        "--scenarios",
        metavar="FILE",
        help="Node ids of all scenarios, one a line; without it pytest collects them.",
    ),
]
_DAY_MS = 86_400_000
_HEAD = "target   SDK      recorded         age  steps  frames  unproven    bytes  scenario"


@app.command("list")
def list_cassettes(cassettes: Folder = None, as_json: AsJson = False) -> None:
    """List each cassette: scenario, target, SDK, age, steps, frames, unproven answers, size.

    Exit codes: 0 all can be read, 1 one cannot, 2 there is no such folder.
    """
    rows = [_row(path) for path in _files(_folder(cassettes))]
    broken = [row for row in rows if "error" in row]
    if as_json:
        print(json.dumps(rows, indent=2))
    else:
        print(_HEAD)
        for row in rows:
            print(_line(row))
        print(f"{len(rows)} cassettes, {len(broken)} unreadable")
    raise typer.Exit(1 if broken else 0)


def _row(path: Path) -> dict[str, Any]:
    try:
        tape = cassette.read(path, record_command="")
    except CassetteError as error:
        return {"path": str(path), "error": error.found}
    facts = tape.provenance
    is_wall = facts.clock == "wall"
    return {
        "path": str(path),
        "scenario": facts.scenario,
        "target": facts.target,
        "sdk": facts.sdk,
        # What localnet answers has no date: its clock begins at the same time in each scenario.
        "recorded": time.strftime("%Y-%m-%d", time.gmtime(facts.started_ms / 1000)) if is_wall else None,
        "age_days": round(time.time() * 1000 - facts.started_ms) // _DAY_MS if is_wall else None,
        "steps": len(tape.steps),
        "frames": len(tape.frames),
        "unproven": sum(one.reply.unproven for one in tape.steps) + sum(one.unproven for one in tape.frames),
        "bytes": path.stat().st_size,
    }


def _line(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"unreadable: {row['error']}"
    age = "" if row["age_days"] is None else f"{row['age_days']} d"
    return (
        f"{row['target']:9}{row['sdk']:9}{row['recorded'] or 'virtual clock':14}{age:>6}{row['steps']:>7}"
        f"{row['frames']:>8}{row['unproven']:>10}{row['bytes']:>9}  {row['scenario']}"
    )


@app.command()
def show(
    path: Annotated[Path, typer.Argument(help="A cassette.")],
    step: Annotated[int | None, typer.Option(min=1, help="Show this step whole, with who signed it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a cassette: its steps and frames as a table, or one step whole.

    Exit codes: 0 ok, 1 it cannot be read, 2 there is no such file or step.
    """
    if not path.is_file():
        found = f"{path} is a folder." if path.is_dir() else f"There is no file {path}."
        raise SettingsError(found, needed="One cassette.", do="hl-harness cassettes list")
    tape = cassette.read(path, record_command="")
    if step is not None and step > len(tape.steps):
        raise SettingsError(f"{path} has no step {step}.", needed=f"1 to {len(tape.steps)}.")
    if as_json:
        steps = [_step_data(tape, number) for number in ([step] if step else range(1, len(tape.steps) + 1))]
        frames = [] if step else [msgspec.to_builtins(frame) for frame in tape.frames]
        data = {"provenance": msgspec.to_builtins(tape.provenance), "steps": steps, "frames": frames}
        print(json.dumps(data, indent=2))
    elif step:
        print("\n".join(_whole(tape, step)))
    else:
        print("\n".join(_table(tape)))


def _table(tape: Tape) -> Iterator[str]:
    facts = tape.provenance
    yield f"{facts.scenario}: {facts.target}, SDK {facts.sdk}, harness {facts.harness}, {facts.clock} clock"
    if tape.examples:
        yield f"{len(tape.examples)} Hypothesis examples"
    frames = list(enumerate(tape.frames, start=1))
    for number, step in enumerate(tape.steps, start=1):
        while frames and frames[0][1].place.steps < number:
            yield _frame_line(*frames.pop(0))
        yield _step_line(number, step, facts.started_ms)
    for number, frame in frames:
        yield _frame_line(number, frame)


def _step_line(number: int, step: Step, started_ms: int) -> str:
    who = "harness " if step.asked_by == "harness" else ""
    unproven = " unproven" if step.reply.unproven else ""
    late = f" {step.reply.delay_s:g} s late" if step.reply.delay_s else ""
    return (
        f"{number:>5}  +{(step.clock_ms - started_ms) / 1000:<9.3f} {who}{summary(step.request)}\n"
        f"                  {step.reply.status}{unproven}{late} {shortened(step.reply.body)}"
    )


def _frame_line(number: int, frame: Frame) -> str:
    unproven = " unproven" if frame.unproven else ""
    return f"       frame {number}, websocket {frame.socket} {frame.way}{unproven} {shortened(frame.text)}"


def _whole(tape: Tape, number: int) -> Iterator[str]:
    step = tape.steps[number - 1]
    request, reply = step.request, step.reply
    yield f"step {number} of {len(tape.steps)}, asked by the {step.asked_by}, clock {step.clock_ms}"
    yield f"{request.method} {request.uri}"
    yield from (f"{name}: {value}" for name, value in request.headers)
    yield lay_out(request.body)
    for one in _signers(tape, number):
        by = f"by 0x{one['signer']} ({one['who']})" if one["signer"] else "which belongs to no address"
        yield f"{one['where']}: {one['how']}, {by}"
    yield f"answer: HTTP {reply.status}, {reply.content_type}{', unproven' if reply.unproven else ''}"
    yield lay_out(reply.body)


def _step_data(tape: Tape, number: int) -> dict[str, Any]:
    step = tape.steps[number - 1]
    data: dict[str, Any] = msgspec.to_builtins(step)
    return {"number": number, **data, "signatures": _signers(tape, number)}


def _signers(tape: Tape, number: int) -> list[dict[str, Any]]:
    envelope = envelope_of(tape.steps[number - 1].request.body)
    if envelope is None:
        return []
    known = public_keys(tape)
    return [
        {
            "where": one.where,
            "signer": one.signer,
            "who": known.get(one.signer or "", "nobody who is known on this tape"),
            "how": one.how,
        }
        for one in signatures(envelope, known)
    ]


@app.command()
def verify(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Cassettes, or folders of them; without any, the whole folder.", metavar="[PATH...]"
        ),
    ] = None,
    cassettes: Folder = None,
    scenarios: Scenarios = None,
    as_json: AsJson = False,
) -> None:
    """Check cassettes: form, universe files, digest, signers, addresses of people, nonces, frames, orphans.

    An orphan is a cassette whose scenario does not exist; it is looked for when the whole folder is verified.
    A module in which pytest finds no test at all is a note: nothing is known of its cassettes.

    Exit codes: 0 nothing is wrong, 1 something is, 2 a path is missing.
    """
    folder = _folder(cassettes)
    files = list(_named(paths)) if paths else _files(folder)
    found = [problem for path in files for problem in check(path, folder)]
    if not paths:
        whose = belongings(files, folder, scenarios)
        found += [
            Problem(str(path), "", "an orphan: no scenario has this cassette") for path in whose.orphans
        ]
        found += [Problem(module, "", why_untold(module, n), "note") for module, n in whose.untold.items()]
        found += [
            Problem(str(path), "", "no cassette names this file (prune)", "note")
            for path in _unused_universe(folder)
        ]
    faults = [problem for problem in found if problem.kind == "fault"]
    if as_json:
        data = {"cassettes": len(files), "problems": [msgspec.to_builtins(one) for one in found]}
        print(json.dumps(data, indent=2))
    else:
        for one in found:
            where = f"{one.where}: " if one.where else ""
            print(f"{one.path}: {'note: ' if one.kind == 'note' else ''}{where}{one.found}")
        print(f"{len(files)} cassettes verified: {len(faults)} faults, {len(found) - len(faults)} notes")
    raise typer.Exit(1 if faults else 0)


@app.command()
def prune(
    cassettes: Folder = None,
    scenarios: Scenarios = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Name what would be deleted, and stop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete orphans, and universe files that no cassette names any more. Each is named first.

    Cassettes of a module in which pytest finds no test at all are left alone, and the module is named.

    Exit codes: 0 nothing to delete, or deleted; 1 something is left to delete; 2 wrong use.
    """
    folder = _folder(cassettes)
    orphans, untold = belongings(_files(folder), folder, scenarios)
    doomed = [*orphans, *_unused_universe(folder, without=orphans)]
    delete = bool(doomed) and not dry_run
    for module, number in untold.items():
        print(f"{module}: {why_untold(module, number)}", file=sys.stderr)
    if not as_json:
        print("\n".join(str(path) for path in doomed) or "nothing to delete")
    if delete and not yes:
        if as_json or not sys.stdin.isatty():
            raise SettingsError("Nobody can be asked here.", needed="--yes to delete, or --dry-run.")
        delete = typer.confirm(f"Delete these {len(doomed)} files?")
    if delete:
        for path in doomed:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
    if as_json:
        data = {"files": [str(path) for path in doomed], "deleted": delete, "left_alone": untold}
        print(json.dumps(data, indent=2))
    raise typer.Exit(1 if doomed and not delete else 0)


def _folder(given: Path | None) -> Path:
    """Return the cassette folder: the one that was given, or that of the project."""
    return given or below_root("cassettes")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SettingsError(
            f"There is no folder {folder}.",
            needed="A cassette folder.",
            do="Name it with --cassettes=DIR.",
        )
    return sorted(folder.glob("*/**/*.yaml"))


def _named(paths: list[Path]) -> Iterator[Path]:
    """Yield the cassettes that are named, and all of a folder that is."""
    for path in paths:
        inside = sorted(path.glob("**/*.yaml")) if path.is_dir() else [path]
        if not inside or not (path.is_dir() or path.is_file()):
            what = "cassette in" if path.is_dir() else "file"
            raise SettingsError(f"There is no {what} {path}.", needed="Cassettes, or folders of them.")
        yield from inside


def _unused_universe(cassettes: Path, without: list[Path] | None = None) -> list[Path]:
    """Return the universe files that no cassette names; none of them if a cassette cannot be read."""
    used: set[str] = set()
    for path in _files(cassettes):
        if path in (without or ()):
            continue
        try:
            used |= set(cassette.read(path, record_command="").provenance.universe.values())
        except CassetteError:
            return []
    return [path for path in sorted((cassettes / "universe").glob("*.json")) if path.stem not in used]
