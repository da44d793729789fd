"""The check of every message that the websocket brings, and the answers inside it.

A message is `{"channel": ..., "data": ...}`; a pong has no data. The explorer sends bare lists. A frame of
plain text greeted each connection once; the exchange sends none today (text-index 68955515377).

Source: wire rules 111 to 119.
"""

from typing import NamedTuple

import msgspec
from msgspec import UNSET, Raw, UnsetType

from harness.errors import ShapeError
from harness.shapes.base import Shape
from harness.shapes.channels import inflated
from harness.shapes.checking import Finding, FindingKind, check_body
from harness.shapes.differences import shown
from harness.shapes.registry import KNOWN

GREETING = b"Websocket connection established."


class Part(NamedTuple):
    """What of a message has a shape: its data, and the answer that a post brings.

    Args:
        endpoint: `ws` for the data of the message, `info` or `exchange` for an answer inside it.
        kind: the channel, or the type of the request. An action's answer tells its kind only by its form:
            a plain yes or a refusal is that of a `noop`.
        body: the JSON.
        path: where it stands in the message.
    """

    endpoint: str
    kind: str
    body: bytes
    path: str


class _Message(Shape, frozen=True):
    channel: str
    data: Raw | UnsetType = UNSET


class _Tagged(msgspec.Struct):
    type: str | UnsetType = UNSET
    data: Raw | UnsetType = UNSET


class _Response(msgspec.Struct):
    type: str
    payload: Raw


class _Posted(msgspec.Struct):
    response: _Response


class _Payload(msgspec.Struct):
    response: Raw | UnsetType = UNSET


def parts(frame: bytes) -> tuple[Part, ...]:
    """Return what of a message has a shape; nothing of the greeting.

    Args:
        frame: the message as it came.

    Raises:
        ShapeError: it is not JSON, or no message.
    """
    if frame == GREETING:
        return ()
    if frame.lstrip().startswith(b"["):
        return (Part("ws", _explorer_kind(frame), frame, "$"),)
    try:
        message = msgspec.json.decode(frame, type=_Message)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ShapeError(
            f"A message of the websocket is none: {error}.", needed="Expected the keys channel and data."
        ) from None
    data = b"null" if isinstance(message.data, UnsetType) else bytes(message.data)
    if isinstance(message.data, UnsetType) != (message.channel == "pong"):
        found = "no data" if isinstance(message.data, UnsetType) else "data"
        raise ShapeError(f"The message has {found}.", needed="Expected data, but for a pong.")
    if message.channel == "fastAssetCtxs" and data.startswith(b'"'):
        data = inflated(msgspec.json.decode(data, type=str))
    part = Part("ws", message.channel, data, "$.data")
    return (part, *_answer(data)) if message.channel == "post" else (part,)


def check_message(frame: bytes, *, strict: bool = True) -> tuple[Finding, ...]:
    """Return what is wrong with a message; nothing when it has the form that the exchange is known to give.

    Args:
        frame: the message as it came.
        strict: unknown fields are errors; otherwise they are notices.

    Never raises for a bad message.
    """
    try:
        found = parts(frame)
    except ShapeError as error:
        is_json = _is_json(frame)
        text = shown(frame[:200].decode("utf-8", "replace"))
        kind: FindingKind = "value" if is_json else "not-json"
        return (Finding("$", text, str(error), "a message", kind),)
    return tuple(
        finding._replace(path=part.path + finding.path[1:])
        for part in found
        for finding in check_body(part.endpoint, part.kind, part.body, strict=strict)
    )


def _answer(data: bytes) -> tuple[Part, ...]:
    """Return the answer that a post brings; nothing when the post is not as it should be."""
    path = "$.data.response.payload"
    try:
        response = msgspec.json.decode(data, type=_Posted).response
        if response.type == "info":
            payload = msgspec.json.decode(response.payload, type=_Tagged)
            if isinstance(payload.type, UnsetType) or isinstance(payload.data, UnsetType):
                return ()
            return (Part("info", payload.type, bytes(payload.data), f"{path}.data"),)
        if response.type == "action":
            return (Part("exchange", _action_kind(response.payload), bytes(response.payload), path),)
    except msgspec.MsgspecError:
        pass
    return ()


def _action_kind(payload: Raw) -> str:
    """Return a kind of action whose answer has the form of this one."""
    try:
        inner = msgspec.json.decode(payload, type=_Payload).response
        kind = msgspec.json.decode(inner, type=_Tagged).type if isinstance(inner, Raw) else UNSET
    except msgspec.MsgspecError:
        kind = UNSET
    return kind if isinstance(kind, str) and ("exchange", kind) in KNOWN else "noop"


def _explorer_kind(frame: bytes) -> str:
    try:
        rows = msgspec.json.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        rows = []
    is_tx = bool(rows) and isinstance(rows[0], dict) and "action" in rows[0]
    return "explorerTxs" if is_tx else "explorerBlock"


def _is_json(frame: bytes) -> bool:
    try:
        msgspec.json.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True
