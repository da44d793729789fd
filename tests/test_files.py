"""Files that are replaced whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from harness.files import check_writable, place_of, write_atomically


def test_symlink_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "file"
    for link, to in (("first", "second"), ("second", "there/file")):
        (tmp_path / link).symlink_to(to)
    for content in (b"new", b"old and new"):
        write_atomically(tmp_path / "first", content)

        assert (tmp_path / "first").is_symlink()
        assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]


def test_pipe_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for path in (tmp_path / "pipe", tmp_path / "link"):
        for refused in (lambda path: write_atomically(path, b""), check_writable, place_of):
            with pytest.raises(OSError, match="It is a pipe, no regular file"):
                refused(path)

    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert len(list(tmp_path.iterdir())) == 2


def test_folder_and_loop_of_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="It is a folder"):
        write_atomically(tmp_path, b"")
    with pytest.raises(OSError, match="loop"):
        write_atomically(tmp_path / "loop", b"")

    assert (tmp_path / "loop").is_symlink()


def test_check_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    check_writable(tmp_path / "file")
    check_writable(tmp_path / "deep" / "file")

    assert (tmp_path / "file").read_bytes() == b"old"
    assert list((tmp_path / "deep").iterdir()) == []
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        check_writable(tmp_path / "file" / "below")
