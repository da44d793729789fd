"""Commands that move money in ways that no client can ask for; the forms of `control.money`."""

from decimal import Decimal
from typing import Final

from harness.localnet.control.forms import Command, Result, refuse_negative
from harness.localnet.control.localnet import Localnet
from harness.localnet.markets.routes import Route


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


class OpenProtocolVault(Command):
    """Make a vault of the protocol with others below it."""

    name = "openProtocolVault"
    leader: str
    usd: Decimal
    title: str = "Hyperliquidity Provider (HLP)"
    children: int = 2

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        refuse_negative("usd", self.usd)
        vault = net.open_protocol_vault(self.leader, self.usd, name=self.title, children=self.children)
        return {"vault": vault}


class NetChildVaults(Command):
    """Close opposite positions of a vault's children against each other, at the mark."""

    name = "netChildVaults"
    vault: str

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.net_child_vaults(self.vault)
        return {}


class StartFeeTrial(Command):
    """Let a part of the fees of an account's fills wait in escrow."""

    name = "startFeeTrial"
    address: str
    percent: int

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.start_fee_trial(self.address, self.percent)
        return {}


class SetUsdcRoutes(Command):
    """Say by which way USDC comes and goes."""

    name = "setUsdcRoutes"
    deposit: Route
    withdrawal: Route

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_usdc_routes(self.deposit, self.withdrawal)
        return {}


class KeepAgents(Command):
    """Let the named agents of an account never end."""

    name = "keepAgents"
    address: str

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.keep_agents(self.address)
        return {}


MONEY_COMMANDS: Final[tuple[type[Command], ...]] = (
    SendFromEvm,
    OpenProtocolVault,
    NetChildVaults,
    StartFeeTrial,
    SetUsdcRoutes,
    KeepAgents,
)
