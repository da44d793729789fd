"""The base of the commands that come as JSON."""

from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from harness.localnet.asks import LocalnetError
from harness.localnet.control.localnet import Localnet

Result = dict[str, Any]


class Command(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """The base of all commands; the fields are what the JSON object holds.

    `is_input` says whether a saved state holds it: a command that changes accounts, prices or rules. Time
    and prices that are moved are held as what they come to; snapshots, pauses and faults are no part of it.
    """

    name: ClassVar[str]
    is_input: ClassVar[bool] = True

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        raise NotImplementedError


def refuse_negative(name: str, value: Decimal) -> None:
    """Refuse a figure below zero, or one that is none."""
    if not value.is_finite() or value < 0:
        raise LocalnetError(f"{name} is {value}.", needed="Zero or more.")
