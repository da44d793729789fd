"""The commands that tell a localnet of the world outside it; see `commands`."""

from decimal import Decimal
from typing import Final

import msgspec

from harness.localnet.control.forms import Command, Result, refuse_negative
from harness.localnet.control.localnet import Localnet
from harness.localnet.markets.outcomes import Template


class CapOpenInterest(Command):
    """Cap the open interest of a coin of the first dex, in USD; null for no cap."""

    name = "capOpenInterest"
    coin: str
    usd: Decimal | None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.cap_open_interest(self.coin, self.usd)
        return {}


class SlowOpenInterest(Command):
    """Let the open interest of a coin increase too quickly, or no longer."""

    name = "slowOpenInterest"
    coin: str
    is_too_quick: bool = True

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.slow_open_interest(self.coin, is_too_quick=self.is_too_quick)
        return {}


class LimitOpenOrders(Command):
    """Set how many orders an account may have open; null for the documented limit."""

    name = "limitOpenOrders"
    most: int | None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.limit_open_orders(self.most)
        return {}


class FailOrder(Command):
    """Let the exchange cancel an open order because of an error of its own."""

    name = "failOrder"
    address: str
    oid: int

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.fail_order(self.address, self.oid)
        return {}


class SetVenueFunding(Command):
    """Tell the funding of a coin on another venue; null where it tells none."""

    name = "setVenueFunding"
    coin: str
    venue: str
    rate: Decimal | None
    next_ms: int = 0
    hours: int | None = None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_venue_funding(self.coin, self.venue, self.rate, next_ms=self.next_ms, hours=self.hours)
        return {}


class RegisterTemplate(Command):
    """Let validators agree on a template: side names or a parent, or neither for a question's."""

    name = "registerTemplate"
    id: str
    title: str = msgspec.field(name="name")
    description: str = ""
    keywords: list[tuple[str, str]] = msgspec.field(default_factory=list)
    side_names: tuple[str, str] | None = None
    parent: str | None = None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.register_template(
            Template(
                self.id, self.title, self.description, tuple(self.keywords), self.side_names, self.parent
            )
        )
        return {}


class ListFromTemplate(Command):
    """Make an outcome, or a question with its outcomes, from templates."""

    name = "listFromTemplate"
    template: str
    values: dict[str, str] = msgspec.field(default_factory=dict)
    named: list[tuple[str, dict[str, str]]] = msgspec.field(default_factory=list)
    venue: str | None = None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        number = net.list_from_template(self.template, self.values, named=self.named, venue=self.venue)
        return {"question" if self.named else "outcome": number}


class RequireOutcomeStake(Command):
    """Set what an outcome deployer must have staked, in HYPE."""

    name = "requireOutcomeStake"
    hype: Decimal

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        refuse_negative("hype", self.hype)
        net.require_outcome_stake(self.hype)
        return {}


OUTSIDE_COMMANDS: Final = (
    CapOpenInterest,
    FailOrder,
    LimitOpenOrders,
    ListFromTemplate,
    RegisterTemplate,
    RequireOutcomeStake,
    SetVenueFunding,
    SlowOpenInterest,
)
