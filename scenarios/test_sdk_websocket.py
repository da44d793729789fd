"""How the SDK's websocket manager finds the callback for a frame, and what it does with frames for nobody.

Covers: hyperliquid.websocket_manager without a target; nothing is sent.
"""

import json

import pytest

MIXED, UPPER = "0xaB00000000000000000000000000000000000001", "0XAB00000000000000000000000000000000000001"
OTHER = "0xcd00000000000000000000000000000000000002"
# The subscription, the channel of its frames, their data; data for somebody else, and the SDK's name.
FEEDS = [
    ({"type": "allMids"}, "allMids", {"mids": {}}, None, ""),
    ({"type": "l2Book", "coin": "kPEPE"}, "l2Book", {"coin": "KPEPE"}, {"coin": "ETH"}, "l2Book:eth"),
    (
        {"type": "trades", "coin": "kPEPE"},
        "trades",
        [{"coin": "KPEPE"}, {"coin": "ETH"}, {"coin": "BTC"}],
        [{"coin": "ETH"}, {"coin": "kPEPE"}],
        "trades:eth",
    ),
    ({"type": "userEvents", "user": MIXED}, "user", {"fills": []}, None, ""),
    (
        {"type": "userFills", "user": MIXED},
        "userFills",
        {"user": UPPER},
        {"user": OTHER},
        f"userFills:{OTHER}",
    ),
    (
        {"type": "candle", "coin": "kPEPE", "interval": "1M"},
        "candle",
        {"s": "KPEPE", "i": "1M"},
        {"s": "kPEPE", "i": "1m"},
        "candle:kpepe,1m",
    ),
    ({"type": "orderUpdates", "user": MIXED}, "orderUpdates", [], None, ""),
    (
        {"type": "userFundings", "user": MIXED},
        "userFundings",
        {"user": UPPER},
        {"user": OTHER},
        f"userFundings:{OTHER}",
    ),
    (
        {"type": "userNonFundingLedgerUpdates", "user": MIXED},
        "userNonFundingLedgerUpdates",
        {"user": UPPER},
        {"user": OTHER},
        f"userNonFundingLedgerUpdates:{OTHER}",
    ),
    ({"type": "webData2", "user": MIXED}, "webData2", {"user": UPPER}, {"user": OTHER}, f"webData2:{OTHER}"),
    ({"type": "bbo", "coin": "kPEPE"}, "bbo", {"coin": "KPEPE"}, {"coin": "ETH"}, "bbo:eth"),
    (
        {"type": "activeAssetCtx", "coin": "kPEPE"},
        "activeAssetCtx",
        {"coin": "KPEPE"},
        {"coin": "ETH"},
        "activeAssetCtx:eth",
    ),
    (
        {"type": "activeAssetCtx", "coin": "@7"},
        "activeSpotAssetCtx",
        {"coin": "@7"},
        {"coin": "@8"},
        "activeAssetCtx:@8",
    ),
    (
        {"type": "activeAssetData", "coin": "kPEPE", "user": MIXED},
        "activeAssetData",
        {"coin": "KPEPE", "user": UPPER},
        {"coin": "KPEPE", "user": OTHER},
        f"activeAssetData:kpepe,{OTHER}",
    ),
]


class App:
    """Stands where the SDK makes its `WebSocketApp`."""

    def __init__(self, url, **callbacks):
        self.url, self.callbacks, self.sent, self.done = url, callbacks, [], []
        self.keep_running = True

    def send(self, text):
        self.sent.append(json.loads(text))

    def run_forever(self):
        self.done.append("run")

    def close(self):
        self.done.append("close")


class Library:
    """Stands for the websocket library."""

    WebSocketApp = App


class Clock:
    """Stands for the event that ends the ping thread: it is set after some waits."""

    def __init__(self, waits):
        self.waits, self.waited, self.is_set = waits, [], False

    def wait(self, seconds):
        self.waited.append(seconds)
        return len(self.waited) > self.waits

    def set(self):
        self.is_set = True


@pytest.fixture
def manager(monkeypatch):
    """A manager whose websocket is not open yet."""
    from hyperliquid import websocket_manager

    monkeypatch.setattr(websocket_manager, "websocket", Library)
    return websocket_manager.WebsocketManager("https://api.hyperliquid-testnet.xyz")


@pytest.fixture
def opened(manager):
    """The same, open."""
    manager.on_open(manager.ws)
    return manager


def frame(channel, data):
    return json.dumps({"channel": channel, "data": data})


def test_manager_is_made_for_the_urls_websocket(manager):
    """The scheme becomes ws or wss; nothing is sent before it is open."""
    assert manager.ws.url == "wss://api.hyperliquid-testnet.xyz/ws"
    assert manager.ws.callbacks == {"on_message": manager.on_message, "on_open": manager.on_open}
    assert (manager.ws_ready, manager.queued_subscriptions, dict(manager.active_subscriptions)) == (
        False,
        [],
        {},
    )
    assert manager.subscription_id_counter == 0
    assert not manager.stop_event.is_set()


@pytest.mark.parametrize(("subscription", "channel", "data", "others", "name"), FEEDS)
def test_frame_finds_its_subscription_and_no_other(opened, capsys, subscription, channel, data, others, name):
    """Coins and users are compared without regard to case; intervals are not."""
    heard = []
    opened.subscribe(subscription, heard.append)
    assert opened.ws.sent == [{"method": "subscribe", "subscription": subscription}]

    opened.on_message(opened.ws, frame(channel, data))
    assert heard == [{"channel": channel, "data": data}]

    if others is not None:
        text = frame(channel, others)
        opened.on_message(opened.ws, text)
        assert len(heard) == 1
        said = f"Websocket message from an unexpected subscription: {text} {name}\n"
        assert capsys.readouterr().out == said


@pytest.mark.parametrize(
    "text",
    [
        "Websocket connection established.",
        '{"channel": "pong"}',
        '{"channel": "trades", "data": []}',
        '{"channel": "error", "data": "no"}',
        '{"channel": "subscriptionResponse", "data": {}}',
    ],
)
def test_frames_for_nobody_are_passed_over_without_a_word(opened, capsys, text):
    """The greeting, a pong, an acknowledgement, an error, and trades of no coin."""
    opened.on_message(opened.ws, text)

    assert capsys.readouterr().out == ""
    assert dict(opened.active_subscriptions) == {}


def test_every_callback_of_a_feed_is_called(opened):
    """Two subscriptions of one feed; the first that leaves sends nothing, the last one does."""
    first, second = [], []
    one = opened.subscribe({"type": "bbo", "coin": "ETH"}, first.append)
    two = opened.subscribe({"type": "bbo", "coin": "ETH"}, second.append)
    assert (one, two) == (1, 2)
    opened.on_message(opened.ws, frame("bbo", {"coin": "ETH"}))
    assert len(first) == len(second) == 1

    assert opened.unsubscribe({"type": "bbo", "coin": "ETH"}, one) is True
    assert len(opened.ws.sent) == 2
    opened.on_message(opened.ws, frame("bbo", {"coin": "ETH"}))
    assert (len(first), len(second)) == (1, 2)

    assert opened.unsubscribe({"type": "bbo", "coin": "ETH"}, 77) is False
    assert opened.unsubscribe({"type": "bbo", "coin": "ETH"}, two) is True
    assert opened.ws.sent[2] == {"method": "unsubscribe", "subscription": {"type": "bbo", "coin": "ETH"}}
    assert opened.unsubscribe({"type": "bbo", "coin": "ETH"}, two) is False


def test_callbacks_are_called_in_the_order_in_which_they_subscribed(opened):
    """Also after one of them has left; a number of one's own is kept."""
    called, bbo = [], {"type": "bbo", "coin": "ETH"}
    opened.subscribe(bbo, lambda _: called.append("first"))
    left = opened.subscribe(bbo, lambda _: called.append("second"))
    assert opened.subscribe(bbo, lambda _: called.append("third"), 0) == 0
    opened.on_message(opened.ws, frame("bbo", {"coin": "ETH"}))
    assert called == ["first", "second", "third"]

    opened.unsubscribe(bbo, left)
    opened.on_message(opened.ws, frame("bbo", {"coin": "ETH"}))
    assert called[3:] == ["first", "third"]


@pytest.mark.parametrize("kind", ["userEvents", "orderUpdates"])
def test_feeds_that_do_not_say_whose_they_are_are_taken_once(opened, kind):
    """The second user is refused before anything is sent."""
    opened.subscribe({"type": kind, "user": UPPER}, print)

    with pytest.raises(NotImplementedError, match=f"^Cannot subscribe to {kind} multiple times$"):
        opened.subscribe({"type": kind, "user": OTHER}, print)
    assert len(opened.ws.sent) == 1


def test_subscriptions_wait_until_the_websocket_is_open(manager):
    """They keep their numbers and their order."""
    heard = []
    mids, book = {"type": "allMids"}, {"type": "l2Book", "coin": "ETH"}
    assert manager.subscribe(mids, heard.append) == 1
    assert manager.subscribe(book, print) == 2
    assert manager.ws.sent == []
    with pytest.raises(NotImplementedError, match=r"^Can't unsubscribe before websocket connected$"):
        manager.unsubscribe(mids, 1)

    manager.on_open(manager.ws)

    assert manager.ws_ready is True
    assert [one["subscription"] for one in manager.ws.sent] == [mids, book]
    manager.on_message(manager.ws, frame("allMids", {"mids": {}}))
    assert heard == [{"channel": "allMids", "data": {"mids": {}}}]
    assert manager.subscribe({"type": "bbo", "coin": "ETH"}, print) == 3
    assert manager.unsubscribe(book, 2) is True


def test_sign_of_life_goes_every_fifty_seconds_while_the_websocket_runs(manager):
    """It ends with the manager, or when the websocket has ended."""
    manager.stop_event = Clock(waits=2)
    manager.send_ping()
    assert manager.stop_event.waited == [50, 50, 50]
    assert manager.ws.sent == [{"method": "ping"}, {"method": "ping"}]

    manager.stop_event, manager.ws.keep_running = Clock(waits=2), False
    manager.send_ping()
    assert manager.stop_event.waited == [50]
    assert len(manager.ws.sent) == 2


def test_manager_runs_its_websocket_and_its_sign_of_life(manager):
    """Each in a thread; stopping closes the websocket and waits for the ping thread."""
    began = []
    manager.send_ping = None
    manager.ping_sender._target = lambda: began.append("ping")

    manager.run()
    manager.ping_sender.join()

    assert (began, manager.ws.done) == (["ping"], ["run"])
    manager.stop()
    assert manager.stop_event.is_set()
    assert manager.ws.done == ["run", "close"]


def test_stopping_waits_for_the_sign_of_life(manager):
    """The ping thread has ended when `stop` returns."""
    manager.ping_sender.start()
    assert manager.ping_sender.is_alive()

    manager.stop()

    assert not manager.ping_sender.is_alive()


def test_manager_that_never_ran_can_be_stopped(manager):
    """There is no thread to wait for."""
    manager.stop()

    assert manager.ws.done == ["close"]
