"""The HTTP level: content types, JSON, shapes, and what is not implemented."""

import json
from typing import Any

import pytest

from harness.localnet import Answer, Localnet, Rules
from harness.localnet.actions import KNOWN as KNOWN_ACTIONS
from tests.localnet.desk import Desk, order, orders

PATHS = ["/info", "/exchange"]
NOT_JSON = "Failed to parse the request body as JSON"
WRONG_SHAPE = "Failed to deserialize the JSON body into the target type"


def told(answer: Answer) -> tuple[int, str, str]:
    return answer.status, answer.body.decode(), answer.content_type


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("content_type", [None, "", "text/plain", "application/jsonx", "application/x-json"])
def test_other_content_types_are_415(net: Localnet, path: str, content_type: str | None) -> None:
    text = "Expected request with `Content-Type: application/json`"
    assert told(net.handle(path, content_type, b"{}")) == (415, text, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/problem+json"]
)
def test_json_content_types_are_accepted(net: Localnet, content_type: str) -> None:
    assert net.handle("/info", content_type, b'{"type":"meta"}').status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"{",
        b"nope",
        b"NaN",
        b'{"type":Infinity}',
        b"\xff",
        b'"\\ud800"',
        b"[" * 50_000,
        b"1" * 5_000,
    ],
)
def test_what_is_not_json_is_400(net: Localnet, path: str, body: bytes) -> None:
    assert told(net.handle(path, "application/json", body)) == (400, NOT_JSON, "text/plain; charset=utf-8")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"{}", b"null", b"1", b'"meta"', b'{"type":"nope"}', b'{"type":5}', b"[]"])
def test_what_has_another_shape_is_422(net: Localnet, path: str, body: bytes) -> None:
    answer = net.handle(path, "application/json", body)
    assert told(answer) == (422, WRONG_SHAPE, "text/plain; charset=utf-8")
    assert not answer.not_implemented


def test_text_after_the_first_value_is_not_read(desk: Desk) -> None:
    body = json.dumps(desk.envelope({"type": "noop"})).encode() + b" trailing }{"
    assert desk.net.handle("/exchange", "application/json", body).status == 200


def changed(envelope: dict[str, Any], *path: str | int, to: object) -> bytes:
    place: Any = envelope
    for key in path[:-1]:
        place = place[key]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return json.dumps(envelope).encode()


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("extra",), 1),
        (("nonce",), "1"),
        (("nonce",), -1),
        (("nonce",), 1.0),
        (("nonce",), True),
        (("nonce",), 2**64),
        (("nonce",), ...),
        (("signature",), ...),
        (("signature",), None),
        (("signature", "r"), "zz"),
        (("signature", "v"), "27"),
        (("signature", "v"), -1),
        (("signature", "v"), 2**64),
        (("vaultAddress",), "0x12"),
        (("vaultAddress",), "0X" + "12" * 20),
        (("expiresAfter",), "5"),
        (("expiresAfter",), -1),
        (("expiresAfter",), 2**64),
        (("action",), []),
        (("action",), None),
        (("action", "extra"), 1),
        (("action", "grouping"), None),
        (("action", "grouping"), "nope"),
        (("action", "orders"), None),
        (("action", "orders"), {}),
        (("action", "builder"), {"b": "0x1", "f": 1}),
        (("action", "orders", 0, "r"), None),
        (("action", "orders", 0, "a"), -1),
        (("action", "orders", 0, "a"), "4"),
        (("action", "orders", 0, "p"), 3000),
        (("action", "orders", 0, "p"), "-1"),
        (("action", "orders", 0, "p"), "1e3"),
        (("action", "orders", 0, "p"), "NaN"),
        (("action", "orders", 0, "p"), ""),
        (("action", "orders", 0, "p"), "0.000000001"),
        (("action", "orders", 0, "s"), ...),
        (("action", "orders", 0, "c"), "0x12"),
        (("action", "orders", 0, "t"), {}),
        (("action", "orders", 0, "t"), {"limit": {"tif": "Gtd"}}),
        (("action", "orders", 0, "t"), {"limit": {"tif": "Gtc"}, "trigger": {}}),
    ],
)
def test_an_action_of_another_shape_is_422(desk: Desk, path: tuple[str | int, ...], to: object) -> None:
    body = changed(desk.envelope(orders(order())), *path, to=to)
    assert told(desk.net.handle("/exchange", "application/json", body)) == (
        422,
        WRONG_SHAPE,
        "text/plain; charset=utf-8",
    )
    assert desk.info("historicalOrders") == []


def test_nine_decimals_ending_in_zero_are_fine(desk: Desk) -> None:
    sent = orders(order(p="3000.000000000"))
    assert desk.act(sent, signed=orders(order()))["status"] == "ok"


def test_null_is_absent_for_cloid_and_envelope(desk: Desk) -> None:
    body = desk.envelope(orders(order()))
    del body["vaultAddress"], body["expiresAfter"]
    body["action"]["orders"][0]["c"] = None
    assert b"resting" in desk.send(body).body


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (b'"nonce":', b'"nonce": 1, "nonce":', 422),
        (b'"grouping":', b'"grouping": "na", "grouping":', 422),
        (b'"p":', b'"p": "1", "p":', 422),
        (b'"tif":', b'"tif": "Gtc", "tif":', 422),
        (b'"p":', b'"x": 1, "x": 2, "p":', 200),
    ],
)
def test_a_repeated_known_key_is_422(desk: Desk, old: bytes, new: bytes, status: int) -> None:
    body = json.dumps(desk.envelope(orders(order()))).encode().replace(old, new)
    assert desk.net.handle("/exchange", "application/json", body).status == status


def test_repeated_keys_of_a_query(desk: Desk) -> None:
    def ask(body: bytes) -> int:
        return desk.net.handle("/info", "application/json", body).status

    assert ask(b'{"type":"allMids","type":"allMids"}') == 422
    assert ask(b'{"type":"allMids","dex":"","dex":""}') == 422
    assert ask(b'{"type":"allMids","x":1,"x":2}') == 200


@pytest.mark.parametrize("user", ["0x12", "0X" + "12" * 20, 5, None, "nope"])
def test_a_query_about_no_address_is_422(net: Localnet, user: object) -> None:
    body = json.dumps({"type": "openOrders", "user": user}).encode()
    assert net.handle("/info", "application/json", body).status == 422


@pytest.mark.parametrize("oid", ["0x12", -1, 1.5, None, 2**64])
def test_a_look_up_of_no_order_id_is_422(desk: Desk, oid: object) -> None:
    assert desk.send({"type": "orderStatus", "user": desk.address, "oid": oid}, "/info").status == 422


def test_known_actions_that_are_not_covered_say_so(desk: Desk) -> None:
    for kind in KNOWN_ACTIONS:
        answer = desk.send(desk.envelope({"type": kind}))
        assert (answer.status, answer.not_implemented) == (422, True), kind
        assert answer.headers["x-localnet"] == "not-implemented"


def test_an_array_is_no_action(desk: Desk) -> None:
    envelope = desk.envelope({"type": "noop"})
    assert desk.send(list(envelope.values())).status == 422


def test_other_paths_and_methods(net: Localnet) -> None:
    assert net.handle("/nope", "application/json", b"{}").status == 404
    assert net.handle("/info", "application/json", b"", "GET").status == 405
    assert net.handle("/info?x=1", "application/json", b'{"type":"meta"}').status == 200


def test_the_ip_limit_answers_429_for_a_minute() -> None:
    desk = Desk(Localnet(rules=Rules(ip_weight_a_minute=41)))
    assert [desk.send({"type": "meta"}, "/info").status for _ in range(3)] == [200, 200, 429]
    assert desk.send(desk.envelope({"type": "noop"})).status == 200
    limited = desk.send({"type": "meta"}, "/info")
    assert told(limited) == (429, "null", "application/json")
    desk.net.clock.advance(60_000)
    assert desk.send({"type": "meta"}, "/info").status == 200


def test_forty_entries_of_an_action_weigh_one_more() -> None:
    desk = Desk(Localnet(rules=Rules(ip_weight_a_minute=3)))
    made = [order(p="1200") for _ in range(80)]
    assert desk.send(desk.envelope(orders(*made))).status == 200
    assert desk.send(desk.envelope(orders(order()))).status == 429


def test_the_address_budget_can_be_switched_off() -> None:
    for rules, status in ((Rules(), "err"), (Rules(address_limits=False), "ok")):
        desk = Desk(Localnet(rules=rules))
        ledger = desk.net.exchange.ledgers[desk.address]
        ledger.requests_used, ledger.last_over_budget_ms = 10**8, desk.net.now_ms()
        assert desk.act(orders(order()))["status"] == status


def test_a_mistake_of_localnet_is_loud(net: Localnet, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(type(net.exchange), "now_ms", broken)
    with pytest.raises(ZeroDivisionError):
        net.handle("/info", "application/json", b'{"type":"l2Book","coin":"ETH"}')
