"""async-hyperliquid (PyPI), in an environment of its own; it has no websocket."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LIFE = Path(__file__).parent / "async_hyperliquid" / "life.py"


@pytest.mark.slow
def test_it_places_modifies_cancels_fills_and_closes(
    with_pip: Callable[[str], str], served: dict[str, Any]
) -> None:
    python = with_pip("async-hyperliquid==0.4.8")
    account = served["accounts"][0]
    command = [python, str(LIFE), served["url"], account["address"], account["private_key"]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["placed"], seen["modified"], seen["left"]) == ("open", "2510.0", 0)
    assert (seen["position"], seen["closed"]) == (["0.01"], [])
    assert seen["fills"] == ["Close Long", "Open Long"]
    assert set(seen["answers"]) == {"ok"}
