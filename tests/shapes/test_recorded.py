"""Recorded answers in files: samples, cassettes, universes, and what is none of them."""

import gzip
import json

import pytest
import yaml

from harness.errors import SettingsError
from harness.shapes.recorded import recorded_in
from tests.shapes.answers import INFO, META, REFUSED, RESTING, SPOT_META, order_answer

ORDER_BODY = json.dumps(order_answer(RESTING))


def write(folder, name, content):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def interaction(path, request, body, status=200):
    return {
        "request": {"method": "POST", "uri": f"https://api.hyperliquid-testnet.xyz{path}", "body": request},
        "response": {"status": {"code": status, "message": ""}, "body": {"string": body}, "headers": {}},
    }


@pytest.mark.parametrize(
    ("name", "request_", "response", "expected"),
    [
        ("a.json", {"type": "openOrders"}, INFO["openOrders"], ("info", "openOrders")),
        ("a.json", {"action": {"type": "order"}}, order_answer(RESTING), ("exchange", "order")),
        ("a.json", {"type": "updateLeverage"}, REFUSED, ("exchange", "updateLeverage")),
        ("info_openOrders__old.json", None, INFO["openOrders"], ("info", "openOrders")),
        ("exchange_order__old.json", None, order_answer(RESTING), ("exchange", "order")),
        ("exchange_err__nonce.json", None, REFUSED, ("exchange", "noop")),
        ("exchange_err__nonce.json", {"action": {"type": "order"}}, REFUSED, ("exchange", "order")),
        ("exchange_cancel__x.json", {"type": "cancelByCloid"}, REFUSED, ("exchange", "cancelByCloid")),
        ("a.json", {"type": "somethingNew"}, [], ("info", "somethingNew")),
    ],
)
def test_the_kind_of_a_sample(tmp_path, name, request_, response, expected):
    (recorded,) = recorded_in(write(tmp_path, name, {"request": request_, "response": response}))

    assert (recorded.endpoint, recorded.kind) == expected
    assert (recorded.status, recorded.step, recorded.skip) == (200, 0, "")
    kinds = [one.kind for one in recorded.findings()]
    assert kinds == (["no-shape"] if recorded.kind == "somethingNew" else [])


def test_a_sample_tells_its_status(tmp_path):
    text = "Failed to deserialize the JSON body into the target type"
    for http in ({"status": 422}, 422):
        (recorded,) = recorded_in(write(tmp_path, "a.json", {"request": {}, "response": text, "http": http}))
        assert (recorded.status, recorded.body, recorded.findings()) == (422, text.encode(), ())

    (recorded,) = recorded_in(
        write(tmp_path, "a.json", {"request": None, "response": None, "http": {"status": 429}})
    )
    assert recorded.findings() == ()


@pytest.mark.parametrize(
    ("source", "parses"),
    [
        ({"kind": "example printed in the official documentation"}, True),
        ({"kind": "example printed in the official documentation; comments removed so that it parses"}, True),
        ({"kind": "built from documented types, not a recording"}, False),
        ({"kind": ["example printed in the official documentation"]}, False),
        ({"kind": None}, False),
        ({}, False),
    ],
)
def test_only_an_example_of_the_documentation_may_have_its_documented_form(tmp_path, source, parses):
    cut = [{key: value for key, value in INFO["userFills"][0].items() if key != "twapId"}]
    content = {"request": {"type": "userFills"}, "response": cut, **source}

    (recorded,) = recorded_in(write(tmp_path, "a.json", content))

    assert recorded.is_documented is parses
    assert [one.path for one in recorded.findings()] == ([] if parses else ["$[0].twapId"])


def test_a_cassette_that_calls_itself_an_example_is_a_recording(tmp_path):
    cut = [{key: value for key, value in INFO["userFills"][0].items() if key != "twapId"}]
    steps = [interaction("/info", '{"type": "userFills"}', json.dumps(cut))]
    content = {"kind": "example printed in the official documentation", "interactions": steps}

    (recorded,) = recorded_in(write(tmp_path, "tape.json", content))

    assert [one.path for one in recorded.findings()] == ["$[0].twapId"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ws_.json", "neither a message nor the data of a channel"),
        ("part_fills__x.json", "only a part of an answer"),
        ("a.json", "neither its request nor its name tells the kind"),
    ],
)
def test_what_cannot_be_checked_says_why(tmp_path, name, reason):
    (recorded,) = recorded_in(write(tmp_path, name, {"request": None, "response": {}}))

    assert recorded.skip == reason
    assert recorded.findings() == ()


def test_a_cassette_holds_many(tmp_path):
    steps = [
        interaction("/info", '{"type": "openOrders"}', "[]"),
        interaction("/exchange", b'{"action": {"type": "order"}}', ORDER_BODY),
        interaction("/exchange", '{"action": {"type": "order"}}', gzip.compress(ORDER_BODY.encode())),
        interaction("/info", "no JSON", "Failed to parse the request body as JSON", 400),
        interaction("/explorer", "{}", "{}"),
        interaction("/info", '{"type": "openOrders"}', '[{"coin": "ETH"}]'),
        interaction("/info", {"string": '{"type": "l2Book"}'}, None, 503),
    ]
    steps[0]["response"]["body"] = "[]"
    file = write(tmp_path, "tape.yaml", yaml.safe_dump({"version": 1, "interactions": steps}))

    recorded = list(recorded_in(file))

    assert [(one.step, one.endpoint, one.kind) for one in recorded] == [
        (1, "info", "openOrders"),
        (2, "exchange", "order"),
        (3, "exchange", "order"),
        (4, "info", ""),
        (5, "", ""),
        (6, "info", "openOrders"),
        (7, "info", ""),
    ]
    assert [len(one.findings()) for one in recorded] == [0, 0, 0, 0, 0, 5, 1]
    assert recorded[4].skip == "a request to https://api.hyperliquid-testnet.xyz/explorer"


def test_a_cassette_may_be_json(tmp_path):
    steps = [interaction("/info", '{"type": "openOrders"}', "[]")]

    (recorded,) = recorded_in(write(tmp_path, "tape.json", {"interactions": steps}))

    assert recorded.findings() == ()


def test_a_universe_is_a_bare_answer(tmp_path):
    write(tmp_path, "universe/meta-0123abcd.json", META)
    write(tmp_path, "universe/spotMeta-0123abcd.json", {**SPOT_META, "tokens": [{}]})

    meta, spot_meta = recorded_in(tmp_path)

    assert (meta.kind, meta.findings()) == ("meta", ())
    assert (spot_meta.kind, len(spot_meta.findings())) == ("spotMeta", 8)


def test_a_folder_is_searched(tmp_path):
    write(tmp_path, "b/deep/info_openOrders__x.json", {"request": None, "response": []})
    write(tmp_path, "a.yml", "interactions: []")
    write(tmp_path, "b/notes.json", {"a": 1})
    write(tmp_path, "readme.txt", "no sample")

    recorded = list(recorded_in(tmp_path))

    assert [(one.file.name, one.skip) for one in recorded] == [
        ("info_openOrders__x.json", ""),
        ("notes.json", "neither a sample nor a cassette"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{", "a.json is not JSON: "),
        ("a.yaml", "a: [", "a.yaml is not YAML: "),
        ("a.json", [1], "is neither a sample nor a cassette"),
        ("a.json", {"request": {}}, "is neither a sample nor a cassette"),
        ("a.yaml", "", "is neither a sample nor a cassette"),
        ("a.yaml", "interactions: 5", "`interactions` is no list"),
        ("a.yaml", "interactions: [5]", "interaction 1 is damaged"),
        (
            "a.yaml",
            "interactions: [{request: {uri: x/info, body: '{'}}]",
            "interaction 1 is damaged: KeyError",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, name, content, message):
    with pytest.raises(SettingsError) as problem:
        list(recorded_in(write(tmp_path, name, content)))
    assert message in str(problem.value)


def test_a_damaged_request_is_refused(tmp_path):
    steps = [interaction("/info", "{", "[]")]

    with pytest.raises(SettingsError, match="interaction 1 is damaged: JSONDecodeError"):
        list(recorded_in(write(tmp_path, "tape.json", {"interactions": steps})))


def test_a_missing_or_unreadable_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="There is no "):
        list(recorded_in(tmp_path / "nowhere"))

    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="is not text"):
        list(recorded_in(tmp_path / "bytes.json"))


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    file = write(tmp_path, "a.json", {})

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(file), "read_text", refuse)
    with pytest.raises(SettingsError, match="cannot be read: Permission denied"):
        list(recorded_in(file))


def test_a_cassette_of_go_vcr_is_read_as_well(tmp_path):
    """It has url for uri, and the status and the body without an object around them."""
    step = {
        "request": {"url": "https://api.hyperliquid.xyz/info", "body": '{"type": "openOrders"}'},
        "response": {"status": "200 OK", "code": 200, "body": "[]"},
    }

    (recorded,) = recorded_in(write(tmp_path, "tape.yaml", yaml.safe_dump({"interactions": [step]})))

    assert (recorded.endpoint, recorded.kind, recorded.findings()) == ("info", "openOrders", ())


def test_messages_are_read_one_by_one_whatever_their_file_holds(tmp_path):
    pong, trades = {"channel": "pong"}, {"channel": "trades", "data": [{}]}
    for content in ({"request": None, "response": [pong, trades]}, [pong, trades]):
        first, second = recorded_in(write(tmp_path, "ws_trades__x.json", content))
        assert (first.step, first.endpoint, first.kind, first.findings()) == (1, "ws", "pong", ())
        assert second.findings()[0].path == "$.data[0].coin"

    (data,) = recorded_in(
        write(tmp_path, "ws_userEvents__x.json", {"request": None, "response": {"fills": []}})
    )
    assert (data.kind, data.findings()) == ("user", ())

    (sent,) = recorded_in(write(tmp_path, "ws_ping__x.json", {"method": "ping"}))
    assert sent.skip == "a message of a client"
