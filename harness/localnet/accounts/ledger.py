"""What an account has: balance, positions, orders, fills and the record of what happened to them.

All USD amounts are integers of 1e-6 and every division leaves its rest in the books, so the sum over all
accounts of balance and unrealised pnl, plus the fees taken, never changes by trading.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from harness.localnet.accounts.balances import Balance, LedgerUpdate
from harness.localnet.accounts.modes import DEFAULT, ONE_BALANCE, POOLED, PORTFOLIO
from harness.localnet.accounts.twaps import Twaps
from harness.localnet.markets.book import Order
from harness.localnet.markets.dexes import dex_of
from harness.localnet.markets.tokens import USDC, Pair
from harness.localnet.numbers import MICRO, notional

# Wire rules 108 and 144: rows of historicalOrders and userFills; order records that look-ups find.
HISTORY_ROWS: Final = 2000
FILL_ROWS: Final = 10_000
ORDER_RECORDS: Final = 2000

DEFAULT_LEVERAGE: Final = 20

# What `dir` says of a dust conversion.
DUST: Final = "Spot Dust Conversion"

# The house's address, that nobody holds a key to.
HOUSE: Final = "0x" + "ff" * 20
# Who sells the dust of all accounts: NK's tests find the orders of conversions at this address of testnet.
DUSTER: Final = "0x" + "ee" * 20


class Liquidation(NamedTuple):
    """What stands on the fills of both sides of a liquidation (wire rule 163)."""

    user: str
    mark: int
    method: str


class FundingPayment(NamedTuple):
    """One row of `userFunding`: `usd` in 1e-6 is negative when paid, `rate` is in 1e-10."""

    time_ms: int
    coin: str
    usd: int
    szi: int
    rate: int


class Fill(NamedTuple):
    """One row of `userFills`; prices and sizes in 1e-8, USD in 1e-6 where a row does not say otherwise."""

    coin: str
    px: int
    sz: int
    is_buy: bool
    time_ms: int
    start_position: int
    direction: str
    closed_pnl: int
    tx_hash: str
    oid: int
    crossed: bool
    fee: int
    tid: int
    cloid: str | None
    # Counts trades; rows do not show it.
    trade: int
    fee_token: str = "USDC"
    # Decimals of fee and closed pnl, and of size and start position.
    fee_decimals: int = 6
    sz_decimals: int = 8
    # What of the fee is the builder's.
    builder_fee: int = 0
    liquidation: Liquidation | None = None
    # What of the fee waits in escrow, in a fee trial.
    fee_trial_escrow: int = 0


class StatusRow(msgspec.Struct, frozen=True):
    """One change of an order's status, as `historicalOrders` keeps it."""

    order: Order
    sz: int
    status: str
    time_ms: int


@dataclass(slots=True)
class Position:
    """A position; `szi` in 1e-8 is negative when short, `cost` in 1e-6 USD has the sign of `szi`.

    `collateral` is what an isolated one has to itself, taken out of the account's balance. Funding paid is
    counted since the position was opened, and since its size last changed.
    """

    szi: int
    cost: int
    collateral: int = 0
    paid_since_open: int = 0
    paid_since_change: int = 0

    def value(self, mark: int) -> int:
        """Return the absolute value at `mark`, in 1e-6 USD."""
        return notional(mark, abs(self.szi))

    def unrealised(self, mark: int) -> int:
        """Return the pnl at `mark`, in 1e-6 USD."""
        value = self.value(mark)
        return (value if self.szi > 0 else -value) - self.cost


class Resting(msgspec.Struct, frozen=True):
    """Value at the limit, and size, of an account's resting orders on one coin: `[asks, bids]`.

    Orders that are reduce-only or wait count for nothing.
    """

    value: list[int]
    size: list[int]


class Booked(NamedTuple):
    """What a fill did to a position."""

    start_position: int
    direction: str
    closed_pnl: int


@dataclass(slots=True)
class Ledger:
    """One account, by its lower-case address; the house has no limits and keeps no record."""

    address: str
    is_house: bool = False
    # The pairs of its exchange, which say what orders on them hold.
    pairs: Mapping[int, Pair] = field(default_factory=dict, repr=False)
    mode: str = DEFAULT
    # In 1e-6 USD: on the first dex, and on others by their numbers.
    balance: int = 0
    dex_balances: dict[int, int] = field(default_factory=dict)
    volume: int = 0
    daily_volume: dict[int, list[int]] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)
    leverage: dict[int, int] = field(default_factory=dict)
    # Coins that were set to isolated margin.
    isolated: set[int] = field(default_factory=set)
    # Funding paid on each coin, less what was received, in 1e-6 USD.
    funding_paid: dict[int, int] = field(default_factory=dict)
    fundings: list[FundingPayment] = field(default_factory=list)
    # When a fifth of a position was last liquidated.
    last_chunk_ms: int | None = None
    open: dict[int, Order] = field(default_factory=dict)
    open_on: dict[int, dict[int, Order]] = field(default_factory=dict)
    resting: dict[int, Resting] = field(default_factory=dict)
    records: dict[int, Order] = field(default_factory=dict)
    by_cloid: dict[str, Order] = field(default_factory=dict)
    history: deque[StatusRow] = field(default_factory=lambda: deque(maxlen=HISTORY_ROWS))
    fills: deque[Fill] = field(default_factory=lambda: deque(maxlen=FILL_ROWS))
    # Fills of TWAPs with the TWAP's id. `userFills` does not show them (id 56189200995 of the text index).
    slice_fills: deque[tuple[int, Fill]] = field(default_factory=lambda: deque(maxlen=FILL_ROWS))
    twaps: Twaps = field(default_factory=Twaps)
    scheduled_cancel_ms: int | None = None
    # Scheduled cancels that have fired, per UTC day; only the last day is kept.
    firings: dict[int, int] = field(default_factory=dict)
    tokens: dict[int, Balance] = field(default_factory=dict)
    updates: list[LedgerUpdate] = field(default_factory=list)
    # An action of this account has been admitted.
    has_sent: bool = False
    # Spot dust stays (`spotUser`).
    keeps_dust: bool = False
    requests_used: int = 0
    # The UTC day of the last action in unified mode, and how many there were on it.
    unified_actions: tuple[int, int] = (0, 0)
    # Requests bought beyond those that trading earns.
    requests_reserved: int = 0
    last_over_budget_ms: int = 0

    def balance_on(self, dex: int) -> int:
        """Return the balance on one dex, in 1e-6 USD."""
        return self.dex_balances.get(dex, 0) if dex else self.balance

    def add_usd(self, dex: int, micro: int) -> None:
        """Change the balance on one dex."""
        if dex:
            self.dex_balances[dex] = self.balance_on(dex) + micro
        else:
            self.balance += micro

    @property
    def all_usd(self) -> int:
        """The balances on all dexes."""
        return self.balance + sum(self.dex_balances.values())

    @property
    def is_unified(self) -> bool:
        """Whether spot USDC and the cash on all dexes are one balance (wire rule 101)."""
        return self.mode in ONE_BALANCE

    @property
    def has_portfolio_margin(self) -> bool:
        """Whether what it has lends and borrows by itself."""
        return self.mode == PORTFOLIO

    @property
    def is_pooled(self) -> bool:
        """Whether the cash on all dexes stands for the positions on each of them."""
        return self.mode in POOLED

    def cash(self, dex: int) -> int:
        """Return the cash that stands for positions and orders on a dex, in 1e-6 USD.

        In a pooled mode the books may run below zero in one place while there is enough in another.
        """
        if self.mode not in POOLED:
            return self.dex_balances.get(dex, 0) if dex else self.balance
        spot = self.tokens.get(USDC.index) if self.is_unified else None
        return self.all_usd + (0 if spot is None else spot.total * MICRO // USDC.unit)

    def szi(self, asset: int) -> int:
        """Return the signed position size on `asset`, in 1e-8."""
        position = self.positions.get(asset)
        return position.szi if position is not None else 0

    def tokens_of(self, index: int) -> Balance:
        """Return what the account has of a token; what it has none of begins at zero."""
        return self.tokens.setdefault(index, Balance())

    def resting_on(self, asset: int) -> Iterator[Order]:
        """Return the account's orders on the book of `asset`, oldest first."""
        return iter([order for order in self.open_on.get(asset, {}).values() if not order.waits])

    def waiting_on(self, asset: int) -> Iterator[Order]:
        """Return the account's trigger orders on `asset` that are not live yet, oldest first."""
        return iter([order for order in self.open_on.get(asset, {}).values() if order.waits])

    def add_open(self, order: Order) -> None:
        """Keep a resting or waiting order."""
        self.open[order.oid] = order
        on_asset = self.open_on.get(order.asset)
        if on_asset is None:
            on_asset = self.open_on[order.asset] = {}
        on_asset[order.oid] = order
        self._count(order, 1)

    def drop_open(self, order: Order) -> None:
        """Forget that an order rests or waits."""
        del self.open[order.oid]
        resting = self.open_on[order.asset]
        del resting[order.oid]
        if resting:
            self._count(order, -1)
        else:
            del self.open_on[order.asset]
            self.resting.pop(order.asset, None)

    def take_from(self, order: Order, sz: int) -> None:
        """Let `sz` of an open order be filled."""
        self._count(order, -1)
        order.sz -= sz
        self._count(order, 1)

    def _count(self, order: Order, sign: int) -> None:
        """Add an order to what rests, or take it away."""
        if order.reduce_only or order.waits:
            return
        sums = self.resting.get(order.asset)
        if sums is None:
            sums = self.resting[order.asset] = Resting([0, 0], [0, 0])
        sums.value[order.is_buy] += sign * notional(order.px, order.sz)
        sums.size[order.is_buy] += sign * order.sz

    def record(self, order: Order, status: str, now_ms: int) -> None:
        """Set an order's status and keep a row of it; the row shows what is left of the order now."""
        order.status = status
        order.status_ms = now_ms
        order.shown_sz = order.sz
        if self.address == HOUSE:
            return
        self.history.appendleft(StatusRow(order, order.sz, status, now_ms))
        if order.oid in self.records:
            return
        self.records[order.oid] = order
        if order.cloid is not None:
            self.by_cloid[order.cloid] = order
        if len(self.records) > ORDER_RECORDS:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Forget the oldest finished order; look-ups then answer unknownOid (wire rule 144)."""
        oldest = next((order for oid, order in self.records.items() if oid not in self.open), None)
        if oldest is None:
            return
        del self.records[oldest.oid]
        if oldest.cloid is not None and self.by_cloid.get(oldest.cloid) is oldest:
            del self.by_cloid[oldest.cloid]

    def book_fill(
        self, asset: int, *, is_buy: bool, px: int, sz: int, fee: int, isolated_at: int | None = None
    ) -> Booked:
        """Change position and balance by one fill.

        The entry price moves on opening trades only (wire rule 95). A closing trade takes its share of the
        cost, cut; the rest stays with the position, so nothing is lost to rounding. So it is with the
        collateral of an isolated position; `isolated_at` is the leverage at which opening adds to it.
        """
        dex = dex_of(asset)
        position = self.positions.get(asset)
        if position is None:
            position = self.positions[asset] = Position(0, 0)
        start = position.szi
        change = sz if is_buy else -sz
        closing = min(sz, abs(start)) if start * change < 0 else 0
        closed_pnl = 0
        if closing:
            share = position.cost * closing // abs(start)
            freed = position.collateral * closing // abs(start)
            position.collateral -= freed
            self.add_usd(dex, freed)
            value = notional(px, closing)
            closed_pnl = (-value if is_buy else value) - share
            position.cost -= share
            position.szi += closing if is_buy else -closing
        opening = sz - closing
        if opening:
            value = notional(px, opening)
            position.cost += value if is_buy else -value
            position.szi += opening if is_buy else -opening
            if isolated_at is not None:
                # That the price of the fill counts, not the mark, is UNVERIFIED.
                position.collateral += value // isolated_at
                self.add_usd(dex, -(value // isolated_at))
        position.paid_since_change = 0
        if closing == abs(start):
            position.paid_since_open = 0
        if not position.szi:
            del self.positions[asset]
        self.add_usd(dex, closed_pnl - fee)
        return Booked(start, _direction(start, start + change, is_buy), closed_pnl)


def _direction(before: int, after: int, is_buy: bool) -> str:
    """Say what a fill did; the words are those of recorded fills."""
    if before * after < 0:
        return "Short > Long" if is_buy else "Long > Short"
    if before and (before > 0) != is_buy:
        return "Close Long" if before > 0 else "Close Short"
    return "Open Long" if is_buy else "Open Short"
