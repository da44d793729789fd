"""Change recorded answers and websocket frames in one thing at a time, and see what the SDK makes of them.

Every method of the SDK is called on recorded answers (the richest of each kind in the cassettes), and then
once for each mutant of each answer that it reads. Its websocket is given what came over each recorded one,
and then once for each mutant of a frame. With --write the result becomes tables by SDK version.

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
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
from sdk_probes import follows, probes

from harness.errors import UnsupportedError
from harness.mutants import Answering, answers_in, conversations_in, try_answers, try_sdk_feed
from harness.mutants.recorded import Kind
from harness.mutants.sdk import SPOT_META

MARK = "<!-- answer-mutants -->"
UNTOLD = ("silently wrong", "raises unseen", "drops")


class Row(NamedTuple):
    """What one call made of one change; lists without numbers. Of frames `kind` is the channel."""

    call: str
    kind: str
    place: str
    change: str
    outcome: str
    noticed: bool


class Found(NamedTuple):
    """What one release makes of changed answers and frames, and the calls for which nothing is recorded."""

    answers: list[Row]
    frames: list[Row]
    missing: list[str]


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


def tried(
    calls: Mapping[str, Callable[[Answering], Any]], answers: Mapping[Kind, str]
) -> tuple[list[Row], list[str]]:
    """Return what the installed SDK makes of all mutants, and the calls for which nothing is recorded."""
    rows, missing = [], []
    for call, probe in calls.items():
        try:
            for one in try_answers(probe, answers):
                told, place = _general(one.outcome, one.detail), _place(one.mutant.path)
                rows.append(Row(call, one.kind[1], place, one.mutant.change, told, bool(one.noticed)))
        except UnsupportedError as problem:
            missing.append(f"{call}: {problem}".splitlines()[0])
    return rows, missing


def heard(answers: Mapping[Kind, str], cassettes: Path) -> list[Row]:
    """Return what the installed SDK's websocket makes of all mutants of frames."""
    rows: list[Row] = []
    known: set[str] = set()
    for conversation in conversations_in(cassettes):
        # The SDK's manager raises on the bare lists that the explorer sends.
        if any(one["type"] in ("explorerBlock", "explorerTxs") for one in conversation.subscriptions):
            continue
        for one in try_sdk_feed(follows(conversation), conversation, answers, known=known):
            told, place = _general(one.outcome, one.detail), _place(one.mutant.path)
            rows.append(Row("", one.channel, place, one.mutant.change, told, bool(one.noticed)))
    return rows


def _place(path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", path)


def _general(outcome: str, detail: str) -> str:
    """Return an outcome without what differs from call to call."""
    if outcome == "raises" and detail.startswith(("ClientError", "ServerError")):
        return f"raises `{detail}`"
    if outcome.startswith("raises"):
        return f"{outcome} {detail.partition('(')[0]}"
    if "Could not parse" in detail:
        return f"{outcome}: returns an object with the key `error`"
    if detail.startswith("returns {'coin_to_asset'"):
        return f"{outcome}: other tables of assets"
    return f"{outcome}: {detail.partition(': {')[0]}" if detail else outcome


def of_release(release: str, cassettes: Path) -> Found:
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
    return Found(
        [Row(*row) for row in found["answers"]], [Row(*row) for row in found["frames"]], found["missing"]
    )


def page(by_release: Mapping[str, Found]) -> str:
    """Return the generated part of the page."""
    answers = {release: found.answers for release, found in by_release.items()}
    frames = {release: found.frames for release, found in by_release.items()}
    spoiled, inside = (
        {
            release: [row for row in rows if (row.change == "spoil") == which]
            for release, rows in answers.items()
        }
        for which in (True, False)
    )
    outcomes = ("works", "passes on", "raises", "silently wrong")
    of_frames = ("works", "unheard", "passes on", "raises unseen", "drops", "silently wrong")
    lines = ["### Answers", "", *_figures("changed answers", answers, outcomes)]
    lines += ["", "### Any request", ""]
    lines += _table(
        spoiled, ["place", "change"], lambda row: (row.place, row.change), lambda row: "", dull=True
    )
    lines += ["", "### What the SDK reads for itself", ""]
    lines += _table(
        inside,
        ["answer", "place", "change", "call"],
        lambda row: (row.kind, f"`{row.place}`", row.change),
        lambda row: f"`{row.call}`",
    )
    lines += ["", "### Frames", "", *_figures("changed frames", frames, of_frames)]
    lines += [
        "",
        f"By channel, with {next(iter(frames))}:",
        "",
        *_by_channel(next(iter(frames.values())), of_frames),
    ]
    lines += ["", "### What becomes of a frame", ""]
    lines += _table(
        frames,
        ["place", "change", "channel"],
        lambda row: (f"`{row.place}`" if row.place.startswith("$") else row.place, row.change),
        lambda row: row.kind,
    )
    return "\n".join(lines)


def _counted(rows: Iterable[Row], outcomes: tuple[str, ...]) -> str:
    # "raises unseen" begins with "raises": the longer name is looked for first.
    names = sorted(outcomes, key=len, reverse=True)
    counts = Counter(next(name for name in names if row.outcome.startswith(name)) for row in rows)
    return " | ".join(str(counts[name]) for name in outcomes)


def _figures(what: str, by_release: Mapping[str, list[Row]], outcomes: tuple[str, ...]) -> Iterable[str]:
    yield f"| SDK | {what} | {' | '.join(outcomes)} | noticed by the harness | where the caller is not told |"
    yield "| --- " * (len(outcomes) + 4) + "|"
    for release, rows in by_release.items():
        noticed = [row for row in rows if row.noticed]
        untold = sum(row.outcome.startswith(UNTOLD) for row in noticed)
        yield f"| {release} | {len(rows)} | {_counted(rows, outcomes)} | {len(noticed)} | {untold} |"


def _by_channel(rows: list[Row], outcomes: tuple[str, ...]) -> Iterable[str]:
    yield f"| channel | changed frames | {' | '.join(outcomes)} | noticed by the harness |"
    yield "| --- " * (len(outcomes) + 3) + "|"
    for channel in sorted({row.kind for row in rows}):
        own = [row for row in rows if row.kind == channel]
        noticed = sum(row.noticed for row in own)
        yield f"| {channel} | {len(own)} | {_counted(own, outcomes)} | {noticed} |"


def _table(
    by_release: Mapping[str, list[Row]],
    head: list[str],
    place: Callable[[Row], tuple[str, ...]],
    gathered: Callable[[Row], str],
    *,
    dull: bool = False,
) -> Iterable[str]:
    """Yield a table with a row for each place, and what is alike in the rest gathered in its last column.

    Args:
        by_release: the rows.
        head: the names of the first columns.
        place: what stands in them.
        gathered: what is gathered; "" leaves the column out.
        dull: also what works, or passes on, in every release.
    """
    cells: dict[tuple[tuple[str, ...], str, bool], dict[str, set[str]]] = {}
    for release, rows in by_release.items():
        for row in rows:
            key = (place(row), gathered(row), row.noticed)
            cells.setdefault(key, {}).setdefault(release, set()).add(row.outcome)
    merged: dict[tuple[tuple[str, ...], tuple[str, ...], bool], list[str]] = {}
    for (where, one, noticed), told in cells.items():
        if not dull and not any(
            told.get(release, set()) - {"works", "unheard", "passes on"} for release in by_release
        ):
            continue
        outcomes = tuple(", ".join(sorted(told.get(release, {"–"}))) for release in by_release)
        merged.setdefault((where, outcomes, noticed), []).append(one)
    columns = _columns([key[1] for key in merged], list(by_release))
    yield f"| {' | '.join([*head, *columns, 'harness'])} |"
    yield "| --- " * (len(head) + len(columns) + 1) + "|"
    for (where, outcomes, noticed), ones in merged.items():
        named = ", ".join(ones[:3]) + (f" and {len(ones) - 3} more" if ones[3:] else "")
        shown = [*where, *([named] if named else []), *(outcomes[number] for number in columns.values())]
        yield f"| {' | '.join(shown)} | {'notices' if noticed else 'sees nothing wrong'} |"


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
    answers = readable(answers_in(options.cassettes))
    rows, missing = tried(probes(), answers)
    found = Found(rows, heard(answers, options.cassettes), missing)
    if options.json:
        text = json.dumps(found._asdict())
        print(text) if options.json == "-" else Path(options.json).write_text(text, encoding="utf-8")
        if options.json == "-":
            return 0
    by_release = {version("hyperliquid-python-sdk"): found}
    for release in options.sdk:
        if release not in by_release:
            by_release[release] = of_release(release, options.cassettes)
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
