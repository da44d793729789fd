"""Which scenarios the cassettes of a project belong to, as pytest collects them.

A module that gives no test at all says nothing about its cassettes: it may be skipped when it is imported, or
be ignored. So a cassette is an orphan only if its module is gone, or was collected without its scenario.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from harness.cli import project
from harness.errors import SettingsError
from harness.recording.cassette import name_of

_COMMAND = ("-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "--color=no")
_SHOWN_LINES = 6
_NO_TESTS = 5


class Belongings(NamedTuple):
    """Whose the cassettes are; `untold` are modules without a test, each with the number of its cassettes."""

    orphans: list[Path]
    untold: dict[str, int]


def belongings(files: Sequence[Path], folder: Path, listed: Path | None) -> Belongings:
    """Sort out which cassettes are orphans.

    Args:
        files: all cassettes of `folder`.
        folder: the cassette folder.
        listed: a file of node ids, one a line, such as `pytest --collect-only -q` prints; None asks pytest.

    Raises:
        SettingsError: the scenarios cannot be collected whole, or none of them is here.
    """
    if not files:
        return Belongings([], {})
    root = project.root()
    modules = {file: _module(root, file.relative_to(folder)) for file in files}
    there = {one for one in modules.values() if one}
    names = _listed(listed) if listed else _collected(root, there)
    told = {PurePosixPath(name).parent for name in names}
    found = Belongings([], {})
    for file, module in modules.items():
        name = PurePosixPath(file.relative_to(folder).as_posix())
        if str(name) in names:
            continue
        if module is None or name.parent in told:
            found.orphans.append(file)
        else:
            path = module.relative_to(root).as_posix()
            found.untold[path] = found.untold.get(path, 0) + 1
    return found


def why_untold(module: str, cassettes: int) -> str:
    """Say what is the matter with a module without a test, and what to do."""
    return (
        f"pytest finds no test in it (skipped when it is imported, or ignored): its cassettes ({cassettes}) "
        f"are left alone; to see why: pytest --collect-only -rs {module}; if they are not wanted: delete it"
    )


def _module(root: Path, cassette: Path) -> Path | None:
    """Return the file that a cassette is named after, None when there is none."""
    name = cassette.parent.with_name(cassette.parent.name + ".py")
    return next((one for one in (root / "scenarios" / name, root / name) if one.is_file()), None)


def _collected(root: Path, modules: Iterable[Path]) -> set[str]:
    """Return where the cassettes of all tests beside these modules would lie below the cassette folder."""
    folders = {one.parent for one in modules}
    # What lies deeper comes with the folder above it.
    tops = sorted(one for one in folders if not folders.intersection(one.parents))
    if not tops:
        raise SettingsError(
            f"No scenario of these cassettes is in {root}.",
            needed="The project that the cassettes were recorded in.",
            do="Go there, or give a list: --scenarios=FILE.",
        )
    # In a process of its own: pytest rewrites the harness's plugin, which is imported here already.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(
        [sys.executable, *_COMMAND, f"--rootdir={root}", *map(str, tops)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=root,
    )
    names = _names(done.stdout.splitlines())
    lines = (done.stdout + done.stderr).rstrip().splitlines()
    is_whole = bool(names) if done.returncode == 0 else done.returncode == _NO_TESTS
    if not is_whole or (lines and "deselected" in lines[-1]):
        errors = [line for line in lines if line.startswith("E ")] or lines[-_SHOWN_LINES:]
        where = " ".join(one.relative_to(root).as_posix() for one in tops)
        raise SettingsError(
            "The scenarios cannot be collected whole:\n" + "\n".join(errors[:_SHOWN_LINES]),
            needed=f"`pytest --collect-only -q {where}` in {root} without error or deselection.",
            do="Mend that (install what cannot be imported), or give a list: --scenarios=FILE.",
        )
    return names


def _listed(path: Path) -> set[str]:
    """Return the same for a file of node ids."""
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
