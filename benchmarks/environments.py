"""The virtual environments of the other players.

cassetter's pytest plugin and pytest-recording both define `record_mode`, so each gets an environment of its
own: made once, kept in the user's cache folder, with the same releases of the SDK, pytest and Hypothesis as
here, and with coincurve, so that signing costs all sides the same.
"""

import os
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

CASSETTER = "cassetter==0.16.1"
_SHARED = ("hyperliquid-python-sdk", "eth-account", "coincurve", "pytest", "hypothesis", "requests")
_OWN = {"stock": ("vcrpy", "pytest-recording"), "cassetter": ()}
_PROBES = {"stock": "import vcr, pytest_recording, hyperliquid", "cassetter": "import cassetter, hyperliquid"}


def python_of(player: str, given: Path | None) -> Path:
    """Return the interpreter of `stock` or `cassetter`; its environment is made when none is given.

    Raises:
        SystemExit: it cannot be made, or does not hold what is needed.
    """
    folder = given or _cache() / f"{player}-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if given is None and not _works(python, player):
        _make(folder, python, player)
    if not _works(python, player):
        raise SystemExit(
            f"{folder} is no environment for {player}: {_PROBES[player]!r} fails there.\n"
            f"Needed: {', '.join(_requirements(player))}.\n"
            f"Make one by hand and pass --venv {player}=PATH."
        )
    return python


def _cache() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "hyperliquid-scenarios" / "benchmarks"


def _requirements(player: str) -> list[str]:
    own = [CASSETTER] if player == "cassetter" else [f"{name}=={version(name)}" for name in _OWN[player]]
    return [*own, *(f"{name}=={version(name)}" for name in _SHARED)]


def _works(python: Path, player: str) -> bool:
    return (
        python.exists()
        and not subprocess.run([python, "-c", _PROBES[player]], capture_output=True).returncode
    )


def _make(folder: Path, python: Path, player: str) -> None:
    print(f"Making the environment of {player} in {folder} (once) ...", file=sys.stderr)
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", *_requirements(player)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise SystemExit(
            f"pip could not install what {player} needs:\n" + "\n".join(errors or [done.stderr[-800:]]) + "\n"
            f"Needed: a package index within reach, or an environment passed as --venv {player}=PATH."
        )
