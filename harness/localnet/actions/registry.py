"""The register of `POST /exchange` actions: one small handler an action type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from harness.localnet.accounts.ledger import Ledger

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

OK: Final[dict[str, object]] = {"type": "default"}


class Action(msgspec.Struct, forbid_unknown_fields=True):
    """The base of all actions; fields are what the wire carries, in the order that is signed."""

    user_signed: ClassVar[bool] = False
    # Not for agents, though signed as an L1 action.
    needs_own_key: ClassVar[bool] = False
    type: str

    def signed(self) -> dict[str, object]:
        """Return the action as the exchange rebuilds it before hashing (wire rules 6 and 73)."""
        raise NotImplementedError

    def spell_lower(self) -> None:
        """Sign addresses in lower case, however they were sent."""

    def entries(self) -> int:
        """Return how many requests the action counts for (wire rule 106)."""
        return 1

    def refuse_uncovered(self, call: "Call") -> None:
        """Raise NotCovered for what the exchange knows and localnet does not; nothing has happened yet."""


class Call(msgspec.Struct, frozen=True):
    """One accepted action.

    Args:
        exchange: where.
        account: the account it acts on.
        nonce: the envelope's.
    """

    exchange: "Exchange"
    account: Ledger
    nonce: int = 0


Handler = Callable[[Call, Any], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Entry:
    """An action's form, and what carries it out."""

    form: type[Action]
    handler: Handler
    # Nobody here can do it: all it has is its refusals.
    only_refuses: bool = False


ACTIONS: Final[dict[str, Entry]] = {}


def action(name: str, form: type[Action], *, only_refuses: bool = False) -> Callable[[Handler], Handler]:
    """Register the handler of one action type."""

    def register(handler: Handler) -> Handler:
        ACTIONS[name] = Entry(form, handler, only_refuses)
        return handler

    return register


def statuses(kind: str, elements: list[Any]) -> dict[str, object]:
    """Return the answer of an action that answers per element (wire rule 31)."""
    return {"type": kind, "data": {"statuses": elements}}
