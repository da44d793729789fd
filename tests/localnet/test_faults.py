"""Trouble on the way: each kind, chosen by rules, the same each time."""

import json
from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet, LocalnetError
from harness.localnet.faults import Delivery, read_script
from tests.localnet.desk import Desk, order, orders

META = {"type": "meta"}


def send(net: Localnet, body: object, path: str = "/info") -> Delivery:
    return net.deliver(path, "application/json", json.dumps(body).encode())


def body_of(delivery: Delivery) -> Any:
    assert delivery.answer is not None
    return json.loads(delivery.answer.body)


def test_without_rules_nothing_happens(net: Localnet, desk: Desk) -> None:
    assert send(net, META) == Delivery(desk.send(META, "/info"))
    assert net.faults_fired == {}


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        ("rateLimited", 429, b"null"),
        ("serverError", 500, b"null"),
        ("badGateway", 502, b"<html>\r\n<head><title>502 Bad Gateway"),
    ],
)
def test_an_answer_that_is_not_the_exchanges(
    net: Localnet, desk: Desk, fault: str, status: int, body: bytes
) -> None:
    net.set_faults([{"fault": fault, "path": "/exchange"}])
    answer = send(net, desk.envelope(orders(order())), "/exchange").answer
    assert answer is not None
    assert (answer.status, answer.body[: len(body)]) == (status, body)
    assert desk.open_oids() == []
    assert send(net, META).answer == desk.send(META, "/info")


def test_a_reset_request_has_not_arrived_and_a_lost_answer_has(net: Localnet, desk: Desk) -> None:
    net.set_faults([{"fault": "reset", "action": "order", "calls": [1]}])
    assert send(net, desk.envelope(orders(order())), "/exchange") == Delivery(None)
    assert desk.open_oids() == []
    net.set_faults([{"fault": "lost", "action": "order", "calls": [1]}])
    assert send(net, desk.envelope(orders(order())), "/exchange") == Delivery(None)
    assert len(desk.open_oids()) == 1


def test_a_delay_is_told_and_changes_nothing(net: Localnet, desk: Desk) -> None:
    net.set_faults([{"fault": "delay", "seconds": 2.5}])
    assert send(net, META) == Delivery(desk.send(META, "/info"), 2.5)


def test_truncated_json_is_half_of_the_answer(net: Localnet, desk: Desk) -> None:
    net.set_faults([{"fault": "truncated", "info": "meta"}])
    whole = desk.send(META, "/info").body
    delivery = send(net, META)
    assert delivery.is_spoiled
    assert delivery.answer is not None
    assert delivery.answer.body == whole[: len(whole) // 2]


@pytest.mark.parametrize("kind", ["spotMeta", "spotMetaAndAssetCtxs"])
def test_sparse_spot_metadata_lacks_the_token_of_a_pair(net: Localnet, kind: str) -> None:
    net.set_faults([{"fault": "sparseSpotMeta"}])
    answer = body_of(send(net, {"type": kind}))
    meta = answer if kind == "spotMeta" else answer[0]
    listed = {token["index"] for token in meta["tokens"]}
    assert [pair["name"] for pair in meta["universe"] if not set(pair["tokens"]) <= listed] == [
        meta["universe"][-1]["name"]
    ]
    assert send(net, META).answer is not None
    assert net.faults_fired == {"sparseSpotMeta": 1}


def test_reads_are_stale_for_a_while_after_an_acknowledgement(net: Localnet, desk: Desk) -> None:
    net.set_faults([{"fault": "stale", "info": "openOrders", "seconds": 0.5}])
    asked = {"type": "openOrders", "user": desk.address}
    placed = body_of(send(net, desk.envelope(orders(order())), "/exchange"))
    assert "resting" in placed["response"]["data"]["statuses"][0]

    shown = [len(body_of(send(net, asked))) for _ in range(6)]

    # The clock moves by 100 ms a request.
    assert shown == [0, 0, 0, 0, 1, 1]
    assert len(desk.open_oids()) == 1


def test_a_refused_action_makes_no_read_stale(net: Localnet, desk: Desk) -> None:
    net.set_faults([{"fault": "stale"}])
    send(net, desk.envelope(orders(order()), nonce=1), "/exchange")
    send(net, {"type": "openOrders", "user": desk.address})
    assert net.faults_fired == {"stale": 0}


def test_calls_are_counted_by_rule(net: Localnet) -> None:
    net.set_faults(
        [
            {"fault": "rateLimited", "info": "meta", "calls": [2, 4]},
            {"fault": "serverError", "info": "allMids", "times": 1},
            {"fault": "badGateway", "info": "spotMeta", "calls": [9]},
        ]
    )
    asked = ["meta", "allMids", "meta", "allMids", "spotMeta", "meta", "meta"]
    statuses = [delivery.answer.status for kind in asked if (delivery := send(net, {"type": kind})).answer]
    assert statuses == [200, 500, 429, 200, 200, 200, 429]
    assert net.faults_fired == {"rateLimited": 2, "serverError": 1, "badGateway": 0}


def test_probability_goes_by_the_seed() -> None:
    def fired(seed: int, probability: float = 0.3) -> list[int]:
        net = Localnet()
        net.set_faults({"seed": seed, "rules": [{"fault": "serverError", "probability": probability}]})
        answers = [send(net, META).answer for _ in range(200)]
        return [answer.status for answer in answers if answer is not None]

    assert fired(1) == fired(1)
    assert fired(1) != fired(2)
    assert 30 < fired(1).count(500) < 90
    assert fired(1, 0.0).count(500) == 0
    assert fired(1, 1.0).count(500) == 200


def test_a_body_without_a_type_is_met_by_path_alone(net: Localnet) -> None:
    net.set_faults([{"fault": "reset", "info": "meta"}, {"fault": "serverError", "path": "/info"}])
    for body in (b"", b"[]", b"[1]", b'{"type":1}', b"null"):
        answer = net.deliver("/info", "application/json", body).answer
        assert answer is not None
        assert answer.status == 500
    assert net.deliver("/info", "application/json", b'["meta"]').answer is None


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("delay", "no fault script"),
        ([{"fault": "nope"}], "Invalid enum value 'nope'"),
        ([{}], "missing required field `fault`"),
        ([{"fault": "delay"}], "a delay needs seconds"),
        ([{"fault": "delay", "seconds": -1}], "seconds is -1"),
        ([{"fault": "reset", "probability": 2}], "probability is 2"),
        ([{"fault": "reset", "calls": [1, 0]}], "calls are counted from 1"),
        ([{"fault": "reset", "times": -1}], "times is -1"),
        ([{"fault": "reset", "action": "order", "info": "meta"}], "an action is no query"),
        ([{"fault": "stale", "action": "order"}], "stale is for reads"),
        ([{"fault": "sparseSpotMeta", "path": "/exchange"}], "sparseSpotMeta is for reads"),
        ([{"fault": "reset", "action": "order", "path": "/info"}], "an action goes to /exchange"),
        ([{"fault": "reset", "info": "meta", "path": "/exchange"}], "a query goes to /info"),
        ([{"fault": "sparseSpotMeta", "info": "meta"}], "sparseSpotMeta is for spotMeta and"),
        ([{"fault": "reset", "every": 2}], "unknown field `every`"),
        ([{"fault": "wsDrop", "path": "/ws"}], "goes by channel"),
        ([{"fault": "reset", "channel": "l2Book"}], "channel is for"),
        ({"rules": [], "sed": 1}, "unknown field `sed`"),
    ],
)
def test_a_bad_script_is_refused_with_the_reason(script: object, text: str) -> None:
    with pytest.raises(LocalnetError, match=text):
        read_script(script)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"action": "ordr"}, "no action 'ordr'.\nA known action, such as order"),
        ({"action": "Order"}, "no action 'Order'.\nA known action, such as order"),
        ({"info": "openOrder"}, "no info 'openOrder'.\nA known info, such as openOrders"),
        ({"path": "/exchnage"}, "no path '/exchnage'.\nA known path, such as /exchange"),
        ({"path": "info/"}, "no path 'info/'.\nA known path, such as /info"),
        ({"fault": "wsGap", "channel": "l2book"}, "no channel 'l2book'.\nA known channel, such as l2Book"),
        ({"fault": "wsGap", "channel": "explorerTxs"}, "frames of explorerTxs name: no channel."),
        ({"fault": "wsGap", "channel": "userEvents"}, "frames of userEvents name: user."),
        ({"fault": "wsGap", "channel": "zzz"}, "no channel 'zzz'.\nOne of activeAssetCtx, activeAssetData,"),
    ],
)
def test_a_rule_that_could_never_fire_is_refused(net: Localnet, rule: dict[str, object], text: str) -> None:
    net.set_faults([{"fault": "reset", "info": "meta"}])
    with pytest.raises(LocalnetError, match="Rule 2 of the fault script could never fire") as refused:
        net.set_faults([{"fault": "reset"}, {"fault": "lost", **rule}])
    assert text in str(refused.value)
    assert net.faults_fired == {"reset": 0}


@pytest.mark.parametrize(
    "rule",
    [
        {"action": "order"},
        {"action": "outcomeDeploy"},
        {"info": "meta", "path": "/info"},
        *(
            {"fault": "wsGap", "channel": channel}
            for channel in ("user", "trades", "activeSpotAssetCtx", "post", "pong", "subscriptionResponse")
        ),
    ],
)
def test_a_rule_may_name_all_that_is_known(net: Localnet, rule: dict[str, object]) -> None:
    net.set_faults([{"fault": "lost", **rule}])
    assert net.has_faults


def test_a_frame_is_left_out_and_a_connection_dropped(net: Localnet) -> None:
    net.set_faults(
        [
            {"fault": "wsGap", "channel": "l2Book", "calls": [2]},
            {"fault": "wsDrop", "channel": "l2Book", "calls": [4]},
        ]
    )
    connection = net.connect()
    connection.send('{"method":"subscribe","subscription":{"type":"l2Book","coin":"ETH"}}')
    for px in ("3110", "3120", "3130"):
        net.set_mid("ETH", Decimal(px))
    frames = [json.loads(frame) for frame in connection.take()]
    assert [frame["channel"] for frame in frames] == ["subscriptionResponse", "l2Book", "l2Book"]
    assert float(frames[-1]["data"]["levels"][0][0]["px"]) == pytest.approx(3120, rel=0.001)
    assert connection.was_dropped


@pytest.mark.parametrize("body", [b"[" * 100_000, b'"\xff"', b'{"type":"\xff"}'])
def test_a_rule_about_a_type_passes_by_a_body_that_cannot_be_read(net: Localnet, body: bytes) -> None:
    net.set_faults([{"fault": "reset", "info": "meta"}])
    answer = net.deliver("/info", "application/json", body).answer
    assert answer is not None
    assert answer.status in (400, 422)
