"""Stock vcrpy plays our cassettes: every one of them, and with them whole scenarios."""

from pathlib import Path

import pytest
import requests
import vcr

from harness.recording import cassette
from harness.recording.layout import canonical
from harness.recording.tape import TESTNET_URL, Reply, Step, Tape
from tests.bodies import as_sent
from tests.recording.tapes import JSON, provenance, read

ROOT = Path(__file__).parents[2]
CASSETTES = sorted((ROOT / "cassettes").glob("test_*/*.yaml"))
PARTS = 8


def test_there_are_cassettes():
    assert len(CASSETTES) > 100


@pytest.mark.parametrize("part", range(PARTS))
def test_stock_vcrpy_plays_every_cassette_in_order(part):
    """Method, URI and body are matched; a request that is not on the tape would be an error of vcrpy's."""
    player = vcr.VCR(record_mode="none", match_on=["method", "uri", "body"])
    for path in CASSETTES[part::PARTS]:
        tape = cassette.read(path, record_command="")
        with (
            player.use_cassette(str(path), allow_playback_repeats=False) as played,
            requests.Session() as session,
        ):
            for step in tape.steps:
                sent = step.request
                answer = session.request(
                    sent.method, sent.uri, data=as_sent(sent.body), headers=dict(sent.headers), timeout=5
                )
                assert (answer.status_code, canonical(answer.text)) == (
                    step.reply.status,
                    canonical(step.reply.body),
                ), path
            assert played.all_played, path


def test_stock_vcrpy_plays_an_answer_that_a_fault_cut_off(tmp_path):
    cut = Reply(200, JSON, '{"status":"ok","resp', unproven=True)
    cassette.write(tmp_path / "cut.yaml", Tape(provenance(), [Step(read("meta"), cut, "scenario", 1)]))

    with vcr.VCR(record_mode="none").use_cassette(str(tmp_path / "cut.yaml")):
        answer = requests.post(f"{TESTNET_URL}/info", data='{"type":"meta"}', timeout=5)

    assert answer.text == cut.body


def test_stock_vcrpy_refuses_what_is_not_on_the_tape():
    player = vcr.VCR(record_mode="none", match_on=["method", "uri", "body"])
    with (
        player.use_cassette(str(ROOT / "cassettes/test_cancel/test_cancel_by_oid.yaml")),
        pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException),
    ):
        requests.post("https://api.hyperliquid-testnet.xyz/info", json={"type": "meta"}, timeout=5)
