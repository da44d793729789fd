"""What can be found wrong with a cassette by looking at it alone: `hl-harness cassettes verify`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from harness.errors import CassetteError
from harness.recording import universe
from harness.recording.cassette import name_of
from harness.recording.document import dump, parse
from harness.recording.envelopes import envelope_of, signatures
from harness.recording.parts import Part, parts
from harness.recording.replay_values import PUBLIC_KEYS, is_placeholder_name, key_address
from harness.recording.survey import Survey, is_public, survey
from harness.recording.tape import Tape

_KEY_BYTES = 32


class Problem(msgspec.Struct, frozen=True):
    """One thing about one cassette; a `note` is no fault, but cannot be told by looking."""

    path: str
    where: str
    found: str
    kind: Literal["fault", "note"] = "fault"


def check(path: Path, cassettes: Path) -> list[Problem]:
    """Return what is wrong with the cassette at `path`, whose universe files lie below `cassettes`."""
    try:
        content = path.read_bytes()
        tape = parse(content, path=path, record_command="")
    except OSError as error:
        return [Problem(str(path), "", f"cannot be read: {error.strerror}")]
    except CassetteError as error:
        return [Problem(str(path), "", error.found)]
    found = [Problem(str(path), where, text) for where, text in _faults(path, tape, content, cassettes)]
    return found + [Problem(str(path), where, text, kind) for where, text, kind in _signatures(tape)]


def _faults(path: Path, tape: Tape, content: bytes, cassettes: Path) -> Iterator[tuple[str, str]]:
    known: frozenset[str] = frozenset()
    try:
        known = universe.read(cassettes, tape.provenance.universe).addresses
    except CassetteError as error:
        yield "its universe", error.found
    if path.is_relative_to(cassettes) and cassettes / name_of(tape.provenance.scenario) != path:
        yield "its scenario", f"the cassette of {tape.provenance.scenario} has another name"
    if dump(tape) != content:
        yield "", "the file is not as --record writes it, though it says the same"
    if tape.provenance.target == "testnet":
        if b"\n  digest: " not in content:
            yield "", "a recording of testnet without its digest: nobody can tell whether it was changed"
        yield from _people(tape, survey(parts(tape)), known)
    yield from _clocks(tape)
    yield from _nonces(tape)
    yield from _frames(tape)


def public_keys(tape: Tape) -> dict[str, str]:
    """Return who is known to sign on a tape, by digits: replay accounts, and agents that the SDK drew."""
    known = {digits: f"replay account {number}" for number, digits in enumerate(PUBLIC_KEYS)}
    for number, draw in enumerate(tape.sdk_draws, start=1):
        address = key_address(bytes.fromhex(draw)) if len(draw) == 2 * _KEY_BYTES else None
        if address:
            known[address] = f"the agent of draw {number}"
    return known


def _people(tape: Tape, found: Survey, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    allowed = {*known, *public_keys(tape), *tape.venue_draws}
    for value, where in found.told.items():
        if not is_public(value, allowed):
            yield where, f"0x{value} is somebody's: neither a replay account nor a placeholder"
    for name in found.names:
        if not is_placeholder_name(name):
            yield "an answer", f"the name {name!r} is somebody's: neither the scenario's nor a placeholder"


def _signatures(tape: Tape) -> Iterator[tuple[str, str, Literal["fault", "note"]]]:
    known = public_keys(tape)
    said: dict[str, str] | None = None
    for part, envelope in envelopes(tape):
        for one in signatures(envelope, known):
            where = f"{part.where}, {one.where}"
            if one.signer not in known and said is None:
                said = survey(parts(tape)).said
            if one.signer is None:
                yield where, "the signature belongs to no address", "note"
            elif one.signer not in known and said and one.signer in said:
                yield where, f"signed by 0x{one.signer}, whom the scenario names", "note"
            elif one.signer not in known and envelope["action"].get("type") == "multiSig":
                yield (
                    where,
                    "nobody known signed this; a multi-sig action may be signed for a vault that is not sent",
                    "note",
                )
            elif one.signer not in known:
                yield (
                    where,
                    f"it recovers to 0x{one.signer}, which is no replay account and no agent",
                    "fault",
                )


def envelopes(tape: Tape) -> Iterator[tuple[Part, dict[str, Any]]]:
    """Yield each signed action on a tape, with what it stands in."""
    for part in parts(tape):
        envelope = envelope_of(part.text) if part.way == "sent" else None
        if envelope is not None:
            yield part, envelope


def _stretches(tape: Tape) -> Iterator[range]:
    """Yield the steps that one exchange answered: on localnet each example has a fresh one."""
    if tape.provenance.target == "localnet" and tape.examples:
        for example in tape.examples:
            yield range(example.first, example.last)
    elif not any(command.name == "revert" for command in tape.commands):
        yield range(len(tape.steps))


def _clocks(tape: Tape) -> Iterator[tuple[str, str]]:
    for stretch in _stretches(tape):
        for number in stretch[1:]:
            before, now = tape.steps[number - 1].clock_ms, tape.steps[number].clock_ms
            if now < before:
                yield f"step {number + 1}", f"the clock goes back, from {before} to {now}"


def _nonces(tape: Tape) -> Iterator[tuple[str, str]]:
    """Look for nonces that the exchange accepted twice of one signer, which it never does (wire rule 68)."""
    known = public_keys(tape)
    for stretch in _stretches(tape):
        used: Mapping[str | None, set[object]] = defaultdict(set)
        for number in stretch:
            step = tape.steps[number]
            envelope = envelope_of(step.request.body)
            if envelope is None or '"status":"ok"' not in step.reply.body.replace(" ", ""):
                continue
            for one in signatures(envelope, known)[-1:]:
                if envelope["nonce"] in used[one.signer]:
                    yield f"step {number + 1}", f"nonce {envelope['nonce']} was accepted before"
                used[one.signer].add(envelope["nonce"])


def _frames(tape: Tape) -> Iterator[tuple[str, str]]:
    open_sockets: dict[int, bool] = {}
    last = (0, 0, 0)
    for number, frame in enumerate(tape.frames, start=1):
        where = f"frame {number}"
        place = (frame.place.steps, frame.place.commands, frame.place.waits)
        if any(now < before for now, before in zip(place, last, strict=True)):
            yield where, f"it stands {frame.place}, before the frame above it"
        if frame.place.steps > len(tape.steps) or frame.place.commands > len(tape.commands):
            yield where, f"it stands {frame.place}, after the end of the tape"
        last = place
        if frame.way == "opened":
            if frame.socket in open_sockets:
                yield where, f"websocket {frame.socket} is opened twice"
            open_sockets[frame.socket] = True
        elif not open_sockets.get(frame.socket):
            yield where, f"websocket {frame.socket} is not open"
        if frame.way in ("closed", "dropped"):
            open_sockets[frame.socket] = False
