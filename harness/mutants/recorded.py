"""What the kit changes: recorded answers, and what passed on recorded websockets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from harness.recording.cassette import read
from harness.recording.tape import Tape
from harness.shapes.coverage import Coverage
from harness.shapes.recorded import recorded_in

Kind = tuple[str, str]
"""The endpoint and the type of a request: `("info", "meta")`, `("exchange", "order")`."""


class Conversation(NamedTuple):
    """What passed on one recorded websocket.

    Args:
        subscriptions: what the client subscribed to, as it went over the wire.
        frames: the texts that came, oldest first; acknowledgements are among them.
    """

    subscriptions: tuple[dict[str, Any], ...]
    frames: tuple[str, ...]


def answers_in(path: Path) -> dict[Kind, str]:
    """Return for each kind the recorded answer in which most of its shape is seen.

    Args:
        path: a cassette or a sample, or a folder of them; `cassettes/` holds the metadata as well.

    Raises:
        SettingsError: there is no such path, or a file is damaged.
    """
    best: dict[Kind, tuple[int, str]] = {}
    for answer in recorded_in(path):
        if answer.skip or answer.status != 200 or not answer.kind:
            continue
        coverage = Coverage()
        coverage.see(answer.endpoint, answer.kind, answer.body)
        seen = 0 if b'"err"' in answer.body[:20] else sum(map(len, coverage.as_data().values()))
        key = (answer.endpoint, answer.kind)
        if seen > best.get(key, (-1, ""))[0]:
            best[key] = (seen, answer.body.decode())
    return {key: body for key, (_, body) in best.items()}


def conversations_in(path: Path) -> Iterator[Conversation]:
    """Yield what passed on each websocket of the cassettes below a path, by name.

    Args:
        path: a cassette, or a folder of them.

    Raises:
        CassetteError: there is no such file, or it is damaged.
    """
    for file in sorted(path.rglob("*.yaml")) if path.is_dir() else [path]:
        if not file.exists() or b"\nframes:" in file.read_bytes():
            yield from _conversations(read(file, record_command="pytest --target=localnet --record"))


def _conversations(tape: Tape) -> Iterator[Conversation]:
    for socket in sorted({frame.socket for frame in tape.frames}):
        own = [frame for frame in tape.frames if frame.socket == socket]
        sent = [json.loads(frame.text) for frame in own if frame.way == "sent"]
        subscriptions = [one["subscription"] for one in sent if one.get("method") == "subscribe"]
        came = [frame.text for frame in own if frame.way == "received" and not frame.unproven]
        yield Conversation(tuple(subscriptions), tuple(came))
