"""Actions that are signed as they stand: the fields of their form, in its order."""

import msgspec

from harness.localnet.actions.registry import Action
from harness.localnet.parsing import U64


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """The base of what a variant holds."""


class TypedAction(Action):
    """The base of L1 actions whose form is what is signed; what was not sent is left out."""

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        rebuilt: dict[str, object] = msgspec.to_builtins(self, enc_hook=_plain)
        return rebuilt


class OneOf(TypedAction):
    """The base of actions that hold exactly one variant beside their type."""

    def __post_init__(self) -> None:
        if len(self._given()) != 1:
            raise ValueError("not exactly one variant")

    def variant(self) -> tuple[str, object]:
        """Return the name of the variant, and what it holds."""
        (name,) = self._given()
        return name, getattr(self, name)

    def _given(self) -> list[str]:
        return [name for name in variants_of(type(self)) if getattr(self, name) is not msgspec.UNSET]


def variants_of(form: type[Action]) -> list[str]:
    """Return the names of which an action holds exactly one, if it does so."""
    return [name for name in form.__struct_fields__ if name != "type"] if issubclass(form, OneOf) else []


def _plain(value: object) -> object:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, U64):
        return int(value)
    raise TypeError(f"no wire form for {type(value).__name__}")
