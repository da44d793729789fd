"""Balances, holds, fees and fills on spot pairs."""

import copy
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, cancel, modify, order, orders, quiet

PURR, KORILA, HYPE, UETH = 10_000, 10_008, 11_035, 11_137
USDC = "USDC"


def balance(desk: Desk, coin: str) -> dict[str, Any]:
    rows: dict[str, dict[str, Any]] = {
        row["coin"]: row for row in desk.info("spotClearinghouseState")["balances"]
    }
    return rows[coin]


def total(desk: Desk, coin: str) -> Decimal:
    return Decimal(balance(desk, coin)["total"])


def hold(desk: Desk, coin: str) -> Decimal:
    return Decimal(balance(desk, coin)["hold"])


def with_only(net: Localnet, coin: str, amount: str, *, who: int = 6) -> Desk:
    """Return the desk of a fresh account that has so much of one token and nothing else on spot."""
    desk = Desk(net, ACCOUNTS[who].private_key)
    net.fund_token(desk.address, coin, Decimal(amount))
    return desk


def test_a_purchase_as_it_was_recorded(net: Localnet) -> None:
    # SHIELD, part_spotBalances__shield_after_buy and _after_sell: 0.27 HYPE bought at 41.353, 0.26 sold.
    desk = with_only(net, USDC, "12")
    quiet(net, "@1035", bid="40.614", ask="41.353")
    net.set_mid("@1035", Decimal(41))
    quiet(net, "@1035", bid="40.614", ask="41.353")
    filled = desk.place(a=HYPE, p="42", s="0.27", tif="Ioc")["filled"]
    assert (filled["totalSz"], filled["avgPx"]) == ("0.27", "41.353")
    assert balance(desk, USDC) == {
        "coin": "USDC",
        "token": 0,
        "total": "0.83469",
        "hold": "0.0",
        "entryNtl": "0.0",
    }
    assert balance(desk, "HYPE")["total"] == "0.26981101"
    assert balance(desk, "HYPE")["entryNtl"] == "11.16531"

    desk.place(a=HYPE, b=False, p="40", s="0.26", tif="Ioc")
    assert balance(desk, USDC)["total"] == "11.38693826"
    assert balance(desk, "HYPE") == {
        "coin": "HYPE",
        "token": 1105,
        "total": "0.00981101",
        "hold": "0.0",
        "entryNtl": "0.40599888",
    }


def test_purr_as_it_was_measured(net: Localnet) -> None:
    # RIFT, observations, "IOC execution".
    desk = with_only(net, USDC, "100")
    net.set_mid("PURR/USDC", Decimal("4.6"))
    quiet(net, "PURR/USDC", bid="4.5795", ask="4.6252")
    desk.place(a=PURR, p="4.7", s="4", tif="Ioc")
    assert (total(desk, USDC), total(desk, "PURR")) == (Decimal("81.4992"), Decimal("3.9972"))
    desk.place(a=PURR, b=False, p="4.5", s="3", tif="Ioc")
    sale, purchase = desk.info("userFills")
    assert (purchase["dir"], purchase["fee"], purchase["feeToken"]) == ("Buy", "0.0028", "PURR")
    assert (sale["dir"], sale["fee"], sale["feeToken"]) == ("Sell", "0.00961695", "USDC")
    assert (sale["startPosition"], sale["side"], sale["coin"]) == ("3.9972", "A", "PURR/USDC")
    assert total(desk, USDC) == Decimal("81.4992") + Decimal("13.72888305")
    # The fee is not part of the pnl (wire rule 87): 13.7385 less its part of 18.5008.
    assert sale["closedPnl"] == str(Decimal("13.7385") - Decimal("13.88531972"))


FEES = st.tuples(st.integers(1, 90_000), st.integers(1, 3_000))


@given(FEES, st.booleans())
def test_fees_are_cut_in_quote_units_first(drawn: tuple[int, int], is_buy: bool) -> None:
    net = Localnet(accounts=1)
    desk = Desk(net)
    net.fund_token(desk.address, USDC, Decimal(10_000_000))
    net.fund_token(desk.address, "HYPE", Decimal(1_000))
    px, sz = Decimal(drawn[0] + 9_999) / 1_000, Decimal(drawn[1]) / 100
    net.set_mid("@1035", px)
    quiet(net, "@1035", **{"ask" if is_buy else "bid": str(px)})
    before = total(desk, USDC), total(desk, "HYPE")
    status = desk.place(a=HYPE, b=is_buy, p=f"{px.normalize():f}", s=f"{sz.normalize():f}", tif="Ioc")
    if px * sz < 10:
        assert status == {"error": "Order must have minimum value of 10 USDC. asset=11035"}
        return
    sz = min(sz, Decimal(status["filled"]["totalSz"]))
    wei = Decimal("0.00000001")
    quote_fee = (px * sz * Decimal("0.0007")).quantize(wei, ROUND_FLOOR)
    if is_buy:
        kept = sz - (quote_fee / px).quantize(wei, ROUND_FLOOR)
        assert (total(desk, USDC), total(desk, "HYPE")) == (before[0] - px * sz, before[1] + kept)
    else:
        assert (total(desk, USDC), total(desk, "HYPE")) == (before[0] + px * sz - quote_fee, before[1] - sz)


def test_resting_orders_hold_what_they_would_pay(desk: Desk) -> None:
    bid = desk.rest(a=HYPE, p="20", s="2")
    desk.rest(a=HYPE, b=False, p="40", s="1.5")
    desk.rest(a=PURR, p="0.05", s="1000")
    assert (hold(desk, USDC), hold(desk, "HYPE"), hold(desk, "PURR")) == (
        Decimal(90),
        Decimal("1.5"),
        Decimal(0),
    )
    assert desk.elements(cancel(bid, a=HYPE)) == ["success"]
    assert hold(desk, USDC) == 50
    assert desk.info("clearinghouseState")["withdrawable"] == "10000.0", "spot orders bind no margin"


def test_a_hold_goes_with_what_is_filled(desk: Desk, other: Desk) -> None:
    quiet(desk.net, "@1035")
    oid = desk.rest(a=HYPE, p="20", s="2")
    other.place(a=HYPE, b=False, p="20", s="0.5", tif="Ioc")
    assert hold(desk, USDC) == 30
    (maker,) = desk.info("userFills")
    (taker,) = other.info("userFills")
    assert (maker["crossed"], maker["fee"], maker["feeToken"]) == (False, "0.0002", "HYPE")
    assert (taker["crossed"], taker["fee"], taker["feeToken"]) == (True, "0.007", "USDC")
    assert desk.info("openOrders")[0]["sz"] == "1.5"
    assert desk.elements(modify(oid, order(a=HYPE, p="19", s="2"))) != []
    assert hold(desk, USDC) == 38


def test_volume_counts_once_for_requests_and_twice_for_fees(fresh: Desk, other: Desk) -> None:
    # RIFT, observations: 2 x trunc2(gross) a fill.
    fresh.net.fund_token(fresh.address, USDC, Decimal(100))
    quiet(fresh.net, "@1035", ask="28.717")
    fresh.place(a=HYPE, p="29", s="0.37", tif="Ioc")
    assert fresh.info("userRateLimit")["cumVlm"] == "10.62529"
    assert fresh.info("userFees")["dailyUserVlm"][-1]["userCross"] == "21.24"


def test_a_spot_book_is_quoted_and_moves(desk: Desk) -> None:
    levels = desk.info("l2Book", coin="@1137")["levels"]
    assert [len(side) for side in levels] == [5, 5]
    assert desk.info("allMids")["@1137"] == "3100.2"
    assert desk.info("allMids")["@8"] == "15.0"
    bid = desk.rest(a=HYPE, p="25", s="1")
    desk.net.set_mid("@1035", Decimal(24))
    assert desk.status_of(bid) == "filled", "the house trades with what the price passed"
    assert desk.net.mid("@1035") == 24


def test_the_books_are_quoted_again_after_a_trade(desk: Desk) -> None:
    before = desk.info("l2Book", coin="@1035")["levels"]
    desk.place(a=HYPE, p="30", s="1", tif="Ioc")
    assert desk.info("l2Book", coin="@1035")["levels"] == before


def test_everything_can_be_copied(desk: Desk) -> None:
    desk.rest(a=HYPE, p="20", s="2")
    desk.place(a=PURR, p="0.07", s="1001", tif="Ioc")
    desk.act({"type": "createSubAccount", "name": "one"})
    copied = copy.deepcopy(desk.net.exchange)
    assert copied.sub_accounts.of(desk.address)
    copied.clock.advance(60_000)
    copied.begin_block()
    assert copied.clock.now_ms() > desk.net.clock.now_ms()


def test_books_and_balances_are_the_same_each_time() -> None:
    def told() -> list[bytes]:
        desk = Desk(Localnet())
        sent = [orders(order(a=HYPE, p="29", s="1")), orders(order(a=UETH, p="3200", s="0.1", tif="Ioc"))]
        return [desk.send(desk.envelope(one)).body for one in sent] + [
            desk.send({"type": kind, "user": desk.address}, "/info").body
            for kind in ("spotClearinghouseState", "userFills", "spotMetaAndAssetCtxs")
        ]

    assert told() == told()


@pytest.mark.parametrize("coin", ["USDC", "PURR", "HYPE", "UETH", "USOL", "KORILA"])
def test_trading_changes_no_total(desk: Desk, other: Desk, coin: str) -> None:
    net = desk.net
    before = net.total_token(coin)
    for asset, px, sz in ((PURR, "0.07", "1001"), (HYPE, "29", "1.37"), (UETH, "3200", "0.0101")):
        desk.place(a=asset, p=px, s=sz, tif="Ioc")
        other.place(a=asset, b=False, p=f"{Decimal(px) / 2}", s=sz, tif="Ioc")
    desk.place(a=KORILA, p="16", s="1.3", tif="Ioc")
    net.advance(120_000)
    assert net.total_token(coin) == before


@pytest.mark.parametrize("empty", ["bids", "asks", "both"])
def test_a_pair_with_an_empty_side_has_no_mid_but_a_mark(net: Localnet, desk: Desk, empty: str) -> None:
    level = [(Decimal("0.2"), Decimal(1_000))]
    net.set_mid("PURR/USDC", Decimal("0.2"))
    bids = [] if empty in ("bids", "both") else [(Decimal("0.19"), Decimal(1_000))]
    net.set_liquidity("PURR/USDC", bids, [] if empty in ("asks", "both") else level)
    context = next(one for one in desk.info("spotMetaAndAssetCtxs")[1] if one["coin"] == "PURR/USDC")
    assert (context["midPx"], context["markPx"]) == (None, "0.2")
