"""Change recorded answers in one thing at a time, and see what the SDK makes of them.

Every method of the SDK is called on recorded answers (the richest of each kind in the cassettes), and then
once for each mutant of each answer that it reads. With --write the result becomes a table by SDK version.

    python tools/answer_mutants.py                                 # the installed SDK, figures and findings
    python tools/answer_mutants.py --sdk 0.24.0 --sdk 0.18.0 --write docs/answer-mutants.md

Exit codes: 0 ok, 2 wrong use, such as a release that cannot be fetched.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
from sdk_probes import SPOT_META, probes

from harness.errors import UnsupportedError
from harness.mutants import try_answers
from harness.mutants.trials import Kind
from harness.shapes.coverage import Coverage
from harness.shapes.recorded import recorded_in

MARK = "<!-- answer-mutants -->"


class Row(NamedTuple):
    """What one call made of one change; places in lists without their numbers."""

    call: str
    kind: str
    place: str
    change: str
    outcome: str
    noticed: bool


def richest(cassettes: Path) -> dict[Kind, str]:
    """Return for each kind the recorded answer in which most of its shape is seen."""
    best: dict[Kind, tuple[int, str]] = {}
    for answer in recorded_in(cassettes):
        if answer.skip or answer.status != 200 or not answer.kind:
            continue
        coverage = Coverage()
        coverage.see(answer.endpoint, answer.kind, answer.body)
        seen = 0 if b'"err"' in answer.body[:20] else sum(map(len, coverage.as_data().values()))
        key = (answer.endpoint, answer.kind)
        if seen > best.get(key, (-1, ""))[0]:
            best[key] = (seen, answer.body.decode())
    return {key: body for key, (_, body) in best.items()}


def readable(answers: dict[Kind, str]) -> dict[Kind, str]:
    """Return answers that the installed SDK can read at all.

    Releases that take a token's number for its position cannot be built on a spotMeta that leaves numbers
    out; they get the part of the recorded one in which number and position are the same.
    """
    try:
        next(try_answers(probes()["Info()"], answers))
    except UnsupportedError:
        meta = json.loads(answers[SPOT_META])
        tokens = [token for place, token in enumerate(meta["tokens"]) if token["index"] == place]
        pairs = [pair for pair in meta["universe"] if max(pair["tokens"]) < len(tokens)]
        return answers | {SPOT_META: json.dumps(meta | {"tokens": tokens, "universe": pairs})}
    return answers


def tried(answers: Mapping[Kind, str]) -> tuple[list[Row], list[str]]:
    """Return what the installed SDK makes of all mutants, and the calls for which nothing is recorded."""
    rows, missing = [], []
    for call, probe in probes().items():
        try:
            for one in try_answers(probe, answers):
                told = f"{one.outcome}: {one.detail}" if one.detail else one.outcome
                place = re.sub(r"\[\d+\]", "[]", one.mutant.path)
                rows.append(
                    Row(call, one.kind[1], place, one.mutant.change, _general(told), bool(one.noticed))
                )
        except UnsupportedError as problem:
            missing.append(f"{call}: {problem}".splitlines()[0])
    return rows, missing


def _general(told: str) -> str:
    """Return an outcome without what differs from call to call."""
    outcome, _, detail = told.partition(": ")
    if outcome == "raises" and detail.startswith(("ClientError", "ServerError")):
        return f"raises `{detail}`"
    if outcome == "raises":
        return f"raises {detail.partition('(')[0]}"
    if "Could not parse" in detail:
        return f"{outcome}: returns an object with the key `error`"
    if detail.startswith("returns {'coin_to_asset'"):
        return f"{outcome}: other tables of assets"
    return f"{outcome}: {detail.partition(': {')[0]}" if detail else outcome


def of_release(release: str, cassettes: Path) -> tuple[list[Row], list[str]]:
    """Return the same for another release of the SDK, fetched into a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="sdk-") as folder:
        package = f"hyperliquid-python-sdk=={release}"
        fetch = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--target", folder, package]
        if subprocess.run(fetch, check=False).returncode:
            print(f"{package} could not be fetched.", file=sys.stderr)
            raise SystemExit(2)
        command = [sys.executable, __file__, "--json", "-", "--cassettes", str(cassettes)]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": folder}, capture_output=True, check=False, text=True
        )
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        print(f"{package} does not run with what is installed beside it: {last}", file=sys.stderr)
        raise SystemExit(2)
    found = json.loads(done.stdout)
    return [Row(*row) for row in found["rows"]], found["missing"]


def page(by_release: Mapping[str, list[Row]]) -> str:
    """Return the generated part of the page."""
    lines = ["| SDK | changed answers | works | passes on | raises | silently wrong | of these noticed |"]
    lines.append("| --- " * 7 + "|")
    for release, rows in by_release.items():
        counts = Counter(row.outcome.split(" ")[0].rstrip(":") for row in rows)
        wrong = [row for row in rows if row.outcome.startswith("silently")]
        figures = [len(rows), counts["works"], counts["passes"], counts["raises"], len(wrong)]
        noticed = sum(row.noticed for row in wrong)
        lines.append(f"| {release} | " + " | ".join(map(str, figures)) + f" | {noticed} |")
    lines += ["", "### Any request", "", *_table(by_release, spoiled=True)]
    lines += ["", "### What the SDK reads for itself", "", *_table(by_release, spoiled=False)]
    return "\n".join(lines)


def _table(by_release: Mapping[str, list[Row]], *, spoiled: bool) -> Iterable[str]:
    cells: dict[tuple[str, str, str, str, bool], dict[str, set[str]]] = {}
    dull = {"works", "passes on"}
    for release, rows in by_release.items():
        for row in rows:
            if (row.change == "spoil") == spoiled:
                call, kind = ("", "") if spoiled else (row.call, row.kind)
                key = (call, kind, row.place, row.change, row.noticed)
                cells.setdefault(key, {}).setdefault(release, set()).add(row.outcome)
    merged: dict[tuple[object, ...], list[str]] = {}
    for (call, kind, place, change, noticed), told in cells.items():
        if not spoiled and not any(told.get(release, set()) - dull for release in by_release):
            continue
        outcomes = tuple(", ".join(sorted(told.get(release, {"–"}))) for release in by_release)
        merged.setdefault((kind, place, change, outcomes, noticed), []).append(call)
    columns = _columns([key[3] for key in merged], list(by_release))
    head = ["place", "change"] if spoiled else ["answer", "place", "change", "call"]
    head += [*columns, "harness"]
    yield f"| {' | '.join(head)} |"
    yield "| --- " * len(head) + "|"
    for (kind, place, change, outcomes, noticed), calls in merged.items():
        named = ", ".join(f"`{call}`" for call in calls[:3]) + (
            f" and {len(calls) - 3} more" if calls[3:] else ""
        )
        first = [f"{place}", f"{change}"] if spoiled else [f"{kind}", f"`{place}`", f"{change}", named]
        told = [
            *first,
            *(outcomes[number] for number in columns.values()),
            "notices" if noticed else "sees nothing wrong",
        ]  # type: ignore[misc]
        yield f"| {' | '.join(told)} |"


def _columns(rows: list[tuple[str, ...]], releases: list[str]) -> dict[str, int]:
    """Return the columns: neighbouring releases that agree in every row share one."""
    groups: list[list[int]] = []
    for number in range(len(releases)):
        if groups and all(row[number] == row[groups[-1][0]] for row in rows):
            groups[-1].append(number)
        else:
            groups.append([number])
    return {
        releases[group[-1]] + (f" to {releases[group[0]]}" if group[1:] else ""): group[0] for group in groups
    }


def main() -> int:
    """Run the tool."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cassettes", type=Path, default=ROOT / "cassettes", metavar="DIR")
    parser.add_argument("--sdk", action="append", default=[], metavar="VERSION", help="also this release")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--json", metavar="PATH", help="write every row there; - for standard output")
    options = parser.parse_args()
    rows, missing = tried(readable(richest(options.cassettes)))
    if options.json:
        text = json.dumps({"rows": rows, "missing": missing})
        print(text) if options.json == "-" else Path(options.json).write_text(text, encoding="utf-8")
        if options.json == "-":
            return 0
    by_release = {version("hyperliquid-python-sdk"): rows}
    for release in options.sdk:
        if release not in by_release:
            by_release[release] = of_release(release, options.cassettes)[0]
    for line in missing:
        print(f"not tried: {line}")
    text = page(by_release)
    if options.write:
        head, _, _ = options.write.read_text(encoding="utf-8").partition(MARK)
        options.write.write_text(f"{head}{MARK}\n\n{text}\n", encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
