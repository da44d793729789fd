"""The front of a localnet: requests in, answers out, and everything that time, faults and memory do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final, Literal, NamedTuple

from harness.localnet import closing
from harness.localnet.accounts.development import ACCOUNTS
from harness.localnet.answers import Answer
from harness.localnet.asks import LocalnetError, figure_of
from harness.localnet.clock import Clock, VirtualClock, WallClock
from harness.localnet.control.conditions import refuse_unmet
from harness.localnet.control.logbook import POLL, REQUEST, Logbook
from harness.localnet.control.snapshots import Snapshots
from harness.localnet.door import Door
from harness.localnet.exchange import Exchange
from harness.localnet.faults import Delivery, Faults, Rule, Script, read_script
from harness.localnet.feed import EACH_BLOCK, Cadence, Connection, Feed, Limits
from harness.localnet.rules import Rules
from harness.localnet.trading import dust
from harness.localnet.world import beginning as world
from harness.localnet.world import house, walk

MarketMode = Literal["static", "walk"]


class Beginning(NamedTuple):
    """What an exchange began as; the fields are those of `Localnet`."""

    start_ms: int
    accounts: int
    balance_usd: Decimal
    seed: int
    market: MarketMode
    rules: Rules


_JSON: Final = "application/json"


class Front:
    """One exchange and what leads to it: requests, the feed, time, faults, snapshots, the log."""

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
        market: MarketMode = "static",
        keep_log: bool = False,
    ) -> None:
        if not 0 <= accounts <= len(ACCOUNTS):
            raise LocalnetError(
                f"{accounts} accounts were asked for.",
                needed=f"0 to {len(ACCOUNTS)}: those are the known keys.",
            )
        self.clock: Clock = clock if clock is not None else VirtualClock()
        self._exchange = Exchange(
            self.clock,
            quote=house.quote,
            close=closing.close,
            convert_dust=dust.convert,
            seed=seed,
            rules=rules,
        )
        self._door = Door(self._exchange)
        if cadence is None:
            cadence = Cadence() if isinstance(self.clock, WallClock) else EACH_BLOCK
        self._feed = Feed(cadence, limits or Limits())
        self._faults = Faults(Script())
        self._snapshots = Snapshots()
        for account in ACCOUNTS[:accounts]:
            self._exchange.fund(account.address.lower(), figure_of(balance_usd, 6))
        world.begin(self._exchange, [account.address.lower() for account in ACCOUNTS[:accounts]])
        if market == "walk":
            walk.begin(self._exchange)
        self.log = Logbook(is_kept=keep_log)
        self.log.forget_since(0, 0, self._exchange)
        # What this exchange began as; with the log it is the whole state.
        self.began = Beginning(
            self._exchange.now_ms(), accounts, balance_usd, seed, market, self._exchange.rules
        )

    def handle(self, path: str, content_type: str | None, body: bytes, method: str = "POST") -> Answer:
        """Answer one HTTP request; a `VirtualClock` moves on after it.

        Only a mistake in localnet itself raises; the HTTP server turns that into 500.
        """
        if self.log.is_kept:
            return self._answer(path, body, self._door.answer, path, content_type, body, method)
        try:
            return self._door.answer(path, content_type, body, method)
        finally:
            self._exchange.end_block()
            if self._feed.is_listening:
                self._feed.publish(self._exchange)
            self.clock.tick()

    def deliver(self, path: str, content_type: str | None, body: bytes, method: str = "POST") -> Delivery:
        """Answer one HTTP request as `handle` does, and let happen to it what the fault script says."""
        if not self._faults.script.rules:
            return Delivery(self.handle(path, content_type, body, method))
        return self._faults.deliver(self, path, content_type, body, method)

    def _answer(self, path: str, body: bytes, answer: Callable[..., Answer], *asked: object) -> Answer:
        """Answer a request in a block of its own, and keep it in the log if it may have changed something."""
        is_kept = self.log.is_kept
        was_due = is_kept and self._exchange.is_due()
        try:
            given = answer(*asked)
            if is_kept and self._exchange.is_in_block:
                if path.startswith("/exchange") and given.status == HTTPStatus.OK:
                    self.log.note(self._exchange, REQUEST, body=body.decode())
                else:
                    self.log.pass_by(self._exchange, was_due=was_due)
            return given
        finally:
            self._finish()
            self.clock.tick()

    def repeat(self, body: bytes) -> None:
        """Carry out an action that was accepted once, past limits of the network."""
        self._answer("/exchange", body, self._door.repeat, body)

    def touch(self, asset: int) -> None:
        """Bring a market to life, as reading it does.

        Raises:
            LocalnetError: there is none with this number.
        """
        perp, pair = self._exchange.perp(asset), self._exchange.universe.pairs.get(asset)
        if perp is None and pair is None:
            raise LocalnetError(f"Localnet has no market {asset}.")
        if perp is not None:
            self._exchange.market(perp)
        elif pair is not None:
            self._exchange.spot_market(pair)
        self.log.note_touched(self._exchange)

    def skip_blocks(self, number: int) -> None:
        """Count blocks in which nothing happened."""
        self._exchange.skip_blocks(number)
        self.log.idle += number

    def connect(self) -> Connection:
        """Return a connection to the feed, as a websocket to `/ws` gives it.

        Of what is sent over it only posts are blocks, which let a `VirtualClock` move on.
        """
        connection = self._feed.connect(self._exchange, self._hear)
        connection.fault = self._fault_of_frame
        return connection

    @property
    def connected(self) -> int:
        """How many connections to the feed there are."""
        return self._feed.connected

    def poll(self) -> None:
        """Let happen what the running of a `WallClock` has made due: timers, the house's quotes, pushes.

        A `VirtualClock` stands still by itself, so there is nothing to do.
        """
        if not isinstance(self.clock, WallClock):
            return
        if self._exchange.is_due():
            self.advance(0)
        elif self._feed.is_listening:
            self._feed.publish(self._exchange)

    def _hear(self, connection: Connection, text: str) -> None:
        def serve(path: str, value: object) -> Delivery:
            delivery = self._serve(path, value)
            if connection.later is None and delivery.delay_s:
                self.advance(round(delivery.delay_s * 1000))
            return delivery

        self._feed.hear(self._exchange, connection, text, serve)
        self.log.note_touched(self._exchange)

    def _fault_of_frame(self, text: str) -> Literal["wsDrop", "wsGap"] | None:
        return self._faults.of_frame(text) if self._faults.script.rules else None

    def _serve(self, path: str, value: object) -> Delivery:
        """Answer a request that came over the feed, and let happen to it what the fault script says."""
        if not self._faults.script.rules:
            return Delivery(self.serve(path, value))
        return self._faults.deliver(_Posted(self, value), path, _JSON, json.dumps(value).encode(), "POST")

    def serve(self, path: str, value: object) -> Answer:
        """Answer one request that is parsed already."""
        body = json.dumps(value).encode() if self.log.is_kept else b""
        return self._answer(path, body, self._door.serve, path, value)

    def _finish(self) -> None:
        """End a block and tell the feed's clients what it changed."""
        self._exchange.end_block()
        if self._feed.is_listening:
            self._feed.publish(self._exchange)
        if self.log.is_kept:
            self.log.note_touched(self._exchange)

    def now_ms(self) -> int:
        """Return the exchange's time."""
        return self._exchange.now_ms()

    def tick(self) -> None:
        """Let a request pass that never arrives."""
        self.clock.tick()

    def past(self) -> Callable[[str, str | None, bytes, str], Answer]:
        """Return what answers requests as if nothing more had happened here."""
        return self._snapshots.copy(self._exchange, self._door)[1].answer

    def set_faults(self, script: object) -> None:
        """Start a fault script, in place of the one that runs; `[]` ends it.

        Args:
            script: a list of rules, or an object with `rules` and `seed`; see `faults.Rule`.

        Raises:
            LocalnetError: it is no script, or one of its rules could never fire.
        """
        read = read_script(script)
        refuse_unmet(read)
        self._faults = Faults(read)

    @property
    def has_faults(self) -> bool:
        """Whether a fault script runs."""
        return bool(self._faults.script.rules)

    @property
    def faults_fired(self) -> dict[str, int]:
        """How often each fault of the running script has happened."""
        return self._faults.fired()

    @property
    def faults_idle(self) -> list[Rule]:
        """The rules of the running script that have not happened, but for those that were left to chance."""
        return self._faults.idle()

    def snapshot(self) -> int:
        """Keep the whole state, clock and used nonces too, and return the id to go back with.

        Raises:
            LocalnetError: too many are kept.
        """
        return self._snapshots.take(self._exchange, self._door, self.log)

    def revert(self, snapshot_id: int) -> None:
        """Go back to a snapshot, which stays; later ones are forgotten, and websockets end.

        Faults and pauses are no part of it. A `WallClock` goes back by what `advance` has added.

        Raises:
            LocalnetError: there is no such snapshot.
        """
        is_paused = self.clock.is_paused
        self._feed.hang_up()
        self._exchange, self._door = self._snapshots.revert(snapshot_id, self.log)
        self.clock = self._exchange.clock
        if is_paused:
            self.clock.pause()
        else:
            self.clock.resume()

    @property
    def snapshots(self) -> list[int]:
        """The ids that `revert` takes."""
        return self._snapshots.ids

    def pause(self) -> None:
        """Let time stand still: nothing falls due, no price walks; requests are answered as before."""
        self.clock.pause()

    def resume(self) -> None:
        """Let time go on from where it stands."""
        self.clock.resume()

    def set_limits(self, limits: Limits) -> None:
        """Hold the feed's clients to other limits from now on."""
        self._feed.limits = limits

    def set_clock(self, clock: Clock) -> None:
        """Go by another clock, which is set to the exchange's time if it is behind."""
        behind = self._exchange.now_ms() - clock.now_ms()
        if behind > 0:
            clock.advance(behind)
        self.clock = self._exchange.clock = clock

    def advance(self, ms: int) -> None:
        """Move the clock forward; what falls due on the way happens.

        Raises:
            ValueError: `ms` is below zero.
        """
        self.clock.advance(ms)
        with self._block(POLL):
            pass

    @contextmanager
    def _block(self, do: str, **fields: Any) -> Iterator[None]:
        """Open a block for something that comes from outside; the log gets it as a command."""
        was_due = self.log.is_kept and self._exchange.is_due()
        self._exchange.begin_block()
        try:
            yield
            self.log.note(self._exchange, do, **fields)
        except LocalnetError:
            self.log.pass_by(self._exchange, was_due=was_due)
            raise
        finally:
            self._finish()

    @property
    def exchange(self) -> Exchange:
        """The exchange's state, for tests that check its books."""
        return self._exchange


class _Posted:
    """A localnet for the fault script, to which a request comes that is parsed already."""

    def __init__(self, front: Front, value: object) -> None:
        self._value = value
        self._front = front
        self.past = front.past
        self.now_ms = front.now_ms
        self.tick = front.tick

    def handle(self, path: str, content_type: str | None, body: bytes, method: str = "POST") -> Answer:
        """Answer it."""
        return self._front.serve(path, self._value)
