"""The testnet as a target, rehearsed against a localnet behind HTTP on loopback."""

import time

import pytest
import requests

from harness.errors import TargetUnavailable, UnsupportedError
from harness.localnet import Localnet
from harness.localnet.clock import WallClock
from harness.recording.tape import TESTNET_URL, Request
from harness.safety.machine import Nonces
from harness.safety.pacing import Backoff, Pacer
from harness.targets.testnet import TestnetTarget
from tests.recording.tapes import read, request


class Exchange:
    """A localnet behind HTTP, which notes what reaches it."""

    def __init__(self):
        self.net = Localnet(WallClock())
        self.seen = []
        self.instead = lambda path: None

    def handle(self, path, content_type, body):
        self.seen.append((path, content_type, body))
        answer = self.instead(path)
        if answer is not None:
            return answer
        made = self.net.handle(path, content_type, body)
        return made.status, {"Content-Type": made.content_type}, made.body


@pytest.fixture
def exchange():
    """What stands where the testnet is."""
    return Exchange()


@pytest.fixture
def target(exchange, serve):
    """The target that talks to it."""
    return TestnetTarget(serve(exchange.handle))


def test_request_arrives_as_it_was_sent(target, exchange):
    target.answer(request('{"type":"allMids"}'))

    assert exchange.seen == [("/info", "application/json", b'{"type":"allMids"}')]


@pytest.mark.parametrize(
    ("body", "status"), [('{"type":"allMids"}', 200), ('{"type":"noSuchType"}', 422), ("no JSON", 400)]
)
def test_answer_comes_back_with_status_and_content_type(target, exchange, body, status):
    reply = target.answer(request(body))
    expected = Localnet(WallClock()).handle("/info", "application/json", body.encode())

    assert (reply.status, reply.content_type) == (status, expected.content_type)
    assert (reply.delay_s, reply.unproven) == (0.0, False)


def test_text_is_read_as_utf8(target, exchange):
    exchange.instead = lambda path: (200, {"Content-Type": "text/plain"}, "nö".encode())

    assert target.answer(read("x")).body == "nö"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(target, exchange, status):
    exchange.instead = lambda path: (status, {"Location": "/elsewhere"}, b"")

    assert target.answer(read("meta")).status == status
    assert [path for path, *_ in exchange.seen] == ["/info"]


def test_request_without_an_answer_is_not_sent_again(target, exchange):
    def die(path):
        raise ConnectionResetError

    exchange.instead = die

    with pytest.raises(requests.RequestException):
        target.answer(request("{}", "/exchange"))

    assert len(exchange.seen) == 1


def test_timeout_of_the_caller_is_kept(target, exchange):
    exchange.instead = lambda path: time.sleep(0.3)

    with pytest.raises(requests.Timeout):
        target.answer(request("{}", timeout_s=0.05))


def test_metadata_is_fetched_once(target, exchange):
    assert target.universe.perp("ETH")[0] == 4
    assert target.universe is target.universe

    assert [body for *_, body in exchange.seen] == [b'{"type":"meta"}', b'{"type":"spotMeta"}']


def test_metadata_that_is_refused_is_told(target, exchange):
    exchange.instead = lambda path: (502, {"Content-Type": "text/html"}, b"<html>")

    with pytest.raises(TargetUnavailable, match="answered meta with HTTP 502"):
        _ = target.universe


def test_metadata_that_cannot_be_read_is_told(target, exchange):
    exchange.instead = lambda path: (200, {"Content-Type": "application/json"}, b'{"universe"')

    with pytest.raises(TargetUnavailable, match="meta"):
        _ = target.universe


def test_testnet_out_of_reach_is_told():
    with pytest.raises(TargetUnavailable, match="did not answer meta: ConnectionError"):
        _ = TestnetTarget("http://127.0.0.1:9").universe


def test_time_is_the_walls_and_nonces_rise():
    target = TestnetTarget()
    nonces = [target.nonce_ms() for _ in range(5)]

    assert abs(target.now_ms() - time.time() * 1000) < 5_000
    assert nonces == sorted(set(nonces))


def test_time_stands_still_until_the_next_request_or_wait(target):
    before = target.now_ms()
    time.sleep(0.003)
    assert target.now_ms() == before
    assert target.nonce_ms() > before

    target.answer(read("allMids"))
    after = target.now_ms()
    assert after > before
    target.wait(0.003)
    assert target.now_ms() > after


def test_chance_is_real():
    target = TestnetTarget()

    assert len({target.draw("sdk", 32) for _ in range(9)}) == 9
    assert len(target.draw("venue", 20)) == 20


def test_waiting_sleeps():
    before = time.monotonic()
    TestnetTarget().wait(0.02)

    assert time.monotonic() - before >= 0.02


def test_commands_are_refused():
    with pytest.raises(UnsupportedError, match=r"takes no command \(set_mid\)"):
        TestnetTarget().command("set_mid", ["ETH", "1"])


def test_testnet_neither_starts_over_nor_ends():
    TestnetTarget().fresh()
    TestnetTarget().finish(torn_down=True)


def test_own_path_and_query_are_kept(target, exchange):
    target.answer(Request("POST", f"{TESTNET_URL}/info?a=b", (("content-type", "application/json"),), "{}"))

    assert exchange.seen[0][0] == "/info?a=b"


def paced(exchange, serve, tmp_path, slept):
    """A target with all that keeps it within limits."""
    return TestnetTarget(
        serve(exchange.handle),
        pacer=Pacer(tmp_path, sleep=slept.append),
        nonces=Nonces(tmp_path),
        backoff=Backoff(20, sleep=slept.append),
    )


@pytest.mark.parametrize("body", ['{"type":"allMids"}', '{"action":{"type":"noop"},"nonce":1}'])
def test_what_was_refused_for_its_weight_is_sent_again(exchange, serve, tmp_path, body):
    slept = []
    exchange.instead = lambda path: (429, {}, b"null") if len(exchange.seen) < 3 else None
    reply = paced(exchange, serve, tmp_path, slept).answer(request(body))

    assert reply.status != 429
    assert (len(exchange.seen), len(slept)) == (3, 2)


def test_patience_has_an_end(exchange, serve, tmp_path):
    slept = []
    exchange.instead = lambda path: (429, {}, b"null")

    target = paced(exchange, serve, tmp_path, slept)

    assert target.answer(read("meta")).status == 429
    assert sum(slept) <= 20
    waits = len(slept)
    assert target.answer(read("meta")).status == 429
    assert len(slept) == waits


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_may_have_arrived_is_not_sent_again(exchange, serve, tmp_path, status):
    exchange.instead = lambda path: (status, {}, b"null")

    assert paced(exchange, serve, tmp_path, []).answer(read("meta")).status == status
    assert len(exchange.seen) == 1


def test_two_targets_of_one_machine_never_give_the_same_nonce(exchange, serve, tmp_path):
    targets = [paced(exchange, serve, tmp_path, []) for _ in range(2)]
    nonces = [target.nonce_ms() for _ in range(50) for target in targets]

    assert len(set(nonces)) == 100
