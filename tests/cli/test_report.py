"""`hl-harness report`, from the outside."""

import os

from typer.testing import CliRunner

from harness.cli import app_for
from harness.report import run
from tests.report.test_run import a_run


def call(*arguments):
    return CliRunner().invoke(app_for(list(arguments)), list(arguments))


def test_page_lies_beside_the_run_file_or_where_it_is_wanted(tmp_path) -> None:
    run.write(tmp_path / "run.json", a_run())
    assert call("report", str(tmp_path / "run.json")).exit_code == 0
    assert (tmp_path / "run.html").read_text().startswith("<!doctype html>")
    elsewhere = tmp_path / "deep" / "page.html"
    assert call("report", str(tmp_path / "run.json"), "--out", str(elsewhere)).exit_code == 0
    assert elsewhere.is_file()


def test_wrong_use_exits_with_2(tmp_path) -> None:
    (tmp_path / "bad.json").write_text("{}")
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "pipe.html")
    run.write(tmp_path / "run.json", a_run())
    for arguments in (
        [str(tmp_path / "gone.json")],
        [str(tmp_path / "bad.json")],
        [str(tmp_path / "run.json"), "--out", str(tmp_path / "file" / "x.html")],
        [str(tmp_path / "run.json"), "--out", str(tmp_path / "pipe.html")],
    ):
        assert call("report", *arguments).exit_code == 2
    assert (tmp_path / "pipe.html").is_fifo()
