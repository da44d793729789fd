"""Names of spot pairs (wire rule 17)."""

import re
from typing import Final

from harness.localnet.tokens import SPOT_ASSETS

FIRST_PAIR: Final = "PURR/USDC"
_PAIR: Final = re.compile(r"@([1-9][0-9]{0,8})", re.ASCII)


def pair_asset(coin: str) -> int | None:
    """Return the asset number that a pair's name stands for, whether or not there is such a pair."""
    if coin == FIRST_PAIR:
        return SPOT_ASSETS
    match = _PAIR.fullmatch(coin)
    return None if match is None else SPOT_ASSETS + int(match[1])
