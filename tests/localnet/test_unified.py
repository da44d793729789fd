"""A unified account: one USDC balance for spot, and for perpetuals on all dexes."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import ETH, Desk, cancel, leverage, order, orders, quiet, trigger
from tests.localnet.feed.line import Line
from tests.localnet.unified import ABC, HYPE_SPOT, OK, after_maintenance, unify, usdc

HYPE = 135


def test_spot_usdc_is_margin(net: Localnet) -> None:
    net.fund_token(ACCOUNTS[9].address, "USDC", Decimal(500))
    net.fund(ACCOUNTS[9].address, Decimal(-10_000))
    desk = Desk(net, ACCOUNTS[9].private_key)
    assert desk.error(p="3000").startswith("Insufficient margin")
    unify(desk)
    desk.act(leverage(10))
    assert usdc(desk) == (500, 0)
    assert desk.error(p="3000", s="1.6667").startswith("Insufficient margin")
    desk.rest(p="3000", s="1.6666")
    assert usdc(desk) == (500, Decimal("499.98"))


def test_the_state_of_a_position(net: Localnet, unified: Desk) -> None:
    """Total with pnl, hold with margin, maintenance; the dex shows its margin."""
    quiet(net, ask="3100")
    unified.place(p="3100", s="1", tif="Ioc")
    fee = Decimal("1.395")
    net.set_mark("ETH", Decimal(3150))
    assert usdc(unified) == (1_000 - fee + 50, 315)
    assert after_maintenance(unified) == 1_050 - fee - 63
    state = unified.info("clearinghouseState")
    assert state["marginSummary"] == {
        "accountValue": "315.0",
        "totalNtlPos": "3150.0",
        "totalRawUsd": "-2835.0",
        "totalMarginUsed": "315.0",
    }
    assert (state["crossMaintenanceMarginUsed"], state["withdrawable"]) == ("63.0", "0.0")
    assert unified.info("activeAssetData", coin="BTC")["availableToTrade"] == ["733.605", "733.605"]


def test_pnl_and_fees_end_in_the_balance(net: Localnet, unified: Desk) -> None:
    quiet(net, bid="3099", ask="3100")
    unified.place(p="3100", s="1", tif="Ioc")
    unified.place(b=False, p="3099", s="1", tif="Ioc")
    assert usdc(unified) == (1_000 - 1 - Decimal("1.395") - Decimal("1.39455"), 0)
    assert unified.info("clearinghouseState")["marginSummary"]["accountValue"] == "0.0"


def test_funding_is_paid_from_the_balance(net: Localnet, unified: Desk) -> None:
    quiet(net, bid="3099", ask="3100")
    unified.place(p="3100", s="1", tif="Ioc")
    net.set_mark("ETH", Decimal(3100))
    before, _ = usdc(unified)
    net.advance(3_600_000)
    (row,) = unified.info("userFunding", startTime=0)
    paid = Decimal(row["delta"]["usdc"])
    assert paid
    assert usdc(unified)[0] == before + paid


def test_isolated_margin_is_held_and_moved(net: Localnet, unified: Desk) -> None:
    unified.act(leverage(10, is_cross=False))
    quiet(net, ask="3100")
    net.set_mark("ETH", Decimal(3100))
    unified.place(p="3100", s="1", tif="Ioc")
    left = 1_000 - Decimal("1.395")
    assert usdc(unified) == (left, 310)
    assert after_maintenance(unified) == left - 310
    more = {"type": "updateIsolatedMargin", "asset": ETH, "isBuy": True, "ntli": 100_000_000}
    assert unified.act(more) == OK
    assert usdc(unified) == (left, 410)
    assert unified.act(more | {"ntli": 10**9})["status"] == "err"


def test_a_bid_on_spot_holds_what_perpetuals_then_lack(net: Localnet, unified: Desk) -> None:
    bid = unified.rest(a=HYPE_SPOT, p="20", s="45")
    assert usdc(unified) == (1_000, 900)
    assert after_maintenance(unified) == 1_000, "a hold is no loss"
    assert unified.error(p="3000", s="0.34").startswith("Insufficient margin")
    assert unified.info("activeAssetData", coin="BTC")["availableToTrade"] == ["100.0", "100.0"]
    perp = unified.rest(p="3000", s="0.33")
    assert unified.act(leverage(9))["status"] == "err", "there is no margin for less leverage"
    assert usdc(unified) == (1_000, 999)
    assert unified.error(a=HYPE_SPOT, p="20", s="0.5").startswith("Insufficient spot balance")
    unified.elements(cancel(bid, HYPE_SPOT))
    unified.elements(cancel(perp))
    assert usdc(unified) == (1_000, 0)


def test_tokens_are_bought_with_what_was_on_perpetuals(net: Localnet, unified: Desk) -> None:
    quiet(net, "@1035", bid="29.9", ask="30")
    assert unified.place(a=HYPE_SPOT, p="30", s="10", tif="Ioc")["filled"]["totalSz"] == "10.0"
    assert usdc(unified) == (700, 0)
    unified.place(a=HYPE_SPOT, b=False, p="29.9", s="9.9", tif="Ioc")
    assert usdc(unified)[0] > 990


def test_profit_that_is_not_realised_buys_tokens(net: Localnet, unified: Desk) -> None:
    """The books may run below zero on spot; what is shown does not."""
    quiet(net, ask="3100")
    unified.place(p="3100", s="3", tif="Ioc")
    net.set_mark("ETH", Decimal(3900))
    quiet(net, "@1035", bid="29.9", ask="30")
    unified.place(a=HYPE_SPOT, p="30", s="60", tif="Ioc")
    total, hold = usdc(unified)
    assert (total, hold) == (1_000 - Decimal("4.185") + 2_400 - 1_800, 1_170)


def test_a_bid_whose_money_is_lost_is_cancelled(net: Localnet, unified: Desk) -> None:
    oid = unified.rest(a=HYPE_SPOT, p="20", s="30")
    quiet(net, ask="3100")
    unified.place(p="3100", s="1", tif="Ioc")
    net.set_mark("ETH", Decimal(2700))
    seller = Desk(net)
    quiet(net, "@1035", ask="40")
    assert "error" in seller.place(a=HYPE_SPOT, b=False, p="20", s="30", tif="Ioc")
    assert unified.status_of(oid) == "marginCanceled"


def test_a_bid_that_holds_all_there_is_is_filled(net: Localnet, unified: Desk) -> None:
    oid = unified.rest(a=HYPE_SPOT, p="20", s="50")
    quiet(net, "@1035", ask="40")
    Desk(net).place(a=HYPE_SPOT, b=False, p="20", s="30", tif="Ioc")
    assert usdc(unified) == (400, 400)
    Desk(net).place(a=HYPE_SPOT, b=False, p="20", s="20", tif="Ioc")
    assert usdc(unified) == (0, 0)
    assert unified.status_of(oid) == "filled"


def test_the_dexes_share_the_balance(net: Localnet, unified: Desk) -> None:
    net.set_liquidity("test:ABC", [], [(Decimal("1.1"), Decimal(100_000))])
    unified.rest(p="3000", s="2")
    assert unified.error(a=ABC, p="1.1", s="1300").startswith("Insufficient margin")
    assert "filled" in unified.place(a=ABC, p="1.1", s="300", tif="Ioc")
    net.set_mark("test:ABC", Decimal("1.1"))
    total, hold = usdc(unified)
    assert hold == 600 + 110
    assert total == 1_000 - Decimal("0.297")
    there = unified.info("clearinghouseState", dex="test")
    assert there["marginSummary"]["accountValue"] == there["marginSummary"]["totalMarginUsed"] == "110.0"


def test_becoming_unified_keeps_positions_and_orders(net: Localnet, desk: Desk) -> None:
    quiet(net, ask="3100")
    desk.place(p="3100", s="1", tif="Ioc")
    oid = desk.rest(p="3000", s="1")
    waits = desk.statuses(trigger(px="2900", p="2800", b=False, s="1", r=True))
    before = desk.info("clearinghouseState")
    spot, _ = usdc(desk)
    unify(desk)
    state = desk.info("clearinghouseState")
    assert set(desk.open_oids()) == {oid, waits[0]["resting"]["oid"]}
    assert state["assetPositions"][0]["position"]["szi"] == "1.0"
    total, hold = usdc(desk)
    assert total == spot + Decimal(before["marginSummary"]["accountValue"])
    assert hold == Decimal(before["marginSummary"]["totalMarginUsed"]) + 150


def test_twaps_and_triggers_trade_from_the_balance(net: Localnet, unified: Desk) -> None:
    form = {"a": ETH, "b": True, "s": "0.5", "r": False, "m": 5, "t": False}
    assert unified.act({"type": "twapOrder", "twap": form})["status"] == "ok"
    net.advance(300_000)
    assert unified.position() == "0.5"
    unified.statuses(trigger(px="3000", p="2700", b=False, s="0.5", r=True))
    net.set_mark("ETH", Decimal(2999))
    assert unified.position() == "0.0"
    assert usdc(unified)[1] == 0


def test_liquidation_reaches_for_spot_usdc_last(net: Localnet) -> None:
    """What would end a standard account does not end a unified one with USDC on spot."""
    desks = []
    for account in ACCOUNTS[8:10]:
        net.fund(account.address, Decimal(400 - 10_000))
        net.fund_token(account.address, "USDC", Decimal(600))
        desks.append(Desk(net, account.private_key))
    standard, unified = desks
    unify(unified)
    quiet(net, bid="3099", ask="3100")
    for desk in desks:
        desk.act(leverage(25))
        assert "filled" in desk.place(p="3100", s="2", tif="Ioc")
    bid = unified.rest(a=HYPE_SPOT, p="20", s="5")
    quiet(net, bid="2700")
    net.set_mark("ETH", Decimal(2920))
    assert (standard.position(), unified.position()) == ("0.0", "2.0")
    px = Decimal(unified.info("clearinghouseState")["assetPositions"][0]["position"]["liquidationPx"])
    net.set_mark("ETH", round(px, 1) + Decimal("0.2"))
    assert unified.position() == "2.0"
    net.set_mark("ETH", round(px, 1) - Decimal("0.2"))
    assert unified.position() == "0.0"
    assert unified.status_of(bid) == "liquidatedCanceled"
    assert usdc(unified)[0] >= 0


def test_the_house_takes_over_what_the_book_does_not(net: Localnet, unified: Desk) -> None:
    unified.act(leverage(25))
    before = net.total_usd(), net.total_token("USDC")
    quiet(net, ask="3100")
    assert "filled" in unified.place(p="3100", s="6", tif="Ioc")
    quiet(net)
    net.set_mark("ETH", Decimal(2970))
    assert unified.position() == "0.0"
    assert usdc(unified) == (0, 0)
    assert (net.total_usd(), net.total_token("USDC")) == before


def test_a_fifth_is_sold_at_a_time(net: Localnet, unified: Desk) -> None:
    """Once a block, however many dexes the balance stands for; orders on all of them end."""
    unified.act(leverage(25))
    quiet(net, ask="3100")
    assert "filled" in unified.place(p="3100", s="6", tif="Ioc")
    oid = unified.rest(a=ABC, p="0.9", s="20")
    quiet(net, bid="2975")
    net.set_mark("ETH", Decimal(2980))
    assert unified.position() == "4.8"
    assert unified.status_of(oid) == "liquidatedCanceled"


def test_the_feed_follows(net: Localnet, unified: Desk) -> None:
    line = Line(net)
    (first,) = line.subscribe("spotState", user=unified.address)
    assert first["data"]["spotState"] == unified.info("spotClearinghouseState")
    line.subscribe("clearinghouseState", user=unified.address)
    quiet(net, ask="3100")
    unified.place(p="3100", s="1", tif="Ioc")
    heard = {frame["channel"]: frame["data"] for frame in line.heard()}
    assert heard["spotState"]["spotState"] == unified.info("spotClearinghouseState")
    shown = heard["clearinghouseState"]["clearinghouseState"]
    assert len(shown["assetPositions"]) == 1
    assert shown["withdrawable"] == "0.0"


def test_no_more_is_held_than_there_is(net: Localnet) -> None:
    """A live account had 11.515057 of both (df-hyperliquid-core, 2026-10-06)."""
    net.fund(ACCOUNTS[9].address, Decimal(320 - 10_000))
    desk = Desk(net, ACCOUNTS[9].private_key)
    unify(desk)
    desk.act(leverage(10))
    quiet(net, ask="3100")
    desk.place(p="3100", s="1", tif="Ioc")
    net.set_mark("ETH", Decimal(2900))
    left = 320 - Decimal("1.395") - 200
    assert usdc(desk) == (left, left)
    assert after_maintenance(desk) == left - 58
    assert desk.info("activeAssetData", coin="BTC")["availableToTrade"] == ["0.0", "0.0"]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["order", "mark", "lever", "cancel", "margin", "hour"]),
        st.sampled_from([(ETH, "ETH", "3102.8"), (HYPE, "HYPE", "28.73")]),
        st.booleans(),
        st.integers(1, 60),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_a_unified_account_trades_as_a_standard_one_with_the_same_on_perpetuals(steps: list[Any]) -> None:
    """One has 3,000 USDC on perpetuals, the other in all: same statuses, positions, liquidation prices."""
    seen = []
    for is_unified in (False, True):
        net = Localnet(accounts=6)
        desk = Desk(net, ACCOUNTS[5].private_key)
        net.fund(desk.address, Decimal((1_000 if is_unified else 3_000) - 10_000))
        if is_unified:
            net.fund_token(desk.address, "USDC", Decimal(2_000))
            unify(desk)
        else:
            # As many requests, and so the same blocks and oids.
            desk.user_act({"type": "userSetAbstraction", "user": desk.address, "abstraction": "disabled"})
        before = net.total_usd(), net.total_token("USDC")
        seen.append([_step(net, desk, step) for step in steps])
        assert (net.total_usd(), net.total_token("USDC")) == before
        if is_unified:
            total, hold = usdc(desk)
            assert total >= hold >= 0
        else:
            total = Decimal(desk.info("clearinghouseState")["marginSummary"]["accountValue"])
        seen[-1].append(total.quantize(Decimal("0.000001")))
    assert seen[0] == seen[1]


def _step(net: Localnet, desk: Desk, step: Any) -> Any:
    what, (asset, coin, px), flag, number = step
    if what == "order":
        limit = Decimal(px) * (100 + (number - 30 if flag else 30 - number) // 5) / 100
        size = number if asset == HYPE else Decimal(number) / 20
        text = f"{limit.quantize(Decimal('0.1') if asset == ETH else Decimal('0.001')).normalize():f}"
        return desk.act(orders(order(a=asset, b=flag, p=text, s=f"{size}")))
    if what == "mark":
        net.set_mark(coin, Decimal(px) * (130 - number) / 100)
    elif what == "lever":
        answer = desk.send(desk.envelope(leverage(number % 25 + 1, a=asset, is_cross=flag)))
        return answer.status, answer.body
    elif what == "cancel":
        oids = desk.open_oids()
        return [desk.elements(cancel(oid, a)) for oid in oids[:1] for a in (ETH, HYPE)]
    elif what == "margin":
        ntli = number * 10**6 * (1 if flag else -1)
        return desk.act({"type": "updateIsolatedMargin", "asset": asset, "isBuy": True, "ntli": ntli})
    else:
        net.advance(3_600_000)
    rows = desk.info("clearinghouseState")["assetPositions"]
    return rows, desk.info("activeAssetData", coin=coin)
