"""Pacing: the documented weights, never more than the exchange grants a minute, and patience after a 429."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import Localnet, Rules, VirtualClock
from harness.localnet.queries.registry import QUERIES
from harness.safety.pacing import Backoff, Pacer, weight_of, weight_of_rows


class Time:
    """A clock that sleeping moves."""

    def __init__(self):
        self.now = 1_000.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def pacer(folder, time, limit=1_200):
    return Pacer(folder, limit, now_s=lambda: time.now, sleep=time.sleep)


@pytest.mark.parametrize("kind", sorted(QUERIES))
def test_queries_weigh_what_localnet_counts(kind):
    """Two readings of the same documentation, made apart."""
    assert weight_of({"type": kind}) == QUERIES[kind].weight


@pytest.mark.parametrize(
    ("payload", "weight"),
    [
        ({"action": {"type": "order", "orders": [{}] * 39}}, 1),
        ({"action": {"type": "order", "orders": [{}] * 40}}, 2),
        ({"action": {"type": "cancel", "cancels": [{}] * 81}}, 3),
        ({"action": {"type": "noop"}}, 1),
        ({"action": None}, 1),
        ({"type": "meta"}, 20),
        (["meta"], 20),
        (None, 20),
    ],
)
def test_request_weighs_what_is_documented(payload, weight):
    assert weight_of(payload) == weight


@pytest.mark.parametrize(
    ("kind", "answer", "weight"),
    [
        ("userFills", "[" + ",".join("1" * 59) + "]", 2),
        ("candleSnapshot", "[" + ",".join("1" * 120) + "]", 2),
        ("openOrders", "[" + ",".join("1" * 99) + "]", 0),
        ("userFills", "null", 0),
        ("userFills", "no JSON", 0),
    ],
)
def test_rows_weigh_on_top(kind, answer, weight):
    assert weight_of_rows({"type": kind}, answer) == weight


@settings(max_examples=20)
@given(
    asked=st.lists(st.tuples(st.sampled_from((1, 2, 20, 60)), st.floats(0, 3)), min_size=50, max_size=150),
    late=st.floats(0, 1.5),
)
def test_no_minute_holds_more_than_the_limit(tmp_path_factory, asked, late):
    """Whatever is asked, and however late a part of it arrives."""
    time = Time()
    paced = pacer(tmp_path_factory.mktemp("pace"), time, 600)
    arrived = []
    for number, (weight, pause) in enumerate(asked):
        time.now += pause / 10
        paced.take(weight)
        arrived.append((time.now + (late if number % 2 else 0), weight))

    for at, _ in arrived:
        assert sum(weight for when, weight in arrived if at <= when < at + 60) <= 600


def test_short_run_does_not_wait(tmp_path):
    time = Time()
    paced = pacer(tmp_path, time)
    for _ in range(57):
        paced.take(20)

    assert time.slept == []
    paced.take(20)
    assert time.slept == [pytest.approx(62)]


def test_processes_share_what_they_ask(tmp_path):
    time = Time()
    one, two = pacer(tmp_path, time), pacer(tmp_path, time)
    for _ in range(28):
        one.take(20), two.take(20)
    two.take(20)
    one.take(20)

    assert one.waited_s == pytest.approx(62)


def test_exchange_with_the_same_limit_refuses_nothing(tmp_path):
    """What is paced passes localnet's own count."""
    clock = VirtualClock(step_ms=0)
    net = Localnet(clock, rules=Rules(ip_weight_a_minute=1_200))
    time = Time()
    paced = Pacer(
        tmp_path,
        now_s=lambda: clock.now_ms() / 1000,
        sleep=lambda seconds: clock.advance(round(seconds * 1000) + 1),
    )
    statuses = set()
    for _ in range(200):
        paced.take(20)
        statuses.add(net.handle("/info", "application/json", b'{"type":"meta"}').status)

    assert statuses == {200}
    assert paced.waited_s > 120
    assert time.slept == []


def test_clock_that_was_set_back_does_not_stop_the_run(tmp_path):
    time = Time()
    for _ in range(57):
        pacer(tmp_path, time).take(20)
    time.now -= 500
    pacer(tmp_path, time).take(20)

    assert time.slept == []


def test_waits_after_429_grow_end_and_are_the_same_each_time():
    def waits():
        slept = []
        one = Backoff(100, sleep=slept.append).waits()
        while one.wait():
            pass
        return slept

    assert waits() == waits()
    assert sum(waits()) <= 100
    assert [0.5 * 2**n <= wait <= 1.5 * 2**n for n, wait in enumerate(waits()[:4])] == [True] * 4
