"""Files that are replaced whole or not at all; symlinks are followed, and only regular files are replaced."""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def write_atomically(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write `content` to `path` so that a reader finds the old file or the new one, never a part.

    Args:
        path: the file; its folder is made if there is none.
        content: all of it.
        durable: wait for the disk, so that it holds after a power cut too; False for what can be made again.

    Raises:
        OSError: it cannot be written, or is something else than a regular file.
    """
    place = place_of(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with _temporary_beside(place) as (descriptor, temporary):
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(place)


def check_writable(path: Path) -> None:
    """Find out whether `path` can be written; its folder is made if there is none.

    Raises:
        OSError: it cannot.
    """
    place = place_of(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with _temporary_beside(place) as (descriptor, _):
        os.close(descriptor)


def place_of(path: Path) -> Path:
    """Return where a file lies that is to be written: what a symlink leads to.

    Raises:
        OSError: something else than a regular file is there.
    """
    with contextlib.suppress(FileNotFoundError):
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "something else")
            raise OSError(errno.EINVAL, f"It is {kind}, no regular file")
    return Path(os.path.realpath(path))


@contextlib.contextmanager
def _temporary_beside(path: Path) -> Iterator[tuple[int, Path]]:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    with contextlib.suppress(OSError):
        temporary.chmod(0o644)
    try:
        yield descriptor, temporary
    finally:
        temporary.unlink(missing_ok=True)
