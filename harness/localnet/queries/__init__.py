"""`POST /info`: the registry, filled by the handlers, and how a query finds its handler."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.answers import BadShape
from harness.localnet.parsing import Repeated, convert
from harness.localnet.queries import (
    active_asset,
    annotations,
    books,
    builders,
    candles,
    deploys,
    fills,
    funding,
    groups,
    lending,
    modes,
    money,
    multi_sig,
    orders,
    outcomes,
    portfolio,
    referral,
    spot,
    staking,
    state,
    trades,
    twaps,
    universe,
    users,
    validators,
    web_data,
)
from harness.localnet.queries.registry import QUERIES, Entry, Query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

__all__ = [
    "QUERIES",
    "active_asset",
    "annotations",
    "answer",
    "books",
    "builders",
    "candles",
    "deploys",
    "fills",
    "funding",
    "groups",
    "lending",
    "modes",
    "money",
    "multi_sig",
    "orders",
    "outcomes",
    "portfolio",
    "read",
    "referral",
    "spot",
    "staking",
    "state",
    "trades",
    "twaps",
    "universe",
    "users",
    "validators",
    "web_data",
]


_print: Final = msgspec.json.Encoder().encode


def answer(exchange: "Exchange", body: object) -> bytes:
    """Return the answer to one query as JSON.

    Raises:
        BadShape: the body does not deserialize.
        NotCovered: localnet does not serve this query.
        Unservable: a value cannot be served.
    """
    entry, asked = read(body)
    found = entry.handler(exchange, asked)
    return found if isinstance(found, bytes) else _print(found)


def read(body: object) -> tuple[Entry, Query]:
    """Return a query's entry and its typed form.

    Raises:
        BadShape: the body does not deserialize.
        NotCovered: localnet does not serve this query.
    """
    kind, fields = _split(body)
    entry = QUERIES.get(kind)
    if entry is None:
        raise BadShape("unknown query type")
    if isinstance(fields, list):
        fields = _named(entry, fields)
    elif isinstance(body, Repeated) and body.repeated & {"type", *entry.form.__struct_fields__}:
        raise BadShape("a key is there twice")
    return entry, convert(fields, entry.form)


def _split(body: object) -> tuple[str, dict[str, object] | list[object]]:
    """Return type and fields of a query: an object, or an array with the type first (wire rule 11)."""
    fields: dict[str, object] | list[object]
    if isinstance(body, dict):
        kind, fields = body.get("type"), body
    elif isinstance(body, list) and body:
        kind, fields = body[0], body[1:]
    else:
        raise BadShape("neither object nor array")
    if not isinstance(kind, str):
        raise BadShape("no type")
    return kind, fields


def _named(entry: Entry, values: list[object]) -> dict[str, object]:
    """Name positional values; that optional ones may be left out at the end is UNVERIFIED."""
    names = entry.form.__struct_encode_fields__
    if len(values) > len(names):
        raise BadShape("too many values")
    return dict(zip(names, values, strict=False))
