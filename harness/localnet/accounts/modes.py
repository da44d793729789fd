"""The names of the account modes (wire rules 100 and 153).

`default` was never set and works as `disabled`, the standard mode: perpetuals, spot and each builder's dex
have money of their own. API docs, "Account abstraction modes".
"""

from typing import Final

DEFAULT: Final = "default"
DISABLED: Final = "disabled"
UNIFIED: Final = "unifiedAccount"
DEX: Final = "dexAbstraction"
PORTFOLIO: Final = "portfolioMargin"

# Modes in which the perp dexes have one purse.
POOLED: Final = frozenset({UNIFIED, DEX, PORTFOLIO})
# Modes in which spot USDC is in that purse too.
ONE_BALANCE: Final = frozenset({UNIFIED, PORTFOLIO})
