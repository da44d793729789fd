"""What may be told to a localnet from outside, as JSON: the control API, and the log that saves a state.

One small form a command; `run` carries it out and returns JSON values. Figures are strings or numbers.
"""

from decimal import Decimal
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from harness.localnet.asks import LocalnetError
from harness.localnet.control.chain_commands import CHAIN_COMMANDS
from harness.localnet.control.forms import Command, Result, refuse_negative
from harness.localnet.control.localnet import Localnet
from harness.localnet.control.money_commands import MONEY_COMMANDS
from harness.localnet.control.outside_commands import OUTSIDE_COMMANDS
from harness.localnet.markets.auctions import AuctionName
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import plain

TO_READ: Final = "The commands are in docs/localnet.md, section Control."
# Ten years; further ahead the exchange's times would soon have another length.
_FURTHEST_MS: Final = 10 * 365 * 86_400_000


class Fund(Command):
    """Add perp USDC to an account, which is made if it does not exist."""

    name = "fund"
    address: str
    usd: Decimal

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        refuse_negative("usd", self.usd)
        net.fund(self.address, self.usd)
        return {}


class FundToken(Command):
    """Add spot balance to an account, which is made if it does not exist."""

    name = "fundToken"
    address: str
    token: str
    amount: Decimal

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        refuse_negative("amount", self.amount)
        net.fund_token(self.address, self.token, self.amount)
        return {}


class SetMid(Command):
    """Set a coin's price: mark, oracle and mid."""

    name = "setMid"
    coin: str
    px: Decimal

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_mid(self.coin, self.px)
        return {"mid": f"{net.mid(self.coin):f}"}


class SetOracle(Command):
    """Set a perpetual's oracle alone."""

    name = "setOracle"
    coin: str
    px: Decimal

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_oracle(self.coin, self.px)
        return {}


class SetMark(Command):
    """Set a perpetual's mark alone."""

    name = "setMark"
    coin: str
    px: Decimal

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_mark(self.coin, self.px)
        return {}


class Move(Command):
    """Move a coin's price by hundredths of a percent of its mid, to the nearest legal price."""

    name = "move"
    is_input = False
    coin: str
    bps: Decimal

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.move(self.coin, self.bps)
        return {"mid": f"{net.mid(self.coin):f}"}


class SetLiquidity(Command):
    """Replace the house's quotes on one coin by [px, sz] levels."""

    name = "setLiquidity"
    coin: str
    bids: list[tuple[Decimal, Decimal]] = msgspec.field(default_factory=list)
    asks: list[tuple[Decimal, Decimal]] = msgspec.field(default_factory=list)

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_liquidity(self.coin, self.bids, self.asks)
        return {}


class OpenAuction(Command):
    """Begin a round of an auction that nobody else wins; `gas` is its first price in HYPE."""

    name = "openAuction"
    of: AuctionName
    gas: Decimal | None = None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.open_auction(self.of, self.gas)
        return {}


class SetDeployer(Command):
    """Make an account the deployer of a builder's dex."""

    name = "setDeployer"
    dex: str
    address: str

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_deployer(self.dex, self.address)
        return {}


class ListOutcome(Command):
    """Make an outcome that stands alone."""

    name = "listOutcome"
    title: str = msgspec.field(name="name")
    description: str = ""
    sides: tuple[str, str] = ("Yes", "No")
    quote: str = "USDC"
    venue: str | None = None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        number = net.list_outcome(
            self.title, description=self.description, sides=self.sides, quote=self.quote, venue=self.venue
        )
        return {"outcome": number}


class ListQuestion(Command):
    """Make a question and its outcomes."""

    name = "listQuestion"
    title: str = msgspec.field(name="name")
    named: list[str]
    description: str = ""
    quote: str = "USDC"
    venue: str | None = None

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        number = net.list_question(
            self.title, self.named, description=self.description, quote=self.quote, venue=self.venue
        )
        return {"question": number}


class SettleOutcome(Command):
    """Settle an outcome."""

    name = "settleOutcome"
    outcome: int
    fraction: Decimal
    details: str = ""

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.settle_outcome(self.outcome, self.fraction, self.details)
        return {}


class Advance(Command):
    """Move the clock forward; what falls due on the way happens."""

    name = "advance"
    is_input = False
    ms: int

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        if not 0 <= self.ms <= _FURTHEST_MS:
            raise LocalnetError(f"ms is {self.ms}.", needed=f"0 to {_FURTHEST_MS}: time only moves forward.")
        net.advance(self.ms)
        return {"nowMs": net.now_ms()}


class Snapshot(Command):
    """Keep the whole state in memory."""

    name = "snapshot"
    is_input = False

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        return {"id": net.snapshot()}


class Revert(Command):
    """Go back to a snapshot, which stays; later ones are forgotten, and websockets end."""

    name = "revert"
    is_input = False
    id: int

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.revert(self.id)
        return {"nowMs": net.now_ms()}


class Pause(Command):
    """Let time stand still."""

    name = "pause"
    is_input = False

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.pause()
        return {"nowMs": net.now_ms()}


class Resume(Command):
    """Let time go on."""

    name = "resume"
    is_input = False

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.resume()
        return {"nowMs": net.now_ms()}


class SetFaults(Command):
    """Start a fault script in place of the one that runs; no rules end it."""

    name = "setFaults"
    is_input = False
    rules: list[Any]
    seed: int = 0

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        net.set_faults({"rules": self.rules, "seed": self.seed})
        return {}


class Status(Command):
    """Tell how the localnet stands; changes nothing."""

    name = "status"
    is_input = False

    def run(self, net: Localnet) -> Result:
        """Carry it out."""
        exchange, on_perps = net.exchange, net.total_usd()
        return {
            "nowMs": net.now_ms(),
            "isPaused": net.clock.is_paused,
            "seed": exchange.seed,
            "market": net.began.market,
            "accounts": len(exchange.ledgers),
            "openOrders": sum(len(ledger.open) for ledger in exchange.ledgers.values()),
            "blocks": exchange.blocks,
            "trades": exchange.trades,
            "totalUsd": f"{on_perps:f}",
            "totalSpotUsdc": f"{net.total_token(USDC.name) - on_perps:f}",
            "mids": {market.listing.name: plain(market.mid()) for market in exchange.all_markets()},
            "snapshots": net.snapshots,
            "faults": net.faults_fired,
            "ipLimit": exchange.rules.ip_weight_a_minute,
            "addressLimits": exchange.rules.address_limits,
        }


_FORMS: Final[tuple[type[Command], ...]] = (
    Advance,
    Fund,
    FundToken,
    ListOutcome,
    ListQuestion,
    Move,
    OpenAuction,
    Pause,
    Resume,
    Revert,
    SetDeployer,
    SetFaults,
    SetLiquidity,
    SetMid,
    SetOracle,
    SetMark,
    SettleOutcome,
    Snapshot,
    Status,
    *CHAIN_COMMANDS,
    *MONEY_COMMANDS,
    *OUTSIDE_COMMANDS,
)
COMMANDS: Final[dict[str, type[Command]]] = {form.name: form for form in _FORMS}


def carry_out(net: Localnet, name: str, fields: object) -> Result:
    """Carry out a command that came as JSON values.

    Raises:
        LocalnetError: there is no such command, or this cannot be done; nothing has changed.
    """
    form = COMMANDS.get(name)
    if form is None:
        raise LocalnetError(
            f"Localnet knows no command {name!r}.",
            needed=f"One of {', '.join(sorted(COMMANDS))}.",
            do=TO_READ,
        )
    try:
        command = msgspec.convert(fields, form, strict=False)
    except msgspec.ValidationError as error:
        asked = ", ".join(map(_told, msgspec.structs.fields(form))) or "no fields"
        raise LocalnetError(
            f"{name} was not understood: {error}.", needed=f"A JSON object with {asked}.", do=TO_READ
        ) from None
    return command.run(net)


def _told(field: msgspec.structs.FieldInfo) -> str:
    """Return a field's name, and what it may be if that is one of a few."""
    choices = get_args(field.type) if get_origin(field.type) is Literal else ()
    return f"{field.encode_name} ({', '.join(choices)})" if choices else field.encode_name
