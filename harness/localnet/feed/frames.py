"""What clients send over the feed, parsed: ping, subscribe, unsubscribe, post.

Source: WSP, section 4; API docs, "Post requests"; Galleon is galleonlabs/hypergrok-trading-desk pull request
19, which asked both networks on 2026-08-28. UNVERIFIED: that text after the first JSON value is not read, as
over HTTP (wire rule 5), and that unknown keys beside the known ones are ignored.
"""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from harness.localnet.answers import BadShape
from harness.localnet.feed import contexts, explorer, market, outcomes, rows, states, users
from harness.localnet.feed.streams import STREAMS, Subscription
from harness.localnet.parsing import U64, convert, first_value

__all__ = [
    "Ping",
    "Post",
    "Subscribe",
    "contexts",
    "explorer",
    "market",
    "outcomes",
    "parse",
    "rows",
    "states",
    "users",
]


@dataclass(frozen=True, slots=True)
class Ping:
    """A sign of life."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Subscribe to a feed, or unsubscribe from it."""

    method: str
    asked: Subscription


class PostBody(msgspec.Struct):
    """What is posted: a query or a signed action, as the HTTP endpoints take them."""

    type: Literal["info", "action"]
    payload: Any


class Post(msgspec.Struct):
    """A request with an id that the answer carries."""

    id: U64
    request: PostBody


def parse(text: str) -> Ping | Subscribe | Post:
    """Return what a client sent.

    Raises:
        BadShape: the exchange does not understand it either.
        NotCovered: the exchange would.
    """
    try:
        value = first_value(text.encode())
    except ValueError as error:
        raise BadShape(str(error)) from error
    if not isinstance(value, dict):
        raise BadShape("no object")
    method = value.get("method")
    if method == "ping":
        return Ping()
    if method == "post":
        return convert(value, Post)
    if method not in ("subscribe", "unsubscribe"):
        raise BadShape("unknown method")
    return Subscribe(str(method), _subscription(value.get("subscription")))


def _subscription(value: object) -> Subscription:
    if not isinstance(value, dict):
        raise BadShape("no subscription")
    kind = value.get("type")
    if not isinstance(kind, str):
        raise BadShape("no subscription type")
    entry = STREAMS.get(kind)
    if entry is None:
        # `webData2` is no subscription any more, on testnet neither (wire rule 115; Galleon).
        raise BadShape("unknown subscription type")
    return convert(value, entry.form)
