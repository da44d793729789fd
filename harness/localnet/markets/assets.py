"""The perpetuals: the testnet's own, and its margin tables, with their real numbers.

Source: a recording of the testnet's meta (wire facts, `testnet_universe.json`: roq-trading,
commit a44177c). Prices are one mainnet allMids answer of 2025-12-13, so that all coins fit one moment.
Indices between the recorded coins are filled with delisted placeholders, so that asset numbers hold: BTC is
3, ETH is 4.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from harness.localnet.markets.listings import POWERS, Listing
from harness.localnet.numbers import E8, MICRO, figure, wire_usd


@dataclass(frozen=True, slots=True)
class Tier:
    """From `lower_bound_usd` (millionths) of position value on, this leverage is the highest."""

    lower_bound_usd: int
    max_leverage: int


# Table id, description, (lower bound in USD, max leverage). An id below 50 is a leverage without a listed
# table.
_MARGIN_TABLES: Final = (
    (50, "", ((0, 50),)),
    (51, "test 50x", ((0, 50), (10_000, 20), (100_000, 5))),
    (52, "tiered 10x", ((0, 10), (20_000, 5), (100_000, 3))),
    (53, "tiered 25x", ((0, 25), (20_000, 10), (50_000, 5))),
    (54, "tiered 40x", ((0, 40), (10_000, 25), (50_000, 10))),
    (55, "tiered 10x 2", ((0, 10), (10_000, 5))),
)
_TIERS: Final = {
    table: tuple(Tier(bound * MICRO, leverage) for bound, leverage in tiers)
    for table, _, tiers in _MARGIN_TABLES
}

# Index, name, szDecimals, maxLeverage, margin table, mid.
_LISTED: Final = (
    (0, "SOL", 2, 10, 10, "132.235"),
    (1, "APT", 2, 3, 3, "1.6849"),
    (2, "ATOM", 2, 10, 55, "2.1724"),
    (3, "BTC", 5, 40, 54, "89926.5"),
    (4, "ETH", 4, 25, 53, "3102.75"),
    (6, "BNB", 3, 10, 10, "892.45"),
    (7, "AVAX", 2, 10, 55, "13.2895"),
    (11, "OP", 1, 50, 50, "0.3139"),
    (12, "kPEPE", 0, 10, 10, "0.004376"),
    (13, "ARB", 1, 10, 55, "0.21549"),
    (15, "WLD", 1, 10, 10, "0.59214"),
    (21, "AAVE", 2, 10, 52, "197.01"),
    (25, "SUI", 1, 10, 52, "1.60015"),
    (42, "TIA", 1, 10, 52, "0.57948"),
    (45, "ADA", 0, 10, 55, "0.40809"),
    (54, "NEAR", 1, 20, 20, "1.64675"),
    (67, "kBONK", 0, 5, 5, "0.009383"),
    (78, "WIF", 0, 5, 5, "0.398255"),
    (125, "PURR", 0, 3, 3, "0.066356"),
    (135, "HYPE", 2, 10, 10, "28.7295"),
    (173, "DOGE", 0, 10, 52, "0.138555"),
    (179, "PUMP", 0, 10, 52, "0.002792"),
)
_STRICT_ISOLATED: Final = frozenset({"PURR", "HYPE"})


@dataclass(frozen=True, slots=True)
class Perp(Listing):
    """One perpetual; `mid` is its opening price in 1e-8 USD."""

    index: int
    name: str
    sz_decimals: int
    max_leverage: int
    margin_table: int
    mid: int
    strict_isolated: bool = False
    # Only isolated, but margin may be taken out (`noCross`).
    lets_margin_go: bool = False
    # Fees are a tenth (growth mode); when that was last set.
    grows: bool = False
    growth_ms: int | None = None
    delisted: bool = False
    # The house leaves a coin that was deployed here to those who trade.
    is_deployed: bool = False

    @property
    def px_step(self) -> int:
        """The finest price step that decimals allow, in 1e-8: six less those of sizes (wire rule 22)."""
        return POWERS[2 + self.sz_decimals]

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The margin tiers, lowest position value first."""
        return _TIERS.get(self.margin_table) or (Tier(0, self.max_leverage),)

    def as_meta(self) -> dict[str, object]:
        """Return the row of `meta`; flags are there only when they are true."""
        row: dict[str, object] = {
            "szDecimals": self.sz_decimals,
            "name": self.name,
            "maxLeverage": self.max_leverage,
            "marginTableId": self.margin_table,
        }
        if self.strict_isolated:
            row["onlyIsolated"] = True
        if self.delisted:
            row["isDelisted"] = True
        if self.strict_isolated:
            row["marginMode"] = "noCross" if self.lets_margin_go else "strictIsolated"
        if self.grows:
            row["growthMode"] = "enabled"
        return row


def _perps() -> tuple[Perp, ...]:
    listed = {row[0]: row for row in _LISTED}
    perps: list[Perp] = []
    for index in range(max(listed) + 1):
        if index in listed:
            _, name, decimals, leverage, table, mid = listed[index]
            perps.append(Perp(index, name, decimals, leverage, table, figure(mid), name in _STRICT_ISOLATED))
        else:
            perps.append(Perp(index, f"UNLISTED{index}", 0, 3, 3, E8, delisted=True))
    return tuple(perps)


PERPS: Final = _perps()
LIVE_PERPS: Final = tuple(perp for perp in PERPS if not perp.delisted)


def meta() -> dict[str, object]:
    """Return the answer to `meta`."""
    tables = [
        [
            table,
            {
                "description": description,
                "marginTiers": [
                    {"lowerBound": wire_usd(tier.lower_bound_usd), "maxLeverage": tier.max_leverage}
                    for tier in _TIERS[table]
                ],
            },
        ]
        for table, description, _ in _MARGIN_TABLES
    ]
    return {"universe": [perp.as_meta() for perp in PERPS], "marginTables": tables, "collateralToken": 0}


@cache
def meta_json() -> bytes:
    """Return the body of `meta`, built once a process."""
    return msgspec.json.encode(meta())
