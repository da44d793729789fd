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
    assert "did not answer meta: SSLError" in text_of(result)
    assert stage.front.heard == b""


def test_key_in_the_rehearsal_is_nobodys(stage):
    assert stage.desk.address not in json.dumps(stage.net.began.accounts)
    assert stage.ask("clearinghouseState")["marginSummary"]["accountValue"] == "10000.0"


def test_other_names_lead_nowhere_in_a_rehearsal(stage):
    import socket

    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("example.com", 443)


WITHDRAWING = """
    def test_withdrawal(trader):
        answer = trader.exchange.withdraw_from_bridge(10, trader.address)
        assert answer["status"] == "ok"
"""


def test_money_out_is_refused_unless_the_scenario_is_marked(project, stage):
    project.write(WITHDRAWING)
    result = on_testnet(project)
    result.assert_outcomes(failed=1)
    assert "withdraw3: it moves money out of the account" in text_of(result)
    assert b"withdraw3" not in stage.front.heard

    project.write('    pytestmark = pytest.mark.moves_money("withdraw3")\n' + WITHDRAWING)
    on_testnet(project).assert_outcomes(passed=1)
    assert b"withdraw3" in stage.front.heard


@pytest.mark.parametrize(
    "marker", ["moves_money", "moves_money()", 'moves_money("order")', "moves_money(x=1)"]
)
def test_marker_that_names_no_such_action_is_wrong_use(project, stage, marker):
    project.write(f"    pytestmark = pytest.mark.{marker}\n" + WITHDRAWING)
    result = on_testnet(project)

    assert result.parseoutcomes().get("passed", 0) == 0
    assert "its `moves_money` marker names" in text_of(result)


def test_money_may_go_to_the_counterparty(project, stage):
    project.write("""
        def test_send(trader, counterparty):
            assert trader.exchange.usd_transfer(5, counterparty.address)["status"] == "ok"
    """)
    on_testnet(project).assert_outcomes(passed=1)


TWO = """
    @pytest.mark.coin("ETH")
    @pytest.mark.parametrize("number", [1, 2])
    def test_two(trader, market, number):
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
"""


def test_exposure_is_capped_and_the_sweep_clears_it(project, stage):
    project.write(TWO)
    result = on_testnet(project, "--max-exposure-usd=20")
    result.assert_outcomes(failed=2)
    assert "At most 20 USDC at a time." in text_of(result)
    assert stage.orders() == set()

    on_testnet(project, "--max-exposure-usd=30").assert_outcomes(passed=2)
    on_testnet(project, "--max-exposure-usd=30", "--keep-orders").assert_outcomes(passed=1, failed=1)


def test_order_over_a_websocket_is_guarded_and_counts(project, stage):
    project.write("""
        import json
        from hyperliquid.utils.signing import get_timestamp_ms, sign_l1_action

        def post(trader, info, action):
            nonce = get_timestamp_ms()
            signature = sign_l1_action(trader.exchange.wallet, action, None, nonce, None, False)
            payload = {"action": action, "nonce": nonce, "signature": signature, "vaultAddress": None}
            request = {"type": "action", "payload": payload}
            info.ws_manager.ws.send(json.dumps({"method": "post", "id": 1, "request": request}))

        def order(px):
            one = {"a": 4, "b": True, "p": px, "s": "0.01", "r": False, "t": {"limit": {"tif": "Gtc"}}}
            return {"type": "order", "orders": [one], "grouping": "na"}

        def test_too_much(trader):
            with trader.feed() as info:
                post(trader, info, order("2000"))
                post(trader, info, order("2000"))

        def test_out(trader):
            with trader.feed() as info:
                post(trader, info, {"type": "vaultTransfer", "isDeposit": True, "usd": 1})
    """)
    result = on_testnet(project, "--max-exposure-usd=30")

    result.assert_outcomes(failed=2)
    assert "this run has 20.00 USDC in orders" in text_of(result)
    assert "vaultTransfer: it locks money up" in text_of(result)
    assert stage.orders() == set()


def test_key_in_dotenv_of_the_project_is_used(project, stage, monkeypatch):
    monkeypatch.delenv("HYPERLIQUID_TESTNET_PRIVATE_KEY")
    (project.path / ".env").write_text(f"HYPERLIQUID_TESTNET_PRIVATE_KEY={stage.key!s}\n")
    project.write(f"def test_who(trader): assert trader.address.lower() == {stage.desk.address!r}\n")

    on_testnet(project).assert_outcomes(passed=1)


def test_wrong_settings_end_the_run_before_the_first_request(project, stage, monkeypatch):
    monkeypatch.setenv("HYPERLIQUID_TESTNET_PRIVATE_KEY", "0x12")
    project.write(LEFT)
    result = on_testnet(project)

    assert result.ret == 4
    assert "HYPERLIQUID_TESTNET_PRIVATE_KEY does not hold a private key" in text_of(result)
    assert stage.front.connections == 0


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "delay", "seconds": 0.1, "probability": 0.5},
        {"fault": "badGateway", "path": "/exchange", "calls": [1]},
        {"fault": "rateLimited", "path": "/exchange", "calls": [1]},
        {"fault": "reset", "path": "/exchange", "calls": [1]},
        {"fault": "truncated", "path": "/exchange", "calls": [1]},
    ],
    ids=lambda rule: rule["fault"],
)
def test_trouble_on_the_way_reaches_the_scenario(project, stage, rule):
    stage.alone(lambda: stage.net.set_faults([rule]))
    project.write(LEFT)
    result = on_testnet(project)

    outcomes = result.parseoutcomes()
    # A 429 has not arrived, so the request is sent again after a wait.
    passes = rule["fault"] in ("delay", "rateLimited")
    assert outcomes.get("passed", 0) == passes, text_of(result)
    stage.alone(lambda: stage.net.set_faults([]))
    assert stage.orders() == set()
