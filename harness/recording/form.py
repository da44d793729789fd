"""The form of a cassette: its keys, as `document` reads and writes them."""

from typing import Literal

import msgspec

from harness.recording.tape import Command, Example, FrameWay


class StepRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the harness knows of one interaction."""

    asked_by: str
    clock_ms: int
    timeout_s: float | None = None
    delay_s: float | None = None
    unproven: bool = False


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `harness` part of the file."""

    format: int
    scenario: str
    target: str
    unproven: int
    sdk: str
    harness: str
    clock: str
    started_ms: int
    universe: dict[str, str]
    sdk_draws: list[str]
    venue_draws: list[str]
    commands: list[Command]
    examples: list[Example] | None
    steps: list[StepRow]
    body_steps: int | None = None
    frames: int = 0
    body_frames: int | None = None
    digest: str | None = None


class FrameFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which websocket a frame passed on, which way, and where on the tape."""

    socket: int
    way: FrameWay
    steps: int = 0
    commands: int = 0
    waits: int = 0
    unproven: bool = False


class FrameRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One frame of a websocket."""

    at: FrameFacts
    text: str = ""


class VcrRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request in VCR's form."""

    method: str
    uri: str
    headers: dict[str, list[str]]
    body: str


class VcrStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A status in VCR's form."""

    code: int
    message: str


class VcrBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of an answer in VCR's form."""

    string: str


class VcrResponse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer in VCR's form."""

    headers: dict[str, list[str]]
    body: VcrBody
    status: VcrStatus


class Interaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request and its answer in VCR's form."""

    request: VcrRequest
    response: VcrResponse


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Literal[1]
    harness: Facts
    interactions: list[Interaction]
    frames: list[FrameRow] = []
