"""Liquidation: the book first, a fifth at a time when large, then the house."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet, Rules
from harness.localnet.control import saves
from tests.localnet.desk import BTC, Desk, leverage, quiet, trigger

HYPE, SOL = 135, 0


def row(desk: Desk, coin: str = "ETH") -> dict[str, Any]:
    """Return the row of a position."""
    rows = desk.info("clearinghouseState")["assetPositions"]
    found: dict[str, Any] = next(row["position"] for row in rows if row["position"]["coin"] == coin)
    return found


def with_only(net: Localnet, usd: int) -> Desk:
    """Return the desk of account 9, with so much in it."""
    ledger = net.exchange.ledger(ACCOUNTS[9].address.lower())
    has = Decimal(0) if ledger is None else Decimal(ledger.balance) / 10**6
    net.fund(ACCOUNTS[9].address, usd - has)
    return Desk(net, ACCOUNTS[9].private_key)


def small(net: Localnet, *, s: str = "3", usd: int = 700) -> Desk:
    """Return an account that is long ETH at 3100 with little behind it."""
    desk = with_only(net, usd)
    quiet(net, bid="3099", ask="3100")
    desk.act(leverage(25))
    assert "filled" in desk.place(p="3100", s=s, tif="Ioc")
    return desk


def move(
    net: Localnet, mark: str, *, coin: str = "ETH", bid: str | None = None, ask: str | None = None
) -> None:
    """Move a coin's mark, and have these quotes."""
    quiet(net, coin, bid=bid, ask=ask)
    net.set_mark(coin, Decimal(mark))


def liquidations(desk: Desk) -> list[dict[str, Any]]:
    """Return the ledger rows of liquidations."""
    rows = desk.info("userNonFundingLedgerUpdates", startTime=0)
    return [row["delta"] for row in rows if row["delta"]["type"] == "liquidation"]


def test_nothing_happens_down_to_the_liquidation_price(net: Localnet) -> None:
    desk = small(net)
    px = Decimal(row(desk)["liquidationPx"])
    move(net, str(round(px + Decimal("0.06"), 1)), bid="2900")
    assert desk.position() == "3.0"
    move(net, str(round(px - Decimal("0.06"), 1)), bid="2900")
    assert desk.position() == "0.0"


def test_the_book_is_asked_first_and_what_is_left_stays(net: Localnet) -> None:
    desk = small(net)
    move(net, "2915", bid="2914.9")
    (fill, _) = desk.info("userFills")
    assert (fill["dir"], fill["px"], fill["sz"], fill["crossed"]) == ("Close Long", "2914.9", "3.0", True)
    assert fill["liquidation"] == {
        "liquidatedUser": desk.address,
        "markPx": "2915.0",
        "method": "market",
    }
    assert fill["fee"] == "3.935115"
    state = desk.info("clearinghouseState")
    assert state["assetPositions"] == []
    assert state["withdrawable"] == state["marginSummary"]["accountValue"] == "136.579885"


def test_both_sides_show_the_liquidation(net: Localnet, other: Desk) -> None:
    desk = small(net)
    quiet(net)
    other.rest(p="2914.9", s="5")
    move(net, "2915")
    (fill,) = other.info("userFills")
    assert fill["liquidation"]["liquidatedUser"] == desk.address
    assert (fill["dir"], fill["crossed"]) == ("Open Long", False)


def test_the_order_is_a_record_of_its_own_kind(net: Localnet) -> None:
    desk = small(net)
    move(net, "2915", bid="2914.9")
    oid = desk.info("userFills")[0]["oid"]
    found = desk.info("orderStatus", oid=oid)["order"]
    assert (found["status"], found["order"]["tif"]) == ("filled", "LiquidationMarket")
    assert found["order"]["orderType"] == "Market"


def test_the_ledger_tells_what_was_liquidated(net: Localnet) -> None:
    desk = small(net)
    move(net, "2915", bid="2914.9")
    assert liquidations(desk) == [
        {
            "type": "liquidation",
            "liquidatedNtlPos": "8745.0",
            "accountValue": "140.815",
            "leverageType": "Cross",
            "liquidatedPositions": [{"coin": "ETH", "szi": "3.0"}],
        }
    ]


def test_open_orders_are_cancelled_first(net: Localnet) -> None:
    desk = small(net, usd=1000)
    resting = desk.rest(p="3500", b=False, s="1")
    elsewhere = desk.rest(a=BTC, p="50000", s="0.001")
    (waiting,) = desk.statuses(trigger(px="2000", p="1900", b=False, s="1"))
    move(net, "2800", bid="2799")
    for oid in (resting, elsewhere, waiting["resting"]["oid"]):
        assert desk.status_of(oid) == "liquidatedCanceled"
    assert desk.open_oids() == []


def large(net: Localnet) -> Desk:
    """Return an account that is long 120 SOL at 132.24, with 1,700 USD; SOL has one margin tier, of 10x."""
    desk = with_only(net, 1_700)
    net.set_liquidity("SOL", [], [(Decimal("132.24"), Decimal(200))])
    assert "filled" in desk.place(a=SOL, p="132.24", s="120", tif="Ioc")
    return desk


def below(desk: Desk, by: str) -> str:
    """Return a mark below the liquidation price."""
    return f"{Decimal(row(desk, 'SOL')['liquidationPx']) - Decimal(by):.2f}"


def test_of_a_large_position_a_fifth_goes_first_and_the_rest_soon_after(net: Localnet) -> None:
    desk = large(net)
    mark = below(desk, "1.5")
    net.set_liquidity("SOL", [(Decimal(mark), Decimal(200))], [])
    net.set_mark("SOL", Decimal(mark))
    assert desk.position("SOL") == "96.0"
    net.advance(100)
    assert desk.position("SOL") == "0.0", "within 30 seconds all of it is sent"
    assert [fill["sz"] for fill in desk.info("userFills")[:2]] == ["96.0", "24.0"]
    assert [found["liquidatedPositions"][0]["szi"] for found in liquidations(desk)] == ["120.0", "96.0"]


@pytest.mark.parametrize(("pause_ms", "left"), [(29_000, "0.0"), (31_000, "76.8")])
def test_a_fifth_can_be_enough_and_comes_again_after_the_pause(
    net: Localnet, pause_ms: int, left: str
) -> None:
    desk = large(net)
    mark = below(desk, "0.2")
    move(net, mark, coin="SOL", bid=mark)
    net.advance(pause_ms)
    assert desk.position("SOL") == "96.0"
    mark = below(desk, "0.2")
    move(net, mark, coin="SOL", bid=mark)
    assert desk.position("SOL") == left


def test_below_two_thirds_the_house_takes_over_all(net: Localnet) -> None:
    desk = small(net)
    total = net.total_usd()
    move(net, "2900")
    (fill, _) = desk.info("userFills")
    assert (fill["dir"], fill["px"], fill["fee"]) == ("Liquidated Cross Long", "2900.0", "0.0")
    assert fill["liquidation"]["method"] == "backstop"
    assert desk.info("orderStatus", oid=fill["oid"]) == {"status": "unknownOid"}
    state = desk.info("clearinghouseState")
    assert state["assetPositions"] == []
    assert state["marginSummary"]["accountValue"] == state["withdrawable"] == "0.0"
    assert net.total_usd() == total


def test_a_loss_beyond_everything_is_the_houses(net: Localnet) -> None:
    desk = small(net)
    total = net.total_usd()
    move(net, "2000", bid="1990")
    assert desk.info("clearinghouseState")["marginSummary"]["accountValue"] == "0.0"
    assert net.total_usd() == total


def test_what_is_not_needed_is_not_sold(net: Localnet) -> None:
    desk = small(net)
    net.set_liquidity("SOL", [], [(Decimal("132.24"), Decimal(10))])
    assert "filled" in desk.place(a=SOL, p="132.24", s="1", tif="Ioc")
    move(net, "2915", bid="2914.9")
    assert (desk.position("ETH"), desk.position("SOL")) == ("0.0", "1.0")


def test_a_bid_without_margin_helps_nobody(net: Localnet, other: Desk) -> None:
    desk = small(net)
    px = Decimal(row(desk)["liquidationPx"])
    quiet(net)
    hollow = other.rest(p=f"{px - 1:.1f}", s="3")
    net.exchange.ledgers[other.address].balance = 0
    move(net, f"{px - 1:.1f}")
    assert other.status_of(hollow) == "marginCanceled"
    assert desk.position() == "3.0"
    assert liquidations(desk) == []


def test_without_anybody_to_trade_with_an_account_waits(net: Localnet) -> None:
    desk = small(net)
    px = Decimal(row(desk)["liquidationPx"])
    move(net, f"{px - 1:.1f}")
    assert desk.position() == "3.0"
    assert liquidations(desk) == []
    quiet(net, bid=f"{px - 2:.1f}")
    assert desk.position() == "0.0"


def test_an_isolated_position_is_liquidated_alone(net: Localnet, desk: Desk) -> None:
    quiet(net, bid="3099", ask="3100")
    desk.place(a=BTC, p="95000", s="0.01", tif="Ioc")
    far = desk.rest(a=BTC, p="50000", s="0.001")
    desk.act(leverage(20, is_cross=False))
    desk.place(p="3100", s="1", tif="Ioc")
    free = Decimal(desk.info("clearinghouseState")["withdrawable"])
    move(net, "2900")
    assert desk.info("userFills")[0]["dir"] == "Liquidated Isolated Long"
    assert [found["leverageType"] for found in liquidations(desk)] == ["Isolated"]
    assert desk.position("BTC") == "0.01"
    assert desk.status_of(far) == "open"
    assert Decimal(desk.info("clearinghouseState")["withdrawable"]) == free


def test_a_short_is_liquidated_upwards(net: Localnet, desk: Desk) -> None:
    desk.act(leverage(10, a=HYPE, is_cross=False))
    assert "filled" in desk.place(a=HYPE, b=False, p="28", s="10", tif="Ioc")
    px = Decimal(row(desk, "HYPE")["liquidationPx"])
    net.set_mid("HYPE", px + Decimal("0.01"))
    fill = desk.info("userFills")[0]
    assert (fill["dir"], fill["liquidation"]["method"]) == ("Close Short", "market")
    assert desk.position("HYPE") == "0.0"


def test_a_stop_comes_before_the_liquidation(net: Localnet) -> None:
    desk = small(net)
    (stop,) = desk.statuses(trigger(px="2920", p="2800", b=False, s="3", r=True))
    net.set_oracle("ETH", Decimal(2920))
    move(net, "2915", bid="2914.9")
    assert desk.status_of(stop["resting"]["oid"]) == "filled"
    assert liquidations(desk) == []


def test_funding_can_be_the_last_straw(net: Localnet) -> None:
    desk = small(net)
    px = Decimal(row(desk)["liquidationPx"])
    move(net, f"{px + Decimal('0.2'):.1f}", bid=f"{px:.1f}", ask=f"{px + 1:.1f}")
    net.set_oracle("ETH", Decimal(2600))
    assert desk.position() == "3.0"
    net.advance(3_600_000)
    assert desk.position() == "0.0"


def test_liquidation_can_be_switched_off() -> None:
    net = Localnet(rules=Rules(liquidations=False))
    desk = small(net)
    move(net, "2900")
    assert desk.position() == "3.0"


@pytest.mark.parametrize("is_cross", [True, False])
@given(
    trades=st.lists(st.tuples(st.booleans(), st.integers(1, 600)), min_size=1, max_size=4),
    moves=st.lists(st.integers(1500, 5000), min_size=1, max_size=4),
)
def test_nobody_ends_below_nothing(trades: list[tuple[bool, int]], moves: list[int], is_cross: bool) -> None:
    net = Localnet(accounts=2)
    total = net.total_usd()
    desk = Desk(net)
    desk.act(leverage(20, is_cross=is_cross))
    for is_buy, sz in trades:
        desk.place(b=is_buy, p="3300" if is_buy else "2900", s=f"{Decimal(sz) / 100:f}", tif="Ioc")
    for px in moves:
        net.set_mid("ETH", Decimal(px))
        net.advance(200)
        state = desk.info("clearinghouseState")
        assert net.total_usd() == total
        assert Decimal(state["marginSummary"]["accountValue"]) >= 0
        assert Decimal(state["crossMarginSummary"]["accountValue"]) >= 0
        for found in state["assetPositions"]:
            px_text = found["position"]["liquidationPx"]
            assert px_text is None or (Decimal(px_text) < px) == (Decimal(found["position"]["szi"]) > 0)


def test_a_saved_liquidation_goes_on_as_it_did(tmp_path: Path) -> None:
    net = Localnet(accounts=9, keep_log=True)
    desk = large(net)
    mark = below(desk, "1.5")
    net.set_liquidity("SOL", [(Decimal(mark), Decimal(60))], [])
    net.set_mark("SOL", Decimal(mark))
    for _ in range(4):
        desk.position("SOL")
    net.advance(3_600_000)
    saves.dump(net, tmp_path / "state")
    again = Desk(saves.load(tmp_path / "state"), ACCOUNTS[9].private_key)
    assert again.info("userFills") == desk.info("userFills")
    assert again.info("userFunding") == desk.info("userFunding")
    assert liquidations(again) == liquidations(desk)
