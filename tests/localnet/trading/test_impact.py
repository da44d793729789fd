"""Impact prices and the premium."""

from decimal import Decimal

import pytest

from harness.localnet import Localnet, LocalnetError
from harness.localnet.control.commands import carry_out
from harness.localnet.markets.assets import LIVE_PERPS
from harness.localnet.markets.universe import Universe
from harness.localnet.numbers import figure
from harness.localnet.trading.impact import impact, premium
from harness.localnet.world import house
from tests.localnet.desk import BTC, Desk


@pytest.mark.parametrize(
    ("oracle", "bid", "ask", "expected"),
    [
        ("66383", "66371", "66372", -1657051),
        ("1920", "1919.6", "1919.81", -989583),
        ("81.595", "81.519", "81.536", -7230835),
        ("0.003666", "0.003664", "0.003666", 0),
    ],
)
def test_recorded_premiums_come_out(net: Localnet, oracle: str, bid: str, ask: str, expected: int) -> None:
    """info_metaAndAssetCtxs__sonirico_main (mainnet); ETH's 1919.81 is an average, so a level of its own."""
    coin = {"66383": "BTC", "1920": "ETH", "81.595": "SOL", "0.003666": "kPEPE"}[oracle]
    perp = Universe().perp_of[coin]
    market = net.exchange.market(perp)
    net.set_liquidity(coin, [], [])
    for px, is_buy in ((bid, True), (ask, False)):
        house.rest(net.exchange, market, is_buy=is_buy, px=figure(px), sz=figure("1000000000"))
    market.oracle_px = figure(oracle)
    assert premium(net.exchange, market) == expected


def test_an_impact_price_is_an_average(net: Localnet) -> None:
    """6,000 USD at the price of two levels: half of it costs 100, half 101."""
    net.set_liquidity(
        "SOL",
        [(Decimal("100"), Decimal(1))],
        [(Decimal("120"), Decimal(25)), (Decimal("125"), Decimal(1000))],
    )
    found = impact(net.exchange, Universe().perp_of["SOL"])
    assert found is not None
    assert found.bid == figure("100")
    # 25 for 3,000 USD and 24 for the other 3,000.
    assert found.ask == figure("122.449")


def test_a_touch_does_not_change_impact_prices(desk: Desk) -> None:
    before = desk.info("metaAndAssetCtxs")[1]
    for perp in LIVE_PERPS:
        desk.net.exchange.market(perp)
    assert desk.info("metaAndAssetCtxs")[1] == before


def test_mark_and_oracle_can_leave_the_mid(desk: Desk) -> None:
    desk.net.set_mark("BTC", Decimal(91_000))
    desk.net.set_oracle("BTC", Decimal("91500.04"))
    context = desk.info("metaAndAssetCtxs")[1][BTC]
    assert (context["markPx"], context["oraclePx"], context["midPx"]) == ("91000.0", "91500.0", "89926.5")
    desk.net.set_mid("BTC", Decimal(90_000))
    context = desk.info("metaAndAssetCtxs")[1][BTC]
    assert (context["markPx"], context["oraclePx"]) == ("90000.0", "90000.0")


@pytest.mark.parametrize(("coin", "px"), [("PURR/USDC", "1"), ("ETH", "0"), ("NOPE", "1")])
def test_only_perpetuals_have_a_mark_and_an_oracle_to_move(net: Localnet, coin: str, px: str) -> None:
    for move in (net.set_mark, net.set_oracle):
        with pytest.raises(LocalnetError):
            move(coin, Decimal(px))


def test_mark_and_oracle_are_commands(net: Localnet) -> None:
    assert carry_out(net, "setMark", {"coin": "ETH", "px": "3000"}) == {}
    assert carry_out(net, "setOracle", {"coin": "ETH", "px": "3001"}) == {}
    market = net.exchange.market(Universe().perp_of["ETH"])
    assert (market.mark, market.oracle) == (figure("3000"), figure("3001"))
