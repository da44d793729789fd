"""Feeds that show the state of an account."""

from typing import Any

import pytest

from harness.localnet import Localnet
from harness.localnet.queries import QUERIES
from tests.localnet.desk import Desk
from tests.localnet.feed.line import Line


def timeless(state: Any) -> Any:
    return {key: value for key, value in state.items() if key != "time"}


def test_margin_and_positions_are_those_of_the_query(line: Line, desk: Desk) -> None:
    (first,) = line.subscribe("clearinghouseState", user=desk.address)
    assert list(first["data"]) == ["dex", "user", "clearinghouseState"]
    line.subscribe("allDexsClearinghouseState", user=desk.address)
    desk.info("meta")
    assert line.heard() == []

    desk.place(p="3200")
    one, all_dexs = (frame["data"] for frame in line.heard())
    expected = timeless(desk.info("clearinghouseState"))
    assert timeless(one["clearinghouseState"]) == expected
    shown = {dex: timeless(state) for dex, state in all_dexs["clearinghouseStates"]}
    assert shown == {"": expected, "test": timeless(desk.info("clearinghouseState", dex="test"))}


def test_open_orders_are_those_of_the_frontend(line: Line, desk: Desk) -> None:
    (first,) = line.subscribe("openOrders", user=desk.address, dex="")
    assert first["data"] == {"dex": "", "user": desk.address, "orders": []}
    desk.rest()
    (data,) = line.on("openOrders")
    assert data["orders"] == desk.info("frontendOpenOrders")


def test_spot_balances_are_those_of_the_query(line: Line, desk: Desk) -> None:
    acknowledged, first = line.send(
        {
            "method": "subscribe",
            "subscription": {"type": "spotState", "user": desk.address, "isPortfolioMargin": False},
        }
    )
    assert acknowledged["data"]["subscription"] == {
        "type": "spotState",
        "user": desk.address,
        "ignorePortfolioMargin": False,
    }
    assert first["data"] == {"user": desk.address, "spotState": desk.info("spotClearinghouseState")}


@pytest.mark.parametrize("kind", ["clearinghouseState", "openOrders", "allMids"])
def test_another_dex_is_not_covered(line: Line, desk: Desk, kind: str) -> None:
    asked = {"type": kind, "user": desk.address, "dex": "xyz"}
    assert line.send({"method": "subscribe", "subscription": asked})[0]["channel"] == "error"
    assert len(line.connection.missing) == 1


def test_asset_data_is_that_of_the_query(net: Localnet, line: Line, desk: Desk) -> None:
    if "activeAssetData" not in QUERIES:
        pytest.skip("activeAssetData is not served yet")
    (first,) = line.subscribe("activeAssetData", user=desk.address, coin="ETH")
    assert first["data"] == desk.info("activeAssetData", coin="ETH")
    desk.place(p="3200")
    assert line.on("activeAssetData") == [desk.info("activeAssetData", coin="ETH")]
