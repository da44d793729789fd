"""One process's run on testnet: its target, its journal, and the keeper of its accounts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from harness.errors import TargetUnavailable
from harness.journal import Journal
from harness.safety import journals
from harness.safety.channel import Owner
from harness.safety.keeper import Keeper
from harness.safety.machine import Nonces, account_lock, state_folder
from harness.safety.pacing import Pacer
from harness.safety.recovery import Recovered, recover
from harness.safety.stakes import Stakes
from harness.settings import Key, Settings
from harness.signing import address_of
from harness.targets.testnet import TestnetTarget

# After so many sweeps in a row that could not read the exchange no scenario is run any more.
_OUTAGE: Final = 2


class MakesTarget(Protocol):
    """Makes the target of a run."""

    def __call__(self, *, pacer: Pacer, nonces: Nonces) -> TestnetTarget:
        """Make it."""


class TestnetRun:
    """A run on testnet. Nothing is sent before the target is asked for.

    Args:
        settings: how the run is done.
        make_target: makes the target.
    """

    __test__ = False

    def __init__(self, settings: Settings, make_target: MakesTarget) -> None:
        self._settings = settings
        self._folder = None if settings.journal_path is None else settings.journal_path.parent
        self._file = (
            None if self._folder is None else journals.start(self._folder, keep_orders=settings.keep_orders)
        )
        self.journal = Journal() if self._file is None else self._file.journal
        folder = state_folder()
        self.target = make_target(pacer=Pacer(folder), nonces=Nonces(folder))
        self.stakes = self._stakes(folder)
        self._owners = list(_owners(settings))
        target = self.target
        self.keeper = Keeper(
            self.journal, target.answer, target.nonce_ms, lambda: target.universe, self._owners
        )
        # One for all accounts of a run: who holds one and waits for another could wait for ever.
        self._turn = account_lock(folder, self._owners[0].master)
        self._open = 0
        self.left_open: list[str] = []
        self.left: list[str] = []
        self._is_interrupted = False
        self._failed_sweeps = 0

    def _stakes(self, folder: Path) -> Stakes | None:
        """Return what workers of one run share; a run of one process needs none."""
        if self._settings.run_name is None or self._file is None:
            return None
        return Stakes(folder, self._settings.run_name, self._file.path.stem)

    def recover(self) -> list[Recovered]:
        """Sweep what earlier runs left that were killed; nothing is asked when there were none."""
        folder, target = self._folder, self.target
        if folder is None or not journals.open_ones(folder):
            return []
        with self._turn:
            found = recover(folder, self._owners, target.answer, target.nonce_ms, lambda: target.universe)
            if self.stakes is not None:
                # Another worker of this run may have been one of them.
                self.stakes.drop(lambda process: journals.is_swept(folder / f"{process}.jsonl"))
        return found

    @contextmanager
    def swept(self, address: str, nothing_left: Callable[[], None]) -> Iterator[None]:
        """Wait for this account's turn; at the end sweep all that its key acts for.

        Args:
            address: the account.
            nothing_left: called when this was the last open account and all of them have been swept.

        Raises:
            TargetUnavailable: the exchange cannot be read, and has not been for two scenarios.
            HarnessError: something is left; names it.
        """
        if self._failed_sweeps >= _OUTAGE:
            raise TargetUnavailable(
                f"The last {_OUTAGE} sweeps could not read the exchange, so no more scenarios are run.",
                needed="An exchange that answers: each of them would wait for it as long.",
                do="Run again once it answers; that sweeps first what is left.",
            )
        with self._turn:
            self._open += 1
            try:
                yield
            finally:
                self._leave(address.lower())
                # Not reached when something is left: then it stays at stake.
                self._open -= 1
                if not self._open and not self._settings.keep_orders:
                    nothing_left()

    def _leave(self, master: str) -> None:
        with self._interruptible():
            if self._settings.keep_orders:
                self.left_open = sorted({*self.left_open, *self.keeper.holdings(master)})
                return
            failed, self._failed_sweeps = self._failed_sweeps, 0
            try:
                self.keeper.sweep(master)
            except TargetUnavailable:
                self._failed_sweeps = failed + 1
                raise

    def sweep(self) -> None:
        """Sweep once more what could not be swept when its scenario ended; note what is left."""
        if not self._settings.keep_orders and not self._is_interrupted:
            with self._interruptible():
                self.left = self.keeper.sweep_all()

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        try:
            yield
        except KeyboardInterrupt:
            self._is_interrupted = True
            raise

    @property
    def interrupted(self) -> list[str]:
        """The accounts on which something may be left because the sweep itself was interrupted."""
        return [one.address for one in self.keeper.touched()] if self._is_interrupted else []

    def end(self) -> None:
        """Note in the journal that the run is over, unless something is left, and let go of it."""
        self.keeper.end(is_kept=self._settings.keep_orders)
        if self._file is not None:
            self._file.end(worth_keeping=self.keeper.has_acted)


def _owners(settings: Settings) -> Iterator[Owner]:
    """Yield the keys at hand and the accounts that they act for."""
    accounts: list[tuple[Key | None, str | None]] = [
        (settings.key, settings.account_address),
        (settings.counterparty_key, None),
    ]
    for key, master in accounts:
        if key is not None:
            yield Owner(key, (master or address_of(key.raw)).lower())
