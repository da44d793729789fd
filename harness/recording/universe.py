"""Metadata (`meta`, `spotMeta`) on disk: once per content, named by its hash.

Each tape names the two files it was recorded with, so tapes of different dates and targets live together.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from harness.errors import CassetteError
from harness.files import write_atomically
from harness.recording.layout import canonical, lay_out

KINDS = ("meta", "spotMeta")

# API docs, "Asset IDs": spot pairs are numbered from here.
SPOT_ASSETS = 10_000


class Universe:
    """The metadata of one target: `meta` and `spot_meta` as the SDK's constructors want them."""

    def __init__(self, bodies: dict[str, str]) -> None:
        self._bodies = {kind: canonical(body) for kind, body in bodies.items()}
        self.names = {kind: f"{kind}-{_digest(body)}" for kind, body in self._bodies.items()}
        self.meta: dict[str, Any] = json.loads(self._bodies["meta"])
        self.spot_meta: dict[str, Any] = json.loads(self._bodies["spotMeta"])
        self._assets = {row["name"]: number for number, row in enumerate(self.meta["universe"])}
        self._pairs = {row["name"]: SPOT_ASSETS + row["index"] for row in self.spot_meta.get("universe", ())}

    @property
    def addresses(self) -> frozenset[str]:
        """The digits of the addresses that stand in it, such as tokens' contracts: known to all."""
        from harness.recording.spelling import whole_values  # delayed: only recordings on testnet need it

        return frozenset(value for body in self._bodies.values() for value in whole_values(body))

    def perp(self, coin: str) -> tuple[int, dict[str, Any]] | None:
        """Return asset number and row of a perpetual, None if there is no such coin."""
        number = self._assets.get(coin)
        return None if number is None else (number, self.meta["universe"][number])

    def asset(self, coin: str) -> int | None:
        """Return the asset number of a perpetual or of a spot pair, None if there is no such coin."""
        return self._assets.get(coin, self._pairs.get(coin))

    def coin(self, asset: int) -> str | None:
        """Return the coin of an asset number, None if there is none."""
        numbers = self._assets if asset < SPOT_ASSETS else self._pairs
        return next((coin for coin, number in numbers.items() if number == asset), None)

    def write(self, cassettes: Path) -> None:
        """Write the files that are not there yet below `cassettes`.

        Raises:
            CassetteError: the folder cannot be written to.
        """
        for kind, name in self.names.items():
            path = cassettes / "universe" / f"{name}.json"
            try:
                if not path.exists():
                    write_atomically(path, (lay_out(self._bodies[kind]) + "\n").encode("ascii"))
            except OSError as error:
                raise CassetteError(
                    f"{path} cannot be written: {error.strerror}.",
                    needed="A folder that may be written to.",
                    do="Choose another one with --cassettes=DIR.",
                ) from None


def read(cassettes: Path, names: dict[str, str]) -> Universe:
    """Read the universe that a tape names.

    Raises:
        CassetteError: a file is missing, or its content is not what its name says.
    """
    bodies = {}
    for kind in KINDS:
        name = names.get(kind, f"{kind}-(not named)")
        path = cassettes / "universe" / f"{name}.json"
        try:
            body = canonical(path.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError):
            raise CassetteError(
                f"The tape names {path}, which cannot be read.",
                needed="The metadata that the tape was recorded with.",
                do="Restore the file from version control, or record the scenario again.",
            ) from None
        if f"{kind}-{_digest(body)}" != name:
            raise CassetteError(
                f"{path}, line 1: the content is not what the file's name says.",
                needed="The metadata as it was recorded; the name ends with its hash.",
                do="Restore the file from version control, or record the scenario again.",
            )
        bodies[kind] = body
    return Universe(bodies)


def _digest(body: str) -> str:
    return hashlib.sha256(body.strip().encode()).hexdigest()[:12]
