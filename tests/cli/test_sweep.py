"""`hl-harness sweep`, from the outside: where it looks. What it sweeps is in `tests/safety`."""

import pytest
from typer.testing import CliRunner

from harness.cli import app_for
from harness.localnet import ACCOUNTS
from harness.settings import KEY_VARIABLE


@pytest.fixture
def sweep(tmp_path, monkeypatch):
    """Sweeps in a folder below a project's."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "scenarios").mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv(KEY_VARIABLE, ACCOUNTS[3].private_key)
    monkeypatch.chdir(tmp_path / "scenarios")
    return lambda *arguments: CliRunner().invoke(app_for(["sweep"]), ["sweep", *arguments])


def test_folder_that_is_named_and_absent_is_wrong_use(sweep):
    answer = sweep("--journals", "nope")

    assert answer.exit_code == 2
    assert "--journals=nope: there is no such folder." in answer.stderr


def test_journals_of_the_project_are_found_from_any_folder_in_it(sweep, tmp_path):
    assert sweep().output == f"Nothing to sweep in {tmp_path / '.hl-harness'}: there is no such folder.\n"

    (tmp_path / ".hl-harness").mkdir()
    answer = sweep()
    assert answer.output == (
        f"Nothing to sweep in {tmp_path / '.hl-harness'}: no journal in it is of a run that was killed.\n"
    )
    assert answer.exit_code == 0


def test_key_may_stand_in_the_projects_env_file(sweep, tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE)
    assert "There is no key" in sweep().stderr
    (tmp_path / ".env").write_text(f"{KEY_VARIABLE}={ACCOUNTS[3].private_key}\n")

    assert sweep().exit_code == 0
