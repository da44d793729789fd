"""Blocks and actions as the explorer's host tells them: bare lists."""

import json
from typing import Any

from harness.localnet import Localnet
from harness.localnet.feed import Connection
from tests.localnet.desk import Desk, cancel, leverage, order, orders
from tests.localnet.transfers.test_rewards import HOUSE


def listen(net: Localnet, kind: str) -> Connection:
    connection = net.connect()
    connection.send(json.dumps({"method": "subscribe", "subscription": {"type": kind}}))
    acknowledged, first = (json.loads(text) for text in connection.take())
    assert acknowledged == {
        "channel": "subscriptionResponse",
        "data": {"method": "subscribe", "subscription": {"type": kind}},
    }
    assert first == []
    return connection


def heard(connection: Connection) -> list[Any]:
    """Return all rows that have come."""
    return [row for text in connection.take() for row in json.loads(text)]


def test_an_action_is_told_with_the_hash_that_its_fill_has(net: Localnet, desk: Desk) -> None:
    blocks, actions = listen(net, "explorerBlock"), listen(net, "explorerTxs")
    action = orders(order(p="4000", s="0.1", tif="Ioc"))
    desk.act(action)
    fill = desk.info("userFills")[0]
    (block,), (told,) = heard(blocks), heard(actions)
    assert told == {
        "time": fill["time"],
        "user": desk.address,
        "action": action,
        "block": block["height"],
        "hash": fill["hash"],
        "error": None,
    }
    assert (block["blockTime"], block["numTxs"], block["proposer"]) == (fill["time"], 1, HOUSE)
    assert block["hash"] != fill["hash"]


def test_what_was_refused_is_told_with_its_error(net: Localnet, desk: Desk) -> None:
    actions = listen(net, "explorerTxs")
    answer = desk.act(leverage(0))
    desk.act(cancel(1))
    first, second = heard(actions)
    assert (first["error"], second["error"]) == (answer["response"], None)
    assert first["block"] < second["block"]


def test_what_never_came_to_its_handler_is_in_no_block(net: Localnet, desk: Desk) -> None:
    blocks = listen(net, "explorerBlock")
    body = desk.envelope(cancel(1))
    desk.send(body)
    assert len(heard(blocks)) == 1
    desk.send(body)
    desk.send(desk.envelope({"type": "nope"}))
    desk.info("meta")
    net.advance(60_000)
    assert heard(blocks) == []


def test_who_left_hears_nothing_more(net: Localnet, desk: Desk) -> None:
    blocks = listen(net, "explorerBlock")
    blocks.send('{"method":"unsubscribe","subscription":{"type":"explorerBlock"}}')
    blocks.take()
    desk.act(cancel(1))
    assert blocks.take() == []
