"""Which cassettes the scenarios of a project have, as pytest collects them."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from harness.errors import SettingsError
from harness.recording.cassette import name_of

_COMMAND = ("-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "--color=no")
_SHOWN_LINES = 6


def collected() -> set[str]:
    """Return where the cassettes of all tests of the current project would lie below the cassette folder.

    Raises:
        SettingsError: they cannot be collected whole, or there is none.
    """
    # In a process of its own: pytest rewrites the harness's plugin, which is imported here already.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(
        [sys.executable, *_COMMAND], capture_output=True, text=True, check=False, env=environment
    )
    names = _names(done.stdout.splitlines())
    last = (done.stdout + done.stderr).rstrip().splitlines()[-_SHOWN_LINES:]
    if done.returncode or not names or (last and "deselected" in last[-1]):
        raise SettingsError(
            "The scenarios cannot be collected whole:\n" + "\n".join(last),
            needed="A folder where `pytest --collect-only -q` finds every scenario, and deselects none.",
            do="Go there, or give a list: --scenarios=FILE.",
        )
    return names


def listed(path: Path) -> set[str]:
    """Return the same for a file of node ids, one a line, such as `pytest --collect-only -q` prints.

    Raises:
        SettingsError: the file cannot be read, or names no scenario.
    """
    try:
        names = _names(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        names = set()
    if not names:
        raise SettingsError(
            f"--scenarios={path} names no scenario.", needed="A file of node ids, one a line."
        )
    return names


def _names(lines: Iterable[str]) -> set[str]:
    return {name_of(line.strip()) for line in lines if "::" in line}
