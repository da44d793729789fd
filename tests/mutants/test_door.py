"""What the harness makes of changed frames: the kit's word for it is what its own door does."""

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from hyperliquid import websocket_manager

from harness.errors import HarnessError
from harness.localnet import ACCOUNTS
from harness.mutants import answers_in, conversations_in, try_sdk_feed
from harness.settings import Key
from harness.trader import Trader
from harness.websocket import WebSocketApp
from tests.doors import door

CASSETTES = Path(__file__).resolve().parents[2] / "cassettes"


def followed(monkeypatch, subscriptions, frames):
    """Return what `trader.subscribed` brings of these frames, and what the door objects to."""
    wire, target = door()
    target.first = list(frames)
    stand = SimpleNamespace(WebSocketApp=partial(WebSocketApp, wire.sockets))
    monkeypatch.setattr(websocket_manager, "websocket", stand)
    trader = Trader(Key(ACCOUNTS[0].private_key), target.universe)
    heard = []
    try:
        with trader.subscribed(*subscriptions) as came:
            heard = came
            wire.wait(0.5)
    except HarnessError:
        return heard, True
    finally:
        problems = wire.episode.problems
        wire.end()
    return heard, bool(problems)


@pytest.mark.parametrize(
    "cassette",
    [
        "test_market_feeds/test_trade_is_told_to_trades_and_candle.yaml",
        "test_order_feeds/test_maker_is_notified_in_words.yaml",
        "test_order_feeds/test_open_orders_follow_the_book[gtc-bid].yaml",
    ],
)
def test_a_scenario_fails_where_the_kit_says_that_the_harness_notices(monkeypatch, cassette) -> None:
    conversation = next(iter(conversations_in(CASSETTES / cassette)))
    answers = answers_in(CASSETTES / "universe")
    kept: list[int] = []

    def listen(info):
        for subscription in conversation.subscriptions:
            info.ws_manager.subscribe(subscription, kept.append)

    for trial in try_sdk_feed(listen, conversation, answers):
        _, is_objected = followed(monkeypatch, conversation.subscriptions, trial.mutant.frames)
        assert is_objected == bool(trial.noticed), (trial.channel, trial.mutant[:3], trial.noticed)


def test_a_feed_that_the_sdk_does_not_route_is_followed_all_the_same(monkeypatch) -> None:
    (cassette,) = (CASSETTES / "test_order_feeds").glob("test_open_orders_follow_the_book?gtc-bid?.yaml")
    conversation = next(iter(conversations_in(cassette)))

    heard, is_objected = followed(monkeypatch, conversation.subscriptions, conversation.frames)

    assert not is_objected
    assert "openOrders" in {message["channel"] for message in heard}
