"""The scenario's hand on the embedded exchange: prices, clock, money, faults. All of it is taped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from harness.errors import UnsupportedError
from harness.wire import Wire

if TYPE_CHECKING:
    from harness.localnet.control.chain import Restriction
    from harness.localnet.markets.auctions import AuctionName
    from harness.localnet.markets.routes import Route

Level = tuple[str, str]


class LocalnetControl:
    """Commands to the embedded exchange. Under replay they are compared with the recorded ones."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._snapshots = 0

    def set_mid(self, coin: str, px: Decimal | str) -> None:
        """Move a coin's oracle, mark and mid price to `px` USDC; the house quotes around it at once."""
        self._tell("setMid", coin=coin, px=_figure("px", px))

    def set_oracle(self, coin: str, px: Decimal | str) -> None:
        """Move a perpetual's oracle alone; `set_mid` brings it back to the mid."""
        self._tell("setOracle", coin=coin, px=_figure("px", px))

    def set_mark(self, coin: str, px: Decimal | str) -> None:
        """Move a perpetual's mark alone; `set_mid` brings it back to the mid."""
        self._tell("setMark", coin=coin, px=_figure("px", px))

    def set_liquidity(self, coin: str, *, bids: Iterable[Level] = (), asks: Iterable[Level] = ()) -> None:
        """Replace the house's quotes of a coin by these (px, sz) levels."""
        self._tell("setLiquidity", coin=coin, bids=_figures(bids), asks=_figures(asks))

    def fund(self, address: str, usd: Decimal | int) -> None:
        """Give an account USDC in its perp balance; it comes to life if it had none."""
        self._tell("fund", address=address, usd=_figure("usd", usd))

    def advance(self, seconds: float) -> None:
        """Move the exchange's clock forward."""
        self._tell("advance", ms=_ms(seconds))

    def delay(self, seconds: float) -> None:
        """Let the next answer to the scenario come so late; what the harness asks itself is not meant."""
        self._wire.command("delay", _figure("seconds", seconds))

    def move(self, coin: str, bps: Decimal | int) -> None:
        """Move a coin's price by hundredths of a percent of its mid."""
        self._tell("move", coin=coin, bps=str(bps))

    def fund_token(self, address: str, token: str, amount: Decimal | int) -> None:
        """Give an account spot balance; it comes to life if it had none."""
        self._tell("fundToken", address=address, token=token, amount=_figure("amount", amount))

    def open_auction(self, of: AuctionName, gas: Decimal | int | None = None) -> None:
        """Begin a round of an auction that nobody else wins, at `gas` HYPE; the price falls to its lowest.

        Args:
            of: `spot` for tokens, `spotPair` for pairs of tokens that there are, `perp` for perpetuals, with
                500 HYPE as the lowest; `gossip0` and `gossip1` for early data, with 0.1.
            gas: its first price, the lowest or more; the lowest unless given.
        """
        self._tell("openAuction", of=of, gas=None if gas is None else _figure("gas", gas))

    def open_vote(self, action: Mapping[str, object], *voters: str, seconds: float = 3 * 86_400) -> None:
        """Let validators vote on something for so long; nothing is done about it, whatever comes out.

        Args:
            action: as `validatorL1Votes` shows it, such as `{"D": "ETH"}` for taking ETH off the list.
            voters: addresses of validators that have voted for it.
            seconds: how long the vote is open.
        """
        ms = _ms(seconds)
        self._tell("openVote", action=action, voters=voters, ms=ms)

    def jail(self, validator: str, seconds: float) -> None:
        """Let validators have jailed one of them, which may unjail itself after so long."""
        self._tell("jail", address=validator, ms=_ms(seconds))

    def restrict(self, address: str, restriction: Restriction) -> None:
        """Let the web page keep something from an account, as `legalCheck` tells; trading goes on.

        Args:
            address: whom.
            restriction: `a` for everything, `o` for outcomes, `u` for who is in the UK, `n` for nothing.
        """
        self._tell("restrict", address=address, restriction=restriction)

    def set_deployer(self, dex: str, address: str) -> None:
        """Make an account the deployer of a builder's dex, who may then do what `perpDeploy` can."""
        self._tell("setDeployer", dex=dex, address=address)

    def list_outcome(
        self, name: str, *, description: str = "", sides: str = "Yes/No", venue: str = ""
    ) -> None:
        """Make an outcome market that stands alone, quoted in USDC; `outcomeMeta` tells its number.

        Args:
            name: what it is called.
            description: what comes true.
            sides: what its sides are called, with a slash between them.
            venue: who lists it; the protocol unless given.
        """
        first, _, second = sides.partition("/")
        self._tell(
            "listOutcome", name=name, description=description, sides=(first, second), venue=venue or None
        )

    def list_question(
        self, name: str, named: Iterable[str], *, description: str = "", venue: str = ""
    ) -> None:
        """Make a question with outcomes of these names, and its fallback; `outcomeMeta` tells the numbers."""
        self._tell("listQuestion", name=name, named=list(named), description=description, venue=venue or None)

    def settle_outcome(self, outcome: int, fraction: Decimal | int | str, details: str = "") -> None:
        """Settle an outcome: its first side is worth `fraction` USDC then, the second the rest of one."""
        self._tell("settleOutcome", outcome=outcome, fraction=str(fraction), details=details)

    def register_template(self, template: Mapping[str, object]) -> None:
        """Let validators agree on a template of outcomes: id, name, description, keywords with their hints,
        and sideNames for an outcome that stands alone, parent for one of a question, neither for a question.
        """
        self._tell("registerTemplate", **template)

    def list_from_template(
        self,
        template: str,
        values: Mapping[str, str],
        *,
        named: Iterable[tuple[str, Mapping[str, str]]] = (),
        venue: str = "",
    ) -> None:
        """Make an outcome, or a question with outcomes, from templates; `outcomeMeta` tells the number.

        Args:
            template: the id.
            values: one for each keyword.
            named: of a question, the templates and values of its outcomes.
            venue: who lists it; the protocol unless given.
        """
        told = {"template": template, "values": values, "named": list(named), "venue": venue or None}
        self._tell("listFromTemplate", **told)

    def cap_open_interest(self, coin: str, usd: Decimal | int | None) -> None:
        """Cap what all long positions on a coin of the first dex may be worth; None for no cap."""
        self._tell("capOpenInterest", coin=coin, usd=None if usd is None else _figure("usd", usd))

    def slow_open_interest(self, coin: str, *, is_too_quick: bool = True) -> None:
        """Let the open interest of a coin increase too quickly from now on, or no longer."""
        self._tell("slowOpenInterest", coin=coin, isTooQuick=is_too_quick)

    def limit_open_orders(self, most: int | None) -> None:
        """Let no account have more orders open; None for the documented limit, which is 1000 at least."""
        self._tell("limitOpenOrders", most=most)

    def fail_order(self, address: str, oid: int) -> None:
        """Let the exchange cancel an open order because of an error of its own."""
        self._tell("failOrder", address=address, oid=oid)

    def set_venue_funding(
        self, coin: str, venue: str, rate: Decimal | str | None, *, next_ms: int = 0, hours: int | None = None
    ) -> None:
        """Tell the funding of a coin on another venue, which `predictedFundings` shows.

        Args:
            coin: a perpetual of the first dex.
            venue: its name there, such as `BinPerp`.
            rate: a fraction for the venue's interval; None where it tells none.
            next_ms: when it is due.
            hours: every how many hours, where the venue tells.
        """
        told = None if rate is None else str(rate)
        self._tell("setVenueFunding", coin=coin, venue=venue, rate=told, nextMs=next_ms, hours=hours)

    def require_outcome_stake(self, hype: Decimal | int) -> None:
        """Let outcome deployers need so much HYPE staked; the exchange's figure is not known."""
        self._tell("requireOutcomeStake", hype=_figure("hype", hype))

    def send_from_evm(
        self, address: str, token: str, amount: Decimal | int, *, activate: bool = True
    ) -> None:
        """Let a token come from the EVM; it waits for four seconds, then it is credited to spot.

        Args:
            address: who it is for; one without an account gets one for 1 USDC of what comes.
            token: the token's name.
            amount: how much.
            activate: whether an account may be opened; a contract that nobody has activated gets none.
        """
        self._tell(
            "sendFromEvm", address=address, token=token, amount=_figure("amount", amount), activate=activate
        )

    def open_protocol_vault(self, leader: str, usd: Decimal | int, *, children: int = 2) -> None:
        """Make a vault of the protocol with others below it; `vaultSummaries` tells the addresses.

        Args:
            leader: who trades for it and for its children, and begins as its only depositor.
            usd: what it begins with, divided among the children; it comes from outside.
            children: how many there are below it.
        """
        self._tell("openProtocolVault", leader=leader, usd=_figure("usd", usd), children=children)

    def net_child_vaults(self, vault: str) -> None:
        """Close opposite positions of a vault's children against each other, at the mark."""
        self._tell("netChildVaults", vault=vault)

    def start_fee_trial(self, address: str, percent: int) -> None:
        """Let so many percent of the fees of an account's fills on the first dex wait in escrow."""
        self._tell("startFeeTrial", address=address, percent=percent)

    def set_usdc_routes(self, deposit: Route, withdrawal: Route) -> None:
        """Say by which way USDC comes and goes: `bridge` or `cctp`; only `usdcRouting` tells of it."""
        self._tell("setUsdcRoutes", deposit=deposit, withdrawal=withdrawal)

    def keep_agents(self, address: str) -> None:
        """Let the named agents of an account never end, as some of mainnet do."""
        self._tell("keepAgents", address=address)

    def snapshot(self) -> str:
        """Keep the whole state of the exchange, clock and used nonces too; return what `revert` takes."""
        self._snapshots += 1
        name = str(self._snapshots)
        self._wire.command("snapshot", name)
        return name

    def revert(self, snapshot: str) -> None:
        """Go back to a snapshot, which stays; what has happened since has not."""
        self._wire.command("revert", snapshot)

    def pause(self) -> None:
        """Let the exchange's time stand still, but for `advance`."""
        self._tell("pause")

    def resume(self) -> None:
        """Let time go on."""
        self._tell("resume")

    def faults(self, *rules: Mapping[str, object], seed: int = 0) -> None:
        """Let these faults happen, in place of all others; none to end them. See docs/localnet.md.

        They meet what the scenario sends, not what the harness asks for itself, nor the sweep. An answer
        that is lost or reset cannot be put on tape, so such a scenario runs on localnet only.
        """
        self._tell("setFaults", rules=list(rules), seed=seed)

    def _tell(self, name: str, /, **fields: object) -> None:
        """Send a command in the form that the control API takes."""
        self._wire.command(name, json.dumps(fields, sort_keys=True, separators=(",", ":")))


def _ms(seconds: float) -> int:
    return round(float(_figure("seconds", seconds)) * 1000)


def _figures(levels: Iterable[Level]) -> list[Level]:
    return [(_figure("px", px), _figure("sz", sz)) for px, sz in levels]


def _figure(name: str, value: object) -> str:
    """Return a figure that a command takes as text.

    Raises:
        UnsupportedError: it is no number above zero.
    """
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite() or figure <= 0:
        raise UnsupportedError(f"{name}={value!r} is no figure.", needed="A number above zero.")
    return str(value)
