"""The cases that docs/localnet.md names as not implemented though their type is: no answer is made up."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.localnet import Answer
from tests.localnet.desk import BTC, Desk, grouped, modify, order, orders, trigger

CLOID = "0x00000000000000000000000000000abc"
STOP = trigger(b=False, px="2900", p="2600", s="0.1", r=True)
USD = 1_000_000


def user_signed(desk: Desk, **action: Any) -> Answer:
    nonce = desk.nonce()
    first = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
    return desk.send(desk.user_envelope(first | action | {"time": nonce}, nonce))


def signed(desk: Desk, action: dict[str, Any], **envelope: Any) -> Answer:
    return desk.send(desk.envelope(action, **envelope))


def again(desk: Desk, action: dict[str, Any]) -> Answer:
    assert signed(desk, action).status == 200
    return signed(desk, action)


def of_another(desk: Desk, other: Desk) -> Answer:
    sub = other.act({"type": "createSubAccount", "name": "mine"})["response"]["data"]
    return signed(desk, orders(order()), vault=sub)


def second_referrer(desk: Desk, other: Desk) -> Answer:
    assert other.act({"type": "registerReferrer", "code": "CODE"})["status"] == "ok"
    return again(desk, {"type": "setReferrer", "code": "CODE"})


def locked(desk: Desk, other: Desk) -> Answer:
    made = {"type": "createVault", "name": "a vault", "description": "of the other", "initialUsd": 100 * USD}
    vault = other.act(made | {"nonce": 1})["response"]["data"]
    move = {"type": "vaultTransfer", "vaultAddress": vault, "isDeposit": True, "usd": 100 * USD}
    assert desk.act(move)["status"] == "ok"
    return signed(desk, move | {"isDeposit": False, "usd": 50 * USD})


ACTIONS: dict[str, Callable[[Desk, Desk], Answer]] = {
    "unknown asset": lambda desk, _: signed(desk, orders(order(a=9_999))),
    "no position": lambda desk, _: signed(desk, grouped("positionTpsl", STOP)),
    "entry refused": lambda desk, _: signed(
        desk, grouped("normalTpsl", order(p="3000", s="0.1", tif="Ioc"), STOP)
    ),
    "other coin": lambda desk, _: signed(desk, modify(desk.rest(), order(a=BTC, p="60000"))),
    "other side": lambda desk, _: signed(desk, modify(desk.rest(), order(b=False, p="3300"))),
    "cloid": lambda desk, _: again(desk, orders(order(c=CLOID))),
    "soon": lambda desk, _: signed(desk, {"type": "scheduleCancel", "time": desk.net.now_ms() + 3_000}),
    "to oneself": lambda desk, _: user_signed(desk, type="usdSend", destination=desk.address, amount="1"),
    "the fee": lambda desk, _: user_signed(desk, type="withdraw3", destination=desk.address, amount="1"),
    "same name": lambda desk, _: again(desk, {"type": "createSubAccount", "name": "one"}),
    "of another": of_another,
    "second referrer": second_referrer,
    "locked": locked,
}


@pytest.mark.parametrize("case", ACTIONS)
def test_an_action_of_unknown_fate_is_not_implemented(desk: Desk, other: Desk, case: str) -> None:
    answer = ACTIONS[case](desk, other)
    assert (answer.status, answer.not_implemented) == (422, True)


@pytest.mark.parametrize(
    "asked",
    [
        {"type": "candleSnapshot", "req": {"coin": "NOPE", "interval": "1m", "startTime": 0}},
        {"type": "candleSnapshot", "req": {"coin": "ETH", "interval": "7m", "startTime": 0}},
        {"type": "recentTrades", "coin": "NOPE"},
        {"type": "fundingHistory", "coin": "NOPE", "startTime": 0},
    ],
)
def test_a_query_without_a_known_answer_is_not_implemented(desk: Desk, asked: dict[str, Any]) -> None:
    answer = desk.send(asked, "/info")
    assert (answer.status, answer.not_implemented) == (422, True)
