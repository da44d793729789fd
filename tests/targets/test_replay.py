"""The tape as a target: step k is recorded step k, or a message that says what differs and what to do."""

import json
from pathlib import Path

import msgspec
import pytest

from harness.errors import ReplayMismatch
from harness.recording.layout import canonical
from harness.recording.tape import Command, Frame, Place, Reply, Request, Tape
from harness.targets.localnet import localnet_universe
from harness.targets.replay import ReplayTarget
from tests.recording.tapes import COMMAND, full_tape, order, provenance, read, request, steps, tape

PATH = Path("cassettes/test_x/test_y.yaml")


def replay(recorded: Tape, sdk: str = "0.24.0") -> ReplayTarget:
    return ReplayTarget(recorded, PATH, COMMAND, localnet_universe(), sdk)


def stopped(target: ReplayTarget, *sent: Request) -> str:
    """Send requests, the last of which is none that the tape expects; return the message."""
    *first, last = sent
    for one in first:
        target.answer(one)
    with pytest.raises(ReplayMismatch) as caught:
        target.answer(last)
    message = str(caught.value)
    assert str(PATH) in message
    assert message.endswith(f"record again:\n  {COMMAND}")
    return message


def test_recorded_requests_get_the_recorded_answers_in_order():
    recorded = full_tape()
    target = replay(recorded)

    assert [target.answer(step.request) for step in recorded.steps] == [step.reply for step in recorded.steps]


def test_equal_requests_get_the_answers_of_their_turn():
    target = replay(tape(read("a"), read("a"), read("a")))

    assert [target.answer(read("a")).body for _ in range(3)] == ["[0]", "[1]", "[2]"]


def test_mismatch_shows_recorded_and_sent_and_says_what_it_means():
    message = stopped(replay(tape(read("meta"), order("2792.4"))), read("meta"), order("2792.5", r="0x90"))

    assert message.startswith("Replay found no answer for request 2 of")
    assert '  recorded: {"type":"order","orders":[{"a":4,"b":true,"p":"2792.4"' in message
    assert '  sent now: {"type":"order","orders":[{"a":4,"b":true,"p":"2792.5"' in message
    assert '  action.orders[0].p  recorded "2792.4"  sent "2792.5"' in message
    assert "The action itself differs" in message


@pytest.mark.parametrize(
    ("sent", "field", "meaning"),
    [
        pytest.param(order(r="0x90"), "signature.r", "Only the signature differs", id="signature"),
        pytest.param(order(nonce=5, r="0x90"), "nonce", "its signed envelope", id="envelope"),
        pytest.param(
            request(order(r="0x9").body.replace('"a":4,"b":true', '"b":true,"a":4'), "/exchange"),
            "order of keys",
            "another signer",
            id="key order",
        ),
        pytest.param(
            Request("POST", order().uri, (("content-type", "text/plain"),), order().body),
            "header content-type",
            "Only the envelope",
            id="header",
        ),
        pytest.param(
            Request("POST", order().uri, order().headers, order().body, 3.0),
            "timeout_s",
            "Only the envelope",
            id="timeout",
        ),
    ],
)
def test_each_kind_of_mismatch_names_its_field_and_meaning(sent, field, meaning):
    message = stopped(replay(tape(order())), sent)

    assert "request 1 of" in message
    assert field in message
    assert meaning in message


OLD, NEW = "0x" + "ab" * 16, "0x" + "C1" * 16


def cloid_in(action):
    """A signed action with OLD in it, and the same with NEW."""
    made = request(f'{{"action":{action},"nonce":1,"signature":{{"r":"0x8f"}}}}', "/exchange")
    other = made.body.replace(OLD, NEW).replace("0x8f", "0x90")
    return made, request(other, "/exchange")


@pytest.mark.parametrize(
    ("recorded", "sent"),
    [
        pytest.param(
            *cloid_in(f'{{"type":"order","orders":[{{"a":4,"c":"{OLD}"}},{{"c":"{OLD}"}}]}}'), id="order"
        ),
        pytest.param(*cloid_in(f'{{"type":"cancelByCloid","cancels":[{{"cloid":"{OLD}"}}]}}'), id="cancel"),
        pytest.param(*cloid_in(f'{{"type":"modify","oid":"{OLD}","order":{{"c":"{OLD}"}}}}'), id="modify"),
        pytest.param(read("orderStatus", oid=OLD), read("orderStatus", oid=NEW), id="read"),
    ],
)
def test_cloid_of_the_scenarios_own_making_is_told(recorded, sent):
    message = stopped(replay(tape(recorded)), sent)

    assert "Only cloids differ." in message
    assert "draw it from venue.cloid()" in message
    assert f"Then, or if that is intended, record again:\n  {COMMAND}" in message


@pytest.mark.parametrize(
    ("recorded", "sent"),
    [
        pytest.param(*cloid_in(f'{{"type":"order","a":4,"to":"{OLD}"}}'), id="no cloid"),
        pytest.param(read("orderStatus", oid=5), read("orderStatus", oid=NEW), id="no cloid before"),
        pytest.param(
            read("orderStatus", oid=OLD, user="a"), read("orderStatus", oid=NEW, user="b"), id="more"
        ),
        pytest.param(order(), order(r="0x90"), id="signature alone"),
        pytest.param(order(), order(nonce=5, r="0x90"), id="nonce of nobody"),
    ],
)
def test_other_differences_are_not_laid_at_chance(recorded, sent):
    message = stopped(replay(tape(recorded)), sent)

    assert "Only cloids differ" not in message
    assert "Threads" not in message
    assert f"changed what it sends.\nIf that is intended, record again:\n  {COMMAND}" in message


@pytest.mark.parametrize(
    ("sent", "beside"),
    [
        pytest.param(order("2", nonce=1, r="0x90"), "(compared with step 2, ", id="later one first"),
        pytest.param(order("1", nonce=2, r="0x90"), "", id="nonce of the later one"),
    ],
)
def test_actions_that_take_turns_by_chance_are_told(sent, beside):
    message = stopped(replay(tape(order("1", nonce=1), order("2", nonce=2, r="0x91"), read("a"))), sent)

    assert f"Differences{' ' * bool(beside)}{beside}" in message
    assert "  nonce      recorded " in message
    assert "Only the nonce differs, and it is that of another recorded action" in message
    assert "let one thread send at a time" in message


def test_other_release_of_the_sdk_is_named():
    message = stopped(replay(tape(read("a")), sdk="0.25.0"), read("b"))

    assert "The SDK (recorded with 0.24.0, now 0.25.0) or the scenario changed what it sends." in message


def test_another_kind_of_request_is_told_as_such():
    message = stopped(replay(tape(read("meta"), read("allMids"))), order())

    assert "Another kind of request was sent: order instead of meta." in message


def test_signature_that_had_to_differ_is_one_line():
    message = stopped(replay(tape(order())), order("2792.5", r="0x90"))

    assert "  signature           differs too, because it covers the above" in message
    assert "signature.r" not in message


def test_path_is_told_as_seen_from_here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    target = ReplayTarget(tape(), tmp_path / "cassettes" / "c.yaml", COMMAND, localnet_universe(), "0.24.0")

    with pytest.raises(ReplayMismatch, match=r"Replay of cassettes/c\.yaml stopped"):
        target.answer(read("a"))


def test_another_read_is_told_as_a_read():
    message = stopped(replay(tape(read("openOrders", user="0x1"))), read("openOrders", user="0x2"))

    assert '  user  recorded "0x1"  sent "0x2"' in message
    assert "This is a read" in message


def test_one_request_too_many_is_told():
    message = stopped(replay(tape(read("a"))), read("a"), read("b"))

    assert message.startswith("Replay found no answer for request 2 of")
    assert "recorded: nothing after step 1" in message
    assert "one request more than was recorded" in message


def test_repeated_request_is_told_from_a_new_one():
    message = stopped(replay(tape(read("a"), read("b"))), read("a"), read("a"))

    assert "That is recorded step 1, which was played before" in message


def test_repeated_last_request_is_told():
    message = stopped(replay(tape(read("a"))), read("a"), read("a"))

    assert "recorded: nothing after step 1" in message
    assert "That is recorded step 1, which was played before" in message


def test_swapped_reads_are_told():
    message = stopped(replay(tape(read("a"), read("b"))), read("b"))

    assert message.startswith("Replay found no answer for request 1 of")
    assert "That is recorded step 2, which comes later" in message


def test_neighbour_that_is_more_similar_is_compared_and_named():
    recorded = tape(read("a", x=1, y=1), read("b", x=2, y=2))
    message = stopped(replay(recorded), read("b", x=2, y=3))

    assert "Differences (compared with step 2, the most similar)" in message
    assert '  y  recorded "2"  sent "3"' in message


def test_request_of_a_tape_without_steps_is_told():
    assert "The cassette holds no step at all" in stopped(replay(tape()), read("a"))


def test_mismatch_does_not_move_the_cursor():
    target = replay(tape(read("a"), read("b")))
    stopped(target, read("b"))

    assert target.cursor == 0
    assert target.answer(read("a")).body == "[0]"


def test_steps_that_were_not_played_are_listed():
    target = replay(tape(*(read(kind) for kind in "abcdefgh")))
    target.answer(read("a"))

    with pytest.raises(ReplayMismatch) as caught:
        target.finish(torn_down=True)

    message = str(caught.value)
    assert "The scenario ended after step 1 of 8" in message
    assert '  2. /info {"type":"b"}\n  3. /info {"type":"c"}' in message
    assert "  … and 2 more" in message
    assert COMMAND in message


def test_tape_that_was_played_whole_finishes():
    target = replay(tape(read("a")))
    target.answer(read("a"))

    target.finish(torn_down=True)


class Watched(list):
    """A list that counts how often it is looked into."""

    looks = 0

    def __getitem__(self, key):
        self.looks += 1
        return super().__getitem__(key)

    def __iter__(self):
        raise AssertionError("the whole tape was read")


def test_cost_of_a_step_does_not_depend_on_the_length_of_the_tape():
    requests = [read("a", n=number) for number in range(300)]
    target = replay(tape(*requests))
    watched = target._tape.steps[:]
    object.__setattr__(target, "_tape", Tape(provenance(), Watched(watched)))

    for one in requests:
        target.nonce_ms()
        target.now_ms()
        target.answer(one)

    assert target._tape.steps.looks == 3 * len(requests)


# Time and chance


def test_clock_is_that_of_the_next_step():
    target = replay(tape(read("a"), read("b")))

    times = [target.now_ms()]
    for kind in "ab":
        target.answer(read(kind))
        times.append(target.now_ms())

    assert times == [1_767_225_600_000, 1_767_225_600_100, 1_767_225_600_100]


def test_clock_of_an_empty_tape_is_its_start():
    assert replay(tape()).now_ms() == 1_767_225_600_000


def test_nonce_is_a_peek_at_the_next_action():
    target = replay(tape(read("a"), order(nonce=7), order(nonce=9), read("b")))

    assert [target.nonce_ms() for _ in range(3)] == [7, 7, 7]
    target.answer(read("a"))
    assert target.nonce_ms() == 7
    target.answer(order(nonce=7))
    assert target.nonce_ms() == 9
    target.answer(order(nonce=9))
    assert target.nonce_ms() == target.now_ms()


def test_nonce_of_a_posted_action_is_known_too():
    sent = [
        json.dumps({"method": "post", "id": 1, "request": {"type": "action", "payload": {"nonce": nonce}}})
        for nonce in (8, "odd", 10)
    ]
    frames = [Frame(1, "opened", "wss://x/ws", Place()), Frame(1, "sent", '{"nonce"', Place())]
    frames += [
        Frame(1, "sent", canonical(text), Place(steps)) for text, steps in zip(sent, (1, 1, 2), strict=True)
    ]
    target = replay(msgspec.structs.replace(tape(order(nonce=7), order(nonce=9)), frames=frames))

    line = target.connect("wss://x/ws")
    assert target.nonce_ms() == 7
    line.send('{"nonce"')
    target.answer(order(nonce=7))
    assert target.nonce_ms() == 8
    line.send(sent[0])
    assert target.nonce_ms() == 9
    line.send(sent[1])
    target.answer(order(nonce=9))
    assert target.nonce_ms() == 10
    line.send(sent[2])
    assert target.nonce_ms() == target.now_ms()


@pytest.mark.parametrize("body", ['{"nonce":"7"}', "[]", "no JSON"])
def test_action_without_a_readable_nonce_gives_none(body):
    target = replay(tape(request(body, "/exchange"), order(nonce=9)))

    assert target.nonce_ms() == 9


def test_draws_are_the_recorded_ones_by_stream():
    target = replay(full_tape())

    assert target.draw("venue", 16).hex() == "cd" * 16
    assert target.draw("sdk", 32).hex() == "ab" * 32
    assert target.draw("venue", 20).hex() == "ef" * 20


@pytest.mark.parametrize(
    ("stream", "sizes", "message"),
    [
        ("sdk", [32, 32], "The SDK draws random bytes for the 2. time; 1 draws are recorded"),
        ("sdk", [16], "The SDK draws 16 random bytes where 32 are recorded"),
        ("venue", [16, 20, 16], "The scenario draws random bytes for the 3. time; 2 draws are recorded"),
    ],
)
def test_other_draws_than_recorded_are_told(stream, sizes, message):
    target = replay(full_tape())
    *first, last = sizes
    for size in first:
        target.draw(stream, size)

    with pytest.raises(ReplayMismatch, match=message):
        target.draw(stream, last)


def test_waiting_and_starting_over_change_nothing():
    target = replay(tape(read("a")))
    target.wait(3600)
    target.fresh()

    assert (target.cursor, target.now_ms()) == (0, 1_767_225_600_000)


# Commands to the localnet


def test_recorded_command_in_its_place_is_accepted():
    target = replay(Tape(provenance(), steps(read("a")), commands=[Command(1, "set_mid", ["ETH", "3000"])]))
    target.answer(read("a"))
    target.command("set_mid", ["ETH", "3000"])

    target.finish(torn_down=True)


@pytest.mark.parametrize(
    ("played", "name", "arguments", "told"),
    [
        (1, "set_mid", ["ETH", "3001"], r"recorded is set_mid\(ETH, 3000\) before step 2"),
        (0, "set_mid", ["ETH", "3000"], r"Before step 1 .*; recorded is set_mid\(ETH, 3000\) before step 2"),
        (1, "fund", ["0x1", "5"], r"Before step 2 the scenario commands fund\(0x1, 5\)"),
    ],
)
def test_another_command_is_told(played, name, arguments, told):
    target = replay(Tape(provenance(), steps(read("a")), commands=[Command(1, "set_mid", ["ETH", "3000"])]))
    if played:
        target.answer(read("a"))

    with pytest.raises(ReplayMismatch, match=told):
        target.command(name, arguments)


def test_command_too_many_is_told():
    with pytest.raises(ReplayMismatch, match="recorded is no further command"):
        replay(tape()).command("advance", ["1"])


def test_command_that_was_left_out_is_told():
    target = replay(Tape(provenance(), [], commands=[Command(0, "advance", ["1"])]))

    with pytest.raises(ReplayMismatch, match="without the recorded localnet command advance"):
        target.finish(torn_down=True)


def test_examples_are_those_of_the_tape():
    assert [one.outcome for one in replay(full_tape()).examples] == ["rejected", "passed"]
    assert replay(tape()).examples == []


def test_late_answer_keeps_its_delay():
    target = replay(full_tape())
    replies = [target.answer(step.request) for step in full_tape().steps]

    assert isinstance(replies[2], Reply)
    assert replies[2].delay_s == 2.0
