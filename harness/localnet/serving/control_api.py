"""`POST /control/<command>`: the commands over HTTP, for this machine only.

Not part of the exchange. Web pages are kept out: they name their origin, and a page on this machine's own
hosts is the only one that may command. Errors are JSON with what was found and, where there is something to
say, what is needed and what to do.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from harness.localnet.answers import Answer
from harness.localnet.asks import LocalnetError
from harness.localnet.control.commands import COMMANDS, TO_READ, carry_out
from harness.localnet.control.localnet import Localnet
from harness.localnet.serving.loopback import is_loopback, is_loopback_host

PREFIX: Final = "/control"
_SEND: Final = "Send a POST with the header content-type: application/json and a JSON object, {} for none."


def is_control(path: str) -> bool:
    """Say whether a path belongs to the control API."""
    return path == PREFIX or path.startswith(PREFIX + "/")


def answer_control(
    net: Localnet, method: str, path: str, headers: Mapping[str, str], peer: str | None, body: bytes
) -> Answer:
    """Answer one request.

    Args:
        net: what is commanded.
        method: of HTTP.
        path: `/control/` and the command.
        headers: by lower-case name.
        peer: the address that the request comes from, None when it is not known.
        body: a JSON object; empty for none.
    """
    stranger = _stranger(headers, peer)
    if stranger is not None:
        return _error(
            403,
            stranger,
            "A program on this machine, without a foreign Host or Origin.",
            "Send it to a loopback address from a program, such as curl, or from a page of this machine.",
        )
    name = path.removeprefix(PREFIX).strip("/")
    if name not in COMMANDS:
        return _error(
            404, f"There is no command {name!r}.", f"One of {', '.join(sorted(COMMANDS))}.", TO_READ
        )
    if method != "POST":
        return _error(405, f"The method is {method}.", "POST.", _SEND, {"allow": "POST"})
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _error(415, "The content type is not JSON.", "application/json.", _SEND)
    try:
        fields = msgspec.json.decode(body or b"{}")
    except (ValueError, RecursionError) as error:
        return _error(400, f"The body is not JSON: {error}.", "A JSON object.", _SEND)
    try:
        return _json(200, carry_out(net, name, fields))
    except LocalnetError as error:
        return _error(400, error.found, error.needed, error.do)


def _stranger(headers: Mapping[str, str], peer: str | None) -> str | None:
    """Say who must not command, or None for who may."""
    host, origin = headers.get("host"), headers.get("origin")
    if peer is None or not is_loopback(peer):
        return f"The request comes from {peer or 'an unknown address'}."
    if host is None or not is_loopback_host(host):
        return f"The Host is {host!r}."
    if origin is not None and not is_loopback(urlsplit(origin).hostname or ""):
        return f"The Origin is {origin!r}."
    return None


def _json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(value).encode(), headers=headers or {})


def _error(status: int, found: str, needed: str, do: str, headers: Mapping[str, str] | None = None) -> Answer:
    told = {"found": found, "needed": needed, "do": do}
    return _json(status, {name: text for name, text in told.items() if text}, headers)
