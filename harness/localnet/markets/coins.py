"""Names of spot pairs and of the sides of outcomes (wire rules 17 and 19)."""

import re
from typing import Final

from harness.localnet.markets.tokens import OUTCOME_ASSETS, SPOT_ASSETS

FIRST_PAIR: Final = "PURR/USDC"
_PAIR: Final = re.compile(r"@([1-9][0-9]{0,8})", re.ASCII)
_SIDE: Final = re.compile(r"#((?:[1-9][0-9]{0,6})?[01])", re.ASCII)


def pair_asset(coin: str) -> int | None:
    """Return the asset number that a pair's name stands for, whether or not there is such a pair."""
    if coin == FIRST_PAIR:
        return SPOT_ASSETS
    match = _PAIR.fullmatch(coin)
    if match is not None:
        return SPOT_ASSETS + int(match[1])
    match = _SIDE.fullmatch(coin)
    return None if match is None else OUTCOME_ASSETS + int(match[1])
