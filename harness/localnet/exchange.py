"""The exchange's state: markets, accounts, counters. What happens to it is in `orders` and `control`."""

from collections import defaultdict
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from harness.localnet.accounts.auth import Signers
from harness.localnet.accounts.builders import Builders
from harness.localnet.accounts.evm import Evm
from harness.localnet.accounts.fee_trials import FeeTrial
from harness.localnet.accounts.ledger import DUSTER, HOUSE, Ledger
from harness.localnet.accounts.multi_sigs import MultiSig
from harness.localnet.accounts.referrals import Referrals
from harness.localnet.accounts.risk import account_value
from harness.localnet.accounts.stakes import Stake
from harness.localnet.accounts.staking_links import StakingLinks
from harness.localnet.accounts.sub_accounts import SubAccounts
from harness.localnet.accounts.validators import Validators
from harness.localnet.accounts.vaults import Vault
from harness.localnet.clock import Clock
from harness.localnet.events import Event, OrderChanged, Traded
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.auctions import Auctions
from harness.localnet.markets.book import Order
from harness.localnet.markets.hours import Funding
from harness.localnet.markets.ladders import Ladder
from harness.localnet.markets.listings import Listing
from harness.localnet.markets.markets import Market, Quoted, SpotMarket
from harness.localnet.markets.outcomes import Outcomes
from harness.localnet.markets.quotes import untouched_mid
from harness.localnet.markets.reserves import Lending
from harness.localnet.markets.tokens import HYPE, USDC, Pair, Token
from harness.localnet.markets.universe import Universe
from harness.localnet.numbers import MICRO
from harness.localnet.rules import Rules
from harness.localnet.tape import Tape
from harness.localnet.timers import Timers
from harness.localnet.told import Told

# Testnet order ids in autumn 2026 (wire rule 49).
FIRST_OID: Final = 60_000_000_000
# The documented IP limit (wire rule 105).
IP_WEIGHT: Final = 1_200
# Mainnet was at 2,195,000 in September 2026; the testnet's figure is not known.
FIRST_TWAP_ID: Final = 100_000


Task = Callable[["Exchange"], None]
Quote = Callable[["Exchange", Quoted], None]


class Exchange:
    """All state of one exchange.

    Args:
        clock: where block times come from.
        quote: lets the house quote a market.
        convert_dust: turns spot dust into the quote token.
        close: what each block ends with: orders whose trigger price the mark has reached.
        seed: varies hashes, trade ids and the house's sizes.
        rules: figures that are settings.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        quote: "Quote",
        close: Task,
        convert_dust: Task,
        seed: int = 0,
        rules: Rules | None = None,
    ) -> None:
        self.clock = clock
        self._quote = quote
        self._close = close
        self.convert_dust = convert_dust
        self.seed = seed
        self.rules = rules or Rules()
        caps = self.rules.open_interest_caps_usd
        self.told = Told({coin: usd * MICRO for coin, usd in caps.items()})
        self.universe = Universe()
        self.auctions = Auctions()
        self.outcomes = Outcomes()
        # Hyperliquidity, by asset.
        self.ladders: dict[int, Ladder] = {}
        self.markets: dict[int, Market] = {}
        self.spot_markets: dict[int, SpotMarket] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.house = Ledger(HOUSE, is_house=True)
        self.signers = Signers()
        self.sub_accounts = SubAccounts()
        self.vaults: dict[str, Vault] = {}
        self.builders = Builders()
        self.referrals = Referrals()
        self.stakes: dict[str, Stake] = {}
        self.staking_links = StakingLinks()
        self.validators = Validators()
        # What the web page keeps from whom (`legalCheck`).
        self.restrictions: dict[str, str] = {}
        self.multi_sigs: dict[str, MultiSig] = {}
        self.fees = 0
        # What has come to a builder's dex from outside, less what has left it, in 1e-6 USD.
        self.dex_deposits: dict[int, int] = {}
        # What accounts have paid to the liquidators of builders' dexes, by dex and account, in 1e-6 USD.
        self.backstops: dict[int, dict[str, int]] = {}
        self.fee_trials: dict[str, FeeTrial] = {}
        # Tokens taken as fees, and those that have left: burned or withdrawn; in wei, by token.
        self.token_fees: dict[int, int] = {}
        self.tokens_gone: dict[int, int] = {}
        self.evm = Evm()
        self.duster = Ledger(DUSTER, is_house=True)
        self.dust_is_due = False
        # Traded per UTC day (days since 1970), in 1e-6 USD.
        self.daily_volume: dict[int, int] = {}
        self.funding = Funding(clock.now_ms())
        self.lending = Lending()
        # Accounts whose margin is looked at when the block ends, in the order in which they came up.
        self.unjudged: dict[str, None] = {}
        self._next_oid = FIRST_OID
        self._next_twap_id = FIRST_TWAP_ID
        self._blocks = 0
        # Who has the TWAPs that wait for a mark, or end at one, by their ids.
        self.watched_twaps: dict[int, str] = {}
        self.trades = 0
        # None is not printed yet: most blocks show it to nobody.
        self._tx_hash: str | None = ""
        self._block_ms: int | None = None
        # What has fallen due by this time happens before the next request.
        self.due_by_ms = 0
        self._timers: Timers[Exchange] = Timers()
        self.tapes: defaultdict[int, Tape] = defaultdict(Tape)
        self._events: list[list[Event]] = []
        self.is_heard = False

    def now_ms(self) -> int:
        """Return the time of the current block, between blocks that of the clock."""
        return self.clock.now_ms() if self._block_ms is None else self._block_ms

    def at(self, time_ms: int, task: Task) -> None:
        """Let `task` happen when the clock reaches `time_ms`."""
        self._timers.set(time_ms, task)

    def tell(self, event: Event) -> None:
        """Keep an event until it is asked for, if anybody listens; a trade goes on its tape in any case."""
        if isinstance(event, Traded):
            self.tapes[event.asset].add(event)
        if self.is_heard:
            if not self._events:
                self._events.append([])
            self._events[-1].append(event)

    def take_events(self) -> list[Event]:
        """Return what has happened since this was last asked, oldest first."""
        return [event for block in self.take_blocks() for event in block]

    def take_blocks(self) -> list[list[Event]]:
        """Return the same, block by block; blocks in which nothing happened are left out."""
        blocks, self._events = self._events, []
        return [block for block in blocks if block]

    def owner(self, order: Order) -> Ledger:
        """Return the account whose order this is."""
        if order.owner == HOUSE:
            return self.house
        return self.duster if order.owner == DUSTER else self.ledgers[order.owner]

    def record(self, order: Order, status: str) -> None:
        """Set an order's status, keep a row of it and tell who listens."""
        owner, now_ms = self.ledgers.get(order.owner) or self.owner(order), self.now_ms()
        owner.record(order, status, now_ms)
        if self.is_heard and owner is not self.house:
            self.tell(OrderChanged(owner.address, order, order.sz, status, now_ms))

    def ledger(self, address: str) -> Ledger | None:
        """Return the account of a lower-case address, if it exists."""
        return self.ledgers.get(address)

    def fund(self, address: str, micro: int) -> None:
        """Add USD to an account, in millionths, and make the account if it does not exist."""
        ledger = self.ledgers.get(address)
        if ledger is None:
            ledger = self.ledgers[address] = Ledger(address, pairs=self.universe.pairs)
        ledger.balance += micro

    def perp(self, asset: int) -> Perp | None:
        """Return the live perpetual with this number, or None."""
        perp = self.universe.perps.get(asset)
        return None if perp is None or perp.delisted else perp

    def market(self, perp: Perp) -> Market:
        """Return a coin's market; the first touch brings it to life, with the house's quotes."""
        market = self.markets.get(perp.index)
        if market is None:
            market = Market(
                perp=perp,
                mark=perp.nearest_px(perp.mid),
                target_mid=perp.mid,
                house_is_manual=perp.is_deployed,
                needs_quotes=not perp.is_deployed,
            )
            self.markets[perp.index] = market
            if market.needs_quotes:
                self._quote(self, market)
        return market

    def spot_market(self, pair: Pair) -> SpotMarket:
        """Return a pair's market; the first touch brings it to life, with the house's quotes."""
        market = self.spot_markets.get(pair.index)
        if market is None:
            market = SpotMarket(
                pair=pair,
                mark=pair.nearest_px(pair.mid),
                target_mid=pair.mid,
                house_is_manual=pair.is_deployed,
                needs_quotes=not pair.is_deployed,
            )
            self.spot_markets[pair.index] = market
            if market.needs_quotes:
                self._quote(self, market)
        return market

    def all_markets(self) -> list[Quoted]:
        """Return the markets that have come to life."""
        return [*self.markets.values(), *self.spot_markets.values()]

    def market_at(self, asset: int) -> Quoted | None:
        """Return the market with this number, perpetual or spot, if it has come to life."""
        return self.markets.get(asset) or self.spot_markets.get(asset)

    def begin_block(self) -> None:
        """Start a block, after those of everything that has fallen due by now."""
        # The time by which things are due stands still while they happen, as no wall clock does.
        self.due_by_ms = now_ms = self.clock.now_ms()
        while now_ms >= self._timers.first_ms:
            at_ms, task = self._timers.take_first()
            self._open_block(at_ms)
            task(self)
            self._close(self)
        self._open_block(now_ms)

    def is_due(self) -> bool:
        """Say whether a block has something to do by itself: a timer, or quotes to renew."""
        return self.clock.now_ms() >= self._timers.first_ms or any(
            market.needs_quotes and not market.house_is_manual for market in self.all_markets()
        )

    @property
    def is_in_block(self) -> bool:
        """Whether a block is open."""
        return self._block_ms is not None

    def skip_blocks(self, number: int) -> None:
        """Count blocks in which nothing happened."""
        self._blocks += number
        self._tx_hash = None

    @property
    def blocks(self) -> int:
        """How many blocks there have been."""
        return self._blocks

    def end_block(self) -> None:
        """Finish a block, if one is open, and let the clock go on."""
        if self._block_ms is not None:
            self._close(self)
            self._block_ms = None

    def _open_block(self, time_ms: int) -> None:
        """Give a block its time and hash, and let the house renew the quotes that were traded with."""
        self._block_ms = time_ms
        self._blocks += 1
        if self._events and self._events[-1]:
            self._events.append([])
        self._tx_hash = None
        for markets in (self.markets, self.spot_markets):
            for market in markets.values():
                if market.needs_quotes and not market.house_is_manual:
                    self._quote(self, market)

    @property
    def tx_hash(self) -> str:
        """The hash of the current block, or the last one; who sets it does so for this block."""
        if self._tx_hash is None:
            self._tx_hash = "0x" + self._digest(f"block {self._blocks}", 32).hex()
        return self._tx_hash

    @tx_hash.setter
    def tx_hash(self, tx_hash: str) -> None:
        self._tx_hash = tx_hash

    def next_oid(self) -> int:
        """Return a new order id; one counter rises for the whole exchange (wire rule 49)."""
        self._next_oid += 1
        return self._next_oid

    def own_order(
        self,
        owner: str,
        asset: int,
        *,
        is_buy: bool,
        px: int,
        sz: int,
        tif: str,
        reduce_only: bool = False,
        twap_id: int | None = None,
    ) -> Order:
        """Return an order that nobody sent, with the next oid and the time of the block."""
        return Order(
            self.next_oid(),
            owner,
            asset,
            is_buy=is_buy,
            px=px,
            sz=sz,
            tif=tif,
            reduce_only=reduce_only,
            cloid=None,
            timestamp_ms=self.now_ms(),
            twap_id=twap_id,
        )

    def next_twap_id(self) -> int:
        """Return the id of a new TWAP; one counter rises for the whole exchange."""
        self._next_twap_id += 1
        return self._next_twap_id

    def next_tid(self) -> int:
        """Return a new trade id: 50 bits, deterministic."""
        self.trades += 1
        return int.from_bytes(self._digest(f"trade {self.trades}", 8), "big") >> 14

    def mid(self, listing: Listing) -> int:
        """Return a coin's mid in 1e-8, without bringing its market to life."""
        market = self.market_at(listing.index)
        return untouched_mid(listing) if market is None else market.mid()

    def mark(self, listing: Listing) -> int:
        """Return a coin's mark in 1e-8, without bringing its market to life."""
        market = self.markets.get(listing.index) or self.spot_markets.get(listing.index)
        return listing.nearest_px(listing.mid) if market is None else market.mark

    def oracle(self, perp: Perp) -> int:
        """Return a coin's oracle price in 1e-8, without bringing its market to life."""
        market = self.markets.get(perp.index)
        return self.mark(perp) if market is None else market.oracle

    def open_interest(self) -> dict[int, int]:
        """Return the size of all long positions of each coin, in 1e-8."""
        interest: dict[int, int] = dict.fromkeys((perp.index for perp in self.universe.live_perps), 0)
        for ledger in self.everyone():
            for asset, position in ledger.positions.items():
                interest[asset] += max(position.szi, 0)
        return interest

    def everyone(self) -> list[Ledger]:
        """Return all accounts, the house among them."""
        return [*self.ledgers.values(), self.house]

    def total_usd(self) -> int:
        """Return the sum of all balances, unrealised pnl and fees in 1e-6 USD; trading never changes it."""
        escrows = sum(trial.escrow for trial in self.fee_trials.values())
        return self.fees + escrows + sum(account_value(ledger, self.markets) for ledger in self.everyone())

    def new_address(self, what: str) -> str:
        """Return the address of something that the exchange makes: the same each time."""
        return "0x" + self._digest(what, 20).hex()

    def add_token_fee(self, token: Token, wei: int) -> None:
        """Keep a fee that was taken in a token."""
        self.token_fees[token.index] = self.token_fees.get(token.index, 0) + wei

    def burn(self, token: Token, wei: int) -> None:
        """Let some of a token be gone."""
        self.tokens_gone[token.index] = self.tokens_gone.get(token.index, 0) + wei

    def total_token(self, token: Token) -> int:
        """Return the sum of a token in wei over accounts, house, fees and what has left; it never changes.

        USDC on perpetuals is part of USDC.
        """
        total = self.token_fees.get(token.index, 0) + self.tokens_gone.get(token.index, 0)
        for ledger in (*self.everyone(), self.duster):
            balance = ledger.tokens.get(token.index)
            total += 0 if balance is None else balance.total
        total += self.outcomes.held.get(token.index, 0) + self.evm.total(token.index)
        reserve = self.lending.reserves.get(token.index)
        total += 0 if reserve is None else reserve.cash
        if token is HYPE:
            total += sum(stake.total for stake in self.stakes.values())
        return total + (self.total_usd() * token.unit // MICRO if token is USDC else 0)

    def supply(self, token: Token) -> int:
        """Return how much of a token there is, in wei: what was burned is not."""
        return self.total_token(token) - self.tokens_gone.get(token.index, 0)

    def _digest(self, what: str, size: int) -> bytes:
        return blake2b(f"{self.seed} {what}".encode(), digest_size=size).digest()
