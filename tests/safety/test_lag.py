"""Requests that leave late, look-ups that lag, and an exchange that cannot be read for a while."""

import pytest

from harness.localnet import ACCOUNTS
from harness.safety.evidence import Evidence
from harness.safety.names import Names
from harness.safety.owning import look
from harness.safety.recovery import recover
from harness.targets.localnet import localnet_universe
from tests.localnet.desk import Desk, order, orders
from tests.safety.runs import Exchange, Run, lost

WHO = "0x" + "aa" * 20
ROW = {"coin": "ETH", "side": "B", "limitPx": "2000", "sz": "0.01", "origSz": "0.01", "oid": 7}


def journalled(at_ms, then):
    """An order without a cloid, and what was last noted of it."""
    sent = {"action": orders(order(p="2000")), "nonce": 5}
    parties = {"signer": WHO, "account": WHO, "master": WHO}
    line = {"n": 1, "at": at_ms, "by": "scenario", "path": "/exchange", **parties, "sent": sent}
    return Evidence([line, {"n": 1, **then}]).accounts[WHO]


def found(account, timestamp_ms):
    """The run's orders, when one with this time is open."""
    answers = {
        "openOrders": [{**ROW, "timestamp": timestamp_ms}],
        "clearinghouseState": {"assetPositions": []},
        "historicalOrders": [],
        "userFillsByTime": [],
    }

    def ask(kind, **fields):
        return answers[kind]

    return look(account, Names(localnet_universe, ask), ask).orders


@pytest.mark.parametrize("waited_ms", [0, 59_000, 100_000])
def test_order_that_waited_for_its_turn_is_the_runs(waited_ms):
    """It is journalled, then paced or sent again after a 429, for up to two minutes."""
    account = journalled(1_000_000, {"at": 1_001_000 + waited_ms, "fate": "over"})

    assert found(account, 1_000_500 + waited_ms) == {7: "ETH"}


def test_order_that_was_there_before_is_not():
    account = journalled(1_000_000, {"at": 1_100_000, "fate": "over"})

    assert found(account, 990_000) == {}


def test_look_ups_wait_from_when_the_answer_came():
    text = '{"status":"ok","response":{"type":"order","data":{"statuses":[{"resting":{"oid":7}}]}}}'
    account = journalled(1_000_000, {"at": 1_030_000, "path": "/exchange", "status": 200, "answer": text})

    assert account.last_sent_ms == 1_030_000


def test_journal_without_times_of_answers_is_read():
    account = journalled(1_000_000, {"fate": "over"})

    assert (account.last_sent_ms, found(account, 1_000_500)) == (1_000_000, {7: "ETH"})


@pytest.mark.parametrize("outage_s", [0.5, 10])
def test_sweep_outlasts_a_short_outage(tmp_path, outage_s):
    exchange = Exchange()
    desk = Desk(exchange.net, ACCOUNTS[4].private_key)
    run = Run(exchange, desk, tmp_path)
    run.rest()
    run.die()
    slept = []

    def instead(path, body):
        # The waits for what lags come first.
        if sum(slept) < outage_s:
            lost()

    exchange.instead = instead
    made = recover(tmp_path, [run.owner], exchange.send, desk.nonce, localnet_universe, sleep=slept.append)

    assert [one.is_clean for one in made] == [True], [one.lines() for one in made]
    assert "cancelled order" in str([one.lines() for one in made])
