"""What killed runs have left, by their journals: swept by the next run, or by `hl-harness sweep`."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import HarnessError
from harness.recording.universe import Universe
from harness.safety import journals
from harness.safety.channel import Channel, Owner, Send
from harness.safety.cleaner import Cleaner, Swept


@dataclass
class Recovered:
    """What became of one journal."""

    journal: str
    accounts: list[Swept] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """True when nothing is left."""
        return not any(swept.left for swept in self.accounts)

    def lines(self) -> list[str]:
        """Return what there is to say."""
        lines = []
        for swept in self.accounts:
            lines += [f"{swept.account}: {what}" for what in swept.done]
            lines += [f"{swept.account}: LEFT {what}" for what in swept.left]
        return lines


def recover(
    folder: Path,
    owners: Sequence[Owner],
    send: Send,
    nonce_ms: Callable[[], int],
    universe: Callable[[], Universe],
    *,
    dry_run: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Recovered]:
    """Sweep what each journal of `folder` that nobody holds still tells of, the newest first.

    Positions go back the way they came: what an older run left was there already when a newer one began. So
    as long as a newer one, be it one that lives, has something on an account, older ones leave its positions.

    Args:
        folder: where the journals lie.
        owners: the keys at hand.
        send: carries a request to the exchange.
        nonce_ms: gives a nonce that was never used.
        universe: the metadata, asked for only when there is something to sweep.
        dry_run: only look.
        sleep: waits.
    """
    found: list[Recovered] = []
    touched: set[str] = set()
    for path in reversed(journals.journals(folder)):
        with journals.taken(path) as one:
            if one is None:
                touched |= journals.touched(path)
                continue
            journal, evidence = one
            channel = Channel(send, journal, lambda: int(time.time() * 1000), nonce_ms)
            cleaner = Cleaner(channel, owners, universe, sleep=sleep)
            recovered = Recovered(str(path))
            for account in list(evidence.accounts.values()):
                if not account.is_touched:
                    continue
                is_newest = account.address not in touched
                try:
                    swept = cleaner.look(account) if dry_run else cleaner.clean(account, is_newest=is_newest)
                except (HarnessError, OSError) as error:
                    swept = Swept(account.address, left=[f"not known what: {str(error).splitlines()[0]}"])
                recovered.accounts.append(swept)
                if swept.left:
                    touched.add(account.address)
            if not dry_run and recovered.is_clean:
                journal.note({"done": channel.now_ms()})
            if recovered.accounts:
                found.append(recovered)
    return found
