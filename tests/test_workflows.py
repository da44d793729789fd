"""The workflows call what there is: commands and flags by the names that they have."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from harness.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def commands(path: Path) -> Iterator[list[str]]:
    """Yield the words of every command line of a workflow."""
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        for step in job["steps"]:
            for line in step.get("run", "").splitlines():
                yield shlex.split(line)


@pytest.fixture(scope="module")
def flags() -> set[str]:
    """The flags that pytest knows in this project."""
    asked = [sys.executable, "-m", "pytest", "--help"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(re.findall(r"--[a-z-]+", done.stdout))


def test_there_are_three() -> None:
    assert [path.name for path in WORKFLOWS] == ["offline.yml", "record.yml", "testnet.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_calls_what_there_is(path: Path, flags: set[str]) -> None:
    called = list(commands(path))
    assert called
    for program, *words in called:
        if program == "hl-harness":
            assert words[0] in COMMANDS
        elif program == "pytest":
            assert {word.partition("=")[0] for word in words if word.startswith("--")} <= flags


@pytest.mark.parametrize("name", ["record", "testnet"])
def test_keys_come_from_secrets_and_are_never_shown(name: str) -> None:
    text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text()
    for line in text.splitlines():
        if "PRIVATE_KEY:" in line or "COUNTERPARTY_KEY:" in line:
            assert re.search(r'\$\{\{ secrets\.HYPERLIQUID_\w+ \}\}$|: ""$', line), line
    assert "secrets." not in "".join(
        " ".join(words) for words in commands(ROOT / f".github/workflows/{name}.yml")
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_to_a_commit_and_keep_no_credentials(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text())
    assert used
    for one in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one), one
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read(path: Path) -> None:
    made = yaml.safe_load(path.read_text())
    assert made["permissions"] == {"contents": "read"}
    assert not [job for job in made["jobs"].values() if "permissions" in job]


def test_an_action_has_one_version_everywhere() -> None:
    used = {one for path in WORKFLOWS for one in re.findall(r"uses: (.*)", path.read_text())}
    assert len({one.partition("@")[0] for one in used}) == len(used)
