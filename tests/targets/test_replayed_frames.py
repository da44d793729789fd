"""Websockets from a tape: what is sent must be what was recorded, and what came comes at its place."""

from pathlib import Path

import msgspec
import pytest

from harness.errors import ReplayMismatch
from harness.recording.tape import Frame, Place
from harness.targets.localnet import localnet_universe
from harness.targets.replay import ReplayTarget
from tests.recording.tapes import COMMAND, read, tape

URL = "wss://api.hyperliquid-testnet.xyz/ws"
SUBSCRIBE = '{"method":"subscribe","subscription":{"type":"trades","coin":"ETH"}}'
FRAMES = [
    Frame(1, "opened", URL, Place()),
    Frame(1, "sent", SUBSCRIBE, Place()),
    Frame(1, "received", '{"channel": "subscriptionResponse"}', Place()),
    Frame(1, "received", '{"channel": "trades"}', Place(steps=1)),
    Frame(1, "received", '{"channel": "late"}', Place(steps=1, waits=1)),
    Frame(1, "closed", "", Place(steps=1, waits=1)),
]


def replay(*frames, body_frames=None):
    recorded = msgspec.structs.replace(
        tape(read("allMids")), frames=list(frames or FRAMES), body_frames=body_frames
    )
    return ReplayTarget(recorded, Path("cassettes/x.yaml"), COMMAND, localnet_universe(), "0.24.0")


def texts(line):
    found = []
    while arrived := line.take():
        found += [arrival.text for arrival in arrived]
    return found


def test_frames_come_where_they_came():
    target = replay()
    line = target.connect(URL)
    assert texts(line) == []

    line.send('{"method": "subscribe", "subscription": {"type": "trades", "coin": "ETH"}}')
    assert texts(line) == ['{"channel": "subscriptionResponse"}']
    target.answer(read("allMids"))
    assert texts(line) == ['{"channel": "trades"}']
    target.wait(0.5)
    assert texts(line) == ['{"channel": "late"}']
    line.close()
    target.finish(torn_down=True)


def test_only_one_is_taken_at_a_time_because_its_callback_may_send():
    target = replay(
        FRAMES[0], *(Frame(1, "received", text, Place()) for text in "ab"), Frame(1, "sent", "c", Place())
    )
    line = target.connect(URL)

    assert [arrival.text for arrival in line.take()] == ["a"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (SUBSCRIBE.replace("ETH", "BTC"), 'subscription.coin  recorded "ETH"  sent "BTC"'),
        (SUBSCRIBE.replace("trades", "bbo"), "Another feed is meant"),
        (SUBSCRIBE.replace('"coin":"ETH"', '"coin":"ETH","n":1'), "subscription.n  recorded absent  sent 1"),
        ('{"subscription":{"type":"trades","coin":"ETH"},"method":"subscribe"}', "keys in another order"),
        ('{"method":"ping"}', "The frame asks for something else|Another feed is meant"),
        ("no JSON", "recorded"),
    ],
)
def test_other_frame_is_explained_field_by_field(sent, told):
    line = replay().connect(URL)

    with pytest.raises(ReplayMismatch, match=told) as raised:
        line.send(sent)
    assert "cassettes/x.yaml" in str(raised.value)
    assert COMMAND in str(raised.value)


def test_posted_cloid_of_the_scenarios_own_making_is_told():
    action = '{"type":"cancelByCloid","cancels":[{"asset":4,"cloid":"0xCLOID"}]}'
    text = '{"method":"post","request":{"payload":{"action":ACTION,"signature":{"r":"0xCLOID"}}}}'
    old, new = (text.replace("ACTION", action).replace("CLOID", digits * 32) for digits in "ab")
    line = replay(FRAMES[0], Frame(1, "sent", old, Place())).connect(URL)

    with pytest.raises(ReplayMismatch, match=r"Only cloids differ.*\n.*record again") as raised:
        line.send(new)
    assert "draw it from venue.cloid()" in raised.value.needed


def test_other_url_is_found():
    with pytest.raises(ReplayMismatch, match="opened after step 0: ws://127"):
        replay().connect("ws://127.0.0.1/ws")


def test_websocket_that_was_not_recorded_is_found():
    bare = ReplayTarget(tape(read("allMids")), Path("x.yaml"), COMMAND, localnet_universe(), "0.24.0")

    with pytest.raises(ReplayMismatch, match="recorded: nothing more on a websocket"):
        bare.connect(URL)


def test_frame_at_another_place_is_found():
    target = replay()
    line = target.connect(URL)
    target.wait(0.5)

    with pytest.raises(ReplayMismatch, match="at another place"):
        line.send(SUBSCRIBE)


def test_closing_too_early_is_found():
    target = replay()
    line = target.connect(URL)

    with pytest.raises(ReplayMismatch, match="something else happened"):
        line.close()


def test_frame_that_was_not_played_is_found():
    target = replay()
    line = target.connect(URL)
    line.send(SUBSCRIBE)
    texts(line)
    target.answer(read("allMids"))

    with pytest.raises(ReplayMismatch, match="ended after frame 3 of 6") as raised:
        target.finish(torn_down=True)
    assert '{"channel":"trades"}' in str(raised.value)


def test_websocket_that_is_no_longer_opened_is_found():
    target = replay()
    target.answer(read("allMids"))

    with pytest.raises(ReplayMismatch, match="ended after frame 0 of 6"):
        target.finish(torn_down=False)


def test_what_fixtures_do_is_awaited_until_they_are_torn_down():
    target = replay(*FRAMES[:2], body_frames=1)
    target.connect(URL)
    target.answer(read("allMids"))
    target.finish(torn_down=False)

    with pytest.raises(ReplayMismatch):
        target.finish(torn_down=True)


def test_exchange_hangs_up_where_it_did():
    target = replay(FRAMES[0], Frame(1, "dropped", "", Place(steps=1)))
    line = target.connect(URL)
    assert texts(line) == []
    assert line.is_open

    target.answer(read("allMids"))
    assert texts(line) == []
    assert not line.is_open
    target.finish(torn_down=True)


def test_two_websockets_keep_their_order():
    second = Frame(2, "opened", URL, Place())
    target = replay(
        FRAMES[0],
        second,
        Frame(2, "received", "b", Place(steps=1)),
        Frame(1, "received", "a", Place(steps=1)),
    )
    one, two = target.connect(URL), target.connect(URL)
    target.answer(read("allMids"))

    assert one.take() == []
    assert texts(two) == ["b"]
    assert texts(one) == ["a"]
