"""Cassettes on disk: read through a cache of parsed tapes, written whole or not at all.

What stands in them is told in `document`, which is imported when a file has to be parsed or written: YAML
costs a run 8 ms, and a replay from the cache needs none.
"""

import contextlib
import hashlib
import re
from pathlib import Path

import msgspec

from harness.errors import CassetteError
from harness.files import write_atomically
from harness.recording.tape import COMPILED, Tape

_HEAD_BYTES = 2_000
_MAX_NAME = 150
_TAPE_DECODER = msgspec.json.Decoder(Tape)


class Glance(msgspec.Struct, frozen=True):
    """What the head of a cassette says: which target it was recorded on, and its unproven steps."""

    target: str
    unproven: int


def name_of(scenario: str) -> str:
    """Return where the cassette of a scenario lies below the cassette folder: named after its file and test.

    Args:
        scenario: its node id.
    """
    file, _, name = scenario.partition("::")
    folder = file.removesuffix(".py").removeprefix("scenarios/")
    return f"{folder}/{_file_name(name)}.yaml"


def _file_name(name: str) -> str:
    """Return `name` as a file name; different names stay different."""
    classes, _, values = name.partition("[")
    plain = classes.replace("::", ".") + (f"[{values}" if values else "")
    escaped = re.sub(
        rb"[^\w\-\[\].,+=]", lambda match: b"%%%02x" % ord(match.group()), plain.encode()
    ).decode()
    if len(escaped) <= _MAX_NAME:
        return escaped
    return f"{escaped[:_MAX_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def read(path: Path, *, record_command: str, cache_dir: Path | None = None) -> Tape:
    """Read the tape at `path`.

    Args:
        path: the cassette.
        record_command: the command that records it, for the error message.
        cache_dir: where parsed tapes are kept, named by the hash of the file's content; None keeps none.

    Raises:
        CassetteError: the file is missing, cut off, of another format, or not a tape; names file and line.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CassetteError(
            f"There is no cassette {path}.",
            needed="A replay needs the recording of this scenario.",
            do=f"Record it:\n  {record_command}",
        ) from None
    except OSError as error:
        raise CassetteError(f"Cassette {path} cannot be read: {error.strerror}.") from None
    cached = cache_dir and cache_dir / f"{hashlib.sha256(content).hexdigest()}-{COMPILED}.json"
    if cached:
        with contextlib.suppress(OSError, msgspec.DecodeError):
            return _TAPE_DECODER.decode(cached.read_bytes())
    from harness.recording.document import parse  # delayed: it imports YAML

    tape = parse(content, path=path, record_command=record_command)
    if cached:
        with contextlib.suppress(OSError):
            write_atomically(cached, msgspec.json.encode(tape), durable=False)
    return tape


def glance(path: Path) -> Glance | None:
    """Return what the head of the cassette at `path` says, None when it says nothing."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
    except OSError:
        return None
    found = re.search(r"^  target: (\w+)\n  unproven: (\d+)$", head, re.MULTILINE)
    return Glance(found[1], int(found[2])) if found else None


def write(path: Path, tape: Tape) -> None:
    """Write `tape` to `path`, whole or not at all.

    Raises:
        CassetteError: the folder cannot be written to, or the tape could not be read back.
    """
    from harness.recording.document import dump  # delayed: it imports YAML

    content = dump(tape)
    _check_readable(path, content)
    try:
        write_atomically(path, content)
    except OSError as error:
        raise CassetteError(
            f"Cassette {path} cannot be written: {error.strerror}.",
            needed="A folder that may be written to; the old file is untouched.",
            do="Choose another one with --cassettes=DIR.",
        ) from None


def _check_readable(path: Path, content: bytes) -> None:
    from harness.recording.document import parse  # delayed: it imports YAML

    try:
        parse(content, path=path, record_command="")
    except CassetteError as error:
        raise CassetteError(
            f"What was recorded for {path} could not be read back.\n{error.found}",
            needed="A tape that can be replayed; the old file is untouched.",
            do="Look at what the target answered; if it is sound, the harness has to learn to record it.",
        ) from None
