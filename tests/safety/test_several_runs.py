"""What several runs left on one account is told apart, and taken back by each as much as it made."""

import json

import pytest

from harness.localnet import ACCOUNTS
from harness.recording.tape import Reply
from tests.localnet.desk import Desk, order, orders
from tests.safety.runs import ABOVE, BELOW, Exchange, Killed, Run

REFUSAL = Reply(200, "application/json", '{"status":"err","response":"no way"}')


@pytest.fixture
def exchange():
    """The exchange."""
    return Exchange()


@pytest.fixture
def desk(exchange):
    """The account's own desk, with a position that no run has made."""
    desk = Desk(exchange.net, ACCOUNTS[4].private_key)
    desk.place(p=ABOVE, s="0.02", tif="Ioc")
    return desk


@pytest.fixture
def begin(exchange, desk, tmp_path):
    """Begin a run on that account."""
    return lambda: Run(exchange, desk, tmp_path)


def is_clean(recovered):
    return all(one.is_clean for one in recovered)


def left_by(run, sz, *, is_buy):
    """Let a run that trades be killed."""
    run.take(sz, is_buy=is_buy)
    run.die()


def refuse(exchange, kind):
    exchange.instead = lambda path, body: REFUSAL if body.get("action", {}).get("type") == kind else None


def obey(exchange):
    exchange.instead = lambda path, body: None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((True, "0.01"), (False, "0.015")),
        ((False, "0.01"), (True, "0.015")),
        ((True, "0.01"), (True, "0.01")),
    ],
)
def test_what_two_runs_left_is_all_taken_back(exchange, desk, begin, first, second):
    """The first could not be swept when the second began."""
    left_by(begin(), first[1], is_buy=first[0])
    refuse(exchange, "order")
    run = begin()
    assert not is_clean(run.recover())
    obey(exchange)
    left_by(run, second[1], is_buy=second[0])

    assert is_clean(run.recover())
    assert desk.position() == "0.02"


def test_run_that_lives_and_has_something_keeps_older_ones_from_being_done(exchange, desk, begin):
    left_by(begin(), "0.01", is_buy=True)
    refuse(exchange, "order")
    run = begin()
    run.recover()
    obey(exchange)
    run.take("0.015", is_buy=False)

    (older,) = run.recover()
    assert "0.01 ETH" in str(older.lines()) or not older.is_clean
    run.keeper.sweep(run.owner.master)
    assert is_clean(run.recover())
    assert desk.position() == "0.02"


def test_newer_one_that_cannot_be_swept_keeps_older_ones_from_being_done(exchange, desk, begin):
    left_by(begin(), "0.01", is_buy=True)
    refuse(exchange, "order")
    run = begin()
    run.recover()
    obey(exchange)
    left_by(run, "0.015", is_buy=False)
    refuse(exchange, "order")
    found = run.recover()
    assert [one.is_clean for one in found] == [False, False]
    obey(exchange)

    assert is_clean(run.recover())
    assert desk.position() == "0.02"


@pytest.mark.parametrize("is_buy", [True, False])
def test_part_too_small_to_be_closed_alone_is_closed(desk, begin, is_buy):
    """The exchange refuses an order below 10 USDC that does not close the whole position (wire rule 134)."""
    run = begin()
    run.take("0.013", is_buy=is_buy)
    run.take("0.012", is_buy=not is_buy)
    run.die()
    assert desk.position() in ("0.021", "0.019")

    assert is_clean(run.recover())
    assert desk.position() == "0.02"


@pytest.mark.parametrize("arrived", [True, False])
def test_order_in_flight_is_not_taken_for_one_of_the_scenario_before(exchange, desk, begin, arrived):
    """The same was asked for a moment ago, answered, and swept."""
    run = begin()
    run.take("0.01")
    run.keeper.sweep(run.owner.master)
    assert desk.position() == "0.02"

    def die(path, body):
        if body.get("action", {}).get("type") == "order":
            raise Killed

    setattr(exchange, "after" if arrived else "instead", die)
    with pytest.raises(Killed):
        run.take("0.01")
    exchange.after = exchange.instead = lambda path, body: None
    run.die()

    assert is_clean(run.recover())
    assert desk.position() == "0.02"


def test_fill_that_may_be_the_runs_or_somebody_elses_is_told(exchange, desk, begin):
    """It is gone from the book, and so it is not seen there."""
    run = begin()

    def die(path, body):
        if body.get("action", {}).get("type") == "order":
            raise Killed

    exchange.after = die
    with pytest.raises(Killed):
        run.take("0.01")
    exchange.after = lambda path, body: None
    desk.act(orders(order(p=ABOVE, s="0.01", tif="Ioc")))
    run.die()

    (recovered,) = run.recover()

    assert not recovered.is_clean
    assert "1 of the orders" in str(recovered.lines())
    assert desk.position() == "0.04"
    desk.act(orders(order(p=BELOW, s="0.02", b=False, tif="Ioc")))
    assert is_clean(run.recover())
    assert json.loads(run.file.path.read_text().splitlines()[-1])["done"]
