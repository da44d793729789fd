"""What a replay imports: nothing that it does not use, because it is paid for on every run."""

import subprocess
import sys

import pytest


def imported_by(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after `statement`."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "eth_account",
        "hyperliquid.exchange",
        "harness.localnet.control",
        "harness.testnet_run",
        "filelock",
        "harness.websocket",
        "harness.targets.replayed_frames",
        "websocket",
        "yaml",
        "uvicorn",
        "typer",
        "rich",
        "jinja2",
        "difflib",
    ],
)
def test_the_plugin_imports_nothing_that_collection_does_not_need(module):
    """eth_account alone is most of the SDK's start-up time; the others are no part of a replay."""
    parts = ("options", "fixtures", "episodes", "terminal")
    assert module not in imported_by(";".join(f"import harness.plugin.{part}" for part in parts))
