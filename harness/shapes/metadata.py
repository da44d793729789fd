"""What can be traded: meta, spotMeta, perpDexs.

Source: wire rules 16 to 21, 92 and 169; API docs, "Perpetuals" and "Spot".
"""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from harness.errors import UnexpectedAnswer
from harness.shapes.base import (
    ADDRESS_PATTERN,
    NUMBER_PATTERN,
    Amount,
    Count,
    Figure,
    IsoTime,
    Shape,
    demand_keys,
    only,
    since,
    until,
)
from harness.shapes.differences import RuleError

Leverage = Annotated[int, msgspec.Meta(ge=1, extra={"expected": "a whole number, at least 1"})]


MarginMode = Literal["strictIsolated", "noCross"]
"""What cross margin is refused with: margin cannot be taken out, or only cross is refused; API docs."""


_ON_A_BUILDERS_DEX = only("on a builder's dex, since 2026-09")


class FirstDexAsset(Shape, frozen=True):
    """One perpetual of the first dex. Its place in the list is its asset number, kept when delisted.

    `szDecimals`: decimals of sizes. `marginTableId` is absent in recordings of 2023. `onlyIsolated` and
    `isDelisted` are absent unless true; `marginMode` is absent unless set. Source: wire rule 16.
    """

    name: str
    szDecimals: Count
    maxLeverage: Leverage
    marginTableId: Annotated[Count | UnsetType, since("2025")] = UNSET
    onlyIsolated: Annotated[bool | UnsetType, only("when true")] = UNSET
    isDelisted: Annotated[bool | UnsetType, only("when true")] = UNSET
    marginMode: Annotated[MarginMode | UnsetType, only("when it is not the usual one")] = UNSET

    def tells_modes(self) -> bool:
        """Say whether a mode is there, as in answers of today only."""
        return self.marginMode is not UNSET

    def __post_init__(self) -> None:
        if self.onlyIsolated is False:
            raise RuleError("onlyIsolated", "false", "true, or no such key")
        if self.isDelisted is False:
            raise RuleError("isDelisted", "false", "true, or no such key")

    @property
    def sz_decimals(self) -> int:
        """Decimals of sizes."""
        return self.szDecimals

    @property
    def max_leverage(self) -> int:
        """The highest leverage."""
        return self.maxLeverage

    @property
    def is_delisted(self) -> bool:
        """Whether the perpetual is no longer traded."""
        return self.isDelisted is True

    @property
    def only_isolated(self) -> bool:
        """Whether cross margin is refused."""
        return self.onlyIsolated is True


class PerpAsset(FirstDexAsset, frozen=True):
    """One perpetual of a dex, the first one or a builder's.

    `growthMode` is absent unless set. The fee scale, a factor, and the time of its last change came for the
    time of the last growth mode; source: text-index 70359400865, 70930886633 and 70941555941, three readings
    of answers of 2026-09 and 2026-10.
    """

    growthMode: Annotated[Literal["enabled"] | UnsetType, only("when it is on")] = UNSET
    lastGrowthModeChangeTime: Annotated[IsoTime | UnsetType, until("2026-09")] = UNSET
    deployerFeeScale: Annotated[Amount | UnsetType, _ON_A_BUILDERS_DEX] = UNSET
    lastFeeScaleChangeTime: Annotated[IsoTime | UnsetType, _ON_A_BUILDERS_DEX] = UNSET

    def tells_modes(self) -> bool:
        """Say whether a mode is there, as in answers of today only."""
        return self.marginMode is not UNSET or self.growthMode is not UNSET


class MarginTier(Shape, frozen=True):
    """From `lower_bound` USD of position value on, leverage is at most `maxLeverage`."""

    lowerBound: Amount
    maxLeverage: Leverage

    lower_bound = Figure("lowerBound")


class MarginTable(Shape, frozen=True):
    """The tiers of one margin table."""

    description: str
    marginTiers: tuple[MarginTier, ...]


class Meta(Shape, frozen=True):
    """The answer to meta: the perpetuals of one dex.

    `marginTables` and each row's `marginTableId` came together; recordings of 2023 have none of them, and
    recordings up to the middle of 2025 lack `collateralToken` (a spot token's number) as well.
    """

    universe: tuple[PerpAsset, ...]
    marginTables: Annotated[tuple[tuple[Count, MarginTable], ...] | UnsetType, since("2025")] = UNSET
    collateralToken: Annotated[Count | UnsetType, since("2025-09")] = UNSET

    def __post_init__(self) -> None:
        if any(row.tells_modes() for row in self.universe):
            demand_keys(self, ("collateralToken",), "the key, since rows tell their modes")
        if any(row.marginTableId is not UNSET for row in self.universe):
            demand_keys(self, ("marginTables",), "the key, since rows have a marginTableId")
        elif self.marginTables is UNSET:
            return
        bare = [index for index, row in enumerate(self.universe) if row.marginTableId is UNSET]
        if bare:
            fields = [f"universe[{index}].marginTableId" for index in bare]
            raise RuleError(
                fields, "nothing", "a whole number, since margin tables are there", "missing-field"
            )

    def asset(self, coin: str) -> int:
        """Return a coin's place in the universe: its asset number on the first dex.

        Raises:
            UnexpectedAnswer: the coin is not listed.
        """
        return _place(coin, [row.name for row in self.universe])

    def coin(self, name: str) -> PerpAsset:
        """Return a coin's row.

        Raises:
            UnexpectedAnswer: the coin is not listed.
        """
        return self.universe[self.asset(name)]


class FirstDexMeta(Meta, frozen=True):
    """The perpetuals of the first dex: no builder has a say in them."""

    universe: tuple[FirstDexAsset, ...]  # type: ignore[assignment]


# A spotMeta of testnet has 1500 tokens, and a pattern costs more than the decoding of a whole token (0.4 µs a
# text). So texts of tokens are only measured while they are decoded; SpotMeta looks at all of them together,
# and the walker, which comes when something is wrong, knows the pattern of each.
def _late(pattern: str, expected: str, length: int | None = None) -> msgspec.Meta:
    return msgspec.Meta(
        min_length=length, max_length=length, extra={"pattern": pattern, "expected": expected}
    )


_LateAddress = Annotated[str, _late(ADDRESS_PATTERN, "an address: 0x and 40 lower-case hex digits", 42)]
_LateTokenId = Annotated[str, _late(r"^0x[0-9a-f]{32}\Z", "a token id: 0x and 32 lower-case hex digits", 34)]
_LateNumber = Annotated[str, _late(NUMBER_PATTERN, "a decimal in a text")]


class EvmContract(Shape, frozen=True):
    """A token's contract on the EVM side."""

    address: _LateAddress
    evm_extra_wei_decimals: int


class SpotToken(Shape, frozen=True):
    """One token. `deployerTradingFeeShare`, a fraction, is absent in recordings before 2025.

    Source of `deployerLabel`: text-index 70878168272, a client of 2026-10.
    """

    name: str
    szDecimals: Count
    weiDecimals: Count
    index: Count
    tokenId: _LateTokenId
    isCanonical: bool
    evmContract: EvmContract | None
    fullName: str | None
    deployerTradingFeeShare: Annotated[_LateNumber | UnsetType, since("2025")] = UNSET
    deployerLabel: Annotated[str | UnsetType, only("when the deployer has one, since 2026-10")] = UNSET

    @property
    def sz_decimals(self) -> int:
        """Decimals of sizes of pairs with this token as base."""
        return self.szDecimals


class SpotPair(Shape, frozen=True):
    """One pair: `tokens` are base and quote; its asset number is 10000 + `index` (wire rule 17)."""

    tokens: tuple[Count, Count]
    name: str
    index: Count
    isCanonical: bool


_NUMBER = re.compile(NUMBER_PATTERN)
_HEX_DIGITS = b"0123456789abcdef"


def _are_hex(texts: list[str]) -> bool:
    """Tell whether texts of one length are all 0x and lower-case hex digits."""
    count = len(texts)
    if not count:
        return True
    joined, step = "".join(texts).encode(), len(texts[0])
    is_hex = joined.translate(None, _HEX_DIGITS) == b"x" * count
    return is_hex and joined[::step] == b"0" * count and joined[1::step] == b"x" * count


class SpotMeta(Shape, frozen=True):
    """The answer to spotMeta: all spot pairs and their tokens."""

    universe: tuple[SpotPair, ...]
    tokens: tuple[SpotToken, ...]

    def __post_init__(self) -> None:
        ids = [token.tokenId for token in self.tokens]
        contracts = [token.evmContract.address for token in self.tokens if token.evmContract is not None]
        shares = {token.deployerTradingFeeShare for token in self.tokens}
        shares_fit = all(share is UNSET or _NUMBER.match(str(share)) for share in shares)
        if not (_are_hex(ids) and _are_hex(contracts) and shares_fit):
            raise RuleError(
                "tokens", "a text of another form", "ids and addresses in hex, shares as decimals"
            )

    def asset(self, coin: str) -> int:
        """Return a pair's asset number: 10000 + its index.

        Args:
            coin: the pair as the exchange names it, `PURR/USDC` or `@107`.

        Raises:
            UnexpectedAnswer: the pair is not listed.
        """
        return 10_000 + self.pair(coin).index

    def pair(self, coin: str) -> SpotPair:
        """Return a pair by the exchange's name for it.

        Raises:
            UnexpectedAnswer: the pair is not listed.
        """
        return self.universe[_place(coin, [row.name for row in self.universe])]

    def token(self, name: str) -> SpotToken:
        """Return a token by its name; the first one, since names need not be unique.

        Raises:
            UnexpectedAnswer: the token is not listed.
        """
        return self.tokens[_place(name, [row.name for row in self.tokens])]


def _place(name: str, names: list[str]) -> int:
    try:
        return names.index(name)
    except ValueError:
        some = ", ".join(names[:8])
        raise UnexpectedAnswer(
            f"expected {name} to be listed, the exchange lists {len(names)} others: {some}, …"
        ) from None
