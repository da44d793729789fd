"""Answers that somebody recorded, read from files so that they can be checked against the shapes.

Four forms are known:

- a sample: a JSON object with `request`, `response` (the decoded body) and, unless it is 200, `http.status`;
- a cassette of VCR or go-vcr, as YAML or JSON: an object with `interactions`;
- messages of the websocket: in `response` of a sample named `ws_<channel>__….json`, or bare in a file with
  such a name; one message, a list of them, or the `data` of one;
- a universe: the bare answer to `meta` or `spotMeta`, in a file named `meta-<hash>.json` or `spotMeta-…`.

The kind of a sample comes from its request; where that is null or cut, from the file's name:
`info_<type>__….json` or `exchange_<type>__….json`, with `exchange_err__…` for a refusal of any action.

A sample may say in `kind` that it is an example of the official documentation, and not recorded: then the
known deviations of those examples pass, see `harness.shapes.documented`. Nothing else about it is let off.
"""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from harness.errors import SettingsError
from harness.shapes.checking import FRONT_END_TEXTS, Finding, check_body, check_status
from harness.shapes.documented import documented_forms_allowed
from harness.shapes.frames import check_message
from harness.shapes.registry import KNOWN, kind_of

_SUFFIXES = (".json", ".yaml", ".yml")
_NAMED = re.compile(r"(info|exchange)_([A-Za-z0-9]+)__")
_UNIVERSE = re.compile(r"(meta|spotMeta)-[0-9a-f]+\Z")
_DOCUMENTED = "example printed in the official documentation"
_MESSAGE = re.compile(r"ws_([A-Za-z0-9]+)__")
_UNPROVEN = "unproven: localnet does not implement what was asked, or a fault spoiled the answer"
_CHANNELS = {"userEvents": "user"}


class Recorded(NamedTuple):
    """One recorded answer.

    Args:
        file: where it stands.
        step: its number in a cassette, from 1; 0 when the file holds one answer only.
        endpoint: `info`, `exchange` or `ws`; empty when unknown.
        kind: the request's type, or the channel; empty when unknown.
        status: the HTTP status.
        body: the answer as bytes; of the websocket the whole message.
        skip: why it cannot be checked; empty when it can.
        is_documented: whether it is an example of the official documentation.
    """

    file: Path
    step: int
    endpoint: str
    kind: str
    status: int
    body: bytes
    skip: str = ""
    is_documented: bool = False

    def findings(self, *, strict: bool = True) -> tuple[Finding, ...]:
        """Return what is wrong with the answer; see `harness.shapes.check`."""
        if self.skip:
            return ()
        if self.status != 200:
            return check_status(self.status, self.body)
        with documented_forms_allowed() if self.is_documented else nullcontext():
            if self.endpoint == "ws":
                return check_message(self.body, strict=strict)
            return check_body(self.endpoint, self.kind, self.body, strict=strict)


def recorded_in(path: Path) -> Iterator[Recorded]:
    """Yield the answers below a path, by name: of one file, or of all JSON and YAML files of a folder.

    Raises:
        SettingsError: the path is missing, a file cannot be read or is damaged, or the only file has none
            of the known forms. In a folder such a file is yielded with `skip`.
    """
    if not path.exists():
        raise SettingsError(f"There is no {path}.", needed="A sample, a cassette, or a folder of them.")
    if not path.is_dir():
        yield from _answers(path, alone=True)
        return
    for file in sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file()):
        yield from _answers(file, alone=False)


def _answers(file: Path, *, alone: bool) -> Iterator[Recorded]:
    content = _load(file)
    if (universe := _UNIVERSE.match(file.stem)) and isinstance(content, Mapping):
        yield Recorded(file, 0, "info", universe[1], 200, msgspec.json.encode(content))
    elif isinstance(content, Mapping) and "interactions" in content:
        yield from _steps(file, content["interactions"], _unproven(content))
    elif file.name.startswith("ws_") and isinstance(content, Mapping | list):
        yield from _messages(file, content)
    elif isinstance(content, Mapping) and {"request", "response"} <= content.keys():
        yield _sample(file, content)
    elif alone:
        raise SettingsError(
            f"{file} is neither a sample nor a cassette.",
            needed="A JSON object with `request` and `response`, or a VCR cassette with `interactions`.",
        )
    else:
        yield Recorded(file, 0, "", "", 0, b"", skip="neither a sample nor a cassette")


def _load(file: Path) -> Any:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not text.", needed="A JSON or YAML file in UTF-8.") from None
    what = "YAML" if file.suffix in (".yaml", ".yml") else "JSON"
    try:
        if what == "YAML":
            return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return json.loads(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise SettingsError(f"{file} is not {what}: {problem}.", needed=f"A {what} file.") from None


def _sample(file: Path, content: Mapping[str, Any]) -> Recorded:
    http = content.get("http")
    status = http.get("status", 200) if isinstance(http, Mapping) else http
    status = status if isinstance(status, int) else 200
    response = content["response"]
    is_text = status in FRONT_END_TEXTS and isinstance(response, str)
    body = response.encode() if is_text else msgspec.json.encode(response)
    if file.name.startswith("part_"):
        return Recorded(file, 0, "", "", status, body, skip="only a part of an answer")
    endpoint, kind = _kind_of_sample(file.name, content["request"])
    skip = "" if kind or status != 200 else "neither its request nor its name tells the kind"
    return Recorded(file, 0, endpoint, kind, status, body, skip, _is_documented(content))


def _is_documented(content: object) -> bool:
    return isinstance(content, Mapping) and str(content.get("kind")).startswith(_DOCUMENTED)


def _messages(file: Path, content: Mapping[str, Any] | list[Any]) -> Iterator[Recorded]:
    """Yield the messages of a file, each as a whole message."""
    is_sample = isinstance(content, Mapping) and "response" in content
    found = content["response"] if isinstance(content, Mapping) and is_sample else content
    is_list = isinstance(found, list) and bool(found) and all(_is_message(one) for one in found)
    for step, message in enumerate(found, start=1) if is_list else [(0, found)]:
        yield _message(file, step, message)._replace(is_documented=_is_documented(content))


def _is_message(found: object) -> bool:
    return isinstance(found, Mapping) and isinstance(found.get("channel"), str)


def _message(file: Path, step: int, found: Any) -> Recorded:
    if isinstance(found, Mapping) and isinstance(found.get("method"), str):
        return Recorded(file, step, "", "", 200, b"", skip="a message of a client")
    named = _MESSAGE.match(file.name)
    if not _is_message(found) and named:
        # Only the data of the message was kept.
        found = {"channel": _CHANNELS.get(named[1], named[1]), "data": found}
    if not _is_message(found):
        return Recorded(file, step, "", "", 200, b"", skip="neither a message nor the data of a channel")
    return Recorded(file, step, "ws", found["channel"], 200, msgspec.json.encode(found))


def _kind_of_sample(name: str, request: object) -> tuple[str, str]:
    named = _NAMED.match(name)
    endpoints = [named[1]] if named else ["info", "exchange"]
    if isinstance(request, Mapping) and "action" in request:
        endpoints = ["exchange"]
    asked = [kind_of(endpoint, request) for endpoint in endpoints]
    candidates = [*asked, *([(named[1], named[2])] if named else [])]
    for candidate in candidates:
        if candidate in KNOWN:
            return candidate
    if ("exchange", "err") in candidates:
        # Any action can be refused, and all refusals look the same; noop's answer has nothing else in it.
        return "exchange", "noop"
    return next((candidate for candidate in candidates if candidate[1]), ("", ""))


def _unproven(content: Mapping[str, Any]) -> frozenset[int]:
    """Return the steps of our own cassettes whose answers prove nothing: not implemented, or spoiled."""
    facts = content.get("harness")
    rows = facts.get("steps") if isinstance(facts, Mapping) else None
    return frozenset(
        step
        for step, row in enumerate(rows if isinstance(rows, list) else [], start=1)
        if isinstance(row, Mapping) and row.get("unproven") is True
    )


def _steps(file: Path, interactions: object, unproven: frozenset[int]) -> Iterator[Recorded]:
    if not isinstance(interactions, list):
        raise SettingsError(f"{file}: `interactions` is no list.", needed="A cassette of VCR.")
    for step, interaction in enumerate(interactions, start=1):
        try:
            recorded = _step(file, step, interaction)
            skip = _UNPROVEN if step in unproven else ""
            yield recorded._replace(skip=skip) if skip else recorded
        except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
            raise SettingsError(
                f"{file}: interaction {step} is damaged: {type(error).__name__}: {error}.",
                needed="`request` with uri and body, `response` with status.code and body.string.",
            ) from None


def _step(file: Path, step: int, interaction: Mapping[str, Any]) -> Recorded:
    request, response = interaction["request"], interaction["response"]
    body = _body(response["body"]["string"] if isinstance(response["body"], Mapping) else response["body"])
    status = int(response["code"] if "code" in response else response["status"]["code"])
    path = str(request["uri"] if "uri" in request else request["url"]).partition("?")[0].rstrip("/")
    if not path.endswith(("/info", "/exchange")):
        return Recorded(file, step, "", "", status, body, skip=f"a request to {path}")
    sent = request["body"]
    if isinstance(sent, Mapping):
        sent = sent["string"]
    endpoint, kind = kind_of(path, json.loads(_body(sent)) if status == 200 else None)
    return Recorded(file, step, endpoint, kind, status, body)


def _body(text: str | bytes | None) -> bytes:
    raw = text.encode() if isinstance(text, str) else text or b""
    return gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
