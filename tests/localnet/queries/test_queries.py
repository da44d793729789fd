"""`POST /info`."""

import json
from decimal import Decimal

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, cancel, order, quiet

CLOID = "0x00000000000000000000000000000abc"


def test_all_mids_are_sorted_and_leave_out_delisted_coins(desk: Desk) -> None:
    mids = desk.info("allMids")
    assert list(mids) == sorted(mids)
    assert mids["ETH"] == "3102.75"
    assert "UNLISTED5" not in mids


def test_a_book_with_an_empty_side_has_the_mark_as_mid(net: Localnet) -> None:
    quiet(net)
    assert net.mid("ETH") == Decimal("3102.8")


def test_contexts_run_beside_the_universe(desk: Desk) -> None:
    quiet(desk.net, ask="3100")
    desk.place(p="3100", s="2", tif="Ioc")
    meta, contexts = desk.info("metaAndAssetCtxs")
    assert meta == json.loads(desk.net.meta())
    assert len(meta["universe"]) == len(contexts)
    eth, delisted = contexts[4], contexts[5]
    assert (eth["openInterest"], eth["dayNtlVlm"], eth["dayBaseVlm"]) == ("2.0", "6200.0", "2.0")
    assert eth["midPx"] is eth["premium"] is eth["impactPxs"] is None
    assert delisted["midPx"] is delisted["premium"] is delisted["impactPxs"] is None
    assert contexts[3]["impactPxs"] == ["89886.3", "89966.6"]
    quiet(desk.net, bid="3000", ask="3100")
    eth = desk.info("metaAndAssetCtxs")[1][4]
    assert (eth["midPx"], eth["impactPxs"]) == ("3050.0", ["3000.0", "3100.0"])


def test_a_pair_with_an_empty_side_has_no_mid(desk: Desk) -> None:
    assert desk.info("spotMetaAndAssetCtxs")[1][0]["midPx"] == "0.0664375"
    quiet(desk.net, "PURR/USDC", ask="0.07")
    context = desk.info("spotMetaAndAssetCtxs")[1][0]
    assert (context["midPx"], context["markPx"]) == (None, "0.066438")


@pytest.mark.parametrize(
    ("aggregation", "bids", "asks"),
    [
        ({}, ["3102.4", "3101.6"], ["3103.1", "3104.2"]),
        ({"nSigFigs": 5}, ["3102.4", "3101.6"], ["3103.1", "3104.2"]),
        ({"nSigFigs": 5, "mantissa": 2}, ["3102.4", "3101.6"], ["3103.2", "3104.2"]),
        ({"nSigFigs": 5, "mantissa": 5}, ["3102.0", "3101.5"], ["3103.5", "3104.5"]),
        ({"nSigFigs": 4}, ["3102.0", "3101.0"], ["3104.0", "3105.0"]),
        ({"nSigFigs": 3}, ["3100.0"], ["3110.0"]),
        ({"nSigFigs": 2, "mantissa": None}, ["3100.0"], ["3200.0"]),
    ],
)
def test_a_book_is_aggregated_outwards(
    desk: Desk, aggregation: dict[str, int], bids: list[str], asks: list[str]
) -> None:
    one = Decimal(1)
    desk.net.set_liquidity(
        "ETH",
        [(Decimal("3102.4"), one), (Decimal("3101.6"), one)],
        [(Decimal("3103.1"), one), (Decimal("3104.2"), one)],
    )
    book = desk.info("l2Book", coin="ETH", **aggregation)
    assert [[level["px"] for level in side] for side in book["levels"]] == [bids, asks]
    assert [sum(level["n"] for level in side) for side in book["levels"]] == [2, 2]
    assert book.get("spread") == ("0.7" if aggregation.get("nSigFigs") else None)


def test_the_spread_is_told_of_aggregated_books_with_both_sides(desk: Desk) -> None:
    assert "spread" not in desk.info("l2Book", coin="ETH")
    desk.net.set_liquidity("ETH", [(Decimal(3000), Decimal(1))], [])
    assert "spread" not in desk.info("l2Book", coin="ETH", nSigFigs=3)


@pytest.mark.parametrize(
    "aggregation",
    [
        {"nSigFigs": 1},
        {"nSigFigs": 6},
        {"nSigFigs": 5, "mantissa": 1},
        {"nSigFigs": 5, "mantissa": 3},
        {"mantissa": 2},
        {"nSigFigs": 4, "mantissa": 5},
    ],
)
def test_a_bad_aggregation_is_500(desk: Desk, aggregation: dict[str, int]) -> None:
    answer = desk.send({"type": "l2Book", "coin": "ETH"} | aggregation, "/info")
    assert (answer.status, answer.body, answer.content_type) == (500, b"null", "application/json")


def test_books_of_other_coins(desk: Desk) -> None:
    assert desk.info("l2Book", coin="eth") is None
    assert desk.info("l2Book", coin="UNLISTED5")["levels"] == [[], []]
    assert desk.info("l2Book", coin="@9999") is None


def test_a_book_shows_twenty_levels(desk: Desk) -> None:
    lot = Decimal("0.01")
    desk.net.set_liquidity("ETH", [(Decimal(3000 - px), lot) for px in range(25)], [])
    assert len(desk.info("l2Book", coin="ETH")["levels"][0]) == 20


@pytest.mark.parametrize(
    "kind", ["meta", "metaAndAssetCtxs", "allMids", "openOrders", "frontendOpenOrders", "clearinghouseState"]
)
def test_an_unknown_dex_is_500(desk: Desk, kind: str) -> None:
    answer = desk.send({"type": kind, "user": desk.address, "dex": "nope_xyz"}, "/info")
    assert (answer.status, answer.body) == (500, b"null")
    assert desk.send({"type": kind, "user": desk.address, "dex": ""}, "/info").status == 200


def test_a_checksummed_address_reads_the_same_account(desk: Desk) -> None:
    desk.rest()
    assert len(desk.info("openOrders", user=ACCOUNTS[0].address)) == 1
    assert len(desk.info("openOrders", user=ACCOUNTS[0].address[2:])) == 1


def test_an_account_that_does_not_exist_reads_empty(desk: Desk) -> None:
    nobody = "0x" + "12" * 20
    assert desk.info("userRole", user=nobody) == {"role": "missing"}
    assert desk.info("clearinghouseState", user=nobody)["withdrawable"] == "0.0"
    assert desk.info("openOrders", user=nobody) == []
    assert desk.info("spotClearinghouseState", user=nobody) == {"balances": []}


def test_open_orders_leave_out_what_does_not_apply(desk: Desk) -> None:
    desk.rest(p="3000")
    desk.rest(p="2999", c=CLOID)
    newest, oldest = desk.info("openOrders")
    assert list(oldest) == ["coin", "side", "limitPx", "sz", "oid", "timestamp", "origSz"]
    assert newest["cloid"] == CLOID
    full = desk.info("frontendOpenOrders")
    assert [row["cloid"] for row in full] == [CLOID, None]


def test_an_order_is_found_by_its_owner_only(desk: Desk, other: Desk) -> None:
    oid = desk.rest()
    assert desk.status_of(oid) == "open"
    assert other.info("orderStatus", oid=oid) == {"status": "unknownOid"}


def test_fills_are_newest_first_and_by_time_oldest_first(desk: Desk) -> None:
    for _ in range(3):
        desk.place(p="3200", tif="Ioc")
    newest_first = desk.info("userFills")
    times = [row["time"] for row in newest_first]
    assert times == sorted(times, reverse=True)
    by_time = desk.info("userFillsByTime", startTime=times[1], endTime=times[0])
    assert by_time == newest_first[:2][::-1]
    assert desk.info("userFillsByTime", startTime=times[2], endTime=None) == newest_first[::-1]
    assert desk.info("userFillsByTime") == newest_first[::-1]


def test_fills_of_one_crossing_order_are_joined_on_request(desk: Desk) -> None:
    desk.net.set_liquidity(
        "ETH", [], [(Decimal("3100"), Decimal("0.01")), (Decimal("3101"), Decimal("0.02"))]
    )
    desk.place(p="3200", s="0.03", tif="Ioc", c=CLOID)
    second, first = desk.info("userFills")
    (joined,) = desk.info("userFills", aggregateByTime=True)
    assert (joined["px"], joined["sz"], joined["tid"]) == ("3100.6666666667", "0.03", first["tid"])
    assert Decimal(joined["fee"]) == Decimal(first["fee"]) + Decimal(second["fee"])
    assert joined["startPosition"] == "0.0"
    assert joined["cloid"] == CLOID
    assert desk.info("userFillsByTime", startTime=0, aggregateByTime=True) == [joined]


def test_an_end_without_a_start_is_500(desk: Desk) -> None:
    answer = desk.send({"type": "userFillsByTime", "user": desk.address, "endTime": 5}, "/info")
    assert (answer.status, answer.body) == (500, b"null")


def test_history_has_one_row_per_change_newest_first(desk: Desk) -> None:
    oid = desk.rest()
    desk.elements(cancel(oid))
    canceled, opened = desk.info("historicalOrders")
    assert (canceled["status"], opened["status"]) == ("canceled", "open")
    assert canceled["statusTimestamp"] > opened["statusTimestamp"] == canceled["order"]["timestamp"]


def test_requests_are_counted_per_entry(desk: Desk) -> None:
    desk.statuses(order(), order(p="2999"))
    desk.act({"type": "noop"})
    desk.place(p="3200", s="1", tif="Ioc")
    limit = desk.info("userRateLimit")
    assert limit["nRequestsUsed"] == 4
    assert limit["nRequestsCap"] == 10_000 + int(Decimal(limit["cumVlm"]))


def test_fees_name_the_volume_of_the_day(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    desk.rest(p="3100", s="1")
    other.place(b=False, p="3100", s="1", tif="Ioc")
    maker, taker = desk.info("userFees"), other.info("userFees")
    assert maker["dailyUserVlm"][-1] == {
        "date": "2026-01-01",
        "userCross": "0.0",
        "userAdd": "3100.0",
        "exchange": "3100.0",
    }
    assert taker["dailyUserVlm"][-1]["userCross"] == "3100.0"
    assert (taker["userCrossRate"], taker["userAddRate"]) == ("0.00045", "0.00015")


def test_a_query_may_be_positional(desk: Desk) -> None:
    named = desk.send({"type": "userRole", "user": desk.address}, "/info")
    assert desk.send(["userRole", desk.address], "/info").body == named.body
    assert desk.send(["userRole", desk.address, 1], "/info").status == 422
    assert desk.send([], "/info").status == 422
    assert desk.send([5], "/info").status == 422
