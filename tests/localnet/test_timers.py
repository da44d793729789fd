"""What happens by itself, and what is told about it."""

from decimal import Decimal

from harness.localnet import Localnet
from harness.localnet.events import Acted, Filled, OrderChanged, Traded
from tests.localnet.desk import Desk, order, orders


def test_tasks_happen_in_the_order_of_their_times_each_in_its_own_block() -> None:
    net = Localnet()
    started, seen = net.clock.now_ms(), []
    for delay in (2_000, 1_000, 1_000):
        net.exchange.at(started + delay, lambda exchange: seen.append((exchange.now_ms(), exchange.tx_hash)))

    net.advance(1_500)
    assert [at - started for at, _ in seen] == [1_000, 1_000]

    net.advance(10_000)
    assert [at - started for at, _ in seen] == [1_000, 1_000, 2_000]
    assert len({tx_hash for _, tx_hash in seen}) == 3


def test_a_request_finds_what_fell_due_before_it_done() -> None:
    net = Localnet()
    seen = []
    net.exchange.at(net.clock.now_ms() + 50, lambda exchange: seen.append(exchange.now_ms()))

    net.handle("/info", "application/json", b'{"type":"allMids"}')
    assert not seen
    net.handle("/info", "application/json", b'{"type":"allMids"}')
    assert len(seen) == 1


def test_nothing_is_kept_for_nobody() -> None:
    desk = Desk(Localnet())
    desk.act(orders(order(p="3200", s="0.01")))

    assert desk.net.exchange.take_events() == []


def test_a_fill_is_told_as_trade_fills_and_changes() -> None:
    desk = Desk(Localnet())
    desk.net.exchange.is_heard = True
    desk.net.set_liquidity("ETH", [], [(Decimal(3100), Decimal(1))])
    desk.act(orders(order(p="3100", s="0.01")))

    events = desk.net.exchange.take_events()
    assert [type(event) for event in events] == [OrderChanged, Traded, Filled, OrderChanged, Acted]
    assert [event.status for event in events if isinstance(event, OrderChanged)] == ["open", "filled"]
    assert desk.net.exchange.take_events() == []
