"""A file of scenarios run by itself is as guarded as in a run of all of them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", ["test_sdk_alone.py", "test_sdk_names.py", "test_sdk_objects.py"])
def test_file_that_asks_for_no_target_runs_alone(file: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "scenarios" / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 0, done.stdout
