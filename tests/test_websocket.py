"""The stand-in for websocket.WebSocketApp: one thread moves every frame, in an order that can be taped."""

import json
import threading

import pytest
import websocket as real

from harness.errors import GuardError, UnexpectedAnswer, UnsupportedError
from harness.recording.tape import Place
from harness.settings import Key
from harness.websocket import WebSocketApp
from tests.doors import door
from tests.recording.tapes import read

URL = "wss://api.hyperliquid-testnet.xyz/ws"
PING = '{"method": "ping"}'


def message(text):
    """A message that the exchange may send."""
    return json.dumps({"channel": "error", "data": text})


def said(text):
    """What such a message says."""
    return json.loads(text)["data"]


@pytest.fixture
def opened():
    """Builds apps at a door, each run by a thread, and ends them."""
    wires = []

    def build(wire, url=URL, **callbacks):
        app = WebSocketApp(wire.sockets, url, **callbacks)
        threading.Thread(target=app.run_forever).start()
        wires.append(wire)
        return app

    yield build
    for wire in wires:
        wire.end()


def heard_by(wire, opened):
    heard = []
    app = opened(wire, on_message=lambda app, text: heard.append(said(text)))
    app.come_up()
    return app, heard


def rows(wire):
    return [(frame.way, frame.text) for frame in wire.episode.journal.frames]


def test_nothing_is_opened_before_the_scenario_comes_to_the_door(opened):
    wire, target = door()
    opened(wire)
    assert target.lines == []

    wire.send(read("allMids"))
    assert [line.url for line in target.lines] == [URL]


@pytest.mark.parametrize(
    "act",
    [
        lambda wire, app: wire.send(read("allMids")),
        lambda wire, app: wire.ask('{"type":"allMids"}'),
        lambda wire, app: wire.command("advance", "1"),
        lambda wire, app: wire.wait(0.5),
        lambda wire, app: app.send("{}"),
    ],
)
def test_what_has_come_is_handed_over_before_the_call_returns(opened, act):
    wire, target = door()
    app, heard = heard_by(wire, opened)
    target.lines[0].comes = [message("one"), message("two")]

    act(wire, app)

    assert heard == ["one", "two"]


def test_sweep_hands_nothing_over(opened):
    wire, target = door()
    _, heard = heard_by(wire, opened)
    target.lines[0].comes = [message("one")]

    wire.post_untaped("/info", '{"type":"allMids"}')

    assert heard == []


def test_callback_is_called_in_the_scenarios_thread(opened):
    wire, target = door()
    threads = []
    app = opened(
        wire,
        on_open=lambda app: threads.append(threading.current_thread()),
        on_message=lambda app, text: threads.append(threading.current_thread()),
    )
    app.come_up()
    target.lines[0].comes = [message("one")]
    wire.wait(0.5)

    assert threads == [threading.current_thread()] * 2


def test_frames_do_not_overtake_each_other_when_a_callback_sends(opened):
    wire, target = door(record=True, target="localnet")
    order = []

    def answer(app, text):
        order.append(f"begin {said(text)}")
        if said(text) == "one":
            app.send("question")
            wire.send(read("allMids"))
        order.append(f"end {said(text)}")

    opened(wire, on_message=answer).come_up()
    target.lines[0].answers["question"] = [message("answer")]
    target.lines[0].comes = [message("one"), message("two")]
    wire.wait(0.5)

    assert order == [f"{at} {text}" for text in ("one", "two", "answer") for at in ("begin", "end")]
    frames = wire.episode.recorder.tape(None).frames
    assert [(frame.text, frame.place) for frame in frames[1:]] == [
        (message("one"), Place(waits=1)),
        ("question", Place(waits=1)),
        (message("two"), Place(steps=1, waits=1)),
        (message("answer"), Place(steps=1, waits=1)),
    ]


def test_sign_of_life_of_the_sdks_thread_is_neither_taped_nor_journalled(opened):
    wire, target = door(record=True, target="localnet")
    app, _ = heard_by(wire, opened)
    pinging = threading.Thread(target=app.send, args=(PING,))
    pinging.start()
    pinging.join()

    assert (target.lines[0].kept_alive, target.lines[0].sent) == ([PING], [])
    assert rows(wire) == [("opened", URL)]


def test_ping_of_the_scenario_is_a_frame_like_any_other(opened):
    wire, target = door()
    app, _ = heard_by(wire, opened)
    app.send(PING)

    assert (target.lines[0].kept_alive, target.lines[0].sent) == ([], [PING])


def test_end_by_the_exchange_is_told_as_the_websocket_library_tells_it(opened):
    wire, target = door()
    told = []
    app = opened(
        wire,
        on_error=lambda app, error: told.append(error),
        on_close=lambda app, code, reason: told.append((code, reason)),
    )
    app.come_up()
    target.lines[0].is_open = False
    wire.wait(0.5)

    assert isinstance(told[0], real.WebSocketConnectionClosedException)
    assert told[1:] == [(None, None)]
    assert not app.keep_running
    assert rows(wire)[-1] == ("dropped", "")
    with pytest.raises(real.WebSocketConnectionClosedException):
        app.send("{}")


def test_last_words_come_before_the_end(opened):
    wire, target = door()
    _, heard = heard_by(wire, opened)
    target.lines[0].comes, target.lines[0].is_open = [message("last")], False
    wire.wait(0.5)

    assert heard == ["last"]
    assert [way for way, _ in rows(wire)] == ["opened", "received", "dropped"]


def test_nothing_comes_after_closing(opened):
    wire, target = door()
    app, heard = heard_by(wire, opened)
    app.close()
    target.lines[0].comes = [message("late")]
    wire.wait(0.5)

    assert heard == []
    assert rows(wire)[-1] == ("closed", "")


def test_callback_that_raises_fails_the_scenario_and_stops_nothing(opened):
    wire, target = door()
    errors = []
    opened(
        wire,
        on_message=lambda app, text: int(said(text)),
        on_error=lambda app, error: errors.append(error),
    ).come_up()
    target.lines[0].comes = [message("no number"), message("1")]
    wire.wait(0.5)

    (problem,) = wire.episode.problems
    assert isinstance(problem, UnexpectedAnswer)
    assert "ValueError" in str(problem)
    assert "no number" in str(problem)
    assert [type(error) for error in errors] == [ValueError]


def test_websocket_that_nobody_runs_is_told(monkeypatch):
    monkeypatch.setattr("harness.websocket._THREAD_S", 0.01)
    wire, _ = door()
    WebSocketApp(wire.sockets, URL)

    with pytest.raises(UnsupportedError, match="run_forever"):
        wire.send(read("allMids"))
    assert len(wire.episode.problems) == 1


def test_options_that_nobody_obeys_are_refused():
    wire, _ = door()

    with pytest.raises(UnsupportedError, match="header"):
        WebSocketApp(wire.sockets, URL, header={"X": "y"})
    assert len(wire.episode.problems) == 1


@pytest.mark.parametrize(
    "url", ["wss://api.hyperliquid.xyz/ws", "ws://api.hyperliquid-testnet.xyz/ws", "https://127.0.0.1/ws"]
)
def test_websocket_to_another_machine_is_refused(opened, url):
    wire, target = door()
    opened(wire, url)

    with pytest.raises(GuardError, match="Refusing"):
        wire.send(read("allMids"))
    assert target.lines == []


def test_order_that_is_posted_is_held_to_the_limit_on_testnet(opened):
    wire, target = door(target="testnet", key=Key("ab" * 32))
    app, _ = heard_by(wire, opened)
    action = {"type": "order", "orders": [{"a": 4, "b": True, "p": "3000", "s": "1"}], "grouping": "na"}
    post = {"method": "post", "id": 1, "request": {"type": "action", "payload": {"action": action}}}

    with pytest.raises(GuardError, match="worth 3000 USDC"):
        app.send(json.dumps(post))
    assert target.lines[0].sent == []


def test_threads_end_with_the_scenario(opened):
    before = set(threading.enumerate())
    wire, target = door()
    app = opened(wire)
    app.come_up()
    never_opened = opened(wire)
    wire.end()

    assert set(threading.enumerate()) == before
    assert not target.lines[0].is_open
    assert not app.keep_running
    assert not never_opened.keep_running


def test_thread_that_goes_on_is_told(monkeypatch):
    monkeypatch.setattr("harness.websocket._THREAD_S", 0.05)
    wire, _ = door()
    app = WebSocketApp(wire.sockets, URL)
    goes_on = threading.Event()

    def run():
        app.run_forever()
        goes_on.wait(10)

    thread = threading.Thread(target=run)
    thread.start()
    app.come_up()
    with pytest.raises(UnexpectedAnswer, match="goes on after its scenario"):
        wire.end()
    goes_on.set()
    thread.join()


def test_websockets_end_with_a_hypothesis_example(opened):
    wire, target = door()
    app, _ = heard_by(wire, opened)
    wire.fresh()

    assert not target.lines[0].is_open
    assert not app.keep_running


def test_message_is_heard_before_its_callback(opened):
    wire, target = door()
    heard = []
    app = opened(wire, on_message=lambda app, text: heard.append(text))
    app.heard.append(heard.append)
    app.come_up()
    target.lines[0].comes = [message("a")]
    wire.send(read("meta"))

    assert heard == [{"channel": "error", "data": "a"}, message("a")]


FEED = {"type": "trades", "coin": "ETH"}
ACKNOWLEDGED = json.dumps(
    {"channel": "subscriptionResponse", "data": {"method": "subscribe", "subscription": FEED}}
)


def up_with_waits(opened, monkeypatch, after):
    """An app that is up, at a target where `after(line)` happens in the third wait."""
    wire, target = door()
    app = opened(wire)
    app.come_up()
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            after(target.lines[0])

    monkeypatch.setattr(target, "wait", wait)
    return app, waits


def test_acknowledgement_that_is_there_is_not_waited_for(opened, monkeypatch):
    app, waits = up_with_waits(opened, monkeypatch, lambda line: None)
    app.hear(json.loads(ACKNOWLEDGED))

    app.await_acknowledged(1, FEED)

    assert waits == []


def test_acknowledgement_is_waited_for(opened, monkeypatch):
    app, waits = up_with_waits(opened, monkeypatch, lambda line: line.comes.append(ACKNOWLEDGED))

    app.await_acknowledged(1, FEED)

    assert len(waits) == 3


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (lambda line: None, "no acknowledgement came within 10 s"),
        (lambda line: line.comes.append(message("Invalid subscription")), "Invalid subscription"),
        (lambda line: line.close(), "the connection was lost before it was acknowledged"),
    ],
    ids=["silence", "refused", "lost"],
)
def test_subscription_without_an_acknowledgement_is_told(opened, monkeypatch, after, reason):
    app, _ = up_with_waits(opened, monkeypatch, after)

    with pytest.raises(UnexpectedAnswer, match=f'feed {{"type": "trades", "coin": "ETH"}}: {reason}'):
        app.await_acknowledged(1, FEED)
