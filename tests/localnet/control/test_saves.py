"""A state in a file: it leads to the same exchange, and a bad file to one error."""

import contextlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import Localnet, LocalnetError, Rules, VirtualClock, WallClock
from harness.localnet.control import saves
from tests.localnet.control.test_snapshots import ask_all, busy
from tests.localnet.desk import Desk, order, orders


def saved(net: Localnet, path: Path) -> Localnet:
    saves.dump(net, path)
    return saves.load(path, VirtualClock(net.now_ms()))


def test_a_saved_state_goes_on_as_the_one_it_was_saved_from(tmp_path: Path) -> None:
    net = Localnet(keep_log=True, market="walk", seed=7, accounts=3, rules=Rules(maker_fee=10))
    desk = Desk(net)
    busy(net, desk)
    ask_all(net, desk)
    net.fund("0x" + "42" * 20, Decimal("0.5"))
    net.fund_token(desk.address, "PURR", Decimal(3))
    net.set_liquidity("ETH", [(Decimal(3_000), Decimal(1))], [])
    connection = net.connect()
    connection.send('{"method":"subscribe","subscription":{"type":"l2Book","coin":"DOGE"}}')
    payload = desk.envelope(orders(order(p="2950")))
    connection.send(
        json.dumps({"method": "post", "id": 1, "request": {"type": "action", "payload": payload}})
    )
    net.revert(net.snapshot())
    net.advance(5_000)

    again = saved(net, tmp_path / "state")

    assert again.now_ms() == net.now_ms()
    assert saves.seal(again.exchange) == saves.seal(net.exchange)
    assert ask_all(again, desk) == ask_all(net, desk)
    envelope = json.dumps(desk.envelope(orders(order(p="3200", s="0.1")))).encode()
    for _ in range(2):
        answers = [one.handle("/exchange", "application/json", envelope).body for one in (net, again)]
        assert answers[0] == answers[1]
    assert b"Invalid nonce" in answers[0]


def test_what_was_reverted_is_not_saved(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    desk.info("l2Book", coin="ETH")
    snapshot, seal = net.snapshot(), saves.seal(net.exchange)
    desk.rest()
    net.revert(snapshot)
    assert saves.seal(saved(net, tmp_path / "state").exchange) == seal


def test_a_saved_state_can_be_saved_again(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    busy(net, Desk(net))
    saves.dump(net, tmp_path / "one")
    saves.dump(saves.load(tmp_path / "one"), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_market_first_read_in_a_block_in_which_something_was_due_is_saved(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    desk.act(orders(order(p="3200", s="0.1", tif="Ioc")))
    desk.info("l2Book", coin="BTC")
    desk.info("l2Book", coin="SOL")
    again = saved(net, tmp_path / "state")
    assert list(again.exchange.markets) == list(net.exchange.markets)


def test_a_refused_command_does_not_spoil_the_log(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    Desk(net).act(orders(order(p="3200", s="0.1", tif="Ioc")))
    with pytest.raises(LocalnetError, match="no address"):
        net.fund_token("0x1", "PURR", Decimal(1))
    with pytest.raises(LocalnetError, match="turned away"), net._block("setMid"):
        raise LocalnetError("turned away")
    assert saved(net, tmp_path / "state").exchange.blocks == net.exchange.blocks


def test_queries_do_not_make_the_log_longer(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    for _ in range(50):
        desk.info("l2Book", coin="ETH")
    assert len(net.log.entries) == 1
    again = saved(net, tmp_path / "state")
    assert again.exchange.blocks == net.exchange.blocks


def test_actions_that_the_limits_turned_away_are_not_repeated(tmp_path: Path) -> None:
    net = Localnet(keep_log=True, rules=Rules(ip_weight_a_minute=3))
    desk = Desk(net)
    answers = [desk.send(desk.envelope(orders(order(p="3000")))).status for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    again = saved(net, tmp_path / "state")
    assert len(again.exchange.ledgers[desk.address].open) == 3


def test_a_clock_that_is_behind_is_set_forward(tmp_path: Path) -> None:
    net = Localnet(WallClock(), keep_log=True)
    net.advance(1_000_000)
    saves.dump(net, tmp_path / "state")
    behind, ahead = saves.load(tmp_path / "state", WallClock()), WallClock(5_000_000)
    assert behind.now_ms() >= net.now_ms() - 1_000
    assert saves.load(tmp_path / "state", ahead).now_ms() > net.now_ms() + 3_000_000


def test_without_a_log_nothing_can_be_saved(net: Localnet, tmp_path: Path) -> None:
    with pytest.raises(LocalnetError, match="keeps no log"):
        saves.dump(net, tmp_path / "state")
    with pytest.raises(LocalnetError, match="Cannot write"):
        saves.dump(Localnet(keep_log=True), tmp_path / "nowhere" / "state")


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """The lines of a small state."""
    net = Localnet(keep_log=True)
    desk = Desk(net)
    desk.rest()
    net.set_mid("SOL", Decimal(140))
    began = saves.msgspec.json.encode(saves.Header(net.began))
    entries = [saves.msgspec.json.encode(entry) for entry in net.log.entries]
    end = saves.End(net.now_ms(), net.log.idle, saves.seal(net.exchange))
    return [began, *entries, saves.msgspec.json.encode(end)]


BAD = {
    "empty": lambda lines: [],
    "cut off": lambda lines: lines[:-1],
    "header alone": lambda lines: lines[:1],
    "a line is missing": lambda lines: [lines[0], *lines[2:]],
    "another version": lambda lines: [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]],
    "another form": lambda lines: [lines[0].replace(b"state", b"pickle"), *lines[1:]],
    "eleven accounts": lambda lines: [lines[0].replace(b",10,", b",11,", 1), *lines[1:]],
    "another command": lambda lines: [line.replace(b"setMid", b"setFaults") for line in lines],
    "an attribute": lambda lines: [line.replace(b"setMid", b"__init__") for line in lines],
    "no coin": lambda lines: [line.replace(b"SOL", b"NONE") for line in lines],
    "time runs backwards": lambda lines: [lines[0], lines[2], lines[1], lines[3]],
    "edited": lambda lines: [line.replace(b'"140"', b'"141"') for line in lines],
    "binary": lambda lines: [b"\x80\x04\x95", b"\xff\x00"],
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_file_gives_one_error(lines: list[bytes], how: str, tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_bytes(b"\n".join(lines))
    saves.load(path)
    path.write_bytes(b"\n".join(BAD[how](lines)))
    with pytest.raises(LocalnetError, match="state"):
        saves.load(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalnetError, match="Cannot read"):
        saves.load(tmp_path / "nowhere")


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_whatever_is_wrong_with_a_file_the_error_is_the_same(
    lines: list[bytes], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(b"\n".join(lines))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("fuzz") / "state"
    path.write_bytes(bytes(content))
    with contextlib.suppress(LocalnetError):
        saves.load(path)


class CreepingClock(VirtualClock):
    """A clock that goes on by itself while steps are taken, as a busy machine's does."""

    def now_ms(self) -> int:
        """Return a time that is later by each look."""
        self.advance(7)
        return super().now_ms()


def test_a_walk_that_took_its_time_is_walked_again(tmp_path: Path) -> None:
    net = Localnet(CreepingClock(), keep_log=True, market="walk")
    net.advance(3_600_000)
    assert saves.seal(saved(net, tmp_path / "state").exchange) == saves.seal(net.exchange)
