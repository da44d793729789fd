"""The scenarios beside other plugins, in other orders, from other folders: always the same outcomes.

Each run is a process of its own; all are started together, so that they also show not to disturb each other.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
FILES = ["scenarios/test_cancel.py", "scenarios/test_resting_order.py", "scenarios/test_agent.py"]
ONE = "scenarios/test_cancel.py::test_cancel_by_oid"
PLAIN = ["-p", "no:recording", "-p", "no:randomly", "-p", "no:xdist"]


class Run(NamedTuple):
    """What one process said."""

    code: int
    text: str
    outcomes: dict[str, str]


def outcome(case: ElementTree.Element) -> str:
    """The outcome of one test in a JUnit file."""
    return next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")


class Started:
    """A pytest that runs."""

    def __init__(self, arguments, cwd=ROOT):
        folder = tempfile.mkdtemp()
        self._report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", *arguments, f"--junitxml={self._report}"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "COV_CORE_SOURCE"):
            environment.pop(name, None)
        self._process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def end(self):
        """Wait, and return what it said."""
        text, _ = self._process.communicate(timeout=120)
        cases = ElementTree.parse(self._report).iter("testcase") if self._report.exists() else ()
        outcomes = {f"{case.get('classname')}::{case.get('name')}": outcome(case) for case in cases}
        return Run(self._process.returncode, text, outcomes)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """All runs, by name."""
    elsewhere, cache = tmp_path_factory.mktemp("elsewhere"), ["-p", "no:cacheprovider"]
    others = [str(ROOT / FILES[1]), os.path.relpath(ROOT / FILES[2], elsewhere)]
    started = {
        "plain": Started([*FILES, *PLAIN]),
        "beside others": Started([*FILES, "--record-mode=none", "--block-network", "-p", "no:xdist"]),
        "two workers": Started([*FILES, "-n", "2", *cache]),
        "kept": Started([FILES[1], "--target=localnet", "--keep-orders", "-n", "1", *cache]),
        "elsewhere": Started([str(ROOT / ONE), *others, *PLAIN, *cache], cwd=elsewhere),
        "chosen": Started([FILES[0], "-k", "cancel_by_oid", *PLAIN, *cache]),
        "vcrpy": Started(["scenarios/test_basic_order.py", *FILES[:2], "-p", "tests.vcr_target", *cache]),
        "collection": Started(["scenarios", "--collect-only", "-s", "-p", "tests.imports", *cache, *PLAIN]),
    }
    return {name: one.end() for name, one in started.items()}


def test_plain_run_passes(runs):
    assert runs["plain"].code == 0, runs["plain"].text
    assert len(runs["plain"].outcomes) > 15
    assert set(runs["plain"].outcomes.values()) == {"passed"}


@pytest.mark.parametrize("name", ["beside others", "two workers"])
def test_outcomes_are_the_same(runs, name):
    """With pytest-recording and its flags, in random order, on two workers."""
    assert runs[name].code == 0, runs[name].text
    assert runs[name].outcomes == runs["plain"].outcomes


def test_scenarios_run_from_another_folder_and_by_their_node_id(runs):
    run = runs["elsewhere"]
    expected = {
        name: what
        for name, what in runs["plain"].outcomes.items()
        if "test_cancel::" not in name or name.endswith("::test_cancel_by_oid")
    }

    assert run.code == 0, run.text
    assert run.outcomes == expected


def test_what_a_worker_leaves_open_is_listed(runs):
    run = runs["kept"]

    assert run.code == 0, run.text
    assert "left open (--keep-orders)" in run.text
    assert " on ETH" in run.text.partition("left open")[2]


def test_scenarios_are_chosen_by_name(runs):
    assert [name.rpartition("::")[2] for name in runs["chosen"].outcomes] == ["test_cancel_by_oid"]
    assert runs["chosen"].code == 0


def test_scenarios_pass_on_the_answers_of_stock_vcrpy(runs):
    run = runs["vcrpy"]

    assert run.code == 0, run.text
    assert set(run.outcomes.values()) == {"passed"}
    assert len(run.outcomes) > 10
    assert int(run.text.partition("vcrpy played ")[2].split()[0]) > 60


def test_collection_imports_neither_the_sdk_nor_the_exchange(runs):
    run = runs["collection"]

    assert "imported: []" in run.text, run.text
    assert int(run.text.partition("collected: ")[2].split()[0]) > 400


def test_last_failed_runs_what_failed(tmp_path):
    """A cassette is damaged, the scenario fails, the cassette is restored, --lf runs this one scenario."""
    cassettes, cache = tmp_path / "cassettes", ["-o", f"cache_dir={tmp_path / 'cache'}"]
    (cassettes / "universe").mkdir(parents=True)
    for name in ["universe/*", "test_cancel/*"]:
        for path in (ROOT / "cassettes").glob(name):
            (cassettes / name.partition("/")[0]).mkdir(exist_ok=True)
            (cassettes / name.partition("/")[0] / path.name).write_bytes(path.read_bytes())
    tape = cassettes / "test_cancel" / "test_cancel_by_oid.yaml"
    whole = tape.read_bytes()
    tape.write_bytes(whole[:-40])
    arguments = [FILES[0], f"--cassettes={cassettes}", *PLAIN, *cache]

    first = Started(arguments).end()
    tape.write_bytes(whole)
    second = Started([*arguments, "--lf"]).end()

    assert [name for name, what in first.outcomes.items() if what != "passed"] == list(second.outcomes)
    assert list(second.outcomes.values()) == ["passed"], second.text
