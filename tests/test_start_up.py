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
        "harness.localnet.control.localnet",
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
        "harness.report.page",
        "harness.report.drift.comparing",
        "harness.report.drift.presence",
        "harness.report.drift.telling",
        "harness.shapes.actions",
        "harness.shapes.documented",
        "harness.shapes.orders",
        "harness.shapes.unseen",
    ],
)
def test_the_plugin_imports_nothing_that_collection_does_not_need(module):
    """eth_account alone is most of the SDK's start-up time; the others are no part of a replay."""
    parts = ("options", "fixtures", "episodes", "runs", "drifting", "terminal")
    assert module not in imported_by(";".join(f"import harness.plugin.{part}" for part in parts))


def test_a_shape_brings_its_own_family_and_no_other():
    """There are over twenty of them, and a scenario names a few shapes."""
    found = {
        name for name in imported_by("from harness.shapes import CancelResponse") if "harness.shapes." in name
    }

    assert found == {f"harness.shapes.{name}" for name in ("actions", "base", "differences", "statuses")}


def test_an_answer_that_is_checked_brings_its_own_family_and_no_other():
    found = imported_by(
        "from harness.shapes import check\nassert not check('/info', {'type': 'allMids'}, 200, b'{}')"
    )

    assert "harness.shapes.market" in found
    assert not found & {f"harness.shapes.{name}" for name in ("account", "orders", "user_channels", "web")}
