"""`hl-harness drift`, from the outside."""

import json

from typer.testing import CliRunner

from harness.cli import app_for
from harness.report import run
from harness.report.run import Exchanged, ScenarioRun
from tests.report.test_run import a_run


def call(*arguments):
    return CliRunner().invoke(app_for(list(arguments)), list(arguments))


def written(path, answer):
    step = Exchanged("scenario", "/info", '{"type":"allMids"}', 200, answer)
    run.write(
        path, a_run(scenarios=[ScenarioRun("scenarios/test_s.py::test_one", "passed", 0.1, steps=[step])])
    )
    return str(path)


def test_exit_codes_say_whether_it_drifted(tmp_path) -> None:
    a = written(tmp_path / "a.json", '{"ETH":"1.0"}')
    b = written(tmp_path / "b.json", '{"ETH":"2.0"}')
    c = written(tmp_path / "c.json", '{"ETH":2.0}')
    none = tmp_path / "none.json"
    run.write(none, a_run(scenarios=[]))

    harmless = call("drift", a, b)
    assert harmless.exit_code == 0
    assert "harmless value: 1" in harmless.output
    assert "no drift: 1 scenario compared" in harmless.output
    drifted = call("drift", a, c)
    assert drifted.exit_code == 1
    assert "retyped: 1\n  info allMids ${}\n" in drifted.output
    assert call("drift", a, str(none)).exit_code == 1
    assert call("drift", a, str(tmp_path / "gone")).exit_code == 2
    assert call("drift", a).exit_code == 2


def test_harmless_values_are_listed_on_demand(tmp_path) -> None:
    a = written(tmp_path / "a.json", '{"ETH":"1.0"}')
    b = written(tmp_path / "b.json", '{"ETH":"2.0"}')
    assert '    A "1.0"\n    B "2.0"\n' in call("drift", a, b, "--all").output
    assert 'A "1.0"' not in call("drift", a, b).output


def test_programs_read_json(tmp_path) -> None:
    a = written(tmp_path / "a.json", '{"ETH":"1.0"}')
    c = written(tmp_path / "c.json", '{"ETH":2.0}')
    result = call("drift", a, c, "--json")
    data = json.loads(result.output)
    assert result.exit_code == 1
    assert (data["drift"], data["compared"]) == (True, 1)
    assert data["differences"] == [
        {
            "place": {
                "scenario": "scenarios/test_s.py::test_one",
                "step_a": 1,
                "step_b": 1,
                "kind": "info allMids",
            },
            "change": "retyped",
            "path": "${}",
            "a": '"1.0"',
            "b": "2.0",
        }
    ]
