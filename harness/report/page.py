"""A run as one page of HTML that needs nothing else: no network, no script of others, no file beside it.

What stands in it was said by an exchange, so all of it is text to be escaped. Signatures are left out again,
because a run file may come from anywhere, and hex of a key's length is masked in the reasons of failures,
which may show a frame's local variables.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from harness.errors import SettingsError
from harness.files import write_atomically
from harness.report.drift.findings import CHANGES, HARMLESS, Difference, Drift
from harness.report.drift.telling import alike, conclusion, grouped
from harness.report.run import OUTCOMES, Exchanged, Framed, Run, ScenarioRun, decoded, without_signatures
from harness.shapes.coverage import Coverage
from harness.shapes.registry import kind_of
from harness.shapes.unseen import reason_for, tally

_TEMPLATE = "page.html.j2"
_SECRET = re.compile(r"(?:0x)?[0-9a-fA-F]{60,}")
_LINE_WIDTH = 96
_LONGEST_BODY = 20_000


class _Step(NamedTuple):
    """One request and its answer, as the page shows them; `at` is the target's time since the first one."""

    number: int
    by: str
    kind: str
    at: str
    status: str
    request: str
    answer: str
    cut: int
    unproven: bool
    findings: list[str]
    is_ok: bool


class _Frame(NamedTuple):
    """What happened on a websocket, as the page shows it."""

    socket: int
    way: str
    kind: str
    at: str
    text: str
    cut: int
    unproven: bool
    findings: list[str]


class _Scenario(NamedTuple):
    """One scenario, as the page shows it; `file` and `name` are the two parts of its id.

    `events` are its steps and frames in the order in which they happened.
    """

    anchor: str
    id: str
    file: str
    name: str
    outcome: str
    seconds: str
    reason: str
    steps: list[_Step]
    events: list[_Step | _Frame]
    frames: int
    kinds: str
    unproven: int
    drifted: int


class _Kind(NamedTuple):
    """How much of one kind of answer was seen; `unseen` are sights with the reason, or ""."""

    name: str
    answers: int
    seen: int
    of: int
    unseen: list[tuple[str, str]]


def write(path: Path, run: Run) -> None:
    """Write a run as a page, whole or not at all.

    Raises:
        SettingsError: the file cannot be written.
    """
    try:
        write_atomically(path, render(run).encode(), durable=False)
    except OSError as error:
        raise SettingsError(
            f"The page {path} cannot be written: {error.strerror}.",
            needed="A path for a regular file, in a folder that may be written to.",
        ) from None


def render(run: Run) -> str:
    """Return a run as a page."""
    import jinja2  # delayed: only for who wants a page

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["breakable"] = _breakable
    coverage = Coverage()
    coverage.add(run.coverage)
    scenarios = list(_scenarios(run))
    outcomes = Counter[str](one.outcome for one in run.scenarios)
    return environment.get_template(_TEMPLATE).render(
        run=run,
        seconds=_seconds(run.seconds),
        outcomes=[(name, outcomes[name]) for name in OUTCOMES if outcomes[name]],
        scenarios=scenarios,
        anchors={one.id: one.anchor for one in scenarios},
        unproven=sum(one.unproven for one in scenarios),
        answers=sum(len(one.steps) for one in run.scenarios),
        tally=tally(coverage) if run.coverage else None,
        kinds=list(_kinds(coverage)) if run.coverage else [],
        drift=run.drift,
        changes=_changes(run.drift) if run.drift else [],
        reasons=Counter(one.why for one in run.drift.not_compared) if run.drift else {},
        conclusion=conclusion(run.drift) if run.drift else "",
        alike=alike,
    )


def _scenarios(run: Run) -> Iterator[_Scenario]:
    drifted = Counter(one.place.scenario for one in run.drift.graver) if run.drift else Counter[str]()
    # What went wrong is what is looked for.
    ranked = sorted(run.scenarios, key=lambda one: (_is_well(one), one.id))
    for number, one in enumerate(ranked, start=1):
        file, _, name = one.id.partition("::")
        times = [step.clock_ms for step in one.steps] + [frame.clock_ms for frame in one.frames]
        began_ms = min(times, default=0)
        steps = [_step(place, step, began_ms) for place, step in enumerate(one.steps, start=1)]
        events = list(_in_order(steps, one.frames, began_ms))
        yield _Scenario(
            f"s{number}",
            one.id,
            file,
            name or file,
            one.outcome,
            _seconds(one.seconds),
            _SECRET.sub("…", one.reason),
            steps,
            events,
            len(one.frames),
            " ".join(dict.fromkeys(event.kind for event in events)),
            sum(event.unproven for event in events),
            drifted[one.id],
        )


def _is_well(one: ScenarioRun) -> int:
    return {"failed": 0, "error": 0, "xpassed": 1}.get(one.outcome, 2)


def _in_order(steps: list[_Step], frames: list[Framed], began_ms: int) -> Iterator[_Step | _Frame]:
    """Yield steps and frames as they happened."""
    waiting = list(frames)
    for number, step in enumerate(steps):
        while waiting and waiting[0].after <= number:
            yield _frame(waiting.pop(0), began_ms)
        yield step
    yield from (_frame(one, began_ms) for one in waiting)


def _frame(frame: Framed, began_ms: int) -> _Frame:
    text = _laid_out(without_signatures(frame.text))
    return _Frame(
        frame.socket,
        frame.way,
        f"ws {_channel(frame)}".strip(),
        _since(frame.clock_ms, began_ms),
        text[:_LONGEST_BODY],
        max(0, len(text) - _LONGEST_BODY),
        frame.unproven,
        frame.findings,
    )


def _channel(frame: Framed) -> str:
    """Return what a frame is about: the channel of one received, the method of one sent and its feed."""
    message = decoded(frame.text) if frame.way in ("sent", "received") else None
    if not isinstance(message, dict):
        return ""
    if frame.way == "received":
        return str(message.get("channel", ""))
    asked = message.get("subscription") or message.get("request")
    feed = asked.get("type", "") if isinstance(asked, dict) else ""
    return f"{message.get('method', '')} {feed}".strip()


def _since(clock_ms: int, began_ms: int) -> str:
    return f"+{(clock_ms - began_ms) / 1000:.1f} s"


def _step(number: int, step: Exchanged, began_ms: int) -> _Step:
    request = without_signatures(step.request)
    endpoint, kind = kind_of(step.path, decoded(request))
    answer = _laid_out(step.answer)
    status = "no answer" if step.status is None else str(step.status)
    return _Step(
        number,
        step.by,
        f"{endpoint} {kind}".strip(),
        _since(step.clock_ms, began_ms),
        status,
        _laid_out(request),
        answer[:_LONGEST_BODY],
        max(0, len(answer) - _LONGEST_BODY),
        step.unproven,
        step.findings,
        step.status == 200,
    )


def _kinds(coverage: Coverage) -> Iterator[_Kind]:
    """Yield the kinds that were answered, then those that never were, each by name."""
    found: dict[str, _Kind] = {}
    for known, sight, count in coverage:
        if sight.before:
            continue
        name = f"{known.endpoint} {known.kind}"
        kind = found.get(name) or _Kind(name, count, 0, 0, [])
        if not count:
            kind.unseen.append((str(sight), reason_for(known, sight)))
        found[name] = kind._replace(seen=kind.seen + (count > 0), of=kind.of + 1)
    yield from sorted(found.values(), key=lambda kind: (kind.answers == 0, kind.name.lower()))


def _changes(drift: Drift) -> list[tuple[str, int, list[list[Difference]]]]:
    """Return the classes that there are, each with its differences, those of one place together."""
    found: list[tuple[str, int, list[list[Difference]]]] = []
    for change in CHANGES:
        of_class = [one for one in drift.differences if one.change == change]
        if of_class and change != HARMLESS:
            found.append((change, len(of_class), grouped(of_class)))
    return found


def _laid_out(text: str) -> str:
    """Return JSON spread over lines, in its own characters; other text as it is."""
    value = decoded(text) if text[:1] in ("{", "[") else None
    return text if value is None else "\n".join(_lines(value, _LINE_WIDTH))


def _lines(value: Any, width: int) -> list[str]:
    """Return a JSON value as lines: what fits on one stays on one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= width or not isinstance(value, dict | list) or not value:
        return [line]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if isinstance(value, dict):
        items = [(f"{json.dumps(key, ensure_ascii=False)}: ", item) for key, item in value.items()]
    else:
        items = [("", item) for item in value]
    lines = [opening]
    for number, (name, item) in enumerate(items, start=1):
        first, *rest = _lines(item, width - 2)
        inner = [name + first, *rest]
        inner[-1] += "," if number < len(items) else ""
        lines += [f"  {one}" for one in inner]
    return [*lines, closing]


def _breakable(name: str) -> Any:
    """Return the name of a scenario so that a narrow screen breaks it between its words; escaped."""
    from markupsafe import Markup, escape  # delayed: comes with jinja2

    return Markup("_<wbr>").join(escape(word) for word in name.split("_"))


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 100 else f"{seconds:.2f} s" if seconds >= 0.01 else "<0.01 s"
