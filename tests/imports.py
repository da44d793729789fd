"""A plugin for tests: says what a collection has imported."""

import sys
from typing import Any

SLOW = ("eth_account", "hyperliquid", "harness.localnet.exchange")


def pytest_collection_finish(session: Any) -> None:
    """Print the slow modules that are imported by now, and how many tests were found."""
    imported = [name for name in SLOW if name in sys.modules]
    sys.stdout.write(f"imported: {imported} collected: {len(session.items)}\n")
