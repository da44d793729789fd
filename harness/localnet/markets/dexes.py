"""Perp dexes: the first one, and one that a builder deployed.

Source: wire rule 18 for asset numbers; the recorded `perpDexs` of testnet (info_perpDexs__roq_simple) and its
note on the universe of `test` (info_meta__connector_dex_unit). Each dex has margin of its own. Localnet's
`test` differs from the recorded one: its collateral is USDC, not token 1; its coins are only isolated, as
those of the recorded dex `unit` are; it has two coins more; prices are chosen.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import msgspec

from harness.localnet.markets.assets import PERPS, Perp, meta_json
from harness.localnet.markets.tokens import OUTCOME_ASSETS
from harness.localnet.numbers import E8

DEX_ASSETS: Final = 100_000
ROOM: Final = 10_000


def dex_of(asset: int) -> int:
    """Return the number of the dex that an asset is on; spot pairs and outcomes count to the first."""
    return (asset - DEX_ASSETS) // ROOM if DEX_ASSETS <= asset < OUTCOME_ASSETS else 0


@dataclass(frozen=True, slots=True)
class Dex:
    """One perp dex; `number` is its place in `perpDexs`, the first one's name is empty."""

    number: int
    name: str
    perps: tuple[Perp, ...]

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: a dex that changes is replaced."""
        return self

    @property
    def live(self) -> tuple[Perp, ...]:
        """The coins that can be traded."""
        return tuple(perp for perp in self.perps if not perp.delisted)


def _coin(place: int, name: str, sz_decimals: int, leverage: int, mid: int) -> Perp:
    asset = DEX_ASSETS + ROOM + place
    return Perp(asset, f"test:{name}", sz_decimals, leverage, leverage, mid, strict_isolated=True)


FIRST: Final = Dex(0, "", PERPS)
TEST: Final = Dex(
    1,
    "test",
    (
        _coin(0, "ABC", 0, 3, E8),
        _coin(1, "GOLD", 2, 20, 4_200 * E8),
        _coin(2, "SP500", 3, 10, 6_800 * E8),
    ),
)
# Whoever that is (info_perpDexs__roq_simple).
TEST_DEPLOYER: Final = "0x5e89b26d8d66da9888c835c9bfcc2aa51813e152"
DEXES: Final = (FIRST, TEST)


@lru_cache(maxsize=64)
def dex_meta_json(dex: Dex, scaled: tuple[str, str] = ("1.0", "1970-01-01T00:00:00")) -> bytes:
    """Return the body of `meta` on one dex, kept for a while; a builder's has one table, as recorded.

    Args:
        dex: which.
        scaled: the deployer's fee scale, and when it was last set, as each row of a builder's dex tells them
            since 2026-09 (ids 70930886633, 70991048608 and 71054573851 of the text index).
    """
    if dex is FIRST:
        return meta_json()
    table = [50, {"description": "", "marginTiers": [{"lowerBound": "0.0", "maxLeverage": 50}]}]
    scale, changed = scaled
    fees = {"lastFeeScaleChangeTime": changed, "deployerFeeScale": scale}
    universe = [perp.as_meta() | fees for perp in dex.perps]
    return msgspec.json.encode({"universe": universe, "marginTables": [table], "collateralToken": 0})
