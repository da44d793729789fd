"""The two sides of a comparison: run files, folders of cassettes, or cassettes, as scenarios with steps."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from harness.errors import CassetteError, SettingsError
from harness.journal import JournalView
from harness.recording import cassette
from harness.recording.tape import Example, Tape
from harness.report import run
from harness.shapes.registry import kind_of

METADATA = "metadata of the cassettes"
"""The id of what stands for `meta` and `spotMeta`, which cassettes hold once for all scenarios."""
_ON_A_ROAD = (502, 503, 504)
"""HTTP statuses of a gateway in front of an exchange that does not answer it."""


class Step(NamedTuple):
    """A request and its answer; `status` is None when no answer came."""

    path: str
    request: str
    status: int | None
    answer: str
    unproven: bool = False

    @property
    def kind(self) -> tuple[str, str]:
        """The endpoint and the type of what was asked."""
        return kind_of(self.path, run.decoded(self.request))

    @property
    def is_unreachable(self) -> bool:
        """Whether the venue gave no answer, or something before it said so."""
        return self.status is None or self.status in _ON_A_ROAD


class Frame(NamedTuple):
    """What happened on a websocket; `way` as in a run file."""

    way: str
    text: str
    unproven: bool = False


class Scenario(NamedTuple):
    """What one side knows of a scenario.

    Args:
        id: its node id.
        steps: what was asked and answered, the harness's own reads too, the sweep not.
        outcome: how it ended; a cassette is written only when its scenario passed.
        reason: why it was skipped or failed.
        examples: the Hypothesis examples that were run; `()` when they were drawn and are not known, None
            when it has none.
        frames: what passed on its websockets.
    """

    id: str
    steps: list[Step]
    outcome: str = "passed"
    reason: str = ""
    examples: tuple[Example, ...] | None = None
    frames: Sequence[Frame] = ()

    @property
    def is_unreachable(self) -> bool:
        """Whether it ended early because the venue was out of reach."""
        if self.outcome in ("passed", "skipped"):
            return False
        return "TargetUnavailable" in self.reason or any(step.is_unreachable for step in self.steps)


class Source(NamedTuple):
    """One side of a comparison: what it is in words, and its scenarios by id."""

    name: str
    scenarios: dict[str, Scenario]
    is_one_cassette: bool = False


def read(path: Path) -> Source:
    """Read one side.

    Args:
        path: a run file, a folder with cassettes, or one cassette.

    Raises:
        SettingsError: it is none of these, or is damaged.
    """
    if path.is_dir():
        return _folder(path)
    if path.suffix in (".yaml", ".yml"):
        tape = _tape(path)
        name = f"{path} (a cassette recorded on {tape.provenance.target})"
        return Source(name, {tape.provenance.scenario: of_tape(tape)}, is_one_cassette=True)
    return of_run(run.read(path), str(path))


def of_run(data: run.Run, name: str) -> Source:
    """Return a run as one side of a comparison."""
    scenarios = {one.id: _of_run(one) for one in data.scenarios}
    return Source(f"{name} ({len(scenarios)} scenarios, run on {data.target}, {data.started})", scenarios)


def of_tape(tape: Tape) -> Scenario:
    """Return a tape as what one side knows of its scenario."""
    steps = [
        Step(
            step.request.path,
            run.without_signatures(step.request.body),
            step.reply.status,
            step.reply.body,
            step.reply.unproven,
        )
        for step in tape.steps
    ]
    examples = None if tape.examples is None else tuple(tape.examples)
    frames = [Frame(one.way, run.without_signatures(one.text), one.unproven) for one in tape.frames]
    return Scenario(tape.provenance.scenario, steps, examples=examples, frames=frames)


def of_journal(journal: JournalView) -> tuple[list[Step], list[Frame]]:
    """Return what a running scenario has exchanged, and what passed on its websockets."""
    steps = [
        Step(one.path, run.without_signatures(one.body), one.status, one.answer, one.unproven)
        for one in journal
    ]
    return steps, [Frame(one.way, run.without_signatures(one.text), one.unproven) for one in journal.frames]


def age_days(tape: Tape, now_ms: int) -> float | None:
    """Return how old a tape is; None for one of localnet, whose clock is virtual: its answers do not age."""
    facts = tape.provenance
    return None if facts.target != "testnet" else (now_ms - facts.started_ms) / 86_400_000


def _of_run(one: run.ScenarioRun) -> Scenario:
    steps = [Step(step.path, step.request, step.status, step.answer, step.unproven) for step in one.steps]
    frames = [Frame(frame.way, frame.text, frame.unproven) for frame in one.frames]
    return Scenario(one.id, steps, one.outcome, one.reason, () if one.drawn else None, frames)


def _folder(path: Path) -> Source:
    # The universe lies beside the cassettes, as JSON.
    tapes = [_tape(file) for file in sorted(path.rglob("*.yaml"))]
    if not tapes:
        raise SettingsError(
            f"There is no cassette in {path}.", needed="A folder of cassettes, one cassette, or a run file."
        )
    targets = sorted({tape.provenance.target for tape in tapes})
    dates = [tape.provenance.started_ms for tape in tapes if tape.provenance.target == "testnet"]
    since = f", the oldest of testnet {_day(min(dates))}" if dates else ""
    name = f"{path} ({len(tapes)} cassettes recorded on {' and '.join(targets)}{since})"
    scenarios = {tape.provenance.scenario: of_tape(tape) for tape in tapes}
    if len(scenarios) < len(tapes):
        raise SettingsError(f"Two cassettes in {path} are of the same scenario.", needed="One of each.")
    return Source(name, scenarios | _metadata(path, tapes))


def _metadata(path: Path, tapes: list[Tape]) -> dict[str, Scenario]:
    """Return the metadata that most tapes were recorded with, as two reads; nothing where it is not there."""
    named = Counter(tuple(sorted(tape.provenance.universe.items())) for tape in tapes)
    files = {kind: path / "universe" / f"{name}.json" for kind, name in named.most_common(1)[0][0]}
    steps = [
        Step("/info", f'{{"type":"{kind}"}}', 200, file.read_text(encoding="ascii"))
        for kind, file in files.items()
        if file.is_file()
    ]
    return {METADATA: Scenario(METADATA, steps)} if steps else {}


def _day(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d")


def _tape(path: Path) -> Tape:
    try:
        return cassette.read(path, record_command="pytest … --record")
    except CassetteError as problem:
        raise SettingsError(problem.found, needed=problem.needed, do=problem.do) from None
