"""Small things that an account sets or buys."""

from decimal import Decimal

from harness.localnet import Localnet
from tests.localnet.desk import Desk

OK = {"status": "ok", "response": {"type": "default"}}


def test_what_nothing_depends_on_is_ok(desk: Desk) -> None:
    assert desk.act({"type": "evmUserModify", "usingBigBlocks": True}) == OK
    assert desk.act({"type": "setDisplayName", "displayName": "me"}) == OK


def test_requests_are_bought_for_a_twentieth_of_a_cent(desk: Desk) -> None:
    before = desk.net.total_usd()
    assert desk.act({"type": "reserveRequestWeight", "weight": 2_000}) == OK
    assert desk.info("clearinghouseState")["withdrawable"] == "9999.0"
    limits = desk.info("userRateLimit")
    assert (limits["nRequestsUsed"], limits["nRequestsSurplus"]) == (0, 1_999)
    assert desk.net.total_usd() == before


def test_an_agent_cannot_buy_them(net: Localnet, desk: Desk) -> None:
    agent = Desk(net, "0x" + "13" * 32)
    desk.approve(agent.address)
    answer = agent.act({"type": "reserveRequestWeight", "weight": 1})
    text = f"Must deposit before performing actions. User: {agent.address}"
    assert answer == {"status": "err", "response": text}


def test_more_than_there_is_to_pay_is_not_guessed(net: Localnet) -> None:
    poor = Desk(net, "0x" + "31" * 32)
    net.fund(poor.address, Decimal("0.001"))
    action = {"type": "reserveRequestWeight", "weight": 3}
    assert poor.send(poor.envelope(action)).not_implemented
    assert poor.act(action | {"weight": 2}) == OK
