"""The register of `POST /info` queries: one small handler a query type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from harness.localnet.accounts.ledger import DUSTER, Ledger
from harness.localnet.answers import Unservable
from harness.localnet.markets.dexes import Dex
from harness.localnet.parsing import Address

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

Handler = Callable[["Exchange", Any], object]


class Query(msgspec.Struct):
    """The base of all queries; unknown keys are ignored (wire rule 7)."""


class OfUser(Query):
    """A query about one account."""

    user: Address = msgspec.field()


class OfUserOnDex(OfUser):
    """A query about one account on one perp dex; the SDK always sends `dex: ""`."""

    dex: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A query's form, what answers it, and its weight against the IP limit (wire rule 105)."""

    form: type[Query]
    handler: Handler
    weight: int


QUERIES: Final[dict[str, Entry]] = {}


def query(name: str, form: type[Query], *, weight: int = 20) -> Callable[[Handler], Handler]:
    """Register the handler of one query type; a handler returns JSON values or a finished body."""

    def register(handler: Handler) -> Handler:
        QUERIES[name] = Entry(form, handler, weight)
        return handler

    return register


def dex_asked(exchange: "Exchange", name: str | None) -> Dex:
    """Return the perp dex that is asked for.

    Raises:
        Unservable: there is none of this name, as `meta` answers; that the others do the same is UNVERIFIED.
    """
    dex = exchange.universe.dex_named(name)
    if dex is None:
        raise Unservable(f"unknown dex {name}")
    return dex


def ledger_of(exchange: "Exchange", user: str) -> Ledger:
    """Return an account, or who sells dust; one that does not exist reads like an empty one."""
    return exchange.ledger(user) or (exchange.duster if user == DUSTER else Ledger(user))
