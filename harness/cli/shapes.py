"""`hl-harness shapes`: check recorded answers against their shapes, list the shapes, and print one."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from harness.errors import SettingsError
from harness.report.run import read
from harness.shapes import KNOWN, Finding
from harness.shapes.coverage import Coverage
from harness.shapes.recorded import Recorded, recorded_in
from harness.shapes.unseen import group_lines, stale_reasons, summary, tallies, tally, unseen

app = typer.Typer(no_args_is_help=True)

_ENDPOINTS = ("info", "exchange", "ws")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def check(
    paths: Annotated[
        list[Path], typer.Argument(help="Samples, cassettes, or folders of them.", metavar="PATH...")
    ],
    as_json: AsJson = False,
    strict: Annotated[
        bool, typer.Option(help="Unknown fields are differences; otherwise they are only reported.")
    ] = True,
) -> None:
    """Check recorded answers against their shapes.

    PATH is a JSON file with the keys request and response (the decoded body) and, unless the HTTP status was
    200, http.status; or a VCR cassette, in YAML or JSON; or messages of the websocket in a file named
    ws_CHANNEL__*.json, one or a list; or a folder, which is searched for all of them.

    Where the request of a sample is null or cut, its kind comes from the file's name: info_TYPE__*.json or
    exchange_TYPE__*.json; TYPE is the type of the request or of the action (err: a refusal of any action).

    A sample whose key kind begins with "example printed in the official documentation" may have the known
    deviations of those examples (such as userFills without twapId); a recording may not.

    Exit codes: 0 all answers have their shape, 1 an answer differs, 2 a path is missing or no such file.
    """
    try:
        answers = [answer for path in paths for answer in recorded_in(path)]
        if not any(not answer.skip for answer in answers):
            raise SettingsError(
                f"There is no answer to check in {', '.join(map(str, paths))}.",
                needed="JSON files with `request` and `response`, or VCR cassettes.",
            )
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    found = [(answer, answer.findings(strict=strict)) for answer in answers]
    differs = any(finding.severity == "error" for _, findings in found for finding in findings)
    if as_json:
        print(json.dumps(_as_data(found), indent=2))
    else:
        _print(found)
    raise typer.Exit(1 if differs else 0)


@app.command("list")
def list_shapes(as_json: AsJson = False) -> None:
    """List each shape: its class, the request it answers or its channel, and its oldest recording.

    In the last column, documented means that only the API page is known, schema that only the schema of
    nktkas/hyperliquid is.
    """
    rows = sorted(KNOWN.values(), key=lambda known: (_ENDPOINTS.index(known.endpoint), known.kind.lower()))
    if as_json:
        data = [
            {"shape": row.shape.__name__, "endpoint": row.endpoint, "kind": row.kind, "since": row.since}
            for row in rows
        ]
        print(json.dumps(data, indent=2))
        return
    width = max(len(row.kind) for row in rows)
    for row in rows:
        print(f"{row.endpoint:9}{row.kind:{width + 2}}{row.since:12}{row.shape.__name__}")


@app.command()
def schema(
    kind: Annotated[
        str,
        typer.Argument(help="The type of a request or of an action, or a channel; of two: ws/openOrders."),
    ],
) -> None:
    """Print the shape of one kind of answer as JSON Schema. Rules between fields are not in it.

    Exit codes: 0 ok, 2 no such kind.
    """
    endpoint, _, name = kind.rpartition("/")
    known = next(
        (KNOWN[one, name] for one in _ENDPOINTS if endpoint in ("", one) and (one, name) in KNOWN), None
    )
    if known is None:
        print(f"There is no shape for {kind}.\nSee `hl-harness shapes list`.", file=sys.stderr)
        raise typer.Exit(2)
    print(json.dumps(msgspec.json.schema(known.wire), indent=2).replace("\\\\Z", "$"))


@app.command()
def coverage(
    runs: Annotated[list[Path], typer.Argument(help="Run files; their sights add up.", metavar="RUN...")],
    at_least: Annotated[
        float, typer.Option(min=0, max=100, help="The share of sights that must be seen, in percent.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Tell what of the shapes runs have seen: fields, variants and enum values, and why not the rest.

    The figure of all shapes comes first, then that of the kinds which are recorded, documented only, and
    known from the schema of a client only.

    RUN is a file that `pytest --run-file=PATH.json` wrote. Exit code 1: less was seen than --at-least, or, if
    that is given, something unseen has no reason in harness/shapes/unseen.py, or a reason there is stale.
    """
    seen = Coverage()
    for path in runs:
        seen.add(read(path).coverage)
    found = tally(seen)
    nameless = [line for line, why in unseen(seen) if not why]
    stale = stale_reasons(seen)
    if as_json:
        data = {**found._asdict(), "share": found.share, "stale": [one._asdict() for one in stale]}
        data["groups"] = {
            group: {**one._asdict(), "share": one.share} for group, one in tallies(seen).items()
        }
        data |= {"unseen": [{"sight": line, "reason": why} for line, why in unseen(seen)]}
        print(json.dumps(data, indent=2))
    else:
        print(summary(seen))
        for line in group_lines(seen):
            print(f"  of {line}")
        for line, why in unseen(seen):
            print(f"  {line}: {why or 'no reason known'}")
        for one in stale:
            print(f"  stale reason: {one.kinds} {one.sights}: {one.why}")
    strict = at_least > 0
    raise typer.Exit(1 if strict and (found.share * 100 < at_least or nameless or stale) else 0)


def _print(found: list[tuple[Recorded, tuple[Finding, ...]]]) -> None:
    for answer, findings in found:
        for finding in findings:
            mark = "" if finding.severity == "error" else f"{finding.severity}: "
            print(f"{_place(answer)}: {mark}{finding.path} ({finding.shape}, {finding.kind})")
            print(f"    found     {finding.found}")
            print(f"    expected  {finding.expected}")
    skipped = [answer for answer, _ in found if answer.skip]
    unknown = [answer for answer, findings in found if any(one.kind == "no-shape" for one in findings)]
    bad = [answer for answer, findings in found if any(one.severity == "error" for one in findings)]
    checked = len(found) - len(skipped) - len(unknown)
    print(f"{checked} answers checked, {len(bad)} differ; {len(skipped) + len(unknown)} not checked.")
    for reason in sorted({answer.skip for answer in skipped}):
        print(f"  not checked: {sum(answer.skip == reason for answer in skipped)} x {reason}")
    if unknown:
        print(f"  not checked: {len(unknown)} x no shape for this kind of request")


def _place(answer: Recorded) -> str:
    return f"{answer.file} interaction {answer.step}" if answer.step else str(answer.file)


def _as_data(found: list[tuple[Recorded, tuple[Finding, ...]]]) -> dict[str, Any]:
    return {
        "answers": len(found),
        "findings": [
            {"file": str(answer.file), "interaction": answer.step or None, **finding._asdict()}
            for answer, findings in found
            for finding in findings
        ],
        "not_checked": [
            {"file": str(answer.file), "reason": answer.skip} for answer, _ in found if answer.skip
        ],
    }
