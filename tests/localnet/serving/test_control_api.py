"""The commands over HTTP: for this machine's programs, and nobody else."""

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from harness.localnet import Localnet
from harness.localnet.serving.control_api import answer_control
from tests.localnet.desk import Desk, order, orders
from tests.localnet.serving.test_server import served

OURS = {"host": "127.0.0.1:3001", "content-type": "application/json"}


def ask(
    net: Localnet,
    command: str = "status",
    body: bytes = b"{}",
    *,
    method: str = "POST",
    peer: str | None = "127.0.0.1",
    **headers: str,
) -> tuple[int, Any]:
    sent = {name: value for name, value in (OURS | headers).items() if value}
    answer = answer_control(net, method, f"/control/{command}", sent, peer, body)
    return answer.status, json.loads(answer.body)


def test_a_command_is_carried_out(net: Localnet) -> None:
    assert ask(net, "setMid", b'{"coin":"ETH","px":"3000"}') == (200, {"mid": "3000"})
    assert ask(net, "snapshot", b"") == (200, {"id": 1})


@pytest.mark.parametrize("peer", ["10.0.0.7", "::ffff:10.0.0.7", "example.com", None])
def test_other_machines_are_refused(net: Localnet, peer: str | None) -> None:
    status, error = ask(net, peer=peer)
    assert (status, set(error)) == (403, {"found", "needed", "do"})


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:3001", ""])
def test_foreign_hosts_are_refused(net: Localnet, host: str) -> None:
    assert ask(net, host=host)[0] == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "file://"]
)
def test_foreign_pages_are_refused(net: Localnet, origin: str) -> None:
    assert ask(net, origin=origin)[0] == 403
    assert ask(net, origin="http://localhost:8080")[0] == 200


def test_errors_say_what_to_do(net: Localnet) -> None:
    refused = {
        404: ask(net, "nope"),
        405: ask(net, method="GET"),
        415: ask(net, **{"content-type": "text/plain"}),
        400: ask(net, body=b"{"),
        403: ask(net, peer="10.0.0.7"),
    }
    for expected, (status, error) in refused.items():
        assert status == expected
        assert list(error) == ["found", "needed", "do"]
        assert all(error.values())
    assert ask(net, "fund", b"{}")[1]["do"] == "The commands are in docs/localnet.md, section Control."


def test_an_error_without_anything_to_do_says_nothing_of_it(net: Localnet) -> None:
    status, error = ask(net, "revert", b'{"id":9}')
    assert status == 400
    assert error == {"found": "There is no snapshot 9.", "needed": "A snapshot; none is kept."}


@pytest.fixture
def url(net: Localnet) -> Iterator[str]:
    """Where `net` is served."""
    with served(net) as port:
        yield f"http://127.0.0.1:{port}"


def test_over_http_a_page_gets_no_permission_to_read(url: str) -> None:
    answer = requests.post(url + "/control/status", json={}, timeout=5)
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    preflight = requests.options(
        url + "/control/status", headers={"origin": "http://evil.example"}, timeout=5
    )
    assert preflight.status_code == 403
    assert "access-control-allow-origin" not in preflight.headers


def test_over_http_faults_happen_to_the_connection(url: str, net: Localnet) -> None:
    def faults(*rules: dict[str, Any]) -> None:
        assert requests.post(url + "/control/setFaults", json={"rules": rules}, timeout=5).ok

    desk = Desk(net)
    meta = {"type": "meta"}
    faults({"fault": "reset"})
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(url + "/info", json=meta, timeout=5)
    faults({"fault": "lost"})
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(url + "/exchange", json=desk.envelope(orders(order())), timeout=5)
    assert len(desk.open_oids()) == 1
    faults({"fault": "delay", "seconds": 0.2})
    began = time.perf_counter()
    assert requests.post(url + "/info", json=meta, timeout=5).ok
    assert time.perf_counter() - began > 0.2
    faults({"fault": "badGateway"})
    answer = requests.post(url + "/info", json=meta, timeout=5)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    faults({"fault": "truncated"})
    with pytest.raises(requests.exceptions.JSONDecodeError):
        requests.post(url + "/info", json=meta, timeout=5).json()
    faults()
    assert requests.post(url + "/info", json=meta, timeout=5).ok


def test_a_reset_is_one_and_not_an_empty_answer(url: str, net: Localnet) -> None:
    net.set_faults([{"fault": "reset"}])
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    connection.request("POST", "/info", b'{"type":"meta"}', {"content-type": "application/json"})
    with pytest.raises(ConnectionResetError):
        connection.getresponse()
    connection.close()


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b'"\xff"', b'{"\xff":1}', b"{"])
def test_a_body_that_is_no_json_is_refused(net: Localnet, body: bytes) -> None:
    status, told = ask(net, "status", body)
    assert status == 400
    assert told["found"].startswith("The body is not JSON")
