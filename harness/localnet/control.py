"""The localnet as its users hold it: requests in, answers out, and what tests may do to it from outside."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from harness.errors import HarnessError
from harness.localnet import dust, house, triggers, world
from harness.localnet.accounts import ACCOUNTS
from harness.localnet.answers import Answer
from harness.localnet.assets import PERP_OF, Perp, meta_json
from harness.localnet.clock import VirtualClock, WallClock
from harness.localnet.door import Door
from harness.localnet.exchange import Exchange, Rules
from harness.localnet.feed import EACH_BLOCK, Cadence, Connection, Feed, Limits
from harness.localnet.listings import Listing
from harness.localnet.markets import Quoted
from harness.localnet.money import account_at
from harness.localnet.numbers import scaled, to_decimal
from harness.localnet.quotes import prices
from harness.localnet.spot import usd_value, watch_dust
from harness.localnet.tokens import PAIR_OF, TOKENS, USDC, Pair, Token, spot_meta_json


class LocalnetError(HarnessError):
    """The localnet was asked for something that its universe or its rules do not allow."""


class Localnet:
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
    """

    def __init__(
        self,
        clock: VirtualClock | WallClock | None = None,
        *,
        accounts: int = 10,
        balance_usd: Decimal = Decimal(10_000),
        seed: int = 0,
        rules: Rules | None = None,
        cadence: Cadence | None = None,
        limits: Limits | None = None,
    ) -> None:
        if not 0 <= accounts <= len(ACCOUNTS):
            raise LocalnetError(
                f"{accounts} accounts were asked for.",
                needed=f"0 to {len(ACCOUNTS)}: those are the known keys.",
            )
        self.clock = clock if clock is not None else VirtualClock()
        self._exchange = Exchange(
            self.clock,
            quote=house.quote,
            close=triggers.wake,
            convert_dust=dust.convert,
            seed=seed,
            rules=rules,
        )
        self._door = Door(self._exchange)
        if cadence is None:
            cadence = Cadence() if isinstance(self.clock, WallClock) else EACH_BLOCK
        self._feed = Feed(cadence, limits or Limits())
        for account in ACCOUNTS[:accounts]:
            self.fund(account.address, balance_usd)
        world.begin(self._exchange, [account.address.lower() for account in ACCOUNTS[:accounts]])

    def handle(self, path: str, content_type: str | None, body: bytes, method: str = "POST") -> Answer:
        """Answer one HTTP request; a `VirtualClock` moves on after it.

        Only a mistake in localnet itself raises; the HTTP server turns that into 500.
        """
        try:
            return self._door.answer(path, content_type, body, method)
        finally:
            self._finish()
            self.clock.tick()

    def connect(self) -> Connection:
        """Return a connection to the feed, as a websocket to `/ws` gives it.

        Of what is sent over it only posts are blocks, which let a `VirtualClock` move on.
        """
        return self._feed.connect(self._exchange, self._hear)

    def poll(self) -> None:
        """Let happen what the running of a `WallClock` has made due: timers, the house's quotes, pushes.

        A `VirtualClock` stands still by itself, so there is nothing to do.
        """
        if not isinstance(self.clock, WallClock):
            return
        if self._exchange.is_due():
            self.advance(0)
        else:
            self._feed.publish(self._exchange)

    def _hear(self, connection: Connection, text: str) -> None:
        self._feed.hear(self._exchange, connection, text, self._serve)

    def _serve(self, path: str, value: object) -> Answer:
        """Answer a request that came over the feed."""
        try:
            return self._door.serve(path, value)
        finally:
            self._finish()
            self.clock.tick()

    def _finish(self) -> None:
        """End a block and tell the feed's clients what it changed."""
        self._exchange.end_block()
        self._feed.publish(self._exchange)

    def advance(self, ms: int) -> None:
        """Move the clock forward; what falls due on the way happens.

        Raises:
            ValueError: `ms` is below zero.
        """
        self.clock.advance(ms)
        with self._block():
            pass

    @contextmanager
    def _block(self) -> Iterator[None]:
        """Open a block for something that comes from outside."""
        self._exchange.begin_block()
        try:
            yield
        finally:
            self._finish()

    def fund(self, address: str, usd: Decimal) -> None:
        """Add perp USDC to an account, which is made if it does not exist; at most six decimals."""
        self._exchange.fund(_address(address), _scaled(usd, 6))

    def fund_token(self, address: str, name: str, amount: Decimal) -> None:
        """Add spot balance to an account, which is made if it does not exist; its entry is the mark's."""
        token = _token(name)
        wei = _scaled(amount, token.wei_decimals)
        with self._block():
            ledger = account_at(self._exchange, _address(address))
            balance = ledger.tokens_of(token.index)
            balance.total += wei
            if token is not USDC:
                balance.entry += usd_value(self._exchange, token, wei)
            watch_dust(self._exchange, ledger, token)

    def mid(self, coin: str) -> Decimal:
        """Return the mid that `allMids` shows."""
        return to_decimal(self._exchange.mid(_listing(coin)))

    def set_mid(self, coin: str, px: Decimal) -> None:
        """Move a coin's price: mark and oracle follow, the house trades with what the price passed and
        requotes.

        The mark is the legal price nearest to `px`; the new mid is `px` within one tick.
        """
        listing = _listing(coin)
        mid = _scaled(px, 8)
        if listing.nearest_px(mid) <= 0:
            raise LocalnetError(f"{px} is no price for {coin}.", needed="At least one tick above zero.")
        with self._block():
            market = self._market(listing)
            market.target_mid, market.mark, market.house_is_manual = mid, listing.nearest_px(mid), False
            house.withdraw(self._exchange, market)
            bids, asks = (prices(listing, mid, is_buy=is_buy) for is_buy in (True, False))
            # One tick above zero there is no room for a bid.
            house.sweep(self._exchange, market, bid=bids[0] if bids else 0, ask=asks[0])
            house.quote(self._exchange, market)

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
            LocalnetError: a price or size is not legal on the coin.
        """
        listing = _listing(coin)
        levels = [(True, _legal(listing, *level)) for level in bids] + [
            (False, _legal(listing, *level)) for level in asks
        ]
        with self._block():
            market = self._market(listing)
            market.house_is_manual = True
            house.withdraw(self._exchange, market)
            for is_buy, (px, sz) in levels:
                house.rest(self._exchange, market, is_buy=is_buy, px=px, sz=sz)

    def _market(self, listing: Listing) -> Quoted:
        if isinstance(listing, Pair):
            return self._exchange.spot_market(listing)
        assert isinstance(listing, Perp)
        return self._exchange.market(listing)

    def total_token(self, name: str) -> Decimal:
        """Return all of a token: balances, the house's too, fees, and what was burned or withdrawn.

        Of USDC what is on perpetuals as well. Nothing that accounts do changes the sum; funding does.
        """
        token = _token(name)
        return to_decimal(self._exchange.total_token(token), token.wei_decimals)

    def total_usd(self) -> Decimal:
        """Return all balances, unrealised pnl and fees, the house's too; trading never changes the sum."""
        return to_decimal(self._exchange.total_usd(), 6)

    def meta(self) -> bytes:
        """Return the body of `meta`."""
        return meta_json()

    def spot_meta(self) -> bytes:
        """Return the body of `spotMeta`."""
        return spot_meta_json()

    @property
    def exchange(self) -> Exchange:
        """The exchange's state, for tests that check its books."""
        return self._exchange


def _scaled(value: Decimal, decimals: int) -> int:
    try:
        return scaled(value, decimals)
    except ValueError as error:
        raise LocalnetError(str(error), needed=f"A figure of at most {decimals} decimals.") from error


def _address(text: str) -> str:
    digits = text.removeprefix("0x").lower()
    if len(digits) != 40 or set(digits) - set("0123456789abcdef"):
        raise LocalnetError(f"{text!r} is no address.", needed="0x and 40 hex digits.")
    return "0x" + digits


def _token(name: str) -> Token:
    token = next((token for token in TOKENS if token.name == name), None)
    if token is None:
        raise LocalnetError(f"Localnet has no token {name!r}.", needed="A token of its `spotMeta`.")
    return token


def _listing(coin: str) -> Listing:
    perp = PERP_OF.get(coin)
    if perp is not None and not perp.delisted:
        return perp
    pair = PAIR_OF.get(coin)
    if pair is None:
        raise LocalnetError(
            f"Localnet has no market {coin!r}.",
            needed="A live perpetual of its `meta`, or a pair of its `spotMeta`.",
        )
    return pair


def _legal(listing: Listing, px: Decimal, sz: Decimal) -> tuple[int, int]:
    level = _scaled(px, 8), _scaled(sz, 8)
    if level[0] <= 0 or level[0] % listing.tick_at(level[0]) or level[1] <= 0 or level[1] % listing.sz_step:
        tick, lot = to_decimal(listing.tick_at(abs(level[0]))), to_decimal(listing.sz_step)
        raise LocalnetError(
            f"{sz} at {px} is not legal on {listing.name}.",
            needed=f"A price in steps of {tick} and a size in steps of {lot}, both above zero.",
        )
    return level
