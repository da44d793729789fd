"""Isolated margin: what a position has to itself, and how it gets more or less of it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import Localnet
from harness.localnet.accounts.ledger import Ledger, Position
from tests.localnet.desk import BTC, ETH, Desk, leverage, quiet

OK = {"status": "ok", "response": {"type": "default"}}
HYPE = 135


def margin(ntli: int, *, a: int = ETH) -> dict[str, Any]:
    """Return the action that moves isolated margin."""
    return {"type": "updateIsolatedMargin", "asset": a, "isBuy": True, "ntli": ntli}


def refused(desk: Desk, action: dict[str, Any]) -> str:
    """Return the text of a refused action."""
    answer = desk.act(action)
    assert answer["status"] == "err", answer
    text: str = answer["response"]
    return text


def opened(desk: Desk, *, at: int = 5, s: str = "1") -> None:
    """Buy ETH at 3100 on isolated margin."""
    quiet(desk.net, bid="3099", ask="3100")
    desk.act(leverage(at, is_cross=False))
    assert "filled" in desk.place(p="3100", s=s, tif="Ioc")


def position(desk: Desk, coin: str = "ETH") -> dict[str, Any]:
    """Return the row of a position."""
    rows = desk.info("clearinghouseState")["assetPositions"]
    row: dict[str, Any] = next(row["position"] for row in rows if row["position"]["coin"] == coin)
    return row


def test_recorded_margin_is_added_and_moves_the_liquidation_price() -> None:
    """0.002 BTC: 25.856067 became 45.856067, 52522.4977 became 42395.9154 (wire rule 147, testnet)."""
    net = Localnet()
    desk = Desk(net)
    net.set_mid("BTC", Decimal(64794))
    ledger = net.exchange.ledgers[desk.address] = Ledger(desk.address, balance=100_000_000)
    ledger.isolated.add(BTC)
    # 25.856067 at a mark of 64794, whatever the entry was.
    ledger.positions[BTC] = Position(200_000, 129_650_000, 25_918_067)

    assert position(desk, "BTC")["marginUsed"] == "25.856067"
    before = Decimal(position(desk, "BTC")["liquidationPx"])
    assert desk.act(margin(20_000_000, a=BTC)) == OK
    after = position(desk, "BTC")
    assert after["marginUsed"] == "45.856067"
    assert abs(before - Decimal("52522.4977")) < 1
    assert abs(before - Decimal(after["liquidationPx"]) - Decimal("10126.5823")) < Decimal("0.001")
    assert desk.info("clearinghouseState")["withdrawable"] == "80.0"


def test_an_isolated_position_has_its_own_margin(desk: Desk) -> None:
    opened(desk)
    row = position(desk)
    assert row["leverage"] == {"type": "isolated", "value": 5, "rawUsd": "-2480.0"}
    assert row["marginUsed"] == "622.8", "620 of collateral and 2.8 of pnl at the mark"
    state = desk.info("clearinghouseState")
    assert state["marginSummary"] == {
        "accountValue": "10001.405",
        "totalNtlPos": "3102.8",
        "totalRawUsd": "6898.605",
        "totalMarginUsed": "622.8",
    }
    assert state["crossMarginSummary"] == {
        "accountValue": "9378.605",
        "totalNtlPos": "0.0",
        "totalRawUsd": "9378.605",
        "totalMarginUsed": "0.0",
    }
    assert state["crossMaintenanceMarginUsed"] == "0.0"
    assert state["withdrawable"] == "9378.605"


def test_cash_and_position_make_up_the_value(desk: Desk) -> None:
    """accountValue = totalRawUsd + totalNtlPos when long (wire rule 148)."""
    opened(desk)
    row = position(desk)
    assert Decimal(row["marginUsed"]) == Decimal(row["leverage"]["rawUsd"]) + Decimal(row["positionValue"])


def test_closing_gives_back_its_part_of_the_margin(desk: Desk) -> None:
    opened(desk)
    desk.place(b=False, p="3099", s="0.25", tif="Ioc")
    assert position(desk)["leverage"]["rawUsd"] == "-1860.0"
    desk.place(b=False, p="3099", s="0.75", r=True, tif="Ioc")
    state = desk.info("clearinghouseState")
    assert state["marginSummary"] == state["crossMarginSummary"]
    assert state["withdrawable"] == state["marginSummary"]["accountValue"]


def test_a_position_turned_round_has_the_margin_of_what_it_is_now(desk: Desk) -> None:
    opened(desk)
    desk.place(b=False, p="3099", s="1.5", tif="Ioc")
    row = position(desk)
    assert (row["szi"], row["leverage"]["rawUsd"]) == ("-0.5", "1859.4")
    assert Decimal(row["liquidationPx"]) > 3102


def test_strictly_isolated_coins_can_be_traded(desk: Desk) -> None:
    assert "filled" in desk.place(a=HYPE, p="29", s="10", tif="Ioc")
    assert position(desk, "HYPE")["leverage"]["type"] == "isolated"
    assert refused(desk, leverage(2, a=HYPE)) == "Cross margin is not allowed for this asset."
    assert refused(desk, margin(-1, a=HYPE)).startswith("Cannot remove isolated margin for this asset.")
    assert desk.act(margin(5_000_000, a=HYPE)) == OK


def test_the_type_can_change_without_a_position_only(desk: Desk) -> None:
    opened(desk)
    assert refused(desk, leverage(5)) == "Cannot switch leverage type with open position."
    desk.place(b=False, p="3099", s="1", tif="Ioc")
    assert desk.act(leverage(5)) == OK
    desk.place(p="3100", s="1", tif="Ioc")
    assert position(desk)["leverage"] == {"type": "cross", "value": 5}


def test_a_change_of_leverage_leaves_the_margin_where_it_is(desk: Desk) -> None:
    """5x, 10x, 3x with rawUsd and liquidationPx as they were; 1x refused (wire rule 146)."""
    opened(desk)
    desk.act(margin(500_000_000))
    before = position(desk)
    for value in (10, 3):
        assert desk.act(leverage(value, is_cross=False)) == OK
        now = position(desk)
        assert now["leverage"]["value"] == value
        assert now["leverage"]["rawUsd"] == before["leverage"]["rawUsd"]
        assert now["liquidationPx"] == before["liquidationPx"]
    assert refused(desk, leverage(1, is_cross=False)) == (
        "Isolated position does not have sufficient margin available to decrease leverage. "
        "To decrease leverage, add margin to the position."
    )


def test_margin_updates_are_refused_with_their_reasons(desk: Desk) -> None:
    assert refused(desk, margin(1)) == "Cannot update margin for empty position."
    opened(desk)
    assert refused(desk, margin(0)) == "Update to isolated margin cannot be zero."
    assert refused(desk, margin(9_378_605_001)).startswith("Account does not have sufficient margin")
    assert refused(desk, margin(-2_240_001)).startswith("Position does not have sufficient margin")
    assert desk.act(margin(-2_240_000)) == OK, "a fifth of 3102.8 stays"
    assert position(desk)["marginUsed"] == "620.56"
    assert desk.send(desk.envelope(margin(2**63))).status == 422


def test_margin_on_unknown_assets_is_not_guessed(desk: Desk) -> None:
    assert desk.send(desk.envelope(margin(1, a=5))).not_implemented


def test_a_tenth_of_the_value_stays_in_the_position(desk: Desk) -> None:
    opened(desk, at=20)
    desk.act(margin(500_000_000))
    spare = Decimal(position(desk)["marginUsed"]) - Decimal("310.28")
    assert refused(desk, margin(-int(spare * 10**6) - 1)).startswith("Position does not have")
    assert desk.act(margin(-int(spare * 10**6))) == OK


def test_orders_on_isolated_margin_need_what_they_would_take(desk: Desk) -> None:
    quiet(desk.net, ask="3100")
    desk.act(leverage(1, is_cross=False))
    assert desk.error(p="3100", s="3.3", tif="Ioc") == "Insufficient margin to place order. asset=4"
    assert "filled" in desk.place(p="3100", s="3.2", tif="Ioc")
    assert "error" in desk.place(p="3100", s="0.1", tif="Ioc")
    quiet(desk.net, bid="3099")
    assert "filled" in desk.place(b=False, p="3099", s="6.3", tif="Ioc"), "closing sets margin free"


@pytest.mark.parametrize(("left", "status"), [(621_000_000, "filled"), (619_000_000, "marginCanceled")])
def test_a_resting_order_needs_its_margin_when_it_is_met(
    desk: Desk, other: Desk, left: int, status: str
) -> None:
    quiet(desk.net)
    desk.act(leverage(5, is_cross=False))
    resting = desk.rest(p="3100", s="1")
    desk.net.exchange.ledgers[desk.address].balance = left
    other.place(b=False, p="3100", s="1", tif="Ioc")
    assert desk.status_of(resting) == status


def test_a_resting_order_may_use_what_turning_round_sets_free(desk: Desk, other: Desk) -> None:
    opened(desk)
    quiet(desk.net)
    resting = desk.rest(b=False, p="3100", s="2")
    desk.net.exchange.ledgers[desk.address].balance = 0
    assert "filled" in other.place(p="3100", s="2", tif="Ioc")
    assert desk.status_of(resting) == "filled"


@given(
    sizes=st.lists(st.tuples(st.booleans(), st.integers(1, 400)), min_size=1, max_size=8),
    at=st.integers(1, 25),
    moved=st.integers(-(10**9), 10**9),
)
def test_isolated_margin_is_never_lost(sizes: list[tuple[bool, int]], at: int, moved: int) -> None:
    net = Localnet(accounts=1)
    desk, total = Desk(net), net.total_usd()
    desk.act(leverage(at, is_cross=False))
    for is_buy, sz in sizes:
        desk.place(b=is_buy, p="3300" if is_buy else "2900", s=f"{Decimal(sz) / 100:f}", tif="Ioc")
        desk.act(margin(moved))
        assert net.total_usd() == total
        assert Decimal(desk.info("clearinghouseState")["withdrawable"]) >= 0
    ledger = net.exchange.ledgers[desk.address]
    if not ledger.positions:
        assert net.exchange.house.balance + ledger.balance + net.exchange.fees == total * 10**6


def test_top_up_brings_a_position_to_a_leverage(desk: Desk) -> None:
    """API docs, "Update isolated margin"; a leverage below one is NK's."""
    quiet(desk.net, "HYPE", bid="28.6", ask="28.8")
    assert "filled" in desk.place(a=HYPE, p="28.8", s="10", tif="Ioc")
    total = desk.net.total_usd()
    for leverage_, factor in (("2.5", Decimal("2.5")), ("0.5", Decimal("0.5"))):
        assert desk.act({"type": "topUpIsolatedOnlyMargin", "asset": HYPE, "leverage": leverage_}) == OK
        held = position(desk, "HYPE")
        assert abs(Decimal(held["positionValue"]) / factor - Decimal(held["marginUsed"])) < Decimal("0.001")
    assert desk.net.total_usd() == total
    again = {"type": "topUpIsolatedOnlyMargin", "asset": HYPE, "leverage": "0.5"}
    assert desk.send(desk.envelope(again)).not_implemented
