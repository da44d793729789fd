"""The texts of a tape in order, each with its place; and the same tape with other texts."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

import msgspec

from harness.recording.layout import canonical
from harness.recording.tape import Frame, Step, Tape

Way = Literal["sent", "received"]


class Part(NamedTuple):
    """One text.

    Args:
        where: its place, in words: `step 3, the request`.
        way: `sent` by the scenario (what it draws or was given too), or `received`.
        text: the text.
    """

    where: str
    way: Way
    text: str


def parts(tape: Tape) -> Iterator[Part]:
    """Yield every text of the tape in order; arguments and commands stand before the steps they lead to."""
    for number, example in enumerate(tape.examples or (), start=1):
        yield Part(f"example {number}, its arguments", "sent", _json(example.arguments))
    for number, command in enumerate(tape.commands, start=1):
        yield Part(f"command {number} ({command.name})", "sent", _json(command.arguments))
    frames = list(enumerate(tape.frames, start=1))
    for number, step in enumerate(tape.steps, start=1):
        while frames and frames[0][1].place.steps < number:
            yield _of_frame(*frames.pop(0))
        request = step.request
        yield Part(f"step {number}, the request's URI", "sent", request.uri)
        yield Part(f"step {number}, the request's headers", "sent", _json(request.headers))
        yield Part(f"step {number}, the request", "sent", request.body)
        yield Part(f"step {number}, the answer", "received", step.reply.body)
    for number, frame in frames:
        yield _of_frame(number, frame)


def _json(value: Any) -> str:
    # Not msgspec: it writes NaN as null, and an example may hold any text.
    return json.dumps(value, separators=(",", ":"))


def _of_frame(number: int, frame: Frame) -> Part:
    way: Way = "received" if frame.way == "received" else "sent"
    return Part(f"frame {number}", way, frame.text)


def changed(tape: Tape, change: Callable[[Part], str]) -> Tape:
    """Return the tape with each of its texts changed; draws stay."""
    examples = tape.examples and [
        msgspec.structs.replace(
            one,
            arguments=json.loads(
                change(Part(f"example {number}, its arguments", "sent", _json(one.arguments)))
            ),
        )
        for number, one in enumerate(tape.examples, start=1)
    ]
    commands = [
        msgspec.structs.replace(
            one,
            arguments=json.loads(
                change(Part(f"command {number} ({one.name})", "sent", _json(one.arguments)))
            ),
        )
        for number, one in enumerate(tape.commands, start=1)
    ]
    return msgspec.structs.replace(
        tape,
        examples=examples,
        commands=commands,
        steps=[_step(number, step, change) for number, step in enumerate(tape.steps, start=1)],
        frames=[
            msgspec.structs.replace(frame, text=change(_of_frame(number, _plain(frame))))
            for number, frame in enumerate(tape.frames, start=1)
        ],
    )


def _plain(frame: Frame) -> Frame:
    """Return a sent frame as a tape holds it; a signature is looked for in that form."""
    return msgspec.structs.replace(frame, text=canonical(frame.text)) if frame.way == "sent" else frame


def _step(number: int, step: Step, change: Callable[[Part], str]) -> Step:
    request, reply = step.request, step.reply
    uri = change(Part(f"step {number}, the request's URI", "sent", request.uri))
    headers = tuple(
        (name, change(Part(f"step {number}, the request's header {name}", "sent", value)))
        for name, value in request.headers
    )
    body = change(Part(f"step {number}, the request", "sent", request.body))
    answer = change(Part(f"step {number}, the answer", "received", reply.body))
    return msgspec.structs.replace(
        step,
        request=msgspec.structs.replace(request, uri=uri, headers=headers, body=body),
        reply=msgspec.structs.replace(reply, body=answer),
    )
