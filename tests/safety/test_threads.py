"""Whose a thread is."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.safety.threads import Threads


@pytest.fixture
def owners():
    """Who owns what is started now, in a list that the test changes."""
    return ["a"]


@pytest.fixture
def threads(owners):
    main = threading.get_ident()
    made = Threads(lambda: owners[0] if threading.get_ident() == main else None)
    made.watch()
    yield made
    made.ignore()


def owner_in(start, threads):
    """The owner of the thread that `start` lets a function run in."""
    found, done = [], threading.Event()

    def look():
        found.append(threads.owner())
        done.set()

    start(look)
    assert done.wait(5)
    return found[0]


def in_thread(function):
    threading.Thread(target=function).start()


def test_thread_is_of_who_starts_it(threads):
    assert owner_in(in_thread, threads) == "a"
    assert threads.owner() is None


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(lambda look: in_thread(lambda: in_thread(look)), id="thread"),
        pytest.param(lambda look: in_thread(lambda: threading.Timer(0.001, look).start()), id="timer"),
    ],
)
def test_what_a_thread_starts_is_of_its_owner_even_later(threads, owners, start):
    def start_then_change(look):
        go = threading.Event()
        in_thread(lambda: go.wait(5) and start(look))
        owners[0] = "b"
        go.set()

    assert owner_in(start_then_change, threads) == "a"


def test_pool_is_of_who_uses_it_first(threads):
    with ThreadPoolExecutor(1) as pool:
        assert owner_in(pool.submit, threads) == "a"


def test_lasting_threads_and_what_they_start_have_no_owner(threads):
    with threads.lasting():
        assert owner_in(in_thread, threads) is None
        assert owner_in(lambda look: in_thread(lambda: in_thread(look)), threads) is None
    assert owner_in(in_thread, threads) == "a"


def test_nothing_is_noted_afterwards(threads):
    threads.ignore()
    threads.ignore()

    assert owner_in(in_thread, threads) is None
