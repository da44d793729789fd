"""`updateLeverage`."""

from decimal import Decimal

import pytest

from tests.localnet.desk import BTC, ETH, Desk, leverage, quiet

OK = {"status": "ok", "response": {"type": "default"}}


def test_leverage_reads_back_from_the_position(desk: Desk) -> None:
    assert desk.act(leverage(5)) == OK
    assert desk.act(leverage(5)) == OK, "setting what is set answers the same"
    desk.place(p="3200", tif="Ioc")
    position = desk.info("clearinghouseState")["assetPositions"][0]["position"]
    assert position["leverage"] == {"type": "cross", "value": 5}
    assert Decimal(position["marginUsed"]) == round(Decimal(position["positionValue"]) / 5, 6)


@pytest.mark.parametrize(("value", "asset"), [(0, ETH), (26, ETH), (41, BTC)])
def test_leverage_has_bounds(desk: Desk, value: int, asset: int) -> None:
    assert desk.act(leverage(value, a=asset)) == {"status": "err", "response": "Invalid leverage value"}


def test_the_type_cannot_change_with_a_position(desk: Desk) -> None:
    desk.place(p="3200", tif="Ioc")
    answer = desk.act(leverage(5, is_cross=False))
    assert answer == {"status": "err", "response": "Cannot switch leverage type with open position."}


def test_a_strictly_isolated_coin_has_no_cross_margin(desk: Desk) -> None:
    answer = desk.act(leverage(2, a=135))
    assert answer == {"status": "err", "response": "Cross margin is not allowed for this asset."}


def test_lowering_needs_margin(desk: Desk) -> None:
    quiet(desk.net, ask="3100")
    desk.place(p="3100", s="6", tif="Ioc")
    answer = desk.act(leverage(1))
    assert answer["response"].startswith("Cross position does not have sufficient margin")
    assert desk.act(leverage(2)) == OK


def test_margin_tiers_and_unknown_assets_are_not_guessed(desk: Desk) -> None:
    quiet(desk.net, ask="3100")
    desk.act(leverage(9))
    desk.place(p="3100", s="8", tif="Ioc")
    for action in (leverage(5, a=5), leverage(20)):
        assert desk.send(desk.envelope(action)).not_implemented


def test_isolated_leverage_that_orders_forbid_is_not_guessed(desk: Desk) -> None:
    quiet(desk.net, ask="3300")
    desk.rest(p="3000", s="6")
    assert desk.send(desk.envelope(leverage(1, is_cross=False))).not_implemented
    assert desk.act(leverage(2, is_cross=False)) == OK
