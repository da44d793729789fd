"""The universe: the testnet's own perpetuals, spot pairs and margin tables, with their real numbers.

Source: a recording of the testnet's meta and spotMeta (wire facts, `testnet_universe.json`: roq-trading,
commit a44177c). Prices are one mainnet allMids answer of 2025-12-13, so that all coins fit one moment.
Indices between the recorded coins are filled with delisted placeholders, so that asset numbers hold: BTC is
3, ETH is 4.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from harness.localnet.numbers import E8, MICRO, parse_figure, wire_usd


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
class Perp:
    """One perpetual of the first dex; `mid` is its opening price in 1e-8 USD."""

    index: int
    name: str
    sz_decimals: int
    max_leverage: int
    margin_table: int
    mid: int
    strict_isolated: bool = False
    delisted: bool = False

    @property
    def px_decimals(self) -> int:
        """How many decimals a price may have (wire rule 22)."""
        return 6 - self.sz_decimals

    @property
    def sz_step(self) -> int:
        """The smallest size, in 1e-8."""
        return int(10 ** (8 - self.sz_decimals))

    @property
    def px_step(self) -> int:
        """The finest price step that decimals allow, in 1e-8."""
        return int(10 ** (8 - self.px_decimals))

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The margin tiers, lowest position value first."""
        return _TIERS.get(self.margin_table) or (Tier(0, self.max_leverage),)

    def tick_at(self, px: int) -> int:
        """Return the price step around `px`: five significant figures, or whole numbers, or the decimals."""
        figures = int(10 ** max(len(str(px)) - 5, 0))
        return max(self.px_step, min(figures, E8))

    def floor_px(self, px: int) -> int:
        """Return the highest legal price that is not above `px`."""
        return px - px % self.tick_at(px)

    def ceil_px(self, px: int) -> int:
        """Return the lowest legal price that is not below `px`."""
        return -(-px // self.tick_at(px)) * self.tick_at(px)

    def nearest_px(self, px: int) -> int:
        """Return the legal price nearest to `px`."""
        return self.floor_px(px + self.tick_at(px) // 2)

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
            row["marginMode"] = "strictIsolated"
        return row


def _figure(text: str) -> int:
    value = parse_figure(text)
    assert value is not None, text
    return value


def _perps() -> tuple[Perp, ...]:
    listed = {row[0]: row for row in _LISTED}
    perps: list[Perp] = []
    for index in range(max(listed) + 1):
        if index in listed:
            _, name, decimals, leverage, table, mid = listed[index]
            perps.append(Perp(index, name, decimals, leverage, table, _figure(mid), name in _STRICT_ISOLATED))
        else:
            perps.append(Perp(index, f"UNLISTED{index}", 0, 3, 3, E8, delisted=True))
    return tuple(perps)


PERPS: Final = _perps()
PERP_OF: Final = {perp.name: perp for perp in PERPS}
LIVE_PERPS: Final = tuple(perp for perp in PERPS if not perp.delisted)

# Name, szDecimals, weiDecimals, index, tokenId, canonical, evm contract and extra decimals, full name, fee
# share.
_TOKENS: Final = (
    (
        "USDC", 8, 8, 0, "0xeb62eee3685fc4c43992febcd9e75443", True,
        ("0x0b80659a4076e9e93c7dbe0f10675a16a3e5c206", -2), None, "0.0",
    ),
    (
        "PURR", 0, 5, 1, "0xc4bf3f870c0e9465323c0b6ed28096c2", True,
        ("0xa9056c15938f9aff34cd497c722ce33db0c2fd57", 13), "Hypurr", "0.0",
    ),
    ("KORILA", 1, 1, 8, "0x89df0655765cce6adf29c58bb8fa4168", False, None, None, "0.0"),
    (
        "HYPE", 2, 8, 1105, "0x7317beb7cceed72ef0b346074cc8e7ab", False,
        ("0x0000000000000000000000000000000000000000", 10), "Hyperliquid", "0.0",
    ),
    (
        "UETH", 4, 9, 1242, "0xe4371d8166f362d6578725f11e0a14f3", False,
        ("0x5a1a1339ad9e52b7a4df78452d5c18e8690746f3", 9), "Unit Ethereum", "1.0",
    ),
    ("USOL", 3, 8, 1279, "0x57ead23624b114018cc0e49d01cc7b6b", False, None, "Unit Solana", "1.0"),
)  # fmt: skip

# Pair index, name, base token; the quote is USDC. The mid is None where no price was found.
_PAIRS: Final = (
    (0, "PURR/USDC", 1, "0.0664375"),
    (8, "@8", 8, None),
    (1035, "@1035", 1105, "28.718"),
    (1137, "@1137", 1242, "3100.2"),
    (1165, "@1165", 1279, "132.305"),
)
SPOT_COINS: Final = frozenset(name for _, name, _, _ in _PAIRS)
SPOT_MIDS: Final = {name: mid for _, name, _, mid in _PAIRS if mid is not None}


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


@cache
def spot_meta_json() -> bytes:
    """Return the body of `spotMeta`, built once a process."""
    tokens = [
        {
            "name": name,
            "szDecimals": sz_decimals,
            "weiDecimals": wei_decimals,
            "index": index,
            "tokenId": token_id,
            "isCanonical": canonical,
            "evmContract": evm and {"address": evm[0], "evm_extra_wei_decimals": evm[1]},
            "fullName": full_name,
            "deployerTradingFeeShare": share,
        }
        for name, sz_decimals, wei_decimals, index, token_id, canonical, evm, full_name, share in _TOKENS
    ]
    pairs = [
        {"tokens": [base, 0], "name": name, "index": index, "isCanonical": index == 0}
        for index, name, base, _ in _PAIRS
    ]
    return msgspec.json.encode({"universe": pairs, "tokens": tokens})
