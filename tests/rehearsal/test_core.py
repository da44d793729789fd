"""The scenarios of this repository, unmodified, with --target=testnet before the rehearsal's testnet."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rehearsal.stage import cleared, staged

ROOT = Path(__file__).parents[2]
CORE = (
    "test_basic_order",
    "test_resting_order",
    "test_post_only",
    "test_batch",
    "test_cancel",
    "test_modify",
    "test_position",
    "test_reduce_only",
    "test_order_query",
    "test_price_and_size_rules",
)


def run(folder: Path, *files: str) -> tuple[str, object, object]:
    """Run scenario files on a stage of their own; return what pytest said, and what is left open."""
    with staged(folder, limits=False) as stage:
        paths = [f"scenarios/{name}.py" for name in files]
        options = ["-rs", "-p", "tests.rehearsal.redirect", "--target=testnet"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *paths],
            cwd=ROOT,
            env=cleared(stage.environment) | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.stdout + done.stderr, stage.orders(), stage.positions()


@pytest.mark.slow
def test_core_scenarios_pass_or_say_why_not(tmp_path: Path) -> None:
    text, orders, positions = run(tmp_path, *CORE)

    assert re.search(r"= .*\d+ passed.* =", text), text[-3000:]
    assert not re.search(r"= .*\d+ (failed|error).* =", text), text[-3000:]
    assert (orders, positions) == (set(), {})
    skipped = [line for line in text.splitlines() if line.startswith("SKIPPED")]
    assert [line for line in skipped if "; runs with --target=" not in line] == []
