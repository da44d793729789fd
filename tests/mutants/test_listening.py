"""What a client makes of a changed websocket, judged."""

import json

import pytest

from harness.errors import UnsupportedError
from harness.mutants import Conversation, Listening, try_frames

ONE, TWO = (f'{{"channel":"bbo","data":{{"coin":"ETH","px":"{px}"}}}}' for px in ("1.5", "2.5"))
BBO = Conversation(({"type": "bbo", "coin": "ETH"},), (ONE, TWO))


def outcomes(probe, conversation: Conversation = BBO, **options) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (one.mutant.path, one.mutant.change): (one.outcome, one.detail)
        for one in try_frames(probe, conversation, **options)
    }


def records(listening: Listening):
    return [json.loads(text) for text in listening.frames]


def test_who_keeps_what_comes_passes_it_on_and_raises_on_what_is_no_json() -> None:
    found = outcomes(records)
    assert found["$.data.px", "null"] == ("passes on", "")
    assert found["$.data", "reorder"] == ("works", "")
    assert found["frame", "duplicate"] == ("passes on", "")
    assert found["frame", "reorder"] == ("passes on", "")
    assert found["frame", "drop"] == ("drops", "")
    assert found["connection", "end"] == ("drops", "")
    assert found["nothing", "spoil"][0] == "raises"
    assert found["frame", "foreign"][0] == "silently wrong"


def test_who_reckons_with_what_came_is_silently_wrong() -> None:
    found = outcomes(lambda listening: sum(float(one["data"].get("px", 0)) for one in records(listening)))
    assert found["$.data.px", "drop"] == ("silently wrong", "makes 2.5 of it and says nothing")
    assert found["$.data.px", "retype"] == ("works", "")
    assert found["frame", "duplicate"][0] == "silently wrong"
    assert found["frame", "drop"][0] == "silently wrong"


def test_what_a_thread_of_the_client_swallows_is_unseen() -> None:
    def swallows(listening: Listening):
        heard = []
        for text in listening.frames:
            try:
                heard.append(json.loads(text)["data"]["px"])
            except (KeyError, TypeError, ValueError) as error:
                listening.raised_unseen(error)
        return heard

    assert outcomes(swallows)["$.data.px", "drop"] == ("raises unseen", "KeyError('px')")


def test_a_frame_without_a_part_in_the_result_is_unheard() -> None:
    def first(listening: Listening):
        return json.loads(listening.frames[0])["data"]["coin"]

    found = {(one.mutant.number, one.mutant.path): one.outcome for one in try_frames(first, BBO)}
    assert found[0, "$.data.coin"] == "silently wrong"
    assert found[0, "$.data.px"] == "unheard"


def test_who_drops_may_at_least_print_it() -> None:
    def prints(listening: Listening):
        heard = []
        for text in listening.frames:
            if text.startswith('{"channel":"bbo"'):
                heard.append(json.loads(text))
            else:
                print("unexpected", text)  # noqa: T201
        return heard

    assert outcomes(prints)["$.channel", "drop"] == ("drops", "and prints it")
    assert outcomes(prints)["frame", "drop"] == ("drops", "")


def test_who_sends_something_else_for_it_is_silently_wrong() -> None:
    def trades(listening: Listening):
        for message in records(listening):
            action = {"type": "noop", "px": message["data"]["px"]}
            listening.answering.answer("/exchange", {"action": action, "nonce": 1, "signature": {}})

    answers = {("exchange", "noop"): '{"status":"ok","response":{"type":"default"}}'}
    found = outcomes(trades, answers=answers)
    assert "sends another exchange noop" in found["$.data.px", "retype"][1]
    assert found["frame", "duplicate"][0] == "silently wrong"


def test_the_end_of_the_connection_is_told_to_the_client() -> None:
    def minds(listening: Listening):
        if listening.ends:
            raise ConnectionError
        return records(listening)

    assert outcomes(minds)["connection", "end"] == ("raises", "ConnectionError")


def test_a_probe_that_fails_on_recorded_frames_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="fails on the recorded frames"):
        next(try_frames(lambda listening: {}["gone"], BBO))
