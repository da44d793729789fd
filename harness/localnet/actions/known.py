"""Action types that the real exchange knows and localnet does not serve yet.

Source: SDK 0.24.0 `exchange.py`; API docs, "Exchange endpoint"; the wire facts' recorded and documented
kinds; for `topUpIsolatedOnlyMargin` NK.
"""

from typing import Final

KNOWN: Final = frozenset(
    {
        "activateOutcomeDeployer",
        "authorizeAqav2Role",
        "borrowLend",
        "hip3LiquidatorTransfer",
        "linkStakingUser",
        "sendToEvmWithData",
        "spotUser",
        "stakingLinkDisableTradingUser",
        "topUpIsolatedOnlyMargin",
        "userOutcome",
    }
)
