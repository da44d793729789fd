"""The check of every answer that passes the door, asked or not.

What an HTTP status other than 200 may carry is known too: the front end's plain texts, and JSON null for
limits and failures.

Source: wire rules 1 to 3 and 31 to 33.
"""

from typing import Literal, NamedTuple

import msgspec

from harness.shapes.base import decoder, nearest_form
from harness.shapes.differences import shown
from harness.shapes.registry import KNOWN, Known, kind_of

FindingKind = Literal["type", "value", "missing-field", "unknown-field", "no-shape", "http", "not-json"]


class Finding(NamedTuple):
    """One thing about an answer that is not as known.

    Args:
        path: where, from the answer's root.
        found: what stands there, cut when long.
        expected: what the shape demands.
        shape: the name of the shape, or of the kind when there is no shape.
        kind: `type`, `value`, `missing-field`, `unknown-field`, `no-shape` (nothing is known of this kind of
            request), `http` (a status or its body), or `not-json`.
        severity: `error`, or `notice` for what only has to be reported: a kind without a shape, and unknown
            fields when the check is not strict.
    """

    path: str
    found: str
    expected: str
    shape: str
    kind: FindingKind
    severity: Literal["error", "notice"] = "error"

    def __str__(self) -> str:
        return f"{self.shape} {self.path}: found {self.found}, expected {self.expected}"


FRONT_END_TEXTS = {
    400: "Failed to parse the request body as JSON",
    415: "Expected request with `Content-Type: application/json`",
    422: "Failed to deserialize the JSON body into the target type",
}
"""The plain-text bodies of requests that never reach the exchange (wire rule 2)."""

NULL_STATUSES = (429, 500)
"""HTTP statuses whose body is JSON null: the IP limit, and values that cannot be served (wire rule 3)."""


def check(
    path: str, request: object, status: int, body: bytes, *, strict: bool = True
) -> tuple[Finding, ...]:
    """Return what is wrong with an answer; nothing when it has the form that the exchange is known to give.

    Args:
        path: the request's path, `/info` or `/exchange`, or its whole URL.
        request: the decoded JSON request.
        status: the HTTP status of the answer.
        body: the answer as it came.
        strict: unknown fields are errors; otherwise they are notices.

    Never raises for a bad answer.
    """
    if status != 200:
        return check_status(status, body)
    endpoint, kind = kind_of(path, request)
    return check_body(endpoint, kind, body, strict=strict)


def check_body(endpoint: str, kind: str, body: bytes, *, strict: bool = True) -> tuple[Finding, ...]:
    """Return what is wrong with the body of an answer with HTTP status 200; see `check`.

    Args:
        endpoint: `info` or `exchange`.
        kind: the request's type.
        body: the answer as it came.
        strict: unknown fields are errors; otherwise they are notices.
    """
    known = KNOWN.get((endpoint, kind))
    if known is None:
        return (_no_shape(endpoint, kind),)
    try:
        decoder(known.wire).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _explain(known, body, error, strict=strict)
    except RecursionError:
        return (Finding("$", "an answer nested too deeply", "a flat one", known.shape.__name__, "value"),)
    return ()


def check_status(status: int, body: bytes) -> tuple[Finding, ...]:
    """Return what is wrong with an answer whose HTTP status is not 200; see `check`."""
    if status in FRONT_END_TEXTS:
        expected = FRONT_END_TEXTS[status]
        if body == expected.encode():
            return ()
        return (Finding("$", _text(body), f"the text {expected!r}", f"HTTP {status}", "http"),)
    if status in NULL_STATUSES:
        if body.strip() == b"null":
            return ()
        return (Finding("$", _text(body), "null", f"HTTP {status}", "http"),)
    expected = "200, 400, 415, 422, 429 or 500"
    return (Finding("$", f"HTTP status {status}, {_text(body)}", expected, f"HTTP {status}", "http"),)


def _explain(known: Known, body: bytes, error: Exception, *, strict: bool) -> tuple[Finding, ...]:
    name = known.shape.__name__
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        return (Finding("$", _text(body), f"JSON ({problem})", name, "not-json"),)
    form, places = nearest_form(value, known.wire)
    if form is not known.wire and not places:
        return ()
    lenient = set() if strict else {"unknown-field"}
    found = tuple(
        Finding(
            place.path,
            place.found,
            place.expected,
            name,
            place.kind,
            "notice" if place.kind in lenient else "error",
        )
        for place in places
    )
    return found or (Finding("$", str(error), "the known shape", name, "value"),)


def _no_shape(endpoint: str, kind: str) -> Finding:
    name = f"{endpoint} {kind}".strip()
    found = f"an answer to {name or 'a request without a type'}"
    return Finding("$", found, "a kind with a shape", name, "no-shape", "notice")


def _text(body: bytes) -> str:
    return shown(body[:200].decode("utf-8", "replace"))
