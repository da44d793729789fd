"""The door under the SDK: every way out passes it, and what passes is what requests would have sent."""

import json

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import GuardError, HarnessError
from harness.recording.tape import Reply, Request
from harness.sdk import DoorSession
from tests.doors import JSON, closed_door, door

URL = "https://api.hyperliquid-testnet.xyz/info"
VERBS = ("get", "options", "head", "post", "put", "patch", "delete")
_TRANSPORT = {"user-agent", "accept-encoding", "accept", "connection", "content-length", "cookie", "host"}


def session_and_target(*replies):
    wire, target = door(*replies)
    return DoorSession(wire), target


def as_requests_sends(session, **options):
    """What requests itself would send, without what it adds for the transport."""
    prepared = session.prepare_request(requests.Request("POST", URL, **options))
    body = prepared.body.decode() if isinstance(prepared.body, bytes) else prepared.body or ""
    headers = {name.lower(): value for name, value in prepared.headers.items()}
    return tuple(sorted((n, v) for n, v in headers.items() if n not in _TRANSPORT)), body


# What is sent


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_a_session_passes_the_door(verb):
    session, target = session_and_target()
    getattr(session, verb)(URL)

    assert [(one.method, one.uri) for one in target.asked] == [(verb.upper(), URL)]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_library_passes_the_door(under, api, verb):
    wire, target = door()
    under(wire)
    getattr(api.requests, verb)(URL)

    assert [(one.method, one.uri) for one in target.asked] == [(verb.upper(), URL)]


@pytest.mark.parametrize("make", ["Session", "session"])
def test_every_new_session_of_the_library_passes_the_door(under, api, make):
    wire, target = door()
    under(wire)
    getattr(api.requests, make)().post(URL, json={})

    assert len(target.asked) == 1


def test_request_function_of_the_library_passes_the_door(under, api):
    wire, target = door()
    under(wire)
    api.requests.request("post", URL, json={"type": "meta"})

    assert target.asked[0].body == '{"type":"meta"}'


def test_prepared_request_passes_the_door():
    session, target = session_and_target(Reply(200, JSON, '{"a":1}'))
    prepared = session.prepare_request(requests.Request("POST", URL, json={"type": "new"}))

    assert session.send(prepared, timeout=3).json() == {"a": 1}
    assert target.asked == [Request("POST", URL, (("content-type", JSON),), '{"type":"new"}', 3.0)]


payloads = st.dictionaries(
    st.text(max_size=5), st.integers() | st.text(max_size=5) | st.booleans(), max_size=4
)
header_sets = st.dictionaries(
    st.sampled_from(["Content-Type", "X-One", "x-two", "User-Agent", "Accept"]),
    st.sampled_from(["a", "b/c", "application/json"]),
    max_size=3,
)


@settings(deadline=None)
@given(payload=payloads, own=header_sets, call=header_sets | st.none())
def test_headers_and_body_are_those_that_requests_would_send(payload, own, call):
    session, target = session_and_target()
    session.headers.update(own)
    headers, body = as_requests_sends(session, json=payload, headers=call)

    session.post(URL, json=payload, headers=call)

    assert target.asked[0].headers == headers
    assert json.loads(target.asked[0].body) == json.loads(body)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"data": "text"}, id="text"),
        pytest.param({"data": {"a": "1"}}, id="form"),
        pytest.param({"json": {"a": 1}, "params": {"dex": "x"}}, id="query"),
        pytest.param({"json": {"a": 1}, "auth": ("me", "word")}, id="auth"),
        pytest.param({"json": {"a": 1}, "headers": {"Content-Type": None}}, id="header taken away"),
        pytest.param({}, id="nothing"),
    ],
)
def test_other_parts_of_a_request_are_prepared_by_requests(options):
    session, target = session_and_target()
    session.post(URL, **options)

    assert (target.asked[0].headers, target.asked[0].body) == tuple(
        part.replace('": ', '":') if isinstance(part, str) else part
        for part in as_requests_sends(session, **options)
    )


def test_query_stands_in_the_uri():
    session, target = session_and_target()
    session.get(URL, params={"dex": "x"})

    assert (target.asked[0].uri, target.asked[0].path) == (URL + "?dex=x", "/info")


@pytest.mark.parametrize(
    ("name", "value"),
    [("auth", ("me", "word")), ("params", {"dex": "x"}), ("headers", {"Content-Type": None})],
)
def test_what_the_session_adds_is_sent(name, value):
    session, target = session_and_target()
    setattr(session, name, value)
    prepared = session.prepare_request(requests.Request("POST", URL, json={}))

    session.post(URL, json={})

    (sent,) = target.asked
    assert sent.uri == prepared.url
    assert dict(sent.headers).get("authorization") == prepared.headers.get("Authorization")
    assert dict(sent.headers)["content-type"] == prepared.headers["Content-Type"]


def test_passwords_of_the_users_netrc_are_not_sent(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login me password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    session, target = session_and_target()
    session.post(URL, data="text")

    assert "authorization" not in dict(target.asked[0].headers)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_number_that_json_does_not_have_is_refused_as_requests_does(number):
    session, target = session_and_target()
    with pytest.raises(requests.exceptions.InvalidJSONError):
        requests.Session().prepare_request(requests.Request("POST", URL, json={"a": number}))

    with pytest.raises(requests.exceptions.InvalidJSONError):
        session.post(URL, json={"a": number})

    assert target.asked == []


def test_body_that_streams_is_refused():
    session, target = session_and_target()

    with pytest.raises(HarnessError, match="streams its body"):
        session.post(URL, data=iter([b"a"]))

    assert target.asked == []


@pytest.mark.parametrize(
    ("timeout", "kept"),
    [(None, None), (5, 5.0), ((1, 2), 2.0), ((3, None), None), (float("inf"), None), (0.25, 0.25)],
)
def test_timeout_is_how_long_the_answer_may_take(timeout, kept):
    session, target = session_and_target()
    session.post(URL, json={}, timeout=timeout)

    assert target.asked[0].timeout_s == kept


@pytest.mark.parametrize(("delay_s", "timeout_s"), [(2, 1), (2, 1.999)])
def test_answer_that_comes_too_late_is_a_read_timeout(delay_s, timeout_s):
    session, _ = session_and_target(Reply(200, JSON, "{}", delay_s))

    with pytest.raises(requests.exceptions.ReadTimeout, match=rf"read timeout={timeout_s:g}"):
        session.post(URL, json={}, timeout=timeout_s)


@pytest.mark.parametrize(("delay_s", "timeout_s"), [(2, 2), (2, None), (0, 0.001)])
def test_answer_in_time_is_no_timeout(delay_s, timeout_s):
    session, _ = session_and_target(Reply(200, JSON, "{}", delay_s))

    assert session.post(URL, json={}, timeout=timeout_s).json() == {}


def test_answer_reads_as_one_of_requests():
    session, _ = session_and_target(Reply(500, "text/plain; charset=utf-8", "nö", unproven=True))
    response = session.post(URL, json={})

    assert isinstance(response, requests.Response)
    assert (response.status_code, response.text, response.url, response.ok) == (500, "nö", URL, False)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


# Outside a scenario


@pytest.mark.parametrize("url", [URL, "https://api.hyperliquid.xyz/info", "https://example.com"])
@pytest.mark.parametrize("way", ["request", "send"])
def test_outside_a_scenario_only_loopback_is_open(url, way):
    session = DoorSession(closed_door())
    prepared = session.prepare_request(requests.Request("POST", url))

    with pytest.raises(GuardError):
        session.post(url) if way == "request" else session.send(prepared)


def test_outside_a_scenario_loopback_is_the_real_thing(loopback_server):
    session = DoorSession(closed_door())
    prepared = session.prepare_request(requests.Request("POST", loopback_server, json={"a": 1}))

    assert session.post(loopback_server, json={"a": 1}).json() == {"a": 1}
    assert session.send(prepared).json() == {"a": 1}


@pytest.mark.parametrize("way", ["argument", "session", "send"])
def test_outside_a_scenario_no_proxy_gets_anything(loopback_server, way):
    session = DoorSession(closed_door())
    prepared = session.prepare_request(requests.Request("POST", loopback_server))
    proxies = {"http": "http://192.0.2.1:3128"}
    session.proxies = proxies if way == "session" else {}
    given = proxies if way == "argument" else None

    with pytest.raises(GuardError, match="by a proxy"):
        session.send(prepared, proxies=proxies) if way == "send" else session.post(
            loopback_server, proxies=given
        )


def test_outside_a_scenario_a_redirect_to_mainnet_is_refused(serve):
    url = serve(lambda *_: (307, {"Location": "https://api.hyperliquid.xyz/exchange"}, b""))

    with pytest.raises(GuardError, match="mainnet"):
        DoorSession(closed_door()).post(url, json={"action": {}})


def test_mainnet_is_refused_in_a_scenario():
    session, target = session_and_target()

    with pytest.raises(GuardError, match="mainnet"):
        session.post("https://api.hyperliquid.xyz/exchange", json={"action": {}})

    assert target.asked == []
