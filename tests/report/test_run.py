"""The run file: written whole, read back, and free of signatures."""

import json

import pytest

from harness.errors import SettingsError
from harness.journal import Entry, FrameEntry
from harness.report.run import FORMAT, Run, ScenarioRun, exchanged, framed, read, without_signatures, write

SIGNED = {"action": {"type": "noop"}, "nonce": 1, "signature": {"r": "0x1", "s": "0x2", "v": 27}}


def a_run(**changes) -> Run:
    step = exchanged(Entry("/exchange", json.dumps(SIGNED), "scenario", 5, 200, '{"status":"ok"}'))
    scenario = ScenarioRun("scenarios/test_s.py::test_one", "passed", 0.5, steps=[step])
    fields = {
        "format": FORMAT,
        "target": "localnet",
        "sdk": "0.24.0",
        "harness": "0.1.0",
        "python": "3.11.2",
        "started": "2026-11-22T10:00:00Z",
        "seconds": 1.5,
        "scenarios": [scenario],
        "coverage": {"info meta": {"$ answered": 1}},
    }
    return Run(**(fields | changes))


def test_run_is_read_as_it_was_written(tmp_path) -> None:
    run = a_run()
    write(tmp_path / "deep" / "run.json", run)
    assert read(tmp_path / "deep" / "run.json") == run


def test_signature_is_left_out_and_the_rest_stays() -> None:
    (step,) = a_run().scenarios[0].steps
    assert json.loads(step.request) == {"action": {"type": "noop"}, "nonce": 1}


def test_frame_is_kept_with_its_place_and_findings_and_without_its_signature(tmp_path) -> None:
    post = {"method": "post", "id": 1, "request": {"type": "action", "payload": SIGNED}}
    frames = [
        framed(FrameEntry(1, "opened", "wss://x/ws", 4), 0),
        framed(FrameEntry(1, "sent", json.dumps(post), 6, ("odd",)), 1),
    ]
    write(tmp_path / "run.json", a_run(scenarios=[ScenarioRun("x", "passed", 0.5, frames=frames)]))

    opened, sent = read(tmp_path / "run.json").scenarios[0].frames
    assert (opened.way, opened.text, opened.after) == ("opened", "wss://x/ws", 0)
    assert json.loads(sent.text)["request"]["payload"] == {"action": {"type": "noop"}, "nonce": 1}
    assert (sent.socket, sent.after, sent.findings, sent.clock_ms) == (1, 1, ["odd"], 6)


def test_signatures_inside_a_multi_sig_action_are_left_out() -> None:
    inner = {"type": "multiSig", "signatureChainId": "0x66eee", "signatures": [SIGNED["signature"]]}
    body = without_signatures(json.dumps({"action": inner, "nonce": 1, "signature": SIGNED["signature"]}))
    assert json.loads(body) == {"action": {"type": "multiSig", "signatureChainId": "0x66eee"}, "nonce": 1}
    assert without_signatures('{"signature": broken') == '{"signature": broken'


def test_read_keeps_its_body_to_the_letter() -> None:
    assert exchanged(Entry("/info", '{"type":"meta"}', "harness", 5)).request == '{"type":"meta"}'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"", "is no run file"),
        (b"{", "is no run file"),
        (b"\xff\xfe", "is no run file"),
        (b'{"format": 1}', "is no run file"),
    ],
)
def test_damaged_file_gives_one_clear_error(tmp_path, content, words) -> None:
    path = tmp_path / "run.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=words):
        read(path)


def test_file_of_another_format_is_refused(tmp_path) -> None:
    write(tmp_path / "run.json", a_run(format=FORMAT + 1))
    with pytest.raises(SettingsError, match=f"format {FORMAT + 1}"):
        read(tmp_path / "run.json")


def test_folder_that_cannot_be_written_is_told(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        write(tmp_path / "file" / "run.json", a_run())
