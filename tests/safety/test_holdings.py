"""The sweep on localnet: the account is as it was before, and what was there before is not touched."""

import json
from decimal import Decimal

import pytest
import requests

from harness.errors import HarnessError, TargetUnavailable
from harness.localnet import Localnet
from harness.recording.tape import Reply
from harness.safety.holdings import Holdings, Sweeper
from harness.targets.localnet import localnet_universe
from tests.localnet.desk import BTC, ETH, Desk, cancel, order

FAR, ABOVE, BELOW = "2000", "3200", "3000"


class Wire:
    """Posts to a localnet; notes what was asked, and can lose what a test tells it to."""

    def __init__(self, net):
        self.net = net
        self.actions = []
        self.lose = lambda path, body: None

    def post(self, path, body):
        payload = json.loads(body)
        if path == "/exchange":
            self.actions.append(payload["action"])
        lost = self.lose(path, payload)
        if isinstance(lost, Exception):
            raise lost
        if lost is not None:
            return lost
        answer = self.net.handle(path, "application/json", body.encode())
        return Reply(answer.status, answer.content_type, answer.body.decode())


@pytest.fixture
def desk():
    """The account's own desk."""
    return Desk(Localnet())


@pytest.fixture
def wire(desk):
    """The sweeper's way to the exchange."""
    return Wire(desk.net)


@pytest.fixture
def sweeper(desk, wire):
    """The sweeper of the desk's account."""
    return Sweeper("0x" + desk.key.hex(), desk.address, wire.post, desk.nonce, localnet_universe)


def bid(desk, px=FAR, a=ETH, s="0.01"):
    (status,) = desk.statuses(order(a=a, p=px, s=s))
    return status["resting"]["oid"]


def buy(desk, s="0.01"):
    (status,) = desk.statuses(order(p=ABOVE, s=s, tif="Ioc"))
    assert status["filled"]["totalSz"] == s


def sell(desk, s="0.01"):
    (status,) = desk.statuses(order(b=False, p=BELOW, s=s, tif="Ioc"))
    assert status["filled"]["totalSz"] == s


def test_untouched_account_costs_reads_alone(sweeper, wire):
    before = sweeper.look()

    sweeper.sweep(before)

    assert before == Holdings({}, {})
    assert wire.actions == []


def test_orders_of_all_coins_are_cancelled(sweeper, desk):
    before = sweeper.look()
    bid(desk), bid(desk, "2100"), bid(desk, "60000", a=BTC, s="0.001")

    sweeper.sweep(before)

    assert sweeper.look() == before


def test_orders_on_spot_pairs_are_cancelled(sweeper, desk):
    """A bid that holds USDC on a spot pair is an order like any other."""
    bid(desk, a=10_000, px="0.05", s="300")
    bid(desk, a=11_035, px="20", s="1")

    sweeper.sweep(Holdings({}, {}))

    assert desk.open_oids() == []


def test_orders_that_were_there_before_stay(sweeper, desk):
    old = bid(desk)
    before = sweeper.look()
    bid(desk, "2100")

    sweeper.sweep(before)

    assert sweeper.look() == before == Holdings({old: "ETH"}, {})


@pytest.mark.parametrize(
    "trade",
    [
        pytest.param((buy,), id="long"),
        pytest.param((sell,), id="short"),
        pytest.param((buy, buy, sell), id="several"),
    ],
)
def test_position_that_was_opened_is_closed(sweeper, desk, trade):
    before = sweeper.look()
    for one in trade:
        one(desk)

    sweeper.sweep(before)

    assert sweeper.look() == before == Holdings({}, {})


def test_position_is_closed_by_an_order_that_can_only_reduce(sweeper, desk, wire):
    before = sweeper.look()
    buy(desk)

    sweeper.sweep(before)

    (action,) = wire.actions
    assert [(one["b"], one["s"], one["r"]) for one in action["orders"]] == [(False, "0.01", True)]


@pytest.mark.parametrize(
    "trade",
    [
        pytest.param((buy,), id="added to"),
        pytest.param((lambda desk: sell(desk, "0.01"),), id="made smaller"),
        pytest.param((lambda desk: sell(desk, "0.02"),), id="closed"),
        pytest.param((lambda desk: sell(desk, "0.05"),), id="turned over"),
    ],
)
def test_position_that_was_there_before_is_afterwards_what_it_was(sweeper, desk, trade):
    buy(desk, "0.02")
    before = sweeper.look()
    assert before.positions == {"ETH": Decimal("0.02")}
    for one in trade:
        one(desk)

    sweeper.sweep(before)

    assert sweeper.look() == before


def test_short_position_that_was_there_before_is_restored(sweeper, desk):
    sell(desk, "0.02")
    before = sweeper.look()
    buy(desk, "0.05")

    sweeper.sweep(before)

    assert sweeper.look() == before


def test_order_that_is_gone_already_does_not_matter(sweeper, desk):
    before = sweeper.look()
    desk.elements(cancel(bid(desk)))

    sweeper.sweep(before)

    assert sweeper.look() == before


def test_failed_cancel_does_not_keep_a_position_open(sweeper, desk, wire):
    before = sweeper.look()
    oid = bid(desk)
    buy(desk)
    wire.lose = lambda path, body: (
        requests.ConnectionError("gone") if body.get("action", {}).get("type") == "cancel" else None
    )

    with pytest.raises(HarnessError) as caught:
        sweeper.sweep(before)

    assert f"left orders [{oid}] and positions in []" in str(caught.value)
    assert "gone" in str(caught.value)
    assert sweeper.look().positions == {}


def test_book_that_cannot_be_read_does_not_keep_other_positions_open(sweeper, desk, wire):
    before = sweeper.look()
    buy(desk)
    desk.statuses(order(a=BTC, p="95000", s="0.001", tif="Ioc"))
    assert set(sweeper.look().positions) == {"ETH", "BTC"}
    wire.lose = lambda path, body: (
        Reply(500, "application/json", "null") if body.get("coin") == "BTC" else None
    )

    with pytest.raises(HarnessError) as caught:
        sweeper.sweep(before)

    assert "left orders [] and positions in ['BTC']" in str(caught.value)
    assert "l2Book and was answered HTTP 500" in str(caught.value)
    assert set(sweeper.look().positions) == {"BTC"}


def test_refused_cancel_is_told(sweeper, desk, wire):
    before = sweeper.look()
    oid = bid(desk)
    wire.lose = lambda path, body: (
        Reply(200, "application/json", '{"status":"err","response":"no"}') if path == "/exchange" else None
    )

    with pytest.raises(HarnessError, match="left orders") as caught:
        sweeper.sweep(before)

    assert str(oid) in str(caught.value)
    assert desk.address in str(caught.value)


def test_empty_book_leaves_the_position_and_says_so(sweeper, desk, wire):
    before = sweeper.look()
    buy(desk)
    wire.lose = lambda path, body: (
        Reply(200, "application/json", '{"levels":[[],[]]}') if body.get("type") == "l2Book" else None
    )

    with pytest.raises(HarnessError, match=r"positions in \['ETH'\]"):
        sweeper.sweep(before)


def test_account_that_cannot_be_read_is_told(sweeper, wire):
    wire.lose = lambda path, body: Reply(429, "application/json", "null")

    with pytest.raises(TargetUnavailable, match="openOrders and was answered HTTP 429"):
        sweeper.look()


def test_order_on_an_unknown_coin_is_told(sweeper, desk, wire):
    before = sweeper.look()
    row = '[{"coin":"@7","oid":12,"side":"B","limitPx":"1","sz":"1"}]'
    wire.lose = lambda path, body: (
        Reply(200, "application/json", row) if body.get("type") == "openOrders" else None
    )

    with pytest.raises(HarnessError, match=r"left orders \[12\]"):
        sweeper.sweep(before)


def test_sweeper_shows_no_key(sweeper, desk):
    assert desk.key.hex() not in repr(vars(sweeper))
