"""Other people's clients against `hl-harness localnet`, unmodified but for the URL."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def served(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The facts of a running localnet: url, and accounts with address and private_key."""
    facts = tmp_path / "facts.json"
    command = [sys.executable, "-m", "harness", "localnet", "--port", "0", "--silent", "--json", str(facts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Listening on http://")
        yield json.loads(facts.read_text())
        process.terminate()
        assert process.wait(timeout=10) == 0
