"""One recorded websocket, changed in one thing at a time: what stands in a frame, or the order of the frames.

Of the frames that have the same form one is changed.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from harness.mutants.answers import Change, changed_texts, form
from harness.mutants.recorded import Conversation

FrameChange = Change | Literal["foreign", "end"]

SPOILED_FRAMES: Mapping[str, str] = {
    "nothing": "",
    "null": "null",
    "an object without a channel": "{}",
    "no JSON": "Websocket connection established.",
    "an unknown channel": '{"channel":"unheardOf","data":{}}',
    "an error": '{"channel":"error","data":"Invalid subscription"}',
}
"""What may come in a frame's stead: texts without a message, the greeting of old, an error.

Source: wire rules 111 to 119 for the error; the greeting is known to the SDK's `on_message`.
"""
# What a subscription names and a frame repeats, and what stands for another subscription there.
_OTHERS = {"coin": "UNHEARD", "user": "0x" + "5e" * 20, "interval": "unheard"}


class FrameMutant(NamedTuple):
    """A websocket with one thing changed.

    Args:
        number: of the frame that is changed, from 0.
        path: the changed place in it, from the frame's root; `frame` when it is changed as a whole,
            `connection` when the connection ends in its stead, or what stands in its stead.
        change: as of an answer; of a whole frame `drop` (it never comes), `duplicate` (it comes twice),
            `reorder` (the next one comes first), `foreign` (one of another subscription follows), `end`.
        frames: all texts that come now.
    """

    number: int
    path: str
    change: FrameChange
    frames: tuple[str, ...]


def frame_mutants(conversation: Conversation, known: set[str] | None = None) -> Iterator[FrameMutant]:
    """Yield a websocket with one thing changed, for every thing and every change.

    Args:
        conversation: what was recorded.
        known: forms of frames that need no more changing; those that are changed here are added.
    """
    known = set() if known is None else known
    for number, text in enumerate(conversation.frames):
        message = json.loads(text)
        channel = message.get("channel") if isinstance(message, dict) else ""
        if (its := f"{channel} {form(message)}") in known:
            continue
        known.add(its)
        yield from _changed(conversation, number, text, message)


def _changed(conversation: Conversation, number: int, text: str, message: Any) -> Iterator[FrameMutant]:
    frames = conversation.frames
    head, tail = frames[:number], frames[number + 1 :]

    def mutant(path: str, change: FrameChange, *came: str) -> FrameMutant:
        return FrameMutant(number, path, change, (*head, *came, *tail))

    for path, change, changed in changed_texts(text):
        yield mutant(path, change, changed)
    yield mutant("cut off", "spoil", text[: len(text) // 2])
    for path, instead in SPOILED_FRAMES.items():
        yield mutant(path, "spoil", instead)
    yield mutant("frame", "drop")
    yield mutant("frame", "duplicate", text, text)
    if tail and tail[0] != text:
        yield FrameMutant(number, "frame", "reorder", (*head, tail[0], text, *tail[1:]))
    if foreign := _of_another(conversation, message):
        yield mutant("frame", "foreign", text, foreign)
    yield FrameMutant(number, "connection", "end", head)


def _of_another(conversation: Conversation, message: Any) -> str:
    """Return the frame as one of a subscription that nobody has; "" where it does not say whose it is."""
    data: Any = message.get("data") if isinstance(message, dict) else None
    is_list = isinstance(data, list)
    row = data[0] if is_list and data else data
    # An acknowledgement and an answer to a post are nobody's.
    if not isinstance(row, dict) or {"subscription", "response"} & row.keys():
        return ""
    others = {
        value.lower(): _OTHERS[name]
        for one in conversation.subscriptions
        for name, value in one.items()
        if name in _OTHERS and isinstance(value, str)
    }
    changed = {
        key: others.get(value.lower(), value) if isinstance(value, str) else value
        for key, value in row.items()
    }
    if changed == row:
        return ""
    return json.dumps(message | {"data": [changed, *data[1:]] if is_list else changed})
