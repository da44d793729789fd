"""The base of what may be told to a localnet from outside."""

from typing import Any, ClassVar

import msgspec

from harness.localnet.control.localnet import Localnet

Result = dict[str, Any]


class Command(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """The base of all commands; the fields are what the JSON object holds."""

    name: ClassVar[str]

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        raise NotImplementedError
