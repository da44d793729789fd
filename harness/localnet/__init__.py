"""The embedded exchange: perpetuals of Hyperliquid's testnet, without a network.

It keeps real books, positions and margin, checks signatures, and answers byte for byte in the exchange's
forms and texts. What it does not cover it never guesses: see `Answer.not_implemented`. It shares no code with
the SDK or with the response shapes, so that one misreading cannot pass on both sides.

Names are imported when they are first asked for: a replay needs the accounts, but not the exchange.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.localnet.accounts.development import ACCOUNTS, Account
    from harness.localnet.answers import Answer
    from harness.localnet.asks import LocalnetError
    from harness.localnet.clock import VirtualClock, WallClock
    from harness.localnet.control.localnet import Localnet
    from harness.localnet.feed import EACH_BLOCK, EXCHANGE_LIMITS, Cadence, Connection, Limits
    from harness.localnet.rules import Rules

__all__ = [
    "ACCOUNTS",
    "EACH_BLOCK",
    "EXCHANGE_LIMITS",
    "Account",
    "Answer",
    "Cadence",
    "Connection",
    "Limits",
    "Localnet",
    "LocalnetError",
    "Rules",
    "VirtualClock",
    "WallClock",
]

_HOMES = {
    "ACCOUNTS": "accounts.development",
    "EACH_BLOCK": "feed",
    "EXCHANGE_LIMITS": "feed",
    "Account": "accounts.development",
    "Answer": "answers",
    "Cadence": "feed",
    "Connection": "feed",
    "Limits": "feed",
    "Localnet": "control.localnet",
    "LocalnetError": "asks",
    "Rules": "rules",
    "VirtualClock": "clock",
    "WallClock": "clock",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
