"""What a client makes of changed answers, judged."""

import json

import pytest

from harness.errors import UnsupportedError
from harness.mutants import Answering, try_answers

MIDS = ("info", "allMids")
RECORDED = {MIDS: '{"BTC":"60000.0","ETH":"3000.0"}', ("exchange", "noop"): '{"status":"ok","response":{}}'}


def reads(answering: Answering):
    status, body = answering.answer("/info", {"type": "allMids"})
    if status != 200:
        raise ConnectionError(status)
    return json.loads(body)


def trades_on(answering: Answering):
    px = float(reads(answering).get("ETH", 0))
    answering.answer("/exchange", {"action": {"type": "noop", "px": px}, "nonce": 1, "signature": {}})
    return "done"


def outcomes(probe) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (one.mutant.path, one.mutant.change): (one.outcome, one.detail)
        for one in try_answers(probe, RECORDED)
        if one.kind == MIDS
    }


def test_who_hands_on_what_came_passes_it_on() -> None:
    found = outcomes(reads)
    assert found["$.ETH", "null"] == ("passes on", "")
    assert found["$", "reorder"] == ("works", "")
    assert found["HTTP 429 null", "spoil"] == ("raises", "ConnectionError(429)")
    assert found["HTTP 200 cut off", "spoil"][0] == "raises"


def test_who_sends_something_else_and_says_nothing_is_silently_wrong() -> None:
    found = outcomes(trades_on)
    assert found["$.ETH", "drop"][0] == "silently wrong"
    assert "sends another exchange noop" in found["$.ETH", "drop"][1]
    assert found["$.ETH", "retype"] == ("works", "")
    assert found["$.ETH", "null"] == ("raises", found["$.ETH", "null"][1])
    assert found["$.BTC", "null"] == ("works", "")


def test_the_harness_notices_what_has_another_form() -> None:
    noticed = {(one.mutant.path, one.mutant.change): one.noticed for one in try_answers(reads, RECORDED)}
    assert "found null" in noticed["$.ETH", "null"]
    assert noticed["$.ETH", "drop"] == ""
    assert noticed["HTTP 429 null", "spoil"] == ""
    assert noticed["HTTP 502 HTML", "spoil"] != ""


def test_true_is_not_one() -> None:
    def counts(answering: Answering):
        return bool(reads(answering)["ETH"])

    assert outcomes(counts)["$.ETH", "null"][0] == "silently wrong"


def test_a_probe_that_fails_on_recorded_answers_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="fails on the recorded answers"):
        next(try_answers(lambda answering: {}["gone"], RECORDED))


def test_what_was_not_recorded_is_named() -> None:
    with pytest.raises(UnsupportedError, match="info meta"):
        next(try_answers(lambda answering: answering.answer("/info", {"type": "meta"}), RECORDED))
