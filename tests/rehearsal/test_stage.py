"""The unmodified --target=testnet before a TLS front that has the testnet's name: HTTP and websockets."""

import json

import pytest

from tests.plugin.conftest import text_of
from tests.rehearsal.front import TESTNET

LEFT = """
    @pytest.mark.coin("ETH")
    def test_left(trader, market):
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
        trader.exchange.order(**market.ask(depth_bps=-300, notional_usd=12, tif="Ioc"))
"""
HEARD = """
    @pytest.mark.coin("ETH")
    def test_heard(trader, market, venue):
        with trader.subscribed({"type": "orderUpdates", "user": trader.address}) as frames:
            trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
            venue.until(lambda: frames)
        assert frames[0]["data"][0]["status"] == "open"
"""


def on_testnet(project, *arguments):
    return project.run("--target=testnet", *arguments)


def test_orders_go_over_tls_and_are_swept(project, stage):
    project.write(LEFT)
    on_testnet(project).assert_outcomes(passed=1)

    assert f"Host: {TESTNET}\r\n".encode() in stage.front.heard
    assert stage.front.heard.count(b'"type":"order"') >= 2
    assert (stage.orders(), stage.positions()) == (set(), {})


def test_feed_is_heard_over_tls(project, stage):
    project.write(HEARD)
    on_testnet(project).assert_outcomes(passed=1)

    assert b"GET /ws HTTP/1.1" in stage.front.heard
    assert stage.orders() == set()


def test_authority_that_is_not_trusted_is_refused(project, stage, monkeypatch):
    import certifi

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    project.write(LEFT)
    result = on_testnet(project)

    result.assert_outcomes(errors=1)
    assert "did not answer (SSLError)" in text_of(result)
    assert stage.front.heard == b""


def test_key_in_the_rehearsal_is_nobodys(stage):
    assert stage.desk.address not in json.dumps(stage.net.began.accounts)
    assert stage.ask("clearinghouseState")["marginSummary"]["accountValue"] == "10000.0"


def test_other_names_lead_nowhere_in_a_rehearsal(stage):
    import socket

    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("example.com", 443)
