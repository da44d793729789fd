"""The entry of the command line: what comes of an output that is closed, full, or of another encoding."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import main
from harness.localnet import ACCOUNTS
from harness.settings import KEY_VARIABLE

ROOT = Path(__file__).parents[2]


class Full(io.StringIO):
    """A standard output on a full disk: the buffer takes all, or nothing."""

    def __init__(self, *, when: str) -> None:
        super().__init__()
        self._when = when

    def write(self, text: str) -> int:
        if self._when == "write":
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)

    def flush(self) -> None:
        if self._when == "flush":
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("when", ["write", "flush"])
def test_output_on_a_full_disk_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], when: str
) -> None:
    monkeypatch.setattr("sys.argv", ["hl-harness", "shapes", "list"])
    monkeypatch.setattr("sys.stdout", Full(when=when))
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert "The output cannot be written: No space left on device." in capsys.readouterr().err


def test_other_trouble_of_the_system_is_not_called_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: list[str]) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "file")

    monkeypatch.setattr("harness.cli.app_for", fail)
    with pytest.raises(PermissionError):
        main()


@pytest.mark.parametrize("arguments", [["shapes", "list"], ["--help"], ["shapes", "schema", "meta"]])
def test_reader_who_stops_is_no_finding(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "harness", *arguments],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )

    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_an_encoding_does_not_have_is_escaped(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a→b").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": encoding,
        "XDG_STATE_HOME": str(tmp_path),
        KEY_VARIABLE: ACCOUNTS[3].private_key,
    }
    done = subprocess.run(
        [sys.executable, "-m", "harness", "sweep", "--journals", "a→b"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=environment,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"a\\u2192b: no journal in it" in done.stdout
