"""What a difference between a sent request and a recorded one means, field by field."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from harness.recording.layout import canonical
from harness.recording.tape import Request, Step, nonce_of

_ABSENT = object()
_SHOWN_CHARACTERS = 160
_SHOWN_DIFFERENCES = 12
# What names an order by its cloid; `oid` may hold either number.
_CLOID_FIELD = re.compile(r"(?:^|\.)(?:c|cloid|oid)\Z")
_CLOID = re.compile(r'"0x[0-9a-fA-F]{32}"\Z')


class Difference(NamedTuple):
    """One field that differs: its path, and both values as JSON text (`absent` where it is missing)."""

    path: str
    recorded: str
    sent: str


def differences(recorded: Request, sent: Request) -> list[Difference]:
    """Return every field in which the two requests differ, the order of keys included."""
    found = [
        Difference(name, str(old), str(new))
        for name, old, new in (
            ("method", recorded.method, sent.method),
            ("uri", recorded.uri, sent.uri),
            ("timeout_s", recorded.timeout_s, sent.timeout_s),
        )
        if old != new
    ]
    old_headers, new_headers = dict(recorded.headers), dict(sent.headers)
    found += [
        Difference(f"header {name}", old_headers.get(name, "absent"), new_headers.get(name, "absent"))
        for name in sorted({*old_headers, *new_headers})
        if old_headers.get(name) != new_headers.get(name)
    ]
    if canonical(recorded.body) != canonical(sent.body):
        found += _body_differences(recorded.body, sent.body)
    return found


def frame_differences(recorded: str, sent: str) -> list[Difference]:
    """Return every field in which two websocket frames differ, the order of keys included."""
    return [] if canonical(recorded) == canonical(sent) else _body_differences(recorded, sent)


class _Number(str):
    """A number as its digits: 1.0 is not 1.00, and neither is the text "1.0"."""

    __slots__ = ()


def _with_digits(text: str) -> Any:
    return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)


def _body_differences(recorded: str, sent: str) -> list[Difference]:
    try:
        old, new = _with_digits(recorded), _with_digits(sent)
    except ValueError:
        return [Difference("body", shortened(recorded), shortened(sent))]
    return list(_walk("", old, new)) or [Difference("body", shortened(recorded), shortened(sent))]


def _walk(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _walk(f"{path}.{key}".lstrip("."), old.get(key, _ABSENT), new.get(key, _ABSENT))
        if list(old) != list(new) and set(old) == set(new):
            place = path or "body"
            yield Difference(f"{place}: order of keys", ", ".join(old), ", ".join(new))
    elif isinstance(old, list) and isinstance(new, list):
        for number in range(max(len(old), len(new))):
            yield from _walk(f"{path}[{number}]", _item(old, number), _item(new, number))
    elif type(old) is not type(new) or old != new:
        yield Difference(path or "body", _text(old), _text(new))


def _item(items: list[Any], number: int) -> Any:
    return items[number] if number < len(items) else _ABSENT


def _text(value: Any) -> str:
    return "absent" if value is _ABSENT else shortened(_as_json(value))


def _as_json(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_as_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_as_json, value)) + "]"
    return json.dumps(value)


def shortened(text: str) -> str:
    """Return a text as it is shown: on one line, and cut if it is long."""
    text = canonical(text)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def meaning(found: Sequence[Difference], sent: Request) -> str:
    """Say in a sentence what these differences mean."""
    paths = [difference.path for difference in found]
    if not sent.path.endswith("/exchange"):
        what = (
            "another read" if any(_is_body(path) for path in paths) else "the same read in another envelope"
        )
        return f"This is a read: {what} was sent, nothing is signed."
    if any(path in ("action", "body") or path.startswith(("action.", "action:")) for path in paths):
        if all(path.endswith("order of keys") or path.startswith("signature") for path in paths):
            return (
                "The action says the same with its keys in another order. The order is part of what is "
                "signed, so the exchange would recover another signer."
            )
        return "The action itself differs, and with it the signature: the exchange would do something else."
    if all(path.startswith("signature") for path in paths):
        return (
            "Only the signature differs: action, nonce and envelope are the same, so the hash, the signed "
            "payload, the network or the key changed. The exchange would recover another signer."
        )
    if any(path.startswith("signature") for path in paths):
        return "The action is the same, but its signed envelope (nonce, vaultAddress, expiresAfter) differs."
    return "Only the envelope around the signed action differs."


def meaning_of_frame(found: Sequence[Difference]) -> str:
    """Say in a sentence what these differences between two websocket frames mean."""
    paths = [difference.path for difference in found]
    if all(path.endswith("order of keys") for path in paths):
        return "The frame says the same with its keys in another order; nothing in it is signed."
    if any(path.startswith("request.payload") for path in paths):
        return "Another request is posted: the exchange would do or answer something else."
    if any(path.startswith("subscription") for path in paths):
        return "Another feed is meant: the exchange would send other messages."
    return "The frame asks for something else."


OTHER_CLOID = (
    "Only cloids differ. One that comes from uuid, secrets, random or the time is another one at each run; "
    "then recording again does not help: draw it from venue.cloid()."
)
OTHER_ORDER = (
    "Only the nonce differs, and it is that of another recorded action: one was left out or added, or they "
    "came in another order. Threads that share an exchange take turns by chance; then recording again does "
    "not help: let one thread send at a time, in a fixed order."
)


def remedy(found: Sequence[Difference]) -> str:
    """Say what to do when cloids alone differ, which mostly is chance; "" when more does, or nothing."""
    unsigned = _unsigned(found)
    return OTHER_CLOID if unsigned and all(_is_cloid(one) for one in unsigned) else ""


def _unsigned(found: Sequence[Difference]) -> list[Difference]:
    return [one for one in found if "signature" not in one.path.split(".")]


def _is_cloid(one: Difference) -> bool:
    values = (one.recorded, one.sent)
    return bool(_CLOID_FIELD.search(one.path)) and all(_CLOID.match(value) for value in values)


def under_other_nonce(steps: Sequence[Step], cursor: int, sent: Request) -> int | None:
    """Return the number of the recorded step that `sent` is but for its nonce, which is another step's.

    Of several the next one after `cursor` is meant; None when there is none.
    """
    nonce = nonce_of(sent)
    if nonce is None or all(nonce_of(step.request) != nonce for step in steps):
        return None
    for number in chain(range(cursor, len(steps)), range(cursor)):
        found = differences(steps[number].request, sent)
        if [one.path for one in _unsigned(found)] == ["nonce"]:
            return number
    return None


def _is_body(path: str) -> bool:
    return path not in ("method", "uri", "timeout_s") and not path.startswith("header ")


def table(found: Sequence[Difference]) -> str:
    """Return the differences as aligned lines; a signature that had to differ is one of them."""
    signature = [one for one in found if one.path.startswith("signature.")]
    if len(signature) < len(found) and signature:
        found = [one for one in found if one not in signature]
        found = [*found, Difference("signature", "", "differs too, because it covers the above")]
    shown = found[:_SHOWN_DIFFERENCES]
    width = max(len(difference.path) for difference in shown)
    lines = [
        f"  {one.path.ljust(width)}  recorded {one.recorded}  sent {one.sent}"
        if one.path != "signature"
        else f"  {one.path.ljust(width)}  {one.sent}"
        for one in shown
    ]
    if len(found) > len(shown):
        lines.append(f"  … and {len(found) - len(shown)} more")
    return "\n".join(lines)


def kind(request: Request) -> str:
    """Return what a request asks for, in the exchange's word: the type of its action or of its read."""
    decoded = request.decoded()
    if isinstance(decoded, dict):
        decoded = decoded.get("action", decoded)
    return str(decoded.get("type")) if isinstance(decoded, dict) else ""


def summary(request: Request) -> str:
    """Return a request as one line: its action if it is signed, else its path and body."""
    decoded = request.decoded()
    if isinstance(decoded, dict) and isinstance(decoded.get("action"), dict):
        return shortened(json.dumps(decoded["action"]))
    return f"{request.path} {shortened(request.body)}"


def nearest(steps: Sequence[Step], cursor: int, sent: Request) -> int:
    """Return the number of the recorded step that `sent` resembles most; the expected one wins a tie.

    An equal step anywhere wins; otherwise only the step at `cursor` and its neighbours are compared, and of
    these only what asks for the same kind of thing.
    """
    for number in chain(range(cursor, len(steps)), range(cursor - 1, -1, -1)):
        if steps[number].request == sent:
            return number
    neighbours = [
        number
        for number in (cursor, cursor + 1, cursor - 1)
        if 0 <= number < len(steps) and (number == cursor or kind(steps[number].request) == kind(sent))
    ] or [len(steps) - 1]
    best: int = min(neighbours, key=lambda number: len(differences(steps[number].request, sent)))
    return best
