"""Whole messages of the websocket: each channel, what a post brings, and what is no message."""

import base64
import json
import zlib

import pytest

from harness.errors import ShapeError
from harness.shapes import KNOWN, check_message
from harness.shapes.channels import FastAssetCtxs
from harness.shapes.coverage import Coverage
from harness.shapes.frames import GREETING, parts
from harness.shapes.outcomes import OutcomeMetaUpdates
from tests.shapes.answers import INFO, REFUSED, RESTING, order_answer
from tests.shapes.every import CHANNELS, EVERY, NEWER, USER_EVENTS
from tests.shapes.test_differences import node, places

BARE = ("explorerBlock", "explorerTxs")


def deflated(data: object) -> str:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(json.dumps(data).encode()) + packer.flush()).decode()


def frame(channel: str, data: object) -> bytes:
    if channel in BARE:
        return json.dumps(data).encode()
    if channel == "pong":
        return b'{"channel":"pong"}'
    if channel == "fastAssetCtxs":
        data = deflated(data)
    return json.dumps({"channel": channel, "data": data}).encode()


def post(kind: str, payload: object) -> bytes:
    return frame("post", {"id": 7, "response": {"type": kind, "payload": payload}})


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_message_of_each_channel_is_known(channel):
    assert check_message(frame(channel, CHANNELS[channel])) == ()
    assert parts(frame(channel, CHANNELS[channel]))[0].kind == channel


def test_every_channel_has_a_message_here():
    assert CHANNELS.keys() == {kind for endpoint, kind in KNOWN if endpoint == "ws"}


@pytest.mark.parametrize("event", USER_EVENTS, ids=lambda event: next(iter(event)))
def test_each_event_of_a_user_is_known(event):
    assert check_message(frame("user", event)) == ()


def test_two_events_in_one_message_are_found():
    both = USER_EVENTS[0] | USER_EVENTS[3]
    (found,) = check_message(frame("user", both))
    assert (found.path, found.found) == ("$.data", "the keys fills and nonUserCancel together")


NEW = sorted({("ws", one) for one in CHANNELS if one != "post"} | {("info", one) for one in NEWER})


@pytest.mark.parametrize(("endpoint", "kind"), NEW)
def test_a_removed_field_is_found_or_may_be_absent(endpoint, kind):
    """Its own path is told, or that of its object where one of several keys is needed."""
    silent = 0
    fields = [one for one in places(EVERY[endpoint, kind]) if isinstance(one[1][-1], str)]
    for path, keys in fields:
        answer = json.loads(json.dumps(EVERY[endpoint, kind]))
        del node(answer, keys[:-1])[keys[-1]]
        if kind == "explorerTxs" and keys[-1] == "action":
            continue  # such a list is read as blocks

        found = _found(endpoint, kind, answer)

        may_be = {_path(endpoint, kind, one) for one in (path, path.rpartition(".")[0])}
        assert {one.path for one in found} <= may_be
        silent += found == ()
    assert silent < len(fields) or kind in ("allMids", "fastAssetCtxs") or not fields


def _found(endpoint, kind, answer):
    if endpoint == "ws":
        return check_message(frame(kind, answer))
    return check_message(post("info", {"type": kind, "data": answer}))


def _path(endpoint, kind, path):
    if endpoint == "info":
        return "$.data.response.payload.data" + path[1:]
    return path if kind in BARE else "$.data" + path[1:]


@pytest.mark.parametrize("payload", [REFUSED, order_answer(RESTING)])
def test_the_answer_to_a_posted_action_is_checked_like_one_over_http(payload):
    assert check_message(post("action", payload)) == ()

    (found,) = check_message(post("action", order_answer({"resting": {"oid": "5"}})))
    assert found.path == "$.data.response.payload.response.data.statuses[0].resting.oid"
    assert found.shape == "OrderResponse"


def test_the_answer_to_a_posted_question_is_checked_like_one_over_http():
    assert check_message(post("info", {"type": "openOrders", "data": INFO["openOrders"]})) == ()
    assert check_message(post("info", {"type": "l2Book", "data": None})) == ()

    (found,) = check_message(post("info", {"type": "openOrders", "data": [{}]}), strict=False)[:1]
    assert (found.path, found.shape) == ("$.data.response.payload.data[0].coin", "OpenOrders")
    (found,) = check_message(post("info", {"type": "somethingNew", "data": 1}))
    assert (found.kind, found.severity) == ("no-shape", "notice")
    assert check_message(post("error", "429 Too Many Requests")) == ()


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"type": "openOrders"}, "$.data.response.payload.data"),
        ({"data": []}, "$.data.response.payload.type"),
        ("text", "$.data.response.payload"),
    ],
)
def test_a_posted_question_without_an_answer_is_found(payload, path):
    assert [one.path for one in check_message(post("info", payload))] == [path]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (b"", "not-json"),
        (b"hello", "not-json"),
        (b"\xff", "not-json"),
        (b"5", "value"),
        (b"{}", "value"),
        (b'{"channel":"pong","data":1}', "value"),
        (b'{"channel":"trades"}', "value"),
        (b'{"channel":"trades","data":[],"more":1}', "value"),
        (b'{"channel":"fastAssetCtxs","data":"no base64"}', "value"),
        (b'{"channel":"fastAssetCtxs","data":"AAAA"}', "value"),
        (b'{"channel":"somethingNew","data":1}', "no-shape"),
        (b'{"channel":"allMids","data":{}}', "missing-field"),
        (b"[1]", "type"),
    ],
)
def test_what_is_no_message_is_found_and_never_raised(message, kind):
    (found,) = check_message(message)
    assert found.kind == kind


def test_the_greeting_of_old_is_no_surprise():
    assert (check_message(GREETING), parts(GREETING)) == ((), ())


def test_an_unknown_field_is_a_notice_unless_strict():
    message = frame("notification", {"notification": "x", "new": 1})
    assert [one.severity for one in check_message(message)] == ["error"]
    assert [one.severity for one in check_message(message, strict=False)] == ["notice"]


def test_fast_prices_are_read_from_their_text_or_inflated():
    prices = {"BTC": {"markPx": "97500.5"}, "ETH": {"midPx": None}}
    assert FastAssetCtxs.parse(deflated(prices)) == FastAssetCtxs.parse(prices)
    # the example of the API page, "fastAssetCtxs"
    told = "q1ZyCnFWsqpWyk0syg6oULJSsjQ3NTDQM1Wq1VFyDfFAkTI2MzXQMwJLVVRWWfmFuTiiyBuamOoZKdXWAgA="
    assert str(FastAssetCtxs.parse(told).wire["BTC"].markPx) == "97500.5"
    with pytest.raises(ShapeError, match="inflated"):
        FastAssetCtxs.parse("?")


@pytest.mark.parametrize("field", ["isSnapshot", "fast"])
def test_a_flag_is_true_or_absent(field):
    channel = {"isSnapshot": "userFills", "fast": "l2Book"}[field]
    (found,) = check_message(frame(channel, CHANNELS[channel] | {field: False}))
    assert (found.path, found.expected) == (f"$.data.{field}", "true, or no such key")


def test_coverage_counts_the_parts_of_a_message():
    coverage = Coverage()
    for part in parts(post("info", {"type": "openOrders", "data": INFO["openOrders"]})):
        coverage.see(part.endpoint, part.kind, part.body)
    for part in parts(frame("fastAssetCtxs", CHANNELS["fastAssetCtxs"])) + parts(frame("pong", None)):
        coverage.see(part.endpoint, part.kind, part.body)

    seen = coverage.as_data()
    assert seen["ws post"]["$.response PostInfo"] == 1
    assert seen["info openOrders"]["$[].oid field"] == 1
    assert seen["ws fastAssetCtxs"]["${}.midPx null"] == 1
    assert seen["ws pong"] == {"$ answered": 1}


def test_the_updates_of_outcomes_have_an_older_form():
    older = {"updates": [{"outcomeSettled": {"outcome": 95}}, {"questionSettled": {"question": 3}}]}
    assert check_message(frame("outcomeMetaUpdates", older)) == ()
    assert len(OutcomeMetaUpdates.parse(older).updates) == 2
    assert len(OutcomeMetaUpdates.parse(CHANNELS["outcomeMetaUpdates"]).updates) == 4
