"""Commands that move money in ways that no client can ask for; the forms of `control.money`."""

from decimal import Decimal
from typing import Final

from harness.localnet.control.forms import Command, Result, refuse_negative
from harness.localnet.control.localnet import Localnet


class SendFromEvm(Command):
    """Let a token come from the EVM; it waits some seconds before it is credited."""

    name = "sendFromEvm"
    address: str
    token: str
    amount: Decimal
    activate: bool = True

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        refuse_negative("amount", self.amount)
        net.send_from_evm(self.address, self.token, self.amount, activate=self.activate)
        return {}


MONEY_COMMANDS: Final[tuple[type[Command], ...]] = (SendFromEvm,)
