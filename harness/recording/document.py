"""The text of a cassette: stock VCR interactions, with the harness's facts about them in the same file.

Top level, version 1 of VCR's format: `interactions` (stock vcrpy plays them; it ignores the rest) and
`harness` (provenance, and one row per interaction under `steps`); with a websocket `frames` as well. Request
URIs are the testnet's, whatever target was recorded. Bodies are literal blocks.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

from harness.errors import CassetteError
from harness.recording.form import Facts, File, FrameFacts, FrameRow, Interaction, StepRow
from harness.recording.layout import canonical, lay_out
from harness.recording.tape import FORMAT, FRAMES_FORMAT, Frame, Place, Provenance, Reply, Request, Step, Tape

_REASONS = {
    200: "OK",
    400: "Bad Request",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
# With these the exchange refuses a request before, or because, it cannot read it.
_UNREAD_STATUSES = (400, 404, 405, 415)
# Only in the `harness` part is a line indented by two spaces; bodies are deeper.
_DIGEST_LINE = re.compile(rb"^  digest: .*\n", re.MULTILINE)
# When it is not known whose cassette it is.
_ANY_RECORD_COMMAND = "pytest scenarios/test_mine.py --target=localnet --record"
_NO_DIGEST = "digest-of-all-other-lines"
_TEXT, _MAPPING, _SEQUENCE = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))


def parse(content: bytes, *, path: Path, record_command: str) -> Tape:
    """Return the tape that `content` holds.

    Args:
        content: the text of a cassette.
        path: where it lies, for the error message.
        record_command: the command that records it, for the error message.

    Raises:
        CassetteError: it is cut off, of another format, or not a tape; names file and line.
    """
    return _Parser(path, content, record_command).parse()


class _Parser:
    """Turns the text of one cassette into a tape, or into an error that names the line."""

    def __init__(self, path: Path, content: bytes, record_command: str) -> None:
        self._path = path
        self._content = content
        self._record_command = record_command
        self._root: yaml.Node | None = None

    def parse(self) -> Tape:
        data = self._load()
        self._check_format(data)
        try:
            file = msgspec.convert(data, File)
        except msgspec.ValidationError as error:
            message, _, where = str(error).partition(" - at `")
            raise self._error(message, where.rstrip("`") or "$") from None
        facts = file.harness
        self._check_digest(facts)
        self._check_draws("sdk_draws", facts.sdk_draws)
        self._check_draws("venue_draws", facts.venue_draws)
        if len(facts.steps) != len(file.interactions):
            raise self._error(
                f"{len(file.interactions)} interactions, but {len(facts.steps)} steps were recorded",
                "$.interactions",
            )
        if len(file.frames) != facts.frames:
            raise self._error(
                f"{len(file.frames)} frames, but {facts.frames} were recorded", "$.harness.frames"
            )
        steps = [
            self._step(number, row, interaction)
            for number, (row, interaction) in enumerate(zip(facts.steps, file.interactions, strict=True))
        ]
        try:
            provenance = msgspec.convert(msgspec.to_builtins(facts), Provenance)
        except msgspec.ValidationError as error:
            raise self._error(str(error), "$.harness") from None
        return Tape(
            provenance,
            steps,
            facts.sdk_draws,
            facts.venue_draws,
            facts.commands,
            facts.examples,
            facts.body_steps,
            [self._frame(number, row) for number, row in enumerate(file.frames)],
            facts.body_frames,
        )

    def _load(self) -> Any:
        try:
            text = self._content.decode("utf-8")
            loader = yaml.CSafeLoader(text)
            self._root = loader.get_single_node()
            if self._root is None:
                raise self._error("the file is empty", "$")
            return self._value(loader, self._root)
        except UnicodeDecodeError as error:
            line = self._content.count(b"\n", 0, error.start) + 1
            raise self._error("bytes that are not UTF-8", line=line) from None
        except yaml.reader.ReaderError as error:
            line = self._content.count(b"\n", 0, error.position) + 1
            raise self._error(str(error.reason), line=line) from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "not YAML"
            raise self._error(str(problem), line=mark.line + 1 if mark else None) from None
        except RecursionError:
            raise self._error("a value that holds itself, or is nested too deeply", "$") from None
        except ValueError as error:
            # YAML takes 2026-99-99 for a date and 0x_ for a number, and then cannot make one of them.
            raise self._error(f"a value that cannot be read ({error})", "$") from None

    def _value(self, loader: yaml.CSafeLoader, node: yaml.Node) -> Any:
        """Return what a node holds; the loader's own way takes twice as long, and lets a key stand twice."""
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.tag == _TEXT else loader.construct_object(node)
        if node.tag == _MAPPING and isinstance(node, yaml.MappingNode):
            values: dict[str, Any] = {}
            for key, value in node.value:
                if key.tag != _TEXT or not isinstance(key, yaml.ScalarNode):
                    raise self._error("a key that is no text", line=key.start_mark.line + 1)
                if key.value in values:
                    raise self._error(f"key {key.value!r} stands twice", line=key.start_mark.line + 1)
                values[key.value] = self._value(loader, value)
            return values
        if node.tag == _SEQUENCE and isinstance(node, yaml.SequenceNode):
            return [self._value(loader, item) for item in node.value]
        return loader.construct_object(node, deep=True)

    def _check_format(self, data: Any) -> None:
        facts = data.get("harness") if isinstance(data, dict) else None
        if not isinstance(facts, dict):
            raise self._error("no `harness` part, so this is not a cassette of this harness", "$")
        expected = FRAMES_FORMAT if facts.get("frames") else FORMAT
        if facts.get("format") != expected:
            raise self._error(
                f"format {facts.get('format')!r}, and this harness reads format {expected}",
                "$.harness.format",
            )

    def _check_digest(self, facts: Facts) -> None:
        if facts.digest is not None and facts.digest != _digest(self._content):
            raise self._error("the content was changed after it was recorded", "$.harness.digest")

    def _check_draws(self, name: str, draws: list[str]) -> None:
        for number, draw in enumerate(draws):
            try:
                bytes.fromhex(draw)
            except ValueError:
                raise self._error("a draw that is not hexadecimal", f"$.harness.{name}[{number}]") from None

    def _step(self, number: int, row: StepRow, interaction: Interaction) -> Step:
        where = f"$.interactions[{number}]"
        request, response = interaction.request, interaction.response
        for part, headers, text in (
            ("request.body", request.headers, request.body),
            ("response.body.string", response.headers, response.body.string),
        ):
            is_json = any("json" in value for value in _lowered(headers).get("content-type", []))
            unread = part == "request.body" and response.status.code in _UNREAD_STATUSES
            # A fault may have cut it off.
            spoiled = part == "response.body.string" and row.unproven
            if is_json and text and not unread and not spoiled:
                self._check_json(text, f"{where}.{part}")
        code, message = response.status.code, response.status.message
        if message != _REASONS.get(code, ""):
            raise self._error(f"status {code} {message!r}", f"{where}.response.status.message")
        if row.asked_by not in ("scenario", "harness"):
            raise self._error(f"asked_by is {row.asked_by!r}", f"$.harness.steps[{number}].asked_by")
        sent_headers = tuple(
            sorted((name, value) for name, values in _lowered(request.headers).items() for value in values)
        )
        content_type = _lowered(response.headers).get("content-type", [""])[0]
        return Step(
            Request(request.method, request.uri, sent_headers, canonical(request.body), row.timeout_s),
            Reply(response.status.code, content_type, response.body.string, row.delay_s or 0.0, row.unproven),
            "harness" if row.asked_by == "harness" else "scenario",
            row.clock_ms,
        )

    def _frame(self, number: int, row: FrameRow) -> Frame:
        at, text = row.at, row.text
        if at.way in ("sent", "received") and text[:1] in ("{", "["):
            self._check_json(text, f"$.frames[{number}].text")
        place = Place(at.steps, at.commands, at.waits)
        return Frame(at.socket, at.way, canonical(text) if at.way == "sent" else text, place, at.unproven)

    def _check_json(self, text: str, where: str) -> None:
        try:
            msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise self._error(f"a body that is not JSON ({error})", where) from None

    def _error(self, found: str, where: str = "", *, line: int | None = None) -> CassetteError:
        line = line if line is not None else self._line_of(where)
        place = f"{self._path}, line {line}" if line else str(self._path)
        at = f" at {where}" if where not in ("", "$") else ""
        command = self._record_command or _ANY_RECORD_COMMAND
        return CassetteError(
            f"Cassette {place}: {found}{at}.",
            needed="Cassettes are written by --record and read whole; nothing was sent, nothing recorded.",
            do=f"Restore the file from version control, or record its scenario again:\n  {command}",
        )

    def _line_of(self, where: str) -> int | None:
        """Return the line of the node that a path such as `$.interactions[3].request` means."""
        node = self._root
        if node is None:
            return None
        for name, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", where):
            if isinstance(node, yaml.MappingNode):
                inner = next((value for key, value in node.value if key.value == name), None)
            elif isinstance(node, yaml.SequenceNode) and index and int(index) < len(node.value):
                inner = node.value[int(index)]
            else:
                inner = None
            if inner is None:
                break
            node = inner
        return int(node.start_mark.line) + 1


def _lowered(headers: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name.lower(): values for name, values in headers.items()}


class _Block(str):
    """Text that is written as a literal block."""

    __slots__ = ()


class _Inline(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_block(dumper: _Dumper, text: _Block) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")


def _represent_inline(dumper: _Dumper, data: _Inline) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)


_Dumper.add_representer(_Block, _represent_block)
_Dumper.add_representer(_Inline, _represent_inline)


def dump(tape: Tape) -> bytes:
    """Return `tape` as the text of a cassette."""
    provenance = tape.provenance
    facts = {
        "format": FRAMES_FORMAT if tape.frames else FORMAT,
        "scenario": provenance.scenario,
        "target": provenance.target,
        "unproven": sum(step.reply.unproven for step in tape.steps)
        + sum(frame.unproven for frame in tape.frames),
        "sdk": provenance.sdk,
        "harness": provenance.harness,
        "clock": provenance.clock,
        "started_ms": provenance.started_ms,
        "universe": dict(provenance.universe),
        "sdk_draws": tape.sdk_draws,
        "venue_draws": tape.venue_draws,
        "commands": [_Inline(msgspec.to_builtins(command)) for command in tape.commands],
        "examples": (
            None if tape.examples is None else [_Inline(msgspec.to_builtins(one)) for one in tape.examples]
        ),
        "steps": [
            _Inline(
                msgspec.to_builtins(
                    StepRow(
                        step.asked_by,
                        step.clock_ms,
                        step.request.timeout_s,
                        step.reply.delay_s or None,
                        step.reply.unproven,
                    )
                )
            )
            for step in tape.steps
        ],
    }
    if tape.body_steps is not None:
        facts["body_steps"] = tape.body_steps
    if tape.frames:
        facts["frames"] = len(tape.frames)
    if tape.body_frames is not None:
        facts["body_frames"] = tape.body_frames
    file = {"version": 1, "harness": facts, "interactions": [_interaction(step) for step in tape.steps]}
    if tape.frames:
        file["frames"] = [_frame_row(frame) for frame in tape.frames]
    if provenance.target == "testnet":
        facts["digest"] = _NO_DIGEST
    text: str = yaml.dump(file, Dumper=_Dumper, sort_keys=False, width=1_000_000)
    content = text.encode("ascii")
    # What localnet answers can be recorded again at any time, and shows as a difference in git then.
    return (
        content.replace(_NO_DIGEST.encode(), _digest(content).encode(), 1) if "digest" in facts else content
    )


def _digest(content: bytes) -> str:
    """Return the hash of a cassette's text, but for the line of its digest."""
    return hashlib.sha256(_DIGEST_LINE.sub(b"", content.replace(b"\r\n", b"\n"), count=1)).hexdigest()


def _frame_row(frame: Frame) -> dict[str, Any]:
    place = frame.place
    at = FrameFacts(frame.socket, frame.way, place.steps, place.commands, place.waits, frame.unproven)
    row: dict[str, Any] = {"at": _Inline(msgspec.to_builtins(at))}
    return row | {"text": _Block(lay_out(frame.text))} if frame.text else row


def _interaction(step: Step) -> dict[str, Any]:
    request, reply = step.request, step.reply
    headers = {name.title(): [value] for name, value in request.headers}
    return {
        "request": {
            "method": request.method,
            "uri": request.uri,
            "headers": headers,
            "body": _Block(lay_out(request.body)),
        },
        "response": {
            "headers": {"Content-Type": [reply.content_type]},
            "body": {"string": _Block(lay_out(reply.body))},
            "status": {"code": reply.status, "message": _REASONS.get(reply.status, "")},
        },
    }
