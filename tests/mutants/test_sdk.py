"""The kit as a user takes it: code that calls the SDK, tried on changed answers and a changed websocket."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest
from websockets.sync.server import serve

from harness.errors import UnsupportedError
from harness.mutants import answers_in, conversations_in, try_sdk, try_sdk_feed

CASSETTES = Path(__file__).resolve().parents[2] / "cassettes"


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], str]:
    return answers_in(CASSETTES / "universe") | answers_in(CASSETTES / "test_market_data")


@pytest.fixture(scope="module")
def trades():
    (cassette,) = (CASSETTES / "test_market_feeds").glob("test_trade_is_told*.yaml")
    return next(iter(conversations_in(cassette)))


def careless_spread(info, exchange):
    bids, asks = info.l2_snapshot("ETH")["levels"]
    return max(row["px"] for row in bids), min(row["px"] for row in asks)


def careful_spread(info, exchange):
    book = info.l2_snapshot("ETH")
    bids, asks = ([Decimal(str(row["px"])) for row in side] for side in book["levels"])
    if book["coin"] != "ETH" or bids != sorted(bids, reverse=True) or asks != sorted(asks):
        raise ValueError("no book")
    return str(bids[0]), str(asks[0])


def test_code_that_swallows_is_found(answers) -> None:
    found = {(one.mutant.path, one.mutant.change): one for one in try_sdk(careless_spread, answers)}

    assert {one.kind for one in found.values()} == {("info", "l2Book")}
    assert found["$.levels[0][0].px", "retype"].outcome == "raises"
    assert found["$.levels[0][0]", "drop"].outcome == "silently wrong"
    assert found["$.levels", "reorder"].outcome == "silently wrong"
    assert found["HTTP 429 null", "spoil"].detail.startswith("ClientError((429, None, 'null'")


def test_code_that_looks_misses_only_what_nobody_can_see(answers) -> None:
    wrong = {
        (one.mutant.path, one.mutant.change)
        for one in try_sdk(careful_spread, answers)
        if one.outcome == "silently wrong"
    }
    assert wrong == {("$.levels[0][0]", "drop")}


def test_what_code_sends_is_compared(answers) -> None:
    def bids_at_mid(info, exchange):
        exchange.order("ETH", True, 0.01, float(info.all_mids()["ETH"]), {"limit": {"tif": "Gtc"}})

    more = answers | answers_in(CASSETTES / "test_resting_order")
    found = {(one.mutant.path, one.mutant.change): one for one in try_sdk(bids_at_mid, more)}
    assert found["$.ETH", "drop"].outcome == "raises"
    assert found["$.ETH", "retype"].outcome == "works"


def test_callbacks_are_tried(answers, trades) -> None:
    def volume(info):
        sums = {"sz": Decimal(0)}

        def take(message):
            sums["sz"] += sum(Decimal(row["sz"]) for row in message["data"])

        info.subscribe({"type": "trades", "coin": "ETH"}, take)
        return sums

    found = {
        (one.channel, one.mutant.path, one.mutant.change): one
        for one in try_sdk_feed(volume, trades, answers)
    }

    assert found["trades", "$.data[0].sz", "drop"].outcome == "raises unseen"
    assert found["trades", "$.data[0].sz", "drop"].detail == "KeyError('sz')"
    assert found["trades", "frame", "duplicate"].outcome == "silently wrong"
    assert found["trades", "frame", "foreign"].outcome == "works"
    assert found["trades", "$.data[0].px", "drop"].outcome == "works"
    assert found["trades", "$.data[0].px", "drop"].noticed != ""


def test_without_metadata_the_sdk_cannot_be_built() -> None:
    with pytest.raises(UnsupportedError, match="info meta"):
        next(try_sdk(careless_spread, answers_in(CASSETTES / "test_market_data")))


def test_nothing_of_the_sdk_stays_changed(answers, trades) -> None:
    from hyperliquid import api, exchange, websocket_manager

    def names():
        return api.requests, exchange.get_timestamp_ms, exchange.secrets, websocket_manager.websocket

    before = names()
    list(try_sdk(careless_spread, answers))
    list(try_sdk_feed(lambda info: info.subscribe({"type": "allMids"}, print), trades, answers))
    assert names() == before


def test_over_a_real_connection_it_is_as_the_kit_says() -> None:
    """A frame that raises is lost, the next one comes, and the end of the connection ends the thread."""
    from hyperliquid.websocket_manager import WebsocketManager

    def talk(connection) -> None:
        connection.recv()
        for text in ('{"channel":"bbo","data":{}}', '{"channel":"bbo","data":{"coin":"ETH"}}'):
            connection.send(text)

    heard, threads, sockets = [], [], []

    def take(message) -> None:
        heard.append(message)
        sockets.append(manager.ws.sock.sock)
        threads.append(threading.current_thread())

    with serve(talk, "127.0.0.1", 0, close_timeout=0.2) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        manager = WebsocketManager(f"http://127.0.0.1:{server.socket.getsockname()[1]}")
        manager.subscribe({"type": "bbo", "coin": "ETH"}, take)
        manager.start()
        manager.join(30)
        server.shutdown()
        serving.join(30)

    assert not manager.is_alive()
    manager.stop()
    # The library leaves it open when the server goes.
    for one in sockets:
        one.close()
    assert heard == [{"channel": "bbo", "data": {"coin": "ETH"}}]
    assert threads == [manager]
