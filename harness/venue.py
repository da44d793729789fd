"""A started target: what the fixtures hand out. One for each session, one episode for each scenario."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import harness
from harness.errors import HarnessError, RecordingError, SettingsError, UnexpectedAnswer
from harness.journal import Journal
from harness.localnet.accounts.development import ACCOUNTS
from harness.market import Market
from harness.recording import cassette, universe
from harness.recording.recorder import Recorder
from harness.recording.spelling import checksummed
from harness.recording.tape import Example, Provenance, Tape
from harness.recording.universe import Universe
from harness.safety.holdings import Holdings, Sweeper
from harness.safety.sockets import SocketGuard
from harness.sdk import Underlay
from harness.settings import COUNTERPARTY_VARIABLE, Key, Settings, TargetName
from harness.signing import address_of
from harness.targets import Target
from harness.targets.replay import ReplayTarget
from harness.targets.testnet import TestnetTarget
from harness.trader import Trader
from harness.wire import Episode, Wire

if TYPE_CHECKING:
    from hyperliquid.utils.types import Cloid

    from harness.safety.machine import Nonces
    from harness.safety.pacing import Pacer
    from harness.testnet_run import TestnetRun

Role = Literal["trader", "counterparty"]
Found = TypeVar("Found")


class Clock:
    """The target's time; under replay the recorded time."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def now_ms(self) -> int:
        """Return the time in ms."""
        return self._wire.episode.target.now_ms()


class _Account(NamedTuple):
    key: str
    master: str | None


class Venue:
    """The running target."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.testnet = self._testnet_run() if settings.target == "testnet" else None
        self._journal = self.testnet.journal if self.testnet else Journal(settings.journal_path)
        self.wire = Wire(settings, self._journal, self.testnet.stakes if self.testnet else None)
        self.wire.keeper = self.testnet.keeper if self.testnet else None
        self.underlay = Underlay(self.wire)
        self.sockets = SocketGuard(lambda: self.wire.is_open, self.wire.object)
        self.clock = Clock(self.wire)
        self.left_open: list[str] = []
        self.recorded: Counter[str] = Counter()
        # Sub-accounts and the like that this run's recordings on testnet were told of.
        self._own_accounts: set[str] = set()

    def _testnet_run(self) -> TestnetRun:
        from harness.testnet_run import TestnetRun  # delayed: a replay keeps no accounts (20 ms)

        def make(pacer: Pacer, nonces: Nonces) -> TestnetTarget:
            return TestnetTarget(opened=lambda: self.sockets.opened(), pacer=pacer, nonces=nonces)

        return TestnetRun(self._settings, make)

    @property
    def target(self) -> TargetName:
        """`replay`, `localnet` or `testnet`."""
        return self._settings.target

    @contextlib.contextmanager
    def trader(self, role: Role = "trader") -> Iterator[Trader]:
        """Open a funded account; what it leaves behind is swept when it closes.

        Args:
            role: `trader`, or `counterparty` for a second account.
        """
        account = self._account(role)
        target = self.wire.episode.target
        self.underlay.lay()
        if self.testnet is not None:
            trader = self._trader(account, target)
            with self.testnet.swept(account.master or trader.address, self._nothing_left):
                yield trader
            return
        sweeper = self._sweeper(account, target) if self.target != "replay" else None
        before = sweeper.look() if sweeper else None
        trader = self._trader(account, target)
        try:
            yield trader
        finally:
            if sweeper and before:
                if self._settings.keep_orders:
                    self._note_left_open(trader, before, sweeper.look())
                else:
                    sweeper.sweep(before)

    def _trader(self, account: _Account, target: Target) -> Trader:
        return Trader(account.key, target.universe, account_address=account.master, wait=self.wire.wait)

    def _nothing_left(self) -> None:
        if self.wire.leash:
            self.wire.leash.exposure.swept()

    def _sweeper(self, account: _Account, target: Target) -> Sweeper:
        address = account.master or address_of(Key(account.key).raw)
        return Sweeper(account.key, address, self.wire.post_untaped, target.nonce_ms, lambda: target.universe)

    def _note_left_open(self, trader: Trader, before: Holdings, now: Holdings) -> None:
        orders = {oid: coin for oid, coin in now.orders.items() if oid not in before.orders}
        positions = {coin: szi for coin, szi in now.positions.items() if szi != before.positions.get(coin)}
        self.left_open += [f"{trader.address}: order {oid} on {coin}" for oid, coin in orders.items()]
        self.left_open += [f"{trader.address}: position {szi} {coin}" for coin, szi in positions.items()]

    def _account(self, role: Role) -> _Account:
        if self.target != "testnet":
            return _Account(ACCOUNTS[0 if role == "trader" else 1].private_key, None)
        key = self._settings.key if role == "trader" else self._settings.counterparty_key
        if key is None:
            raise SettingsError(
                f"This scenario needs a {role}, and there is no key for one.",
                needed=f"{COUNTERPARTY_VARIABLE}: the key of a second funded testnet account.",
            )
        # As the SDK spells a wallet's own address, so that it looks the same on every target.
        master = self._settings.account_address if role == "trader" else None
        return _Account(key, master and f"0x{checksummed(master[2:])}")

    def market(self, coin: str) -> Market:
        """Return the market of one perpetual."""
        return Market(coin, self.wire, lambda: self.wire.episode.target.universe)

    def until(
        self, condition: Callable[[], Found], *, timeout_s: float = 10.0, every_s: float = 0.5
    ) -> Found:
        """Call `condition` until it returns something true, and return that.

        Raises:
            UnexpectedAnswer: it does not within `timeout_s` of the target's time.
        """
        tries = max(1, round(timeout_s / every_s))
        for _ in range(tries):
            found = condition()
            if found:
                return found
            self.wire.wait(every_s)
        raise UnexpectedAnswer(
            f"Nothing true within {timeout_s:g} s ({tries} tries); the last was {found!r}.",
            needed="The exchange to come to the expected state.",
            do="Look at the journal; raise timeout_s if the target is merely slow.",
        )

    def cloid(self) -> Cloid:
        """Return a client order id that nobody has used."""
        from hyperliquid.utils.types import Cloid  # delayed: scenarios that need none don't pay for the SDK

        return Cloid.from_str("0x" + self.wire.draw("venue", 16).hex())

    def stranger(self) -> str:
        """Return an address that nobody owns."""
        return "0x" + self.wire.draw("venue", 20).hex()

    def begin(self, scenario: str, path: Path, record_command: str) -> Episode:
        """Start a scenario.

        Args:
            scenario: its node id.
            path: its cassette.
            record_command: the command that records it.

        Raises:
            HarnessError: the target cannot be started, such as for want of a cassette.
        """
        return self.wire.begin(scenario, self._start(scenario, path, record_command))

    def _start(self, scenario: str, path: Path, record_command: str) -> Target:
        if self.target == "localnet":
            from harness.targets.localnet import LocalnetTarget  # delayed: a replay needs no exchange (15 ms)

            return LocalnetTarget(scenario)
        if self.testnet is not None:
            return self.testnet.target
        tape = cassette.read(path, record_command=record_command, cache_dir=self._settings.cache_dir)
        named = _read_universe(self._settings.cassettes, tuple(sorted(tape.provenance.universe.items())))
        return ReplayTarget(tape, path, record_command, named, sdk_version())

    def awaited(self) -> str | None:
        """Return the request that the running scenario's tape expects next, as one line; None without one."""
        target = self.wire.episode.target
        return target.awaited if isinstance(target, ReplayTarget) else None

    def recorded_examples(self) -> list[Example]:
        """Return the Hypothesis examples on the running scenario's tape."""
        target = self.wire.episode.target
        return target.examples if isinstance(target, ReplayTarget) else []

    def finish(self, *, torn_down: bool) -> None:
        """Check that the scenario, which passed, has nothing to hide.

        Args:
            torn_down: whether its fixtures have been torn down.

        Raises:
            HarnessError: a problem that the scenario caught, or steps that were not played.
        """
        episode = self.wire.episode
        if episode.problems:
            raise episode.problems[0]
        episode.target.finish(torn_down=torn_down)
        if episode.recorder and not torn_down:
            episode.recorder.end_body()

    def record(self, path: Path) -> None:
        """Write the running scenario's tape.

        Raises:
            HarnessError: the cassette cannot be written.
        """
        episode = self.wire.episode
        if episode.recorder is None or self.target == "replay":
            return
        metadata = episode.target.universe
        provenance = Provenance(
            episode.scenario,
            self.target,
            sdk_version(),
            harness.__version__,
            "virtual" if self.target == "localnet" else "wall",
            episode.journal.started_ms,
            metadata.names,
        )
        before = path.read_bytes() if path.is_file() else None
        if self.target == "testnet":
            tape = self._rekeyed(episode.recorder, provenance)
        else:
            tape = episode.recorder.tape(provenance)
        metadata.write(self._settings.cassettes)
        cassette.write(path, tape)
        what = "new" if before is None else "unchanged" if path.read_bytes() == before else "changed"
        self.recorded[what] += 1

    def _rekeyed(self, recorder: Recorder, provenance: Provenance) -> Tape:
        """Return the tape without anything of the user's.

        Raises:
            RecordingError: something of it would remain.
        """
        # delayed: only recordings on testnet need it
        from harness.recording.rekey import Keyring, accounts_on, rekey

        settings, public = self._settings, self.wire.episode.target.universe.addresses
        if settings.key is None:
            raise SettingsError("A recording on testnet has no key.", needed="The key to take out of it.")
        second = settings.counterparty_key.raw if settings.counterparty_key else None
        ring = Keyring.of(settings.key.raw, settings.account_address, second)
        earlier = frozenset(self._own_accounts)
        self._own_accounts |= accounts_on(recorder.tape(provenance))
        try:
            return rekey(recorder.tape(provenance), ring, public=public, earlier=earlier)
        except RecordingError as problem:
            # Or pytest's --showlocals would print what was about to be kept off the tape.
            raise problem.with_traceback(None) from None

    def end(self) -> None:
        """End the scenario."""
        self.wire.end()

    def close(self) -> None:
        """End the session: SDK and sockets get their own names back."""
        self.wire.end()
        self.underlay.lift()
        self.sockets.take_down()
        self.wire.threads.ignore()
        if self.testnet is not None:
            self.testnet.end()
        self._journal.close()


@lru_cache(maxsize=8)
def _read_universe(cassettes: Path, names: tuple[tuple[str, str], ...]) -> Universe:
    return universe.read(cassettes, dict(names))


@lru_cache(maxsize=1)
def sdk_version() -> str:
    """Return the version of the installed SDK."""
    from importlib.metadata import PackageNotFoundError, version  # delayed: it costs 10 ms

    try:
        return version("hyperliquid-python-sdk")
    except PackageNotFoundError:
        raise HarnessError(
            "hyperliquid-python-sdk is not installed.", do="python -m pip install -e ."
        ) from None
