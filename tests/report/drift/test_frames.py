"""Websockets side by side: by channel and form, not by count."""

import base64
import json
import zlib

from harness.report.drift.frames import UNREADABLE, by_channel
from harness.report.drift.presence import Presence
from harness.report.drift.sources import Frame, Scenario
from harness.report.drift.verdict import Found, compare_scenarios
from tests.report.drift.answers import told

TRADE = {
    "coin": "ETH",
    "side": "B",
    "px": "3000.0",
    "sz": "0.1",
    "time": 1767225600300,
    "hash": "0x" + "0" * 64,
    "tid": 1,
    "users": ["0x" + "1" * 40, "0x" + "2" * 40],
}
FILL = {
    "coin": "ETH",
    "px": "3000.0",
    "sz": "0.1",
    "side": "B",
    "time": 1767225600300,
    "startPosition": "0.0",
    "dir": "Open Long",
    "closedPnl": "0.0",
    "hash": "0x" + "0" * 64,
    "oid": 1,
    "crossed": True,
    "fee": "0.1",
    "tid": 1,
    "feeToken": "USDC",
    "twapId": None,
}
MIDS = {"mids": {"ETH": "3000.0"}}


def heard(channel: str, data: object, **more) -> Frame:
    return Frame("received", json.dumps({"channel": channel, "data": data}), **more)


def scenario(*frames: Frame) -> Scenario:
    return Scenario("scenarios/test_s.py::test_one", [], frames=[Frame("opened", "wss://x/ws"), *frames])


def found(a: Scenario, b: Scenario) -> Found:
    presence = Presence()
    result = compare_scenarios(a, b, presence)
    result.differences += presence.differences(set())
    return result


def reasons(result: Found) -> list[str]:
    return [f"{one.place.kind}: {one.why}" for one in result.not_compared]


def test_more_messages_of_a_channel_are_no_drift() -> None:
    once, twice = scenario(heard("trades", [TRADE])), scenario(heard("trades", [TRADE, TRADE]))
    more = scenario(heard("trades", [TRADE]), heard("trades", [TRADE | {"px": "3001.0"}]))
    for other in (twice, more):
        result = found(once, other)
        assert (told(result.differences), result.not_compared, result.is_compared) == ([], [], True)


def test_new_field_of_a_channel_is_told_with_its_place() -> None:
    result = found(scenario(heard("trades", [TRADE])), scenario(heard("trades", [TRADE | {"mood": 1}])))
    assert told(result.differences) == [("new field", "$[].mood")]
    assert [one.place.kind for one in result.differences] == ["ws trades"]


def test_lost_and_retyped_fields_of_a_channel_are_told() -> None:
    without = {key: value for key, value in TRADE.items() if key != "tid"}
    result = found(scenario(heard("trades", [TRADE])), scenario(heard("trades", [without | {"px": 3000}])))
    assert set(told(result.differences)) == {("lost field", "$[].tid"), ("retyped", "$[].px")}


def test_field_of_rows_that_always_stood_there_is_missed() -> None:
    fill = {"crossed": True, "cloid": "0x" + "3" * 32}
    rows = [FILL | fill, FILL | {"crossed": False}]
    message = {"user": "0x" + "1" * 40, "fills": rows[:1]}
    result = found(
        scenario(heard("userFills", message)),
        scenario(heard("userFills", message | {"fills": rows})),
    )
    assert told(result.differences) == [("lost field", "$.fills[].cloid")]


def test_prices_that_did_not_change_are_not_missed() -> None:
    """Their channel leaves them out after the first message."""

    def prices(**of_coin: str) -> Frame:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(json.dumps({"ETH": of_coin}).encode()) + packer.flush()
        return heard("fastAssetCtxs", base64.b64encode(packed).decode())

    whole = prices(markPx="3000.0", midPx="3000.5")
    result = found(scenario(whole), scenario(whole, prices(markPx="3001.0")))
    assert told(result.differences) == []
    assert result.is_compared


def test_channel_that_one_side_alone_heard_is_not_compared() -> None:
    result = found(
        scenario(heard("allMids", MIDS), heard("trades", [TRADE])), scenario(heard("allMids", MIDS))
    )
    assert told(result.differences) == []
    assert reasons(result) == ["ws trades: messages only in A"]


def test_websockets_of_one_side_alone_are_not_compared() -> None:
    result = found(scenario(), Scenario("scenarios/test_s.py::test_one", []))
    assert reasons(result) == ["ws: websockets only in A"]
    assert not result.is_compared


def test_websocket_that_the_exchange_ended_is_another_behaviour() -> None:
    quiet, ended = scenario(heard("allMids", MIDS)), scenario(heard("allMids", MIDS), Frame("dropped", ""))
    result = found(quiet, ended)
    assert [(one.change, one.a, one.b) for one in result.differences] == [
        ("other behaviour", "none ended", "1 ended by the exchange")
    ]
    assert told(found(ended, ended).differences) == []


def test_error_is_compared_by_its_words() -> None:
    a, b, c = (scenario(heard("error", text)) for text in ("Invalid id 5", "Invalid id 6", "Too many ids"))
    assert told(found(a, b).differences) == []
    assert told(found(a, c).differences) == [("other text", "$")]


def test_answer_inside_a_post_is_compared_as_that_answer() -> None:
    def posted(answer: object) -> Scenario:
        payload = {"type": "allMids", "data": answer}
        return scenario(heard("post", {"id": 1, "response": {"type": "info", "payload": payload}}))

    result = found(posted({"ETH": "3000.0"}), posted({"ETH": 3000.0}))
    assert ("retyped", "${}") in told(result.differences)
    assert "info allMids" in {one.place.kind for one in result.differences}


def test_unproven_and_broken_messages_are_no_evidence() -> None:
    broken = Frame("received", "{")
    assert by_channel([heard("error", "x", unproven=True), broken, Frame("sent", "{}")]) == {
        UNREADABLE: [b"{"]
    }
    result = found(scenario(broken), scenario(broken))
    assert reasons(result) == ["ws: messages that are none"]


def test_message_nested_too_deeply_is_not_compared() -> None:
    deep = Frame("received", '{"channel":"ofTomorrow","data":' + "[" * 900 + "]" * 900 + "}")
    other = Frame("received", '{"channel":"ofTomorrow","data":' + "[" * 900 + "1" + "]" * 900 + "}")
    result = found(scenario(deep), scenario(other))
    assert reasons(result) == ["ws ofTomorrow: the messages are nested too deeply"]
