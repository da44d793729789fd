"""`recentTrades`."""

from harness.localnet import Localnet
from tests.localnet.desk import Desk
from tests.localnet.feed.line import Line


def test_recent_trades_are_those_of_the_feed_newest_first(net: Localnet, desk: Desk) -> None:
    assert desk.info("recentTrades", coin="ETH") == []
    for _ in range(31):
        desk.place(p="3200")
    rows = desk.info("recentTrades", coin="ETH")
    (first,) = Line(net).subscribe("trades", coin="ETH")
    assert rows == first["data"][::-1]
    assert len(rows) == 30
    assert rows[0]["users"][0] == desk.address
    assert desk.info("recentTrades", coin="BTC") == []


def test_asking_brings_no_market_to_life(net: Localnet, desk: Desk) -> None:
    desk.info("recentTrades", coin="SOL")
    assert not net.exchange.tapes


def test_the_trades_of_a_coin_that_does_not_exist_are_not_covered(desk: Desk) -> None:
    for coin in ("NOPE", "@99999", ""):
        assert desk.send({"type": "recentTrades", "coin": coin}, "/info").not_implemented
