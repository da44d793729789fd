"""Commands about validators, and about whom the exchange serves."""

from typing import Any, Final

from harness.localnet.control.chain import VOTE_MS, Restriction
from harness.localnet.control.forms import Command, Result
from harness.localnet.control.localnet import Localnet


class OpenVote(Command):
    """Let validators vote on something, for three days unless told; nothing is done about it."""

    name = "openVote"
    action: dict[str, Any]
    voters: tuple[str, ...] = ()
    ms: int = VOTE_MS

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.open_vote(self.action, self.voters, expires_ms=self.ms)
        return {}


class Jail(Command):
    """Let validators have jailed one of them, which may unjail itself after a while."""

    name = "jail"
    address: str
    ms: int

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.jail(self.address, self.ms)
        return {}


class Restrict(Command):
    """Let the web page keep something from an account, as `legalCheck` tells."""

    name = "restrict"
    address: str
    restriction: Restriction

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.restrict(self.address, self.restriction)
        return {}


CHAIN_COMMANDS: Final[tuple[type[Command], ...]] = (Jail, OpenVote, Restrict)
