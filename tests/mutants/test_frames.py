"""Changed websockets: each differs from the recorded one in one thing."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.mutants import Conversation, frame_mutants
from harness.mutants.frames import SPOILED_FRAMES

SUBSCRIPTION = '{"method":"subscribe","subscription":{"type":"trades","coin":"ETH"}}'
ACK = f'{{"channel":"subscriptionResponse","data":{SUBSCRIPTION}}}'
ONE = '{"channel":"trades","data":[{"coin":"ETH","px":"1.5"},{"coin":"ETH","px":"1.6"}]}'
TWO = '{"channel":"trades","data":[{"coin":"ETH","px":"2.5"}]}'
TRADES = Conversation(({"type": "trades", "coin": "eth"},), (ACK, ONE, TWO))


def by_place(conversation: Conversation = TRADES) -> dict[tuple[int, str, str], tuple[str, ...]]:
    return {(one.number, one.path, one.change): one.frames for one in frame_mutants(conversation)}


def test_what_stands_in_a_frame_is_changed_as_in_an_answer() -> None:
    head, changed, tail = by_place()[1, "$.data[0].px", "retype"]
    assert (head, tail) == (ACK, TWO)
    assert json.loads(changed)["data"] == [{"coin": "ETH", "px": 1.5}, {"coin": "ETH", "px": "1.6"}]


def test_frames_are_lost_doubled_late_and_cut_off() -> None:
    found = by_place()
    assert found[1, "frame", "drop"] == (ACK, TWO)
    assert found[1, "frame", "duplicate"] == (ACK, ONE, ONE, TWO)
    assert found[1, "frame", "reorder"] == (ACK, TWO, ONE)
    assert found[1, "connection", "end"] == (ACK,)
    assert found[1, "cut off", "spoil"] == (ACK, ONE[: len(ONE) // 2], TWO)


def test_an_acknowledgement_may_be_missing() -> None:
    assert by_place()[0, "frame", "drop"] == (ONE, TWO)


def test_other_texts_come_in_a_frames_stead() -> None:
    found = by_place()
    assert {path: found[1, path, "spoil"][1] for path in SPOILED_FRAMES} == SPOILED_FRAMES


def test_a_frame_of_another_subscription_comes_after_it() -> None:
    frames = by_place()[1, "frame", "foreign"]
    assert frames[1] == ONE
    assert json.loads(frames[2])["data"] == [{"coin": "UNHEARD", "px": "1.5"}, {"coin": "ETH", "px": "1.6"}]


def test_what_does_not_say_whose_it_is_belongs_to_nobody_else() -> None:
    updates = '{"channel":"orderUpdates","data":[{"order":{"coin":"ETH"},"status":"open"}]}'
    found = by_place(Conversation(({"type": "orderUpdates", "user": "0x1"},), (ACK, updates)))
    assert not [change for _, _, change in found if change == "foreign"]


def test_of_frames_that_have_the_same_form_one_is_changed() -> None:
    known: set[str] = set()
    assert {one.number for one in frame_mutants(TRADES, known)} == {0, 1}
    assert list(frame_mutants(TRADES, known)) == []


@given(st.lists(st.sampled_from([ACK, ONE, TWO, '{"channel":"pong"}', "[]"]), max_size=4))
def test_every_mutant_is_another_conversation_and_named_once(frames) -> None:
    found = list(frame_mutants(Conversation(TRADES.subscriptions, tuple(frames))))
    assert all(one.frames != tuple(frames) for one in found)
    assert len({one[:3] for one in found}) == len(found)
