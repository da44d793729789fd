"""Answers about margin, funding and liquidation beside those that somebody recorded."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.actions.test_isolated import margin
from tests.localnet.desk import ETH, Desk, leverage, quiet
from tests.localnet.test_against_recordings import form, pytestmark, recorded

__all__ = ["pytestmark"]


def keys(value: Any) -> list[str]:
    """Return the keys of an object, in order."""
    assert isinstance(value, dict)
    return list(value)


@pytest.fixture
def paid(net: Localnet) -> Desk:
    """An account that has paid funding on ETH."""
    desk = Desk(net)
    quiet(net, bid="3102", ask="3103")
    desk.place(p="3103", s="1", tif="Ioc")
    net.advance(3_600_000)
    return desk


def test_funding_answers(paid: Desk) -> None:
    assert form(paid.info("userFunding", startTime=0)) == form(recorded("info_userFunding__jkorf"))
    history = paid.info("fundingHistory", coin="ETH", startTime=0)
    assert sorted(form(history[0])) == sorted(
        form(recorded("info_fundingHistory__sdk_get_funding_history_None_1")[0])
    )
    (venue, rate), *_ = paid.info("predictedFundings")[0][1]
    documented = dict(recorded("info_predictedFundings__docs_200_ok_successful_response")[0][1])
    # The page's example is of 2024; recordings of 2026-07 tell the interval too (id 69623212216).
    assert rate.pop("fundingIntervalHours") == 1
    assert form(rate) == form(documented[venue])


def test_contexts(paid: Desk) -> None:
    found = paid.info("metaAndAssetCtxs")[1]
    live, delisted = (recorded("info_metaAndAssetCtxs__sonirico_main")[1][i] for i in (0, 2))
    assert form(found[ETH]) == form(live)
    assert keys(found[5]) == keys(delisted)
    assert [found[5][key] is None for key in delisted] == [delisted[key] is None for key in delisted]


def test_active_asset_data(desk: Desk) -> None:
    found = desk.info("activeAssetData", coin="ETH")
    assert form(found) == form(recorded("info_activeAssetData__sonirico_cross"))


def test_a_cross_position(paid: Desk) -> None:
    row = paid.info("clearinghouseState")["assetPositions"][0]["position"]
    assert keys(row) == keys(recorded("part_position__shield_cross"))


def test_fills_of_a_liquidation(net: Localnet, desk: Desk, other: Desk) -> None:
    quiet(net, bid="3099", ask="3100")
    desk.act(leverage(20, is_cross=False))
    desk.place(p="3100", s="1", tif="Ioc")
    quiet(net)
    other.rest(p="3000", s="1")
    net.set_mark("ETH", Decimal(3003))
    mine, theirs = desk.info("userFills")[:1], other.info("userFills")[:1]
    assert form(mine) == form(recorded("info_userFills__ccxt_own_liquidation")[:1])
    assert form(theirs) == form(recorded("part_userFills__liquidation_counterparty_maker"))


def test_margin_that_may_be_updated_and_margin_that_may_not(desk: Desk) -> None:
    quiet(desk.net, ask="3100")
    desk.act(leverage(3, is_cross=False))
    desk.place(p="3100", s="1", tif="Ioc")
    assert desk.act(margin(1_000_000)) == recorded(
        "exchange_updateIsolatedMargin__docs_200_ok_successful_response"
    )
    assert desk.act(leverage(1, is_cross=False)) == recorded(
        "exchange_updateLeverage__tickwright_decrease_refused"
    )
