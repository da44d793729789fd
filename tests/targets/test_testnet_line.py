"""A websocket to the testnet, rehearsed against `hl-harness localnet` on loopback."""

import json
import threading
import time

import pytest

from harness.errors import TargetUnavailable
from harness.recording.tape import TESTNET_URL
from harness.targets.testnet import TestnetTarget

URL = "wss://api.hyperliquid-testnet.xyz/ws"


def until(line, count):
    """Wait for so many messages."""
    came = []
    deadline = time.monotonic() + 10
    while len(came) < count and time.monotonic() < deadline:
        came += [json.loads(arrival.text) for arrival in line.take()]
        time.sleep(0.01)
    return came


def subscribe(coin="ETH"):
    return json.dumps({"method": "subscribe", "subscription": {"type": "l2Book", "coin": coin}})


def test_messages_come_and_the_thread_ends(served):
    before = set(threading.enumerate())
    line = TestnetTarget(served["url"]).connect(URL)
    line.send(subscribe())

    assert [message["channel"] for message in until(line, 2)] == ["subscriptionResponse", "l2Book"]
    assert line.is_open
    line.close()
    assert not line.is_open
    assert set(threading.enumerate()) == before


def test_answer_to_a_sign_of_life_is_kept_back(served):
    line = TestnetTarget(served["url"]).connect(URL)
    line.keep_alive('{"method": "ping"}')
    line.send(subscribe())

    assert [message["channel"] for message in until(line, 2)] == ["subscriptionResponse", "l2Book"]
    line.send('{"method": "ping"}')
    assert until(line, 1) == [{"channel": "pong"}]
    line.abandon()


def test_end_by_the_exchange_is_seen(served):
    line = TestnetTarget(served["url"]).connect(URL)
    line.send(subscribe("NOPE"))
    deadline = time.monotonic() + 10
    while line.is_open and time.monotonic() < deadline:
        line.take()
        time.sleep(0.01)

    assert not line.is_open
    line.abandon()


def test_sign_of_life_on_a_lost_connection_is_nobodys_problem(served):
    line = TestnetTarget(served["url"]).connect(URL)
    line.close()
    line.keep_alive('{"method": "ping"}')

    assert line.take() == []


def test_out_of_reach_is_told():
    with pytest.raises(TargetUnavailable, match="could not be opened"):
        TestnetTarget("http://127.0.0.1:9").connect(URL)


def test_only_the_testnets_url_is_led_elsewhere(served):
    opened = []

    class Gate:
        def __enter__(self):
            opened.append(True)

        def __exit__(self, *_):
            opened.append(False)

    target = TestnetTarget(served["url"], opened=Gate)
    target.connect(f"ws{TESTNET_URL.removeprefix('http')}/ws").close()

    assert opened == [True, False]
