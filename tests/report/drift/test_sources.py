"""What a comparison can read."""

import json

import msgspec
import pytest

from harness.errors import SettingsError
from harness.journal import Entry, FrameEntry, Journal
from harness.recording import cassette
from harness.recording.tape import TESTNET_URL, Example, Provenance, Reply, Request, Step, Tape
from harness.report import run
from harness.report.drift.sources import METADATA, age_days, of_journal, read
from harness.report.drift.verdict import compare
from tests.report.test_run import SIGNED, a_run

DAY_MS = 86_400_000


def tape(name: str = "test_one", target: str = "localnet", examples=None) -> Tape:
    body = '{"action":{"type":"noop"},"nonce":1,"signature":{"r":"0x1","s":"0x2","v":27}}'
    request = Request("POST", f"{TESTNET_URL}/exchange", (("content-type", "application/json"),), body)
    step = Step(request, Reply(200, "application/json", '{"status":"ok"}'), "scenario", 5)
    clock = "virtual" if target == "localnet" else "wall"
    facts = Provenance(f"scenarios/test_s.py::{name}", target, "0.24.0", "0.1.0", clock, 10 * DAY_MS, {})
    return Tape(facts, [step], examples=examples)


def test_run_and_cassettes_hold_the_same(tmp_path) -> None:
    cassette.write(tmp_path / "tapes" / "test_s" / "test_one.yaml", tape())
    run.write(tmp_path / "run.json", a_run())
    folder, file = read(tmp_path / "tapes"), read(tmp_path / "run.json")
    assert folder.scenarios.keys() == file.scenarios.keys()
    drift = compare(folder, file)
    assert (drift.compared, drift.differences, drift.harmless) == (1, [], 0)
    assert folder.name == f"{tmp_path}/tapes (1 cassettes recorded on localnet)"
    assert file.name == f"{tmp_path}/run.json (1 scenarios, run on localnet, 2026-11-22T10:00:00Z)"


def test_folder_tells_since_when_its_tapes_of_testnet_are(tmp_path) -> None:
    cassette.write(tmp_path / "one.yaml", tape())
    cassette.write(tmp_path / "two.yaml", tape("test_two", "testnet"))
    assert read(tmp_path).name.endswith(
        "(2 cassettes recorded on localnet and testnet, the oldest of testnet 1970-01-11)"
    )


def test_metadata_of_two_folders_is_compared(tmp_path) -> None:
    for name, rows in (("a", '[{"name":"ETH"}]'), ("b", '[{"name":"ETH","mood":1}]')):
        named = msgspec.structs.replace(tape().provenance, universe={"meta": f"meta-{name}"})
        cassette.write(tmp_path / name / "one.yaml", msgspec.structs.replace(tape(), provenance=named))
        (tmp_path / name / "universe").mkdir()
        (tmp_path / name / "universe" / f"meta-{name}.json").write_text(f'{{"universe":{rows}}}')
    run.write(tmp_path / "run.json", a_run())

    drift = compare(read(tmp_path / "a"), read(tmp_path / "b"))
    (found,) = drift.graver
    assert (found.change, found.path, found.place.scenario) == ("new field", "$.universe[].mood", METADATA)
    assert drift.compared == 1
    with_run = compare(read(tmp_path / "a"), read(tmp_path / "run.json"))
    assert [one.why for one in with_run.not_compared] == [
        "only in A: only a whole folder of cassettes has it"
    ]
    with_one = compare(read(tmp_path / "a" / "one.yaml"), read(tmp_path / "b"))
    assert (with_one.not_compared, with_one.graver) == ([], [])


def test_one_cassette_is_one_side(tmp_path) -> None:
    examples = [Example({}, "passed", 0, 1)]
    cassette.write(tmp_path / "one.yaml", tape(examples=examples))
    source = read(tmp_path / "one.yaml")
    assert source.is_one_cassette
    assert source.scenarios["scenarios/test_s.py::test_one"].examples == tuple(examples)


def test_drawn_examples_of_a_run_are_not_known(tmp_path) -> None:
    one = a_run().scenarios[0]
    drawn = run.ScenarioRun(one.id, one.outcome, one.seconds, drawn=True)
    run.write(tmp_path / "run.json", a_run(scenarios=[drawn]))
    assert read(tmp_path / "run.json").scenarios[one.id].examples == ()


def test_journal_is_read_without_signatures() -> None:
    journal = Journal()
    view = journal.since(0)
    journal.sent(Entry("/exchange", json.dumps(SIGNED), "scenario", 5))
    journal.passed(FrameEntry(1, "sent", json.dumps(SIGNED), 6))
    (step,), (frame,) = of_journal(view)
    assert "signature" not in step.request
    assert "signature" not in frame.text
    assert step.is_unreachable


def test_age_is_of_testnet_alone() -> None:
    assert age_days(tape(), 40 * DAY_MS) is None
    assert age_days(tape(target="testnet"), 40 * DAY_MS) == 30


def test_what_cannot_be_read_is_wrong_use(tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.yaml").write_text("interactions: [")
    (tmp_path / "bad.json").write_text("{}")
    for name, words in (
        ("empty", "no cassette"),
        ("bad.yaml", "bad.yaml"),
        ("bad.json", "no run file"),
        ("gone", "cannot be read"),
    ):
        with pytest.raises(SettingsError, match=words):
            read(tmp_path / name)


def test_two_cassettes_of_one_scenario_are_refused(tmp_path) -> None:
    for name in ("one", "two"):
        cassette.write(tmp_path / f"{name}.yaml", tape())
    with pytest.raises(SettingsError, match="same scenario"):
        read(tmp_path)
