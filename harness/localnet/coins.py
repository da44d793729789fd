"""Coin names and asset numbers (wire rules 16 to 18)."""

import re
from typing import Final

from harness.localnet.dexes import PERP_AT, PERP_OF

_SPOT: Final = 10_000
_FIRST_PAIR: Final = "PURR/USDC"
_PAIR: Final = re.compile(r"@([1-9][0-9]{0,8})", re.ASCII)


def asset_of(coin: str) -> int | None:
    """Return the asset number of a coin, whether or not there is such a pair; None for what is no coin."""
    perp = PERP_OF.get(coin)
    if perp is not None:
        return perp.index
    if coin == _FIRST_PAIR:
        return _SPOT
    match = _PAIR.fullmatch(coin)
    return None if match is None else _SPOT + int(match[1])


def coin_of(asset: int) -> str:
    """Return the name of a coin."""
    perp = PERP_AT.get(asset)
    if perp is not None:
        return perp.name
    return _FIRST_PAIR if asset == _SPOT else f"@{asset - _SPOT}"
