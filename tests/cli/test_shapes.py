"""`hl-harness shapes` and the frame around all commands."""

import json
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from harness import __version__, cli
from harness.cli import app_for, main
from harness.errors import GuardError, SettingsError
from harness.report.run import FORMAT, Run, write
from harness.shapes import KNOWN
from harness.shapes.coverage import Coverage
from tests.shapes.answers import INFO, REFUSED


def run(*arguments):
    return CliRunner().invoke(app_for(list(arguments)), list(arguments))


@pytest.fixture
def samples(tmp_path):
    """A folder with a good, a newer, a bad, an unknown and an unfit sample."""
    newer = [{**INFO["openOrders"][0], "newField": 1}]
    for name, sample in {
        "good": {"request": {"type": "openOrders"}, "response": INFO["openOrders"]},
        "newer": {"request": {"type": "openOrders"}, "response": newer},
        "bad": {"request": {"type": "openOrders"}, "response": [{"oid": "5"}]},
        "unknown": {"request": {"type": "somethingNew"}, "response": []},
        "part_orders": {"request": None, "response": []},
        "ws_pong": {"request": None, "response": [{"channel": "pong"}, {"channel": "pong"}]},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(sample), encoding="utf-8")
    return tmp_path


def test_good_answers_exit_with_0(samples):
    result = run("shapes", "check", str(samples / "good.json"))

    assert result.exit_code == 0
    assert result.output == "1 answers checked, 0 differ; 0 not checked.\n"


def test_differences_are_printed_and_exit_with_1(samples):
    result = run("shapes", "check", str(samples))

    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[:3] == [
        f"{samples / 'bad.json'}: $[0].oid (OpenOrders, type)",
        '    found     "5"',
        "    expected  a whole number, at least 0",
    ]
    assert f"{samples / 'newer.json'}: $[0].newField (OpenOrders, unknown-field)" in lines
    assert lines[-3:] == [
        "5 answers checked, 2 differ; 2 not checked.",
        "  not checked: 1 x only a part of an answer",
        "  not checked: 1 x no shape for this kind of request",
    ]


def test_unknown_fields_may_be_reported_only(samples):
    result = run("shapes", "check", "--no-strict", str(samples / "newer.json"))

    assert result.exit_code == 0
    assert "newer.json: notice: $[0].newField" in result.output


def test_differences_for_programs(samples):
    result = run("shapes", "check", "--json", str(samples / "bad.json"), str(samples / "part_orders.json"))

    assert result.exit_code == 1
    data = json.loads(result.output)
    assert data["answers"] == 2
    assert data["not_checked"] == [
        {"file": str(samples / "part_orders.json"), "reason": "only a part of an answer"}
    ]
    assert data["findings"][0] == {
        "file": str(samples / "bad.json"),
        "interaction": None,
        "path": "$[0].oid",
        "found": '"5"',
        "expected": "a whole number, at least 0",
        "shape": "OpenOrders",
        "kind": "type",
        "severity": "error",
    }


def test_an_example_of_the_documentation_may_have_its_known_deviations(tmp_path):
    cut = [{key: value for key, value in INFO["userFills"][0].items() if key != "twapId"}]
    recording = {"request": {"type": "userFills"}, "response": cut}
    example = recording | {"kind": "example printed in the official documentation; comments removed"}
    for name, sample in {"recording": recording, "example": example}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(sample), encoding="utf-8")

    result = run("shapes", "check", str(tmp_path))

    assert result.exit_code == 1
    assert f"{tmp_path / 'recording.json'}: $[0].twapId (UserFills, missing-field)" in result.output
    assert "example.json" not in result.output
    assert run("shapes", "check", str(tmp_path / "example.json")).exit_code == 0
    told = " ".join(run("shapes", "check", "--help").output.split())
    assert "example printed in the official documentation" in told


def test_a_cassette_names_the_interaction(tmp_path):
    step = {
        "request": {"uri": "https://x/info", "body": '{"type": "meta"}'},
        "response": {"status": {"code": 200}, "body": {"string": json.dumps(REFUSED)}},
    }
    (tmp_path / "tape.json").write_text(json.dumps({"interactions": [step]}), encoding="utf-8")

    result = run("shapes", "check", str(tmp_path))

    assert result.exit_code == 1
    assert f"{tmp_path / 'tape.json'} interaction 1: $.status (Meta, unknown-field)" in result.output


@pytest.mark.parametrize("name", ["nowhere.json", "part_orders.json", "note.json"])
def test_wrong_use_exits_with_2(samples, name):
    (samples / "note.json").write_text("{}", encoding="utf-8")

    result = run("shapes", "check", str(samples / name))

    assert result.exit_code == 2
    assert name in result.output


@pytest.fixture
def run_file(tmp_path):
    """A run that has seen one refused order."""
    seen = Coverage()
    seen.see("exchange", "order", json.dumps(REFUSED).encode())
    path = tmp_path / "run.json"
    write(path, Run(FORMAT, "localnet", "0.23.0", "0.1.0", "3.11", "", 1.0, [], seen.as_data()))
    return str(path)


def test_coverage_tells_the_whole_and_each_way_of_knowing(run_file):
    whole, *parts = run("shapes", "coverage", run_file).output.splitlines()[:4]

    assert whole.startswith("shapes: 1 of ")
    assert [part.partition(":")[0] for part in parts] == [
        "  of kinds that are recorded",
        "  of kinds that are documented only",
        "  of kinds that a client's schema tells of only",
    ]
    assert parts[0].startswith("  of kinds that are recorded: 1 of ")


def test_coverage_for_programs(run_file):
    data = json.loads(run("shapes", "coverage", "--json", run_file).output)

    assert (data["kinds_seen"], data["sights_seen"]) == (1, 3)
    assert list(data["groups"]) == ["recorded", "documented", "schema"]
    assert sum(group["sights"] for group in data["groups"].values()) == data["sights"]
    assert data["groups"]["recorded"]["sights_seen"] == 3
    assert data["groups"]["recorded"]["share"] == 3 / data["groups"]["recorded"]["sights"]


def test_coverage_holds_a_run_to_a_share(run_file):
    assert run("shapes", "coverage", run_file).exit_code == 0
    assert run("shapes", "coverage", "--at-least", "95", run_file).exit_code == 1


def test_list_shows_every_shape():
    result = run("shapes", "list")

    assert result.exit_code == 0
    rows = [line.split() for line in result.output.splitlines()]
    assert {(row[0], row[1]) for row in rows} == set(KNOWN)
    assert ["info", "orderStatus", "2025-01", "OrderStatus"] in rows

    data = json.loads(run("shapes", "list", "--json").output)
    assert {(row["endpoint"], row["kind"]) for row in data} == set(KNOWN)


@pytest.mark.parametrize("kind", sorted({kind for _, kind in KNOWN}))
def test_every_shape_has_a_schema(kind):
    result = run("shapes", "schema", kind)

    assert result.exit_code == 0
    assert json.loads(result.output)
    assert "\\\\Z" not in result.output


def test_a_schema_of_an_unknown_kind_is_wrong_use():
    result = run("shapes", "schema", "nope")

    assert result.exit_code == 2
    assert "There is no shape for nope." in result.output


def test_help_names_all_commands_without_loading_them(monkeypatch):
    monkeypatch.setattr(cli.importlib, "import_module", None)

    result = run("--help")

    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in cli.COMMANDS)
    assert "2 wrong use" in result.output


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_has_help(name):
    assert run(name, "--help").exit_code == 0


def test_the_version_is_shown():
    assert run("--version").output == f"hl-harness {__version__}\n"


def test_an_unknown_command_is_wrong_use():
    assert run("nope").exit_code == 2


@pytest.mark.parametrize(
    ("error", "code"), [(SettingsError("a path is wrong"), 2), (GuardError("stopped"), 1)]
)
def test_an_error_is_told_without_a_traceback(monkeypatch, capsys, error, code):
    def fail(_arguments):
        raise error

    monkeypatch.setattr(cli, "app_for", fail)

    with pytest.raises(SystemExit) as leaving:
        main()

    assert leaving.value.code == code
    assert capsys.readouterr().err == f"{error}\n"


def test_the_module_runs_as_a_program():
    """And its help is there at once: measured at 0.1 s."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "harness", "--help"], capture_output=True, text=True, check=True, timeout=60
    )

    assert "Usage: hl-harness" in done.stdout
    assert time.perf_counter() - start < 3
