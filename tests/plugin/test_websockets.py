"""Whole runs with websockets: recorded, replayed with nothing behind, and found out when the SDK changes."""

import json
import threading
import time

import pytest

from harness.localnet import ACCOUNTS
from tests.plugin.conftest import text_of

ORDERS = """
    @pytest.mark.coin("ETH")
    def test_orders(trader, market, venue):
        with trader.subscribed({"type": "orderUpdates", "user": trader.address}) as frames:
            trader.exchange.order(**market.bid(depth_bps=2_000, notional_usd=12))
            venue.until(lambda: frames)
        assert frames[0]["data"][0]["status"] == "open"
"""
OWN_INFO = """
    def test_own(trader):
        from hyperliquid.info import Info

        heard = []
        info = Info(trader.info.base_url)
        info.subscribe({"type": "allMids"}, heard.append)
        info.subscribe({"type": "trades", "coin": "ETH"}, heard.append)
        info.all_mids()
        assert heard
"""


def test_recording_twice_gives_the_same_files_and_replays(project):
    project.write(ORDERS + OWN_INFO)
    project.record().assert_outcomes(passed=2)
    first = project.cassettes
    project.record().assert_outcomes(passed=2)

    assert project.cassettes == first
    before = set(threading.enumerate())
    project.run().assert_outcomes(passed=2)
    project.run().assert_outcomes(passed=2)
    assert set(threading.enumerate()) == before


def test_tape_says_by_its_format_that_it_holds_frames(project):
    project.write(ORDERS + "    def test_plain(trader): trader.info.all_mids()\n")
    project.record().assert_outcomes(passed=2)

    assert "\n  format: 2\n" in project.cassette("test_orders").read_text()
    plain = project.cassette("test_plain").read_text()
    assert "\n  format: 1\n" in plain
    assert "frames" not in plain


def changed_manager(monkeypatch, change):
    """Let the SDK subscribe in another way."""
    from hyperliquid.websocket_manager import WebsocketManager

    real = WebsocketManager.subscribe
    monkeypatch.setattr(
        WebsocketManager,
        "subscribe",
        lambda self, subscription, *rest: real(self, change(dict(subscription)), *rest),
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one | {"user": one["user"].lower()}, "subscription.user  recorded"),
        (lambda one: one | {"fast": True}, "subscription.fast  recorded absent  sent true"),
        (lambda one: dict(reversed(one.items())), "order of keys"),
    ],
)
def test_change_of_the_sdks_subscription_is_found_by_replay(project, monkeypatch, change, told):
    project.write(ORDERS)
    project.record().assert_outcomes(passed=1)
    changed_manager(monkeypatch, change)

    result = project.run()
    result.assert_outcomes(failed=1)
    assert told in text_of(result)


def test_change_of_the_sdks_url_is_found_by_replay(project, monkeypatch):
    from hyperliquid import websocket_manager

    project.write(ORDERS)
    project.record().assert_outcomes(passed=1)
    real = websocket_manager.WebsocketManager.__init__
    monkeypatch.setattr(
        websocket_manager.WebsocketManager, "__init__", lambda self, url: real(self, f"{url}/v2")
    )

    result = project.run()
    result.assert_outcomes(failed=1)
    assert "wss://api.hyperliquid-testnet.xyz/v2/ws" in text_of(result)


def test_frame_that_is_no_longer_sent_is_found(project):
    project.write("""
        def test_mids(trader):
            with trader.subscribed({"type": "allMids"}):
                pass
    """)
    project.record().assert_outcomes(passed=1)
    project.edit('{"type": "allMids"}', "")

    result = project.run()
    result.assert_outcomes(failed=1)
    assert "recorded: websocket 1 sent" in text_of(result)


def test_failure_in_the_body_is_not_hidden_by_the_socket(project):
    project.write(ORDERS)
    project.record().assert_outcomes(passed=1)
    project.edit("venue.until(lambda: frames)", "assert frames == 'what is not'")

    result = project.run()
    result.assert_outcomes(failed=1)
    assert "what is not" in text_of(result)
    assert "ReplayMismatch" not in text_of(result)


def test_scenario_that_leaves_its_websocket_open_ends_at_once(project):
    project.write(OWN_INFO)
    began = time.monotonic()
    project.localnet().assert_outcomes(passed=1)

    assert time.monotonic() - began < 20
    assert not any("WebsocketManager" in repr(thread) for thread in threading.enumerate())


def test_callback_that_fails_fails_the_scenario(project):
    project.write("""
        def test_callback(trader):
            def fail(message):
                raise ValueError("from the callback")

            with trader.feed() as info:
                info.subscribe({"type": "allMids"}, fail)
    """)
    result = project.localnet()

    result.assert_outcomes(failed=1)
    assert "A callback of the websocket raised ValueError: from the callback" in text_of(result)


def test_socket_past_the_sdks_own_fails_the_scenario_even_if_it_is_caught(project):
    project.write("""
        import contextlib

        def test_socket(trader):
            from hyperliquid import websocket_manager
            with contextlib.suppress(Exception):
                websocket_manager.websocket.create_connection("wss://api.hyperliquid-testnet.xyz/ws")
    """)
    result = project.localnet()

    result.assert_outcomes(failed=1)
    assert "A websocket to wss://api.hyperliquid-testnet.xyz/ws was about to be opened" in text_of(result)


def test_feed_that_localnet_does_not_serve_is_marked_unproven(project):
    project.write("""
        import json

        def test_feed(trader, journal):
            with trader.feed() as info:
                subscription = {"type": "candle", "coin": "ETH", "interval": "2m"}
                info.ws_manager.ws.send(json.dumps({"method": "subscribe", "subscription": subscription}))
            assert journal.frames[-2].unproven
    """)
    project.record().assert_outcomes(passed=1)

    assert "\n  unproven: 1\n" in project.cassette("test_feed").read_text()
    project.run().assert_outcomes(passed=1)


def test_feed_that_the_sdk_does_not_route_is_collected_too(project):
    project.write("""
        @pytest.mark.coin("ETH")
        def test_feeds(trader, market, capsys):
            feeds = [{"type": kind, "user": trader.address} for kind in ("openOrders", "orderUpdates")]
            with trader.subscribed(*feeds) as frames:
                trader.exchange.order(**market.bid(depth_bps=2_000, notional_usd=12))

            assert [frame["channel"] for frame in frames] == ["openOrders", "openOrders", "orderUpdates"]
            assert "unexpected" not in capsys.readouterr().out
    """)
    project.record().assert_outcomes(passed=1)
    project.run().assert_outcomes(passed=1)


def test_frames_stand_in_the_run_file_and_are_compared_with_the_cassette(project):
    project.write(ORDERS)
    project.record().assert_outcomes(passed=1)
    project.localnet("--run-file=run.json", "--fail-on-drift").assert_outcomes(passed=1)

    (one,) = json.loads((project.path / "run.json").read_text())["scenarios"]
    assert [frame["way"] for frame in one["frames"]][:3] == ["opened", "sent", "received"]
    assert all(frame["after"] <= len(one["steps"]) for frame in one["frames"])
    taped = project.cassette("test_orders")
    text = taped.read_text()
    assert text.count('"statusTimestamp"') or text.count("statusTimestamp")
    taped.write_text(text.replace("statusTimestamp", "statusMoment"))
    result = project.localnet("--fail-on-drift")
    assert "ws orderUpdates $[].statusTimestamp" in text_of(result)


def test_property_has_a_socket_of_its_own_for_each_example(project):
    project.write("""
        from hypothesis import given
        from harness.strategies import resting_intents

        @given(intent=resting_intents())
        def test_property(venue, intent):
            with venue.trader() as trader:
                with trader.subscribed({"type": "orderUpdates", "user": trader.address}) as frames:
                    trader.exchange.order(**venue.market("ETH").ticket(intent))
                assert [one["status"] for frame in frames for one in frame["data"]] == ["open"]
    """)
    project.record().assert_outcomes(passed=1)
    project.run().assert_outcomes(passed=1)


def test_fixture_that_is_torn_down_may_close_its_socket(project):
    project.write("""
        @pytest.fixture
        def mids(trader):
            with trader.subscribed({"type": "allMids"}) as frames:
                yield frames

        def test_mids(mids, trader):
            trader.info.all_mids()
            assert mids
    """)
    project.record().assert_outcomes(passed=1)
    assert "\n  body_frames: 4\n" in project.cassette("test_mids").read_text()
    project.run().assert_outcomes(passed=1)


def test_run_on_testnet_is_rehearsed_over_loopback(project, served, monkeypatch):
    from functools import partial

    from harness.targets.testnet import TestnetTarget

    monkeypatch.setattr("harness.venue.TestnetTarget", partial(TestnetTarget, served["url"]))
    monkeypatch.setenv("HYPERLIQUID_TESTNET_PRIVATE_KEY", ACCOUNTS[4].private_key)
    for name in ("TESTNET_ACCOUNT_ADDRESS", "TESTNET_COUNTERPARTY_KEY", "CONFIG"):
        monkeypatch.delenv(f"HYPERLIQUID_{name}", raising=False)
    before = set(threading.enumerate())
    project.write(ORDERS)
    result = project.run("--target=testnet")

    result.assert_outcomes(passed=1)
    (path,) = (project.path / ".hl-harness").glob("journal-*.jsonl")
    journal = path.read_text()
    assert '"sent": {"method": "subscribe"' in journal
    assert '"received": {"channel": "orderUpdates"' in journal
    assert set(threading.enumerate()) == before
