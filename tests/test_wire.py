"""The one door: guard, journal, target, shape check, tape, in this order, for everything that passes."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from harness.errors import (
    GuardError,
    OutlivedError,
    RecordingError,
    ReplayMismatch,
    ShapeError,
    TargetUnavailable,
    UnsupportedError,
)
from harness.recording.tape import TESTNET_URL, Reply, Request
from harness.settings import Key
from tests.doors import JSON, closed_door, door
from tests.recording.tapes import provenance, read, request

MIDS = Reply(200, JSON, '{"ETH":"3000.5"}')
ODD = Reply(200, JSON, '{"status":"odd","new":1}')
TESTNET = {"target": "testnet", "key": Key("ab" * 32), "strict_shapes": False}
ROLE = '{"role":"user"}'
NEW_FIELD = Reply(200, JSON, '{"role":"user","mood":"good"}')
RETYPED = Reply(200, JSON, '{"role":5}')


def role():
    return read("userRole", user="0x" + "11" * 20)


def signed(px="3000", sz="0.01", uri=TESTNET_URL):
    action = {"type": "order", "orders": [{"a": 4, "b": True, "p": px, "s": sz}], "grouping": "na"}
    body = json.dumps({"action": action, "nonce": 1, "signature": {}})
    return Request("POST", f"{uri}/exchange", (("content-type", JSON),), body)


def test_answer_of_the_target_comes_back():
    wire, target = door(MIDS)

    assert wire.send(read("allMids")) is MIDS
    assert target.asked == [read("allMids")]


def test_request_reaches_the_target_without_white_space():
    wire, target = door(MIDS)
    wire.send(Request("POST", f"{TESTNET_URL}/info", (), '{ "type": "allMids" }', 5))

    assert (target.asked[0].body, target.asked[0].timeout_s) == ('{"type":"allMids"}', 5.0)


def test_everything_is_journalled_with_who_asked():
    wire, _ = door(MIDS, MIDS, MIDS)
    wire.send(read("allMids"))
    wire.ask('{"type": "allMids"}')
    wire.post_untaped("/info", '{"type": "allMids"}')

    assert [entry.asked_by for entry in wire.episode.journal] == ["scenario", "harness"]
    assert all(entry.status == 200 and entry.answer == MIDS.body for entry in wire.episode.journal)


def test_request_that_got_no_answer_stays_in_the_journal():
    wire, _ = door(requests.ConnectionError("gone"))

    with pytest.raises(requests.ConnectionError):
        wire.send(read("allMids"))

    (entry,) = wire.episode.journal
    assert entry.status is None
    assert wire.episode.problems == []


def test_request_that_got_no_answer_cannot_be_recorded():
    wire, _ = door(requests.ConnectionError("gone"), target="localnet", record=True)

    with pytest.raises(RecordingError, match="No answer came to /info: gone"):
        wire.send(read("allMids"))

    assert len(wire.episode.problems) == 1


def test_without_a_scenario_there_is_no_target():
    wire = closed_door()

    assert not wire.is_open
    with pytest.raises(UnsupportedError, match="No scenario is running"):
        wire.send(read("allMids"))


def test_ended_scenario_closes_the_door():
    wire, _ = door()
    wire.end()

    assert not wire.is_open


@pytest.mark.parametrize("ask", ["ask", "sweep"])
def test_what_the_harness_asks_and_nobody_answers_is_told(ask):
    wire, _ = door(requests.ConnectionError("gone"))

    with pytest.raises(TargetUnavailable, match=r"did not answer \{\} \(ConnectionError\)"):
        wire.ask("{}") if ask == "ask" else wire.post_untaped("/info", "{}")


# The guard


@pytest.mark.parametrize("settings", [{}, {"target": "localnet"}, TESTNET])
def test_mainnet_is_refused_before_anything_is_noted_on_every_target(settings):
    wire, target = door(**settings)

    with pytest.raises(GuardError, match="mainnet"):
        wire.send(signed(uri="https://api.hyperliquid.xyz"))

    assert (target.asked, len(wire.episode.journal)) == ([], 0)


def test_order_above_the_limit_does_not_reach_the_testnet():
    wire, target = door(**TESTNET)

    with pytest.raises(GuardError, match="--max-notional-usd"):
        wire.send(signed(sz="0.02"))

    assert target.asked == []


def test_limit_is_of_the_testnet_alone():
    wire, target = door(target="localnet")
    wire.send(signed(sz="5"))

    assert len(target.asked) == 1


def test_sweep_may_close_what_is_above_the_limit():
    wire, target = door(Reply(500, JSON, "null"), **TESTNET)
    wire.post_untaped("/exchange", signed(sz="5").body)

    assert len(target.asked) == 1


# Problems that the scenario may have caught


@pytest.mark.parametrize("problem", [ReplayMismatch("different"), UnsupportedError("no")])
def test_what_the_harness_raised_is_remembered(problem):
    wire, _ = door(problem)

    with pytest.raises(type(problem)):
        wire.send(read("allMids"))

    assert wire.episode.problems == [problem]


def test_refused_command_is_remembered():
    wire, _ = door()

    with pytest.raises(UnsupportedError):
        wire.command("forbidden")

    assert len(wire.episode.problems) == 1


def test_websocket_that_is_not_carried_is_refused_and_remembered():
    wire, _ = door()
    problem = wire.refuse_websocket("wss://api.hyperliquid-testnet.xyz/ws")

    assert "skip_ws=True" in str(problem)
    assert wire.episode.problems == [problem]


def test_websocket_without_a_scenario_is_refused():
    assert isinstance(closed_door().refuse_websocket("wss://x"), UnsupportedError)


# Shapes


@pytest.mark.parametrize("answer", [NEW_FIELD, RETYPED, Reply(200, JSON, "{"), Reply(302, JSON, ""), ODD])
def test_answer_of_another_form_fails_where_shapes_are_strict(answer):
    wire, _ = door(answer)

    with pytest.raises(ShapeError, match="The answer to /info"):
        wire.send(role())

    assert len(wire.episode.problems) == 1
    assert wire.episode.journal[0].findings


def test_message_names_field_and_shape():
    wire, _ = door(NEW_FIELD)

    with pytest.raises(ShapeError, match=r"\(shape UserRole\)[^$]*\n.*mood") as caught:
        wire.send(role())

    assert "harness/shapes" in str(caught.value)


def test_long_lists_of_findings_are_cut():
    fields = ",".join(f'"new{number}":1' for number in range(9))
    wire, _ = door(Reply(200, JSON, f'{{"role":"user",{fields}}}'))

    with pytest.raises(ShapeError, match="… and 3 more"):
        wire.send(role())


def test_unknown_field_is_reported_where_shapes_are_not_strict():
    wire, _ = door(NEW_FIELD, strict_shapes=False)

    assert wire.send(role()) is NEW_FIELD
    ((scenario, finding),) = wire.drift
    assert (scenario, finding.kind) == ("scenarios/test_x.py::test_y", "unknown-field")


def test_retyped_field_fails_everywhere_and_is_reported():
    wire, _ = door(RETYPED, strict_shapes=False)

    with pytest.raises(ShapeError):
        wire.send(role())

    assert wire.drift


def test_sweep_is_not_stopped_by_an_answer_of_another_form():
    """The order that it is about to cancel matters more; the finding is reported."""
    wire, _ = door(RETYPED)

    assert wire.post_untaped("/info", role().body) is RETYPED
    assert wire.drift[0][0] == "scenarios/test_x.py::test_y (sweep)"
    assert wire.episode.problems == []


def test_kind_without_a_shape_passes():
    wire, _ = door(ODD)

    assert wire.send(read("somethingNew")) is ODD


def test_unproven_answer_is_counted_and_not_checked():
    wire, _ = door(Reply(200, JSON, '{"role":5}', unproven=True))
    wire.send(role())

    assert wire.unproven == 1


def test_body_is_decoded_unless_the_caller_has_it():
    wire, _ = door(Reply(200, JSON, ROLE), Reply(200, JSON, ROLE))

    wire.send(role(), payload={"type": "userRole"})
    wire.send(role())
    assert wire.episode.problems == []


def test_request_that_is_not_json_is_carried():
    wire, target = door(Reply(400, "text/plain", "Failed to parse the request body as JSON"))

    assert wire.send(request("no JSON")).status == 400
    assert target.asked[0].decoded() is None


# The tape


def test_scenario_and_harness_are_taped_and_the_sweep_is_not():
    wire, _ = door(MIDS, MIDS, MIDS, target="localnet", record=True)
    wire.send(read("allMids"))
    wire.post_untaped("/info", '{"type":"allMids"}')
    wire.ask('{"type": "allMids"}')

    taped = wire.episode.recorder.tape(provenance())
    assert [(step.asked_by, step.clock_ms) for step in taped.steps] == [
        ("scenario", 1_000_000),
        ("harness", 1_000_002),
    ]
    assert taped.steps[1].request == read("allMids")


def test_draws_and_commands_are_taped_in_their_place():
    wire, target = door(MIDS, target="localnet", record=True)
    wire.command("set_mid", "ETH", "3000")
    wire.send(read("allMids"))
    wire.command("advance", "5")
    drawn = [wire.draw("sdk", 2), wire.draw("venue", 1)]

    taped = wire.episode.recorder.tape(provenance())
    assert [(one.before_step, one.name, one.arguments) for one in taped.commands] == [
        (0, "set_mid", ["ETH", "3000"]),
        (1, "advance", ["5"]),
    ]
    assert (taped.sdk_draws, taped.venue_draws, drawn) == (["0707"], ["07"], [b"\x07\x07", b"\x07"])
    assert target.commanded == [("set_mid", ["ETH", "3000"]), ("advance", ["5"])]


def test_refused_command_is_not_taped():
    wire, _ = door(target="localnet", record=True)

    with pytest.raises(UnsupportedError):
        wire.command("forbidden")

    assert wire.episode.recorder.tape(provenance()).commands == []


def test_without_recording_nothing_is_taped():
    wire, _ = door(MIDS)
    wire.send(read("allMids"))
    wire.draw("sdk", 1)
    wire.command("advance", "1")

    assert wire.episode.recorder is None


def test_nonce_is_the_targets():
    assert door()[0].nonce_ms() == 1_767_225_600_123


# Threads that go on after their scenario


@pytest.fixture
def pool():
    """A thread that a test hands its work to; it is there when it is first used."""
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture
def watched():
    """An open door that knows whose threads are, and the target behind it."""
    wire, target = door(record=True, target="localnet")
    wire.threads.watch()
    yield wire, target
    wire.threads.ignore()


ASKS = [
    pytest.param(lambda wire: wire.send(read("allMids")), id="send"),
    pytest.param(lambda wire: wire.ask("{}"), id="ask"),
    pytest.param(lambda wire: wire.post_untaped("/info", "{}"), id="sweep"),
    pytest.param(lambda wire: wire.wait(1), id="wait"),
    pytest.param(lambda wire: wire.draw("sdk", 4), id="draw"),
    pytest.param(lambda wire: wire.command("x"), id="command"),
    pytest.param(lambda wire: wire.nonce_ms(), id="nonce"),
    pytest.param(lambda wire: wire.sockets, id="websocket"),
]


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("is_next_running", [True, False])
def test_thread_of_an_ended_scenario_gets_nothing(ask, is_next_running, watched, pool):
    wire, target = watched
    pool.submit(ask, wire).result()
    wire.end()
    asked, now = len(target.asked), wire.begin("next", target) if is_next_running else None
    noted = len(wire.episode.journal) if now else 0

    with pytest.raises(OutlivedError, match=r"Refusing to send for .*: its scenario .*test_y has ended"):
        pool.submit(ask, wire).result()

    assert len(target.asked) == asked
    assert wire.outlived == {"scenarios/test_x.py::test_y": 1}
    assert not now or (now.problems, len(now.journal), noted) == ([], 0, 0)


def test_what_the_harness_objects_to_in_such_a_thread_is_not_laid_at_the_next_scenario(watched, pool):
    wire, target = watched
    pool.submit(wire.nonce_ms).result()
    wire.end()
    now = wire.begin("next", target)
    pool.submit(wire.object, GuardError("a connection past the SDK")).result()

    assert now.problems == []
    assert wire.outlived == {"scenarios/test_x.py::test_y": 1}


@pytest.mark.parametrize(("is_lasting", "error"), [(False, OutlivedError), (True, UnsupportedError)])
def test_thread_that_comes_just_as_its_scenario_ends_gets_nothing(is_lasting, error, watched, pool):
    wire, target = watched

    class Ending(list):
        def append(self, visitor):
            super().append(visitor)
            wire.begin("next", target).thread = own

    own = threading.get_ident()
    wire.episode.visitors = Ending()
    with wire.threads.lasting() if is_lasting else pytest.MonkeyPatch.context():
        coming = pool.submit(wire.send, read("allMids"))
        with pytest.raises(error, match=r"has ended|just as scenarios/test_x.py::test_y ended"):
            coming.result()

    assert target.asked == []


def test_request_of_another_thread_is_waited_for_and_told(watched, pool):
    wire, target = watched
    inside, go = threading.Event(), threading.Event()
    target.wait = lambda seconds: inside.set() or go.wait(5)
    waiting = pool.submit(wire.wait, 1)
    assert inside.wait(5)
    threading.Timer(0.05, go.set).start()

    with pytest.raises(OutlivedError, match=r"still asked for something when .*test_y ended"):
        wire.end()

    assert waiting.done() or waiting.result() is None
    assert not wire.is_open
