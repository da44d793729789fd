"""The fault script meets posts over a websocket as it meets requests over HTTP."""

import json
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk, order, orders
from tests.localnet.feed.line import Line

META = {"type": "meta"}


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("rateLimited", "429 Too Many Requests"),
        ("serverError", "500 Internal Server Error"),
        ("badGateway", "502 Bad Gateway"),
    ],
)
def test_a_failure_of_http_is_an_error_with_its_id(
    net: Localnet, line: Line, desk: Desk, fault: str, text: str
) -> None:
    net.set_faults([{"fault": fault, "path": "/exchange"}])
    answer = line.post("action", desk.envelope(orders(order())), 7)
    assert answer["data"] == {"id": 7, "response": {"type": "error", "payload": text}}
    assert desk.open_oids() == []
    assert line.post("info", META)["data"]["response"]["type"] == "info"
    assert net.faults_fired == {fault: 1}


@pytest.mark.parametrize(("fault", "placed"), [("reset", 0), ("lost", 1)])
def test_a_connection_ends_before_or_after_the_order(
    net: Localnet, line: Line, desk: Desk, fault: str, placed: int
) -> None:
    net.set_faults([{"fault": fault, "action": "order"}])
    request = {"type": "action", "payload": desk.envelope(orders(order()))}
    assert line.send({"method": "post", "id": 1, "request": request}) == []
    assert line.connection.was_dropped
    assert len(desk.open_oids()) == placed


def test_a_truncated_answer_is_half_of_one(net: Localnet, line: Line, desk: Desk) -> None:
    net.set_faults([{"fault": "truncated", "info": "meta"}])
    line.connection.send(
        json.dumps({"method": "post", "id": 1, "request": {"type": "info", "payload": META}})
    )
    (text,) = line.connection.take()
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


def test_a_delay_passes_on_a_virtual_clock(net: Localnet, line: Line) -> None:
    net.set_faults([{"fault": "delay", "seconds": 2.5, "info": "meta"}])
    started = net.now_ms()
    line.post("info", META)
    assert net.now_ms() == started + 2_500 + 100


def test_reads_are_stale_after_an_acknowledgement(net: Localnet, line: Line, desk: Desk) -> None:
    net.set_faults([{"fault": "stale", "info": "openOrders", "seconds": 0.5}])
    asked = {"type": "openOrders", "user": desk.address}

    def shown() -> int:
        rows: list[Any] = line.post("info", asked)["data"]["response"]["payload"]["data"]
        return len(rows)

    line.post("action", desk.envelope(orders(order())))
    assert [shown() for _ in range(6)] == [0, 0, 0, 0, 1, 1]


def test_calls_are_counted_over_both_ways(net: Localnet, line: Line, desk: Desk) -> None:
    net.set_faults([{"fault": "serverError", "info": "meta", "calls": [2]}])
    assert desk.info("allMids")
    assert line.post("info", META)["data"]["response"]["type"] == "info"
    answer = net.deliver("/info", "application/json", json.dumps(META).encode()).answer
    assert answer is not None
    assert answer.status == 500


def test_a_post_without_a_rule_for_it_is_as_ever(net: Localnet, line: Line, desk: Desk) -> None:
    plain = line.post("info", {"type": "spotMeta"})
    net.set_faults([{"fault": "reset", "info": "meta"}, {"fault": "wsGap", "channel": "l2Book"}])
    assert line.post("info", {"type": "spotMeta"}) == plain
    bogus = line.post("info", {"type": "bogus"})
    assert bogus["channel"] == "error"


def test_a_frame_rule_still_leaves_an_answer_out(net: Localnet, line: Line) -> None:
    net.set_faults([{"fault": "wsGap", "channel": "post", "times": 1}])
    request = {"method": "post", "id": 1, "request": {"type": "info", "payload": META}}
    assert line.send(request) == []
    assert len(line.send(request)) == 1
