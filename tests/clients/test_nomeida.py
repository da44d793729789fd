"""nomeida's `hyperliquid` (npm) on Node: an order's life, followed on the websocket."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CHANNELS = {"l2Book", "allMids", "bbo", "trades", "candle", "userFundings", "activeAssetCtx"}


@pytest.mark.slow
def test_it_follows_the_life_of_an_order(with_npm: Callable[[str], Path], served: dict[str, Any]) -> None:
    command = ["node", "life.mjs", served["url"], served["accounts"][0]["private_key"]]
    done = subprocess.run(
        command, cwd=with_npm("nomeida"), capture_output=True, text=True, check=False, timeout=90
    )

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["placed"], seen["modified"]) == ("open", 2510)
    assert (seen["filled"], seen["position"], seen["closed"]) == ("0.01", 0.01, "0.01")
    assert seen["fills"][:4] == ["Open Long", "Close Long"] * 2
    assert seen["updates"][:8] == ["open", "open", "canceled", "canceled", "open", "filled", "open", "filled"]
    assert seen["heard"].keys() == CHANNELS
    assert set(seen["answers"]) == {"ok"}
