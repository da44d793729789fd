"""The localnet as its users hold it: what tests may do to it from outside, beside sending requests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from typing import Final

from harness.localnet.asks import (
    LocalnetError,
    address_of,
    figure_of,
    level_of,
    listing_of,
    refuse_large,
    token_of,
)
from harness.localnet.control.chain import Chain
from harness.localnet.control.money import Money
from harness.localnet.control.outside import Outside
from harness.localnet.markets import auctions, outcomes
from harness.localnet.markets.assets import Perp, meta_json
from harness.localnet.markets.listings import Listing
from harness.localnet.markets.markets import Market, Quoted
from harness.localnet.markets.sides import Side
from harness.localnet.markets.tokens import HYPE, USDC, Pair
from harness.localnet.numbers import to_decimal, wire_usd
from harness.localnet.outcomes import listing, templates
from harness.localnet.outcomes.settlements import settle, to_settle
from harness.localnet.trading.funding import begin_apart
from harness.localnet.trading.spot import usd_value, watch_dust
from harness.localnet.transfers.money import account_at, enter
from harness.localnet.world import house

_WHOLE_BPS: Final = 10_000


class Localnet(Chain, Money, Outside):
    """An embedded exchange.

    Args:
        clock: a `VirtualClock` unless given.
        accounts: how many of the development accounts exist, at most ten.
        balance_usd: what each of them has in perp USDC.
        seed: varies hashes, trade ids and the house's sizes.
        rules: figures of the exchange that are settings.
        cadence: how often the feed pushes states: after each block that changed them with a `VirtualClock`,
            as the exchange does with a `WallClock`, unless given.
        limits: what the feed's clients may do; everything, unless given.
        market: `static` leaves prices where they are, `walk` lets them walk by themselves.
        keep_log: keep all inputs, so that `saves.dump` can write the state to a file.
    """

    def fund(self, address: str, usd: Decimal) -> None:
        """Add perp USDC to an account, which is made if it does not exist; at most six decimals.

        It comes from outside, as by the bridge; the ledger's row is the one recorded of that.
        """
        owner, micro = address_of(address), figure_of(usd, 6)
        with self._block("fund", address=address, usd=usd):
            self._exchange.fund(owner, micro)
            if micro:
                delta: dict[str, object] = {"type": "deposit", "usdc": wire_usd(micro)}
                enter(self._exchange, delta, self._exchange.ledgers[owner])

    def fund_token(self, address: str, name: str, amount: Decimal) -> None:
        """Add spot balance to an account, which is made if it does not exist; its entry is the mark's."""
        token = token_of(self._exchange.universe, name)
        wei, owner = figure_of(amount, token.wei_decimals), address_of(address)
        with self._block("fundToken", address=address, token=name, amount=amount):
            ledger = account_at(self._exchange, owner)
            balance = ledger.tokens_of(token.index)
            balance.total += wei
            if token is not USDC:
                balance.entry += usd_value(self._exchange, token, wei)
            watch_dust(self._exchange, ledger, token)

    def mid(self, coin: str) -> Decimal:
        """Return the mid that `allMids` shows."""
        return to_decimal(self._exchange.mid(listing_of(self._exchange.universe, coin)))

    def set_mid(self, coin: str, px: Decimal) -> None:
        """Move a coin's price: mark and oracle follow, the house trades with what the price passed and
        requotes.

        The mark is the legal price nearest to `px`; the new mid is `px` within one tick.
        """
        listing = listing_of(self._exchange.universe, coin)
        mid = figure_of(px, 8)
        if isinstance(listing, Side):
            raise LocalnetError(f"The house does not quote {coin}.", needed="Set its quotes.")
        if listing.nearest_px(mid) <= 0:
            raise LocalnetError(f"{px} is no price for {coin}.", needed="At least one tick above zero.")
        with self._block("setMid", coin=coin, px=px):
            house.move(self._exchange, self._market(listing), mid)

    def move(self, coin: str, bps: Decimal) -> None:
        """Move a coin's price by hundredths of a percent of its mid, to the nearest legal price."""
        if not bps.is_finite():
            raise LocalnetError(f"{bps} bps is no move.", needed="A figure above -10000.")
        refuse_large(bps, 0)
        px = self.mid(coin) * (_WHOLE_BPS + bps) / _WHOLE_BPS
        refuse_large(px, 8)
        listing = listing_of(self._exchange.universe, coin)
        self.set_mid(coin, to_decimal(listing.nearest_px(int(px.scaleb(8)))))

    def set_oracle(self, coin: str, px: Decimal) -> None:
        """Move a perpetual's oracle alone, to the legal price nearest to `px`; `set_mid` brings it back."""
        with self._apart("setOracle", coin, px) as (market, legal):
            market.oracle_px = legal

    def set_mark(self, coin: str, px: Decimal) -> None:
        """Move a perpetual's mark alone, to the legal price nearest to `px`; `set_mid` brings it back."""
        with self._apart("setMark", coin, px) as (market, legal):
            market.oracle_px, market.mark = market.oracle, legal

    @contextmanager
    def _apart(self, do: str, coin: str, px: Decimal) -> Iterator[tuple[Market, int]]:
        """Open a block in which a perpetual's mark or oracle leaves its mid.

        Raises:
            LocalnetError: it is a spot pair, which has neither, or no price.
        """
        listing = listing_of(self._exchange.universe, coin)
        legal = listing.nearest_px(figure_of(px, 8))
        if not isinstance(listing, Perp):
            raise LocalnetError(f"{coin} is a spot pair.", needed="A live perpetual of its `meta`.")
        if legal <= 0:
            raise LocalnetError(f"{px} is no price for {coin}.", needed="At least one tick above zero.")
        with self._block(do, coin=coin, px=px):
            market = self._exchange.market(listing)
            yield market, legal
            begin_apart(self._exchange, market)

    def set_liquidity(
        self,
        coin: str,
        bids: Iterable[tuple[Decimal, Decimal]],
        asks: Iterable[tuple[Decimal, Decimal]],
    ) -> None:
        """Replace the house's quotes on one coin by (px, sz) levels, which are not renewed when they are
        taken.

        Quotes that cross resting orders trade with them. `set_mid` brings the usual quotes back.

        Raises:
            LocalnetError: a price or size is not legal on the coin, or the quotes cross each other.
        """
        listing = listing_of(self._exchange.universe, coin)
        bids, asks = list(bids), list(asks)
        levels = [(True, level_of(listing, *level)) for level in bids] + [
            (False, level_of(listing, *level)) for level in asks
        ]
        if isinstance(listing, Side) and any(px >= 1 for px, _ in (*bids, *asks)):
            raise LocalnetError(f"A share of {coin} is worth less than one.", needed="Prices below 1.")
        if bids and asks and max(px for px, _ in bids) >= min(px for px, _ in asks):
            raise LocalnetError("The quotes cross each other.", needed="Bids below all asks.")
        with self._block("setLiquidity", coin=coin, bids=bids, asks=asks):
            market = self._market(listing)
            market.house_is_manual = True
            house.withdraw(self._exchange, market)
            for is_buy, (px, sz) in levels:
                house.rest(self._exchange, market, is_buy=is_buy, px=px, sz=sz)
            if isinstance(market, Market):
                begin_apart(self._exchange, market)

    def open_auction(self, of: auctions.AuctionName, gas: Decimal | None = None) -> None:
        """Begin a round of an auction that nobody else wins, at `gas` HYPE, its lowest price unless given.

        Args:
            of: `spot` for tokens, `spotPair` for pairs of tokens that there are, `perp` for perpetuals, where
                the price falls to 500; `gossip0` and `gossip1` for early data, where it falls to 0.1, in
                the round that has begun by the exchange's schedule.
            gas: its first price.

        Raises:
            LocalnetError: no auction begins so low.
        """
        lowest = auctions.lowest_of(of)
        start = lowest if gas is None else figure_of(gas, HYPE.wei_decimals)
        if start < lowest:
            needed = f"{to_decimal(lowest, HYPE.wei_decimals).normalize():f} or more."
            raise LocalnetError(f"{gas} HYPE is no first price.", needed=needed)
        with self._block("openAuction", of=of, gas=gas):
            self._exchange.auctions.named(of).open(self._exchange.now_ms() // 1000, start)

    def list_outcome(
        self,
        name: str,
        *,
        description: str = "",
        sides: tuple[str, str] = ("Yes", "No"),
        quote: str = "USDC",
        venue: str | None = None,
    ) -> int:
        """Make an outcome that stands alone, and return its number; nobody quotes it yet.

        Args:
            name: what `outcomeMeta` calls it.
            description: what comes true.
            sides: what its sides are called.
            quote: the token that a share comes to at most one of.
            venue: who lists it; the protocol unless given.

        Raises:
            LocalnetError: nothing can be quoted in `quote`.
        """
        terms = self._terms(quote, venue)
        with self._block(
            "listOutcome", name=name, description=description, sides=sides, quote=quote, venue=venue
        ):
            self._open_venue(venue)
            return listing.list_outcome(self._exchange, name, description, sides, terms).number

    def list_question(
        self,
        name: str,
        named: Sequence[str],
        *,
        description: str = "",
        quote: str = "USDC",
        venue: str | None = None,
    ) -> int:
        """Make a question and its outcomes, with those of these names a fallback; return its number.

        Raises:
            LocalnetError: it has no outcome, or more than a hundred; or as for `list_outcome`.
        """
        if not 1 <= len(named) <= outcomes.MOST_NAMED:
            raise LocalnetError(f"{len(named)} outcomes.", needed=f"1 to {outcomes.MOST_NAMED}.")
        terms = self._terms(quote, venue)
        with self._block(
            "listQuestion", name=name, named=list(named), description=description, quote=quote, venue=venue
        ):
            self._open_venue(venue)
            found = [(each, f"index:{place}") for place, each in enumerate(named)]
            return listing.list_question(self._exchange, name, description, found, terms).number

    def register_template(self, template: outcomes.Template) -> None:
        """Let validators agree on a template of outcomes.

        Raises:
            LocalnetError: its id is taken, its parent is no question, or a keyword has an unknown hint.
        """
        fields = asdict(template)
        fields["sideNames"] = fields.pop("side_names")
        with self._block("registerTemplate", **fields):
            templates.register(self._exchange, template)

    def list_from_template(
        self,
        template: str,
        values: Mapping[str, str],
        *,
        named: Sequence[tuple[str, Mapping[str, str]]] = (),
        venue: str | None = None,
    ) -> int:
        """Make an outcome, or a question with its outcomes, from templates; return its number.

        Args:
            template: the id.
            values: one for each keyword.
            named: of a question, the templates and values of its outcomes.
            venue: who lists it; the protocol unless given.

        Raises:
            LocalnetError: there is no such template, or a value does not fit.
        """
        terms = self._terms(USDC.name, venue)
        found = [(each, dict(own)) for each, own in named]
        with self._block(
            "listFromTemplate", template=template, values=dict(values), named=found, venue=venue
        ):
            made = (
                templates.make_question(self._exchange, template, values, found, terms)
                if named
                else templates.make_outcome(self._exchange, template, values, terms)
            )
            self._open_venue(venue)
            return made.number

    def settle_outcome(self, outcome: int, fraction: Decimal, details: str = "") -> None:
        """Settle an outcome: side 0 becomes `fraction` quote tokens, side 1 what is left of one.

        Raises:
            LocalnetError: it is not open, or an outcome of its kind cannot end so.
        """
        parts = figure_of(fraction, 8)
        found = to_settle(self._exchange, outcome, parts)
        with self._block("settleOutcome", outcome=outcome, fraction=fraction, details=details):
            settle(self._exchange, found, parts, details)

    def _terms(self, quote: str, venue: str | None) -> outcomes.Terms:
        token = token_of(self._exchange.universe, quote)
        if not self._exchange.universe.is_quote(token.index):
            raise LocalnetError(f"Nothing is quoted in {quote}.", needed="USDC, or an enabled quote token.")
        return outcomes.Terms(token, venue)

    def _open_venue(self, venue: str | None) -> None:
        if venue is not None:
            deployer = self._exchange.new_address(f"venue {venue}")
            self._exchange.outcomes.venues.setdefault(venue, deployer)

    def set_deployer(self, dex: str, address: str) -> None:
        """Make an account the deployer of a builder's dex, who may then do what `perpDeploy` can.

        Raises:
            LocalnetError: there is no such dex.
        """
        found = self._exchange.universe.dex_named(dex) if dex else None
        if found is None:
            raise LocalnetError(f"Localnet has no builder's dex {dex!r}.", needed="One of its `perpDexs`.")
        owner = address_of(address)
        with self._block("setDeployer", dex=dex, address=address):
            self._exchange.universe.terms[found.number].deployer = owner

    def _market(self, listing: Listing) -> Quoted:
        if isinstance(listing, Pair):
            return self._exchange.spot_market(listing)
        assert isinstance(listing, Perp)
        return self._exchange.market(listing)

    def total_token(self, name: str) -> Decimal:
        """Return all of a token: balances, the house's too, fees, and what was burned or withdrawn.

        Of USDC what is on perpetuals as well. Nothing that accounts do changes the sum; funding does.
        """
        token = token_of(self._exchange.universe, name)
        return to_decimal(self._exchange.total_token(token), token.wei_decimals)

    def total_usd(self) -> Decimal:
        """Return all balances, unrealised pnl and fees, the house's too; trading never changes the sum."""
        return to_decimal(self._exchange.total_usd(), 6)

    def meta(self) -> bytes:
        """Return the body of `meta`."""
        return meta_json()

    def spot_meta(self) -> bytes:
        """Return the body of `spotMeta`."""
        return self._exchange.universe.spot_meta_json()
