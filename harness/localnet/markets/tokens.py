"""Tokens and spot pairs: the testnet's own, with their real numbers.

Source: a recording of the testnet's spotMeta (wire facts, `testnet_universe.json`: roq-trading, commit
a44177c; TEST and its pair `@1`, which the SDK's `basic_ws` subscribes to: wire sample
`info_spotMeta__roq_simple`). Prices are those of the same mainnet allMids answer as the perpetuals',
2025-12-13. No price of TEST and KORILA was found: 1 is chosen, and 15, so that the bid of 12 in the SDK's
spot example rests. UNVERIFIED.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from harness.localnet.markets.listings import POWERS, Listing
from harness.localnet.numbers import figure

# Wire rules 17 and 19.
SPOT_ASSETS: Final = 10_000
OUTCOME_ASSETS: Final = 100_000_000


def as_contract(evm: tuple[str, int] | None) -> dict[str, object] | None:
    """Return a contract on the EVM as `spotMeta` shows it."""
    return evm and {"address": evm[0], "evm_extra_wei_decimals": evm[1]}


@dataclass(frozen=True, slots=True)
class Token:
    """One token; balances are integers of 10**-wei_decimals."""

    index: int
    name: str
    sz_decimals: int
    wei_decimals: int
    token_id: str
    canonical: bool = False
    # Address and extra decimals on the EVM.
    evm: tuple[str, int] | None = None
    full_name: str | None = None
    fee_share: str = "0.0"

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: a copy of an exchange has the same tokens."""
        return self

    @property
    def lot(self) -> int:
        """The smallest size that can be traded, in wei."""
        return int(10 ** (self.wei_decimals - self.sz_decimals))

    @property
    def unit(self) -> int:
        """One whole token, in wei."""
        return int(10**self.wei_decimals)

    def wei(self, sz: int) -> int:
        """Return a size of 1e-8 in wei; exact for legal sizes."""
        return sz * self.unit // 10**8

    def as_meta(self) -> dict[str, object]:
        """Return the row of `spotMeta`."""
        return {
            "name": self.name,
            "szDecimals": self.sz_decimals,
            "weiDecimals": self.wei_decimals,
            "index": self.index,
            "tokenId": self.token_id,
            "isCanonical": self.canonical,
            "evmContract": as_contract(self.evm),
            "fullName": self.full_name,
            "deployerTradingFeeShare": self.fee_share,
        }


USDC: Final = Token(
    0,
    "USDC",
    8,
    8,
    "0xeb62eee3685fc4c43992febcd9e75443",
    canonical=True,
    evm=("0x0b80659a4076e9e93c7dbe0f10675a16a3e5c206", -2),
)
PURR: Final = Token(
    1,
    "PURR",
    0,
    5,
    "0xc4bf3f870c0e9465323c0b6ed28096c2",
    canonical=True,
    evm=("0xa9056c15938f9aff34cd497c722ce33db0c2fd57", 13),
    full_name="Hypurr",
)
TEST: Final = Token(2, "TEST", 1, 8, "0x98b101daf4ff26697646131261c100bf")
KORILA: Final = Token(8, "KORILA", 1, 1, "0x89df0655765cce6adf29c58bb8fa4168")
HYPE: Final = Token(
    1105,
    "HYPE",
    2,
    8,
    "0x7317beb7cceed72ef0b346074cc8e7ab",
    evm=("0x0000000000000000000000000000000000000000", 10),
    full_name="Hyperliquid",
)
UETH: Final = Token(
    1242,
    "UETH",
    4,
    9,
    "0xe4371d8166f362d6578725f11e0a14f3",
    evm=("0x5a1a1339ad9e52b7a4df78452d5c18e8690746f3", 9),
    full_name="Unit Ethereum",
    fee_share="1.0",
)
USOL: Final = Token(
    1279, "USOL", 3, 8, "0x57ead23624b114018cc0e49d01cc7b6b", full_name="Unit Solana", fee_share="1.0"
)
# HYPE is the EVM's own coin; any other token has the address of its number. API docs, "HyperCore <> HyperEVM
# transfers".
HYPE_SYSTEM: Final = "0x" + "2" * 40
_SYSTEM: Final = re.compile(r"0x20{23}[0-9a-f]{16}", re.ASCII)


def system_address(token: Token) -> str:
    """Return the address through which a token crosses between HyperCore and the EVM."""
    return HYPE_SYSTEM if token is HYPE else f"0x20{token.index:038x}"


def is_system_address(address: str) -> bool:
    """Say whether a lower-case address stands for the EVM: HYPE's, or one of a token's form."""
    return address == HYPE_SYSTEM or _SYSTEM.fullmatch(address) is not None


TOKENS: Final = (USDC, PURR, TEST, KORILA, HYPE, UETH, USOL)


@dataclass(frozen=True, slots=True)
class Pair(Listing):
    """One spot pair. `index` is its number in orders, `number` that of spotMeta.

    The house leaves a pair that was deployed here to its deployer and to those who trade.
    """

    index: int
    number: int
    name: str
    base: Token
    mid: int
    quote: Token = USDC
    is_deployed: bool = False

    @property
    def sz_decimals(self) -> int:  # type: ignore[override]
        """The base token's."""
        return self.base.sz_decimals

    @property
    def px_step(self) -> int:
        """The finest price step that decimals allow, in 1e-8: eight less those of sizes (wire rule 22)."""
        return POWERS[self.base.sz_decimals]

    def value(self, px: int, sz: int) -> int:
        """Return price times size in wei of the quote token; exact for legal prices and sizes."""
        return px * sz * self.quote.unit // 10**16


def _pair(number: int, name: str, base: Token, mid: str) -> Pair:
    return Pair(SPOT_ASSETS + number, number, name, base, figure(mid))


PAIRS: Final = (
    _pair(0, "PURR/USDC", PURR, "0.0664375"),
    _pair(1, "@1", TEST, "1"),
    _pair(8, "@8", KORILA, "15"),
    _pair(1035, "@1035", HYPE, "28.718"),
    _pair(1137, "@1137", UETH, "3100.2"),
    _pair(1165, "@1165", USOL, "132.305"),
)


def spot_meta(listed: Iterable[Pair], rows: list[dict[str, object]]) -> dict[str, object]:
    """Return the answer to `spotMeta`."""
    pairs = [
        {
            "tokens": [pair.base.index, pair.quote.index],
            "name": pair.name,
            "index": pair.number,
            "isCanonical": pair.number == 0,
        }
        for pair in listed
    ]
    return {"universe": pairs, "tokens": rows}
