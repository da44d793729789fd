"""Which folder is the project's: as pytest finds its rootdir."""

import subprocess
import sys

import pytest

from harness.cli import project


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", ""),
        (".pytest.ini", ""),
        pytest.param(
            "pytest.toml", "", marks=pytest.mark.skipif(pytest.version_tuple < (9,), reason="needs pytest 9")
        ),
        ("pyproject.toml", "[tool.pytest.ini_options]\n"),
        ("pyproject.toml", ""),
        ("tox.ini", "[pytest]\n"),
        ("setup.cfg", "[tool:pytest]\n"),
        ("setup.py", ""),
    ],
)
@pytest.mark.parametrize("lesser", [False, True])
def test_root_is_pytests(tmp_path, monkeypatch, name, text, lesser):
    inner = tmp_path / "project" / "scenarios"
    inner.mkdir(parents=True)
    (tmp_path / "project" / name).write_text(text)
    if lesser:
        (inner / "tox.ini").write_text("[tox]\n")
        (inner / ".hl-harness").mkdir()
        (tmp_path / "setup.cfg").write_text("[metadata]\n")
    monkeypatch.chdir(inner)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert project.root() == tmp_path / "project"
    assert f"rootdir: {tmp_path / 'project'}\n" in told


def test_journals_make_a_root_too(tmp_path, monkeypatch):
    (tmp_path / ".hl-harness").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")

    assert project.below_root(".hl-harness") == tmp_path / ".hl-harness"


def test_current_folder_is_the_last_resort(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("nonsense")
    (tmp_path / "setup.cfg").write_text("nonsense")

    assert (project.root(), str(project.below_root("cassettes"))) == (tmp_path, "cassettes")
