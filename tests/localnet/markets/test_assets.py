"""The universe: numbers, flags, price steps."""

import json
import time

from harness.localnet import Localnet
from harness.localnet.markets.assets import LIVE_PERPS, PERPS
from harness.localnet.markets.universe import Universe
from harness.localnet.numbers import E8


def test_asset_numbers_are_the_testnets() -> None:
    assert {name: Universe().perp_of[name].index for name in ("SOL", "BTC", "ETH", "DOGE")} == {
        "SOL": 0,
        "BTC": 3,
        "ETH": 4,
        "DOGE": 173,
    }
    assert [perp.index for perp in PERPS] == list(range(180))


def test_gaps_are_filled_with_delisted_coins(net: Localnet) -> None:
    universe = json.loads(net.meta())["universe"]
    assert universe[5] == {
        "szDecimals": 0,
        "name": "UNLISTED5",
        "maxLeverage": 3,
        "marginTableId": 3,
        "isDelisted": True,
    }
    assert universe[135]["marginMode"] == "strictIsolated"
    assert "isDelisted" not in universe[4]


def test_spot_pairs_name_tokens_that_are_there(net: Localnet) -> None:
    spot = json.loads(net.spot_meta())
    tokens = {token["index"] for token in spot["tokens"]}
    assert all(set(pair["tokens"]) <= tokens for pair in spot["universe"])
    assert [pair["name"] for pair in spot["universe"]] == ["PURR/USDC", "@1", "@8", "@1035", "@1137", "@1165"]


def test_price_steps_follow_figures_and_decimals() -> None:
    eth, btc = Universe().perp_of["ETH"], Universe().perp_of["BTC"]
    assert eth.tick_at(3_102 * E8) == E8 // 10
    assert btc.tick_at(89_926 * E8) == E8
    assert btc.tick_at(123_456 * E8) == E8, "whole numbers are always legal"
    assert eth.tick_at(E8 // 100) == E8 // 100, "an ETH price has at most two decimals"
    assert eth.nearest_px(310_275_000_000) == 310_280_000_000


def test_a_fresh_exchange_is_made_in_less_than_a_millisecond() -> None:
    Localnet()
    fastest = min(_seconds_to_make() for _ in range(20))
    assert fastest < 0.001


def _seconds_to_make() -> float:
    started = time.perf_counter()
    Localnet()
    return time.perf_counter() - started


def test_every_live_coin_has_the_mid_it_will_quote(net: Localnet) -> None:
    before = {perp.name: net.mid(perp.name) for perp in LIVE_PERPS}
    for perp in LIVE_PERPS:
        net.exchange.market(perp)
    assert {perp.name: net.mid(perp.name) for perp in LIVE_PERPS} == before
