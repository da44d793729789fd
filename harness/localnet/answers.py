"""How a request can end: an answer, or one of the ways the exchange turns a request away."""

from collections.abc import Mapping
from typing import Final

import msgspec

from harness.localnet import messages

NOT_IMPLEMENTED_HEADER: Final = "x-localnet"
_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"


_NO_HEADERS: Final[Mapping[str, str]] = {}


class Answer(msgspec.Struct, frozen=True):
    """One HTTP answer.

    `not_implemented` where the real exchange knows what was asked, and localnet does not.
    """

    status: int
    body: bytes
    content_type: str = _JSON
    headers: Mapping[str, str] = _NO_HEADERS
    not_implemented: bool = False


def _text(status: int, message: str) -> Answer:
    return Answer(status, message.encode(), _TEXT)


NOT_JSON: Final = _text(400, messages.NOT_JSON)
WRONG_CONTENT_TYPE: Final = _text(415, messages.WRONG_CONTENT_TYPE)
WRONG_SHAPE: Final = _text(422, messages.WRONG_SHAPE)
RATE_LIMITED: Final = Answer(429, b"null")
UNSERVABLE: Final = Answer(500, b"null")


def not_implemented(what: str) -> Answer:
    """Return the exchange's own 422, plus a header that says that localnet lacks `what`."""
    return Answer(
        422,
        WRONG_SHAPE.body,
        _TEXT,
        {NOT_IMPLEMENTED_HEADER: "not-implemented", "x-localnet-missing": what},
        not_implemented=True,
    )


class Refused(Exception):
    """An action refused as a whole: `{"status":"err","response":text}`."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


class BadShape(Exception):
    """A body that does not deserialize: 422."""


class Unservable(Exception):
    """A value that parses and cannot be served: 500 with `null` (wire rule 3)."""


class NotCovered(Exception):
    """Something that the real exchange knows and localnet does not; raise it before anything changes.

    Args:
        what: a short name for the log, ASCII.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)
